"""A hundred doubtful items checked and corrected with keys alone, in Chromium: how long each takes, and what is lost.

python -m benchmarks.desk_keys [OUTPUT] [--items 100]

An OUTPUT is copied first and stays as it is; without one, a plan of doubtful items is made. Every fourth item
is corrected, every tenth undone and decided again, all others are found right. The times are those of the
machine: from a key to the next item, ready and with the focus. What a person thinks comes on top.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from playwright.sync_api import sync_playwright

from pipeline.decisions.corrections import read_kept_corrections
from tests.web.kills import Served
from tests.web.small_desk import HEAD, parse

if TYPE_CHECKING:
    from playwright.sync_api import Page

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_WAIT = 60_000
# The item with the focus, or "" once nothing is left.
_FOCUSED = """() => {
  if (!document.getElementById("finished").hidden) return "";
  const card = document.querySelector("#items > :not([hidden]) .item");
  return card && card === document.activeElement ? card.dataset.item : null;
}"""
_NEXT = f"(before) => {{ const now = ({_FOCUSED})(); return now !== null && now !== before; }}"


class Decided(NamedTuple):
    """What was decided on an item: `leader` is what was written, empty where it was found right."""

    item_id: str
    leader: str


def make_output(home: Path, items: int) -> Path:
    """Parse a plan of so many doubtful items."""
    lines = (
        f"{n}.推进第{n}号社区食堂建设,改善老人就餐条件,\n责任单位:区民政局、区财政局\n"
        for n in range(1, items + 1)
    )
    (home / "raw").mkdir()
    (home / "raw" / "doubtful.txt").write_text(HEAD + "".join(lines), "utf-8")
    parse(home / "raw", home / "output")
    return home / "output"


def work_off(page: Page, items: int) -> tuple[list[Decided], dict[str, list[float]]]:
    """Decide on so many items with keys; return what was decided, and the seconds of each kind of step."""
    decided: list[Decided] = []
    seconds: dict[str, list[float]] = {"right": [], "corrected": [], "back": []}
    for n in range(items):
        item_id = page.evaluate(_FOCUSED)
        if not item_id:
            break
        if n % 10 == 9:
            seconds["right"].append(_press(page, "r", item_id))
            seconds["back"].append(_press(page, "u", page.evaluate(_FOCUSED)))
        leader = f"王{n}" if n % 4 == 3 else ""
        if leader:
            began = time.perf_counter()
            page.keyboard.press("e")
            page.keyboard.press("Tab")
            page.keyboard.press("Control+A")
            page.keyboard.type(leader)
            page.keyboard.press("Control+Enter")
            page.wait_for_function(_NEXT, arg=item_id, timeout=_WAIT)
            seconds["corrected"].append(time.perf_counter() - began)
        else:
            seconds["right"].append(_press(page, "r", item_id))
        decided.append(Decided(item_id, leader))
    return decided, seconds


def _press(page: Page, key: str, item_id: str) -> float:
    began = time.perf_counter()
    page.keyboard.press(key)
    page.wait_for_function(_NEXT, arg=item_id, timeout=_WAIT)
    return time.perf_counter() - began


def find_lost(output: Path, decided: list[Decided]) -> list[Decided]:
    """Return what was decided and is not kept."""
    kept = {(one.anchor.item_id, one.field): one.value for one in read_kept_corrections(output)}
    return [
        one
        for one in decided
        if (one.item_id, "reviewed") not in kept
        or (one.leader and kept.get((one.item_id, "leaders")) != one.leader)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path, nargs="?", help="an OUTPUT; it is copied")
    parser.add_argument("--items", type=int, default=100)
    args = parser.parse_args()
    if _CHROMIUM is None:
        parser.error("no chromium on this machine")
    with tempfile.TemporaryDirectory(prefix="fengong-keys-") as folder:
        home = Path(folder)
        if args.output:
            output = Path(shutil.copytree(args.output, home / "output"))
        else:
            output = make_output(home, args.items)
        desk = Served(output)
        try:
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                page.goto(f"{desk.address}/queue", timeout=_WAIT)
                page.locator("#who").fill("张三")
                page.locator("#who").blur()
                page.locator("#items .item").first.focus()
                began = time.perf_counter()
                decided, seconds = work_off(page, args.items)
                whole = time.perf_counter() - began
                page.wait_for_function(
                    "() => localStorage.getItem('fengong:unsent') === '[]'", timeout=_WAIT
                )
                kept = time.perf_counter() - began
                browser.close()
        finally:
            desk.end(15)
        lost = find_lost(output, decided)
        for name, one in seconds.items():
            if len(one) > 1:
                worst = statistics.quantiles(one, n=20, method="inclusive")[18]
                print(
                    f"{name}: {len(one)} times, median {statistics.median(one) * 1000:.0f} ms, "
                    f"95 of 100 in {worst * 1000:.0f} ms"
                )
        print(
            f"{len(decided)} items in {whole:.1f} s, all kept after {kept:.1f} s, {len(lost)} lost"
        )


if __name__ == "__main__":
    main()
