"""How fast web archives are sieved: reading alone, with each gate, and with reader and parser.

`python -m benchmarks.sieve [MB]` makes an archive of pages as a month of the web has them (of the
bytes 94.5 % in other languages, 5 % of Chinese sites, 0.48 % of governments, 0.02 % plans), packs
it with gzip and zstd, and prints megabytes of unpacked bytes for each second of processor time.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from fastwarc.stream_io import GzipWriter, ZstdWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from benchmarks.many import text, words_of
from pipeline.sieve.archives import look_up
from pipeline.sieve.gates import find_stop, load_automata
from pipeline.sieve.records import read_answers
from pipeline.sieve.run import SieveReport, make_options, sieve
from tests.sieve.archives import make_page

MIB = 2**20
LARGEST = 16 * MIB
_ROUNDS = 3
_SHARES = {"other": 0.945, "chinese": 0.05, "government": 0.0048, "plan": 0.0002}
_LATIN = "abcdefghijklmnopqrstuvwxyzéèüößñ"
_OTHER_LETTERS = (
    _LATIN,
    _LATIN,
    _LATIN,
    "абвгдежзийклмнопрстуфхцчшщыьэюя",
    "あいうえおかきくけこさしすせそたちつてとなにのはまもやよらりるれをん東京日本語部門",
)


def write_archives(folder: Path, size: int) -> dict[str, int]:
    """Write an archive of so many unpacked bytes in both packings; return how many pages of each sort it has."""
    rng = random.Random(7)  # noqa: S311
    counts = dict.fromkeys(_SHARES, 0)
    written = dict.fromkeys(_SHARES, 0)
    with (folder / "web.warc.gz").open("wb") as gz, (folder / "web.warc.zst").open("wb") as zst:
        while sum(written.values()) < size:
            done = max(1, sum(written.values()))
            sort = max(_SHARES, key=lambda one: _SHARES[one] - written[one] / done)
            body = _MAKERS[sort](rng)
            counts[sort] += 1
            written[sort] += len(body)
            url = f"https://site{rng.randrange(900)}.example/{counts[sort]}"
            for writer in (GzipWriter(gz, compression_level=6), ZstdWriter(zst)):
                _make_record(url, body).write(writer)
                writer.finish()
                # What it still holds is written by `flush`, else not before it is gone.
                writer.flush()
    return counts


def _make_record(url: str, body: bytes) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(WarcRecordType.response)
    record.headers["WARC-Target-URI"] = url
    record.headers["Content-Type"] = "application/http; msgtype=response"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    record.set_bytes_content(head + body)
    return record


def _make_other(rng: random.Random) -> bytes:
    letters = rng.choice(_OTHER_LETTERS)
    known = ["".join(rng.choices(letters, k=rng.randint(2, 9))) for _ in range(600)]
    parts = ["<!DOCTYPE html><html><head><meta charset=utf-8><title>page</title></head><body>"]
    for number in range(rng.randint(40, 600)):
        link = (
            f'<li class="menu-item item-{number}"><a href="/{known[number % 600]}/{number}.html">'
        )
        parts.append(f"{link}{' '.join(rng.choices(known, k=3))}</a></li>\n")
        sentence = " ".join(rng.choices(known, k=25))
        parts.append(f'<div class="text"><p>{sentence}&#8217;s &amp; so on.</p></div>\n')
    return "".join(parts).encode()


def _make_chinese(rng: random.Random) -> bytes:
    """Ordinary Chinese pages: words as often as they are in texts, in sentences and links."""
    charset = rng.choice(("utf-8", "utf-8", "utf-8", "gb18030"))
    head = f"<html><head><meta charset={charset}><title>{words_of(rng, 12)}</title></head><body>"
    links = [
        f'<li class="nav-item"><a href="/list/{number}.html" title="{(name := words_of(rng, 4))}">'
        f"{name}</a></li>\n"
        for number in range(rng.randint(20, 200))
    ]
    lines = [
        f"<p>{words_of(rng, 25)}，{words_of(rng, 30)}。</p>\n" for _ in range(rng.randint(5, 80))
    ]
    page = "".join([head, *links, *lines, "</body></html>"])
    return page.encode(charset)


def _make_government(rng: random.Random) -> bytes:
    """Pages of governments that are no plans: news of meetings, and lists of titles."""
    if rng.random() < 0.5:
        titles = [f"关于印发{words_of(rng, 8)}工作方案的通知" for _ in range(30)]
        return make_page("\n".join(["通知公告", *titles]))
    sentence = "市领导{}主持召开会议，要求各部门落实责任，{}。"
    said = [sentence.format(words_of(rng, 4), words_of(rng, 40)) for _ in range(rng.randint(1, 4))]
    return make_page("\n".join([words_of(rng, 15), *said, f"{words_of(rng, 60)}。"]))


def _make_plan(rng: random.Random) -> bytes:
    return make_page(text(rng.randrange(10**6)))


_MAKERS: dict[str, Callable[[random.Random], bytes]] = {
    "other": _make_other,
    "chinese": _make_chinese,
    "government": _make_government,
    "plan": _make_plan,
}


def _read_alone(path: Path) -> int:
    """Read with FastWARC and nothing else."""
    size = 0
    with path.open("rb", buffering=0) as file:
        for record in ArchiveIterator(file, parse_http=False):
            size += len(record.reader.read())
    return size


def _read_through(path: Path, *gates: Callable[[bytes], object]) -> int:
    size = 0
    for answer, _ in read_answers(look_up(str(path)), LARGEST, print):
        size += answer.size
        for gate in gates:
            gate(answer.body)
    return size


def _find_stem(body: bytes) -> bool:
    return bool(load_automata().stems.find_matches_as_indexes(body))


def _sieve(path: Path) -> SieveReport:
    with tempfile.TemporaryDirectory() as folder:
        options = make_options(Path(folder), LARGEST, files=False)
        return sieve([look_up(str(path))], options, 1, lambda _: None)


_STEPS: dict[str, Callable[[Path], object]] = {
    "reading alone": _read_alone,
    "records and bodies": _read_through,
    "first gate": lambda path: _read_through(path, _find_stem),
    "both gates": lambda path: _read_through(path, find_stop),
    "with reader and parser": _sieve,
}


def _measure(work: Callable[[Path], object], path: Path) -> float:
    """Seconds of processor time, of this process and of those that it made: the least of some rounds."""
    least = float("inf")
    for _ in range(_ROUNDS):
        before = _find_time()
        work(path)
        least = min(least, _find_time() - before)
    return least


def _find_time() -> float:
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in times)


def main() -> None:
    """Make the archives and print the table."""
    size = int(sys.argv[1] if len(sys.argv) > 1 else 300) * 10**6
    load_automata()
    with tempfile.TemporaryDirectory() as folder:
        counts = write_archives(Path(folder), size)
        print("pages:", ", ".join(f"{count:,} {sort}" for sort, count in counts.items()))
        for path in sorted(Path(folder).iterdir()):
            ratio = size / path.stat().st_size
            print(f"{path.name}: {path.stat().st_size / 1e6:,.0f} MB, packed {ratio:.1f} : 1")
            for name, work in _STEPS.items():
                print(f"  {name:24} {size / 1e6 / _measure(work, path):6,.0f} MB/s")
        report = _sieve(path)
        print("records:", ", ".join(f"{count:,} {fate}" for fate, count in report.counts.items()))


if __name__ == "__main__":
    main()
