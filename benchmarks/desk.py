"""How fast the desk opens a notice, and what readers and writers at once wait for.

python -m benchmarks.desk [--items 300] [--readers 50] [--writers 5] [--seconds 120]
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright

from pipeline.dataset.record_files import read_records
from pipeline.decisions.corrections import read_kept_corrections
from tests.web.kills import Sent, Served, make_plan
from tests.web.small_desk import parse

# People look at a page before they ask for the next one.
_THINKING = (0.5, 2.0)
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass(slots=True)
class Waits:
    """Seconds that each request took, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def ask(self, client: httpx.Client, method: str, path: str, body: object = None) -> bool:
        """Ask once; whether it was answered well."""
        began = time.perf_counter()
        try:
            answer = client.request(
                method, path, json=body, headers={"accept": "application/json, text/html"}
            )
        except httpx.HTTPError as error:
            self.errors.append(repr(error))
            return False
        self.seconds.append(time.perf_counter() - began)
        if answer.status_code != 200:
            self.errors.append(f"{answer.status_code} at {path}")
        return answer.status_code == 200

    def tell(self, name: str) -> None:
        """Print how long the requests took."""
        if len(self.seconds) < 2:
            print(f"{name}: no requests, {len(self.errors)} errors")
            return
        parts = statistics.quantiles(self.seconds, n=100, method="inclusive")
        print(
            f"{name}: {len(self.seconds)} requests, median {parts[49] * 1000:.0f} ms, "
            f"95 of 100 in {parts[94] * 1000:.0f} ms, 99 in {parts[98] * 1000:.0f} ms, "
            f"{len(self.errors)} errors {self.errors[:3]}"
        )


def open_notice(address: str, notice_id: str) -> None:
    """Print how long the server takes for a notice, new and again, and until a browser can use it."""
    with httpx.Client(base_url=address, timeout=60) as client:
        client.get("/")
        for name in ("first", "again"):
            began = time.perf_counter()
            size = len(client.get(f"/notices/{notice_id}").content)
            print(f"{name}: {(time.perf_counter() - began) * 1000:.0f} ms, {size / 1000:.0f} kB")
    if _CHROMIUM is None:
        print("no chromium on this machine: not opened in a browser")
        return
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        began = time.perf_counter()
        page.goto(f"{address}/notices/{notice_id}", wait_until="domcontentloaded")
        page.keyboard.press("j")
        page.locator("#i0.current").wait_for()
        print(f"usable in Chromium: {(time.perf_counter() - began) * 1000:.0f} ms")
        browser.close()


def read(address: str, paths: list[str], until: float, waits: Waits) -> None:
    chance = random.Random(id(waits))  # noqa: S311 - whoever reads what, no secrets
    with httpx.Client(base_url=address, timeout=60) as client:
        while time.monotonic() < until:
            waits.ask(client, "GET", chance.choice(paths))
            time.sleep(chance.uniform(*_THINKING))


def write(address: str, items: list[str], until: float, waits: Waits, told: list[Sent]) -> None:
    chance = random.Random(id(waits))  # noqa: S311 - whoever writes what, no secrets
    with httpx.Client(base_url=address, timeout=60) as client:
        n = 0
        while time.monotonic() < until:
            one = Sent(items[n % len(items)], f"王{n}")
            notice = one.item_id.partition("#")[0]
            change = {"item_id": one.item_id, "field": "leaders", "value": one.leader}
            body = {"changes": [change], "who": "bench"}
            if waits.ask(client, "POST", f"/notices/{notice}/changes", body):
                told.append(one)
            n += 1
            time.sleep(chance.uniform(*_THINKING))


def work_at_once(output: Path, address: str, args: argparse.Namespace) -> None:
    """Print what readers and writers wait for, and which corrections are lost."""
    records = list(read_records(output))
    paths = ["/", "/queue", *(f"/notices/{one.notice_id}" for one in records)]
    paths += [f"/notices/{one.notice_id}/version" for one in records]
    items = [item.item_id for one in records for item in one.items]
    until = time.monotonic() + args.seconds
    reading = [Waits() for _ in range(args.readers)]
    writing = [Waits() for _ in range(args.writers)]
    told: list[list[Sent]] = [[] for _ in writing]
    threads = [threading.Thread(target=read, args=(address, paths, until, one)) for one in reading]
    threads += [
        threading.Thread(
            target=write, args=(address, items[n :: args.writers], until, one, told[n])
        )
        for n, one in enumerate(writing)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _join(reading).tell("readers")
    _join(writing).tell("writers")
    kept = {one.anchor.item_id: one.value for one in read_kept_corrections(output)}
    last = {one.item_id: one.leader for own in told for one in own}
    lost = sum(kept.get(item) != leader for item, leader in last.items())
    print(f"corrections: {sum(map(len, told))} written, {lost} lost")


def _join(all_waits: list[Waits]) -> Waits:
    return Waits(
        [one for each in all_waits for one in each.seconds],
        [one for each in all_waits for one in each.errors],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=300, help="items of the notice that is opened")
    parser.add_argument("--plans", type=int, default=20, help="other notices of 12 items")
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--writers", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=120)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fengong-desk-") as folder:
        home = Path(folder)
        (home / "raw").mkdir()
        (home / "raw" / "large.txt").write_text(make_plan(args.items), "utf-8")
        for n in range(args.plans):
            text = make_plan(12).replace("海山区", f"海山{chr(0x4E00 + n * 7)}区")
            (home / "raw" / f"plan{n}.txt").write_text(text, "utf-8")
        parse(home / "raw", home / "output")
        large = next(one for one in read_records(home / "output") if len(one.items) >= args.items)
        desk = Served(home / "output")
        try:
            open_notice(desk.address, large.notice_id)
            work_at_once(home / "output", desk.address, args)
        finally:
            desk.end(15)


if __name__ == "__main__":
    main()
