"""A desk that is killed in the middle of corrections: each is whole or absent, none that was told of is lost.

python -m tests.web.kills 10 --corrections 50 [--seed 7]     (make desk-kills KILLS=10)
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import httpx

from pipeline.batch import verify
from pipeline.dataset.record_files import read_records
from pipeline.decisions.corrections import read_kept_corrections
from tests.web.small_desk import HEAD, parse

# So many people correct at once.
_PEOPLE = 5


class Sent(NamedTuple):
    """A correction that was sent: the item, and the leader that it names."""

    item_id: str
    leader: str


def make_plan(items: int) -> str:
    return HEAD + "".join(
        f"{n}.建设第{n}号社区食堂,方便居民就餐。\n牵头领导:李明\n责任单位:区民政局、区财政局\n"
        for n in range(1, items + 1)
    )


class Served:
    """A desk in a process of its own."""

    def __init__(self, output: Path) -> None:
        command = [sys.executable, "-m", "pipeline", "--lang", "en", "serve", str(output)]
        self.process = subprocess.Popen(
            [*command, "--port", "0"], stderr=subprocess.PIPE, text=True
        )
        assert self.process.stderr
        line = next(line for line in self.process.stderr if "http://" in line)
        found = re.search(r"http://\S+?(?=/ )", line)
        assert found, line
        self.address = found[0]

    def send(self, one: Sent) -> bool:
        """Send a correction; whether the desk said that it is written."""
        notice = one.item_id.partition("#")[0]
        change = {"item_id": one.item_id, "field": "leaders", "value": one.leader}
        try:
            answer = httpx.post(
                f"{self.address}/notices/{notice}/changes",
                json={"changes": [change], "who": "kills"},
                headers={"accept": "application/json"},
                timeout=60,
            )
        except httpx.HTTPError:
            return False
        return answer.status_code == 200

    def end(self, number: int) -> None:
        self.process.send_signal(number)
        self.process.wait()
        assert self.process.stderr
        self.process.stderr.close()


def kill_once(output: Path, sent: list[Sent], after: float) -> list[Sent]:
    """Send corrections, kill the desk after some seconds; return those that it said are written."""
    desk = Served(output)
    is_killed = Event()
    told: list[Sent] = []

    def correct(one: Sent) -> None:
        if not is_killed.is_set() and desk.send(one):
            told.append(one)

    def kill() -> None:
        time.sleep(after)
        is_killed.set()
        desk.end(signal.SIGKILL)

    killer = Thread(target=kill)
    killer.start()
    with ThreadPoolExecutor(_PEOPLE) as people, suppress(httpx.HTTPError):
        list(people.map(correct, sent))
    killer.join()
    return told


def find_faults(output: Path, sent: list[Sent], told: list[Sent]) -> list[str]:
    """What is lost, made up or half there, after the desk was opened again and used once more."""
    desk = Served(output)
    last = Sent(sent[0].item_id, "末")
    faults = [] if desk.send(last) else ["the desk cannot write after the kill"]
    desk.end(signal.SIGTERM)
    faults += [f"verify: {one}" for one in verify.find_faults(output)]
    kept = {one.anchor.item_id: one.value for one in read_kept_corrections(output)}
    in_records = {
        item.item_id: "、".join(name.name for name in each.names)
        for one in read_records(output)
        for item in one.items
        for each in item.corrected
    }
    if kept != in_records:
        faults.append("corrections.csv and the records differ")
    wanted = dict(sent) | dict([last])
    faults += [f"made up: {key}" for key, value in kept.items() if wanted.get(key) != value]
    faults += [f"lost: {one.item_id}" for one in told if one.item_id not in kept]
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=10)
    parser.add_argument("--corrections", type=int, default=50)
    parser.add_argument("--longest", type=float, default=4.0, help="seconds before a kill")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    chance = random.Random(args.seed)  # noqa: S311 - moments, no secrets
    total, faults = 0, []
    with tempfile.TemporaryDirectory(prefix="fengong-desk-kills-") as folder:
        home = Path(folder)
        (home / "raw").mkdir()
        (home / "raw" / "plan.txt").write_text(make_plan(args.corrections), "utf-8")
        parse(home / "raw", home / "made")
        items = [item.item_id for one in read_records(home / "made") for item in one.items]
        sent = [Sent(item, f"王{n}") for n, item in enumerate(items)]
        for n in range(args.kills):
            output = Path(shutil.copytree(home / "made", home / f"output{n}"))
            told = kill_once(output, sent, chance.uniform(0.2, args.longest))
            found = find_faults(output, sent, told)
            total += len(told)
            faults += [f"kill {n}: {one}" for one in found]
            print(f"kill {n}: {len(told)} of {len(sent)} written, {len(found)} faults", flush=True)
    for one in faults:
        print(one)
    print(f"{args.kills} kills, {total} corrections written, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
