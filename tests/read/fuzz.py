"""Seeded damage to sound files of every kind: each must give a Source or a SourceError.

python -m tests.read.fuzz 10000 [--seed 1] [--only page.html] [--jobs 2]

A finding is written to a file and named with the command that makes it again.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import signal
import sys
import tempfile
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from random import Random
from types import FrameType

from pipeline.errors import PipelineError, UnexpectedError
from pipeline.read import sources_of
from tests.read.samples import SAMPLES, zipped

SECONDS = 20
MEMORY = 3 * 2**30
_TOKENS = (
    b"\0", b"\xff", b"\xff\xff\xff\xff", b"\x80\0\0\0", b"<", b">", b"&", b'"', b"]]>", b"<!--", b"--",
    b"<table>", b"</table>", b"<tr>", b"<td colspan=1000 rowspan=65534>", b"<td rowspan=0>", b"<pre>",
    b"&#xd800;", b"&#x110000;", b"&#0;", b"<div style='display:none'>", b"<base href='http://['>",
    b"<a href='http://[/a.doc'>", b"<meta charset=utf-16>", b"<ol start=-999999999999><li>",
    b"<?xml version='1.0'?>", b"<!DOCTYPE x [<!ENTITY a '&b;&b;'>]>", b"&a;", b"\xe2\x80\xa8", b"\r",
    b"=?gb2312?B?//8=?=", b"=?utf-8?q?=FF?=", b'Content-Type: multipart/mixed; boundary=""\r\n',
    b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"../", b"\n", b"\t", b"\x1a", b"%PDF-", b"\xd0\xcf\x11\xe0",
)  # fmt: skip
_SLOW = frozenset({"plan.xls"})
Damage = Callable[[bytes, Random], bytes]


def _flip(data: bytes, chance: Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def _cut(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _remove(data: bytes, chance: Random) -> bytes:
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:start] + data[min(end, start + 200) :]


def _repeat(data: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(data))
    piece = data[start : start + chance.choice((1, 10, 100, 1000))]
    return data[:start] + piece * chance.choice((2, 3, 50)) + data[start:]


def _insert(data: bytes, chance: Random) -> bytes:
    for _ in range(chance.choice((1, 2, 5))):
        at = chance.randrange(len(data) + 1)
        token = chance.choice(_TOKENS) * chance.choice((1, 1, 1, 300))
        data = data[:at] + token + data[at + chance.choice((0, len(token))) :]
    return data


def _splice(data: bytes, chance: Random) -> bytes:
    other = sample(chance.choice(list(SAMPLES)))
    start = chance.randrange(len(other))
    at = chance.randrange(len(data) + 1)
    return data[:at] + other[start : start + chance.choice((10, 300, 5000))] + data[at:]


def _in_member(data: bytes, chance: Random) -> bytes:
    """Damage one member of a zip and pack it again, so that the damage is read, not refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001 - damaged before: any of the many errors of zipfile
        members = {}
    if not members:
        return _flip(data, chance)
    name = chance.choice(list(members))
    if members[name]:
        members[name] = chance.choice(_DAMAGES)(members[name], chance)
    return zipped(members)


_DAMAGES: tuple[Damage, ...] = (_flip, _cut, _remove, _repeat, _insert, _splice)


@cache
def sample(name: str) -> bytes:
    """The bytes of a sound file."""
    return SAMPLES[name]()


def damaged(name: str, number: int, seed: int) -> bytes:
    """The input of this number made from a sample: the same bytes on every run."""
    chance = Random(f"{seed} {name} {number}")  # noqa: S311
    data = sample(name)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        if data[:2] == b"PK" and chance.random() < 0.7:
            data = _in_member(data, chance)
        elif data:
            data = chance.choice(_DAMAGES)(data, chance)
    return data


def outcome(data: bytes, name: str) -> str:
    """What reading gives: "source" or "refused". Anything else is raised."""
    errors: list[PipelineError] = []

    def refuse(error: PipelineError) -> None:
        if isinstance(error, UnexpectedError):
            raise error
        errors.append(error)

    found = 0
    for source in sources_of(data, f"fuzz/{name}", on_error=refuse):
        assert source.text.strip()
        source.model_dump_json()
        for place in source.locations:
            assert 0 <= place.span.start < place.span.end <= len(source.text)
        found += 1
    assert found or errors
    return "source" if found else "refused"


class Slow(BaseException):
    """An input took longer than its limit."""


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise Slow


def _limit() -> None:
    os.environ["PATH"] = ""  # no converter: its speed is not ours
    signal.signal(signal.SIGALRM, _too_slow)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))


def run(names: list[str], numbers: range, seed: int) -> tuple[Counter[str], list[str]]:
    """What became of these inputs, and what was found: one line an input that failed."""
    counts: Counter[str] = Counter()
    findings = []
    for number in numbers:
        name = names[number % len(names)]
        data = damaged(name, number, seed)
        signal.alarm(SECONDS)
        try:
            counts[outcome(data, name)] += 1
        except (Exception, Slow) as error:  # noqa: BLE001
            findings.append(_tell(name, number, seed, data, error))
        finally:
            signal.alarm(0)
    return counts, findings


def _tell(name: str, number: int, seed: int, data: bytes, error: BaseException) -> str:
    path = Path(tempfile.gettempdir()) / f"fuzz-{seed}-{number}-{name}"
    path.write_bytes(data)
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}"
    return f"{name} number {number} seed {seed}: {error!r} at {where}; kept as {path}"


def _chunks(count: int, size: int) -> Iterator[range]:
    for start in range(0, count, size):
        yield range(start, min(count, start + size))


def _turns() -> list[str]:
    """Every sample four times, but once those that start a process for each input."""
    return [name for turn in range(4) for name in SAMPLES if not (turn and name in _SLOW)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=sorted(SAMPLES))
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args()
    names = [args.only] if args.only else _turns()
    counts: Counter[str] = Counter()
    findings: list[str] = []
    with ProcessPoolExecutor(args.jobs, initializer=_limit) as pool:
        tasks = [pool.submit(run, names, one, args.seed) for one in _chunks(args.count, 500)]
        for task in tasks:
            more, lines = task.result()
            counts += more
            findings += lines
            for line in lines:
                print(line, flush=True)
    told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    print(f"{args.count} inputs of {len(set(names))} kinds: {told}, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
