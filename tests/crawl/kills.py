"""A watch of a planted site that is killed at random moments: nothing is lost, nothing is there twice.

python -m tests.crawl.kills 50 --plans 300 --others 1700 [--seed 7]     (make crawl-kills KILLS=50)
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from pipeline.batch.origins import read_origins
from tests.crawl.planted_site import PlantedSite
from tests.crawl.server import Site, serve

# A kill comes within so many seconds of the start of a run.
_LONGEST = 3.0
_RATE_PLANS, _RATE_DELAY = 20, 0.1


def watch(folder: Path) -> list[str]:
    return [
        sys.executable, "-m", "pipeline", "watch", str(folder / "sites.toml"),
        "--raw", str(folder / "raw"), "--state", str(folder / "crawl"),
    ]  # fmt: skip


def run(folder: Path) -> None:
    done = subprocess.run(watch(folder), capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr[-3000:]


def kill(folder: Path, after: float) -> bool:
    """A run that is killed after some seconds; whether it still ran."""
    with subprocess.Popen(
        watch(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.kill()
            return True
    return False


def find_faults(folder: Path, planted: PlantedSite, url: str, kills: int) -> list[str]:
    """What is lost, there twice, half-written or asked too often after the first run that ended."""
    faults = []
    origins = read_origins(folder / "raw")
    pages = Counter(one.url for one in origins.values() if not one.part_of)
    expected = Counter(f"{url}{one.path}" for one in planted.all)
    faults += [f"not as planted: {one}" for one in (pages - expected) + (expected - pages)]
    files = {
        path.relative_to(folder / "raw").as_posix()
        for path in (folder / "raw").rglob("*")
        if path.is_file() and path.name != "SOURCES.csv"
    }
    faults += [f"in no row or no file: {one}" for one in files ^ set(origins)]
    warcs = {
        path.relative_to(folder / "crawl" / "warc").as_posix()
        for path in (folder / "crawl" / "warc").rglob("*")
        if path.is_file()
    }
    faults += [
        f"in no row or no WARC: {one}" for one in warcs ^ {one.warc for one in origins.values()}
    ]
    told = json.loads((folder / "crawl" / "report.json").read_text("utf-8"))
    added = Counter(
        event["url"] for one in told["sites"] for event in one["events"] if event["fate"] == "added"
    )
    faults += [f"not told once: {one}" for one in (added - expected) + (expected - added)]
    # A kill may lose the answers to one notice with its attachment, a redirect and a busy answer.
    again = sum(count - 1 for asked, count in planted.asked.items() if "robots" not in asked) - sum(
        one.kind == "busy" for one in planted.all
    )
    if again > 4 * kills:
        faults.append(f"{again} requests were made again")
    return faults


def try_kills(folder: Path, planted: PlantedSite, site: Site, kills: int, seed: int) -> list[str]:
    """Kill a watch up to so often, let it end, and return the faults."""
    rng = random.Random(seed)  # noqa: S311
    (folder / "sites.toml").write_text(planted.sites_toml(site.url), "utf-8")
    done = 0
    while done < kills and kill(folder, rng.uniform(0.3, _LONGEST)):
        done += 1
    if done == kills:
        run(folder)
    # Else the last run came to its end before its kill: the site was too small for so many.
    faults = find_faults(folder, planted, site.url, done)
    first = site.sent
    run(folder)
    share = (site.sent - first) / first
    print(f"{done} of {kills} runs were killed; the second watch sent {share:.3%} of the bytes")
    return faults + [f"the second watch sent {share:.2%}"] * (share >= 0.01)


def try_rate(folder: Path) -> list[str]:
    """Watch with a pause and return a fault where requests came faster."""
    planted = PlantedSite(_RATE_PLANS, 0)
    with serve(planted) as site:
        (folder / "sites.toml").write_text(planted.sites_toml(site.url, _RATE_DELAY), "utf-8")
        run(folder)
        gaps = [b - a for a, b in zip(site.times, site.times[1:], strict=False)]
    fast = sum(gap < _RATE_DELAY * 0.95 for gap in gaps)
    print(f"{len(gaps) + 1} requests, {fast} sooner than {_RATE_DELAY} s after the one before")
    return [f"{fast} requests came too fast"] if fast else []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=50)
    parser.add_argument("--plans", type=int, default=300)
    parser.add_argument("--others", type=int, default=1700)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    start = time.monotonic()
    planted = PlantedSite(args.plans, args.others)
    with tempfile.TemporaryDirectory() as name, serve(planted) as site:
        faults = try_kills(Path(name), planted, site, args.kills, args.seed)
        print(
            f"{len(site.asked)} requests, {site.sent / 2**20:.1f} MiB, most open {site.most_open}"
        )
    with tempfile.TemporaryDirectory() as name:
        faults += try_rate(Path(name))
    for fault in faults[:50]:
        print(fault)
    print(f"{len(faults)} faults, {time.monotonic() - start:.0f} s")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
