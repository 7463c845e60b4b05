"""How many cores this process may use."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

# Where Linux tells the groups of this process, and keeps what they may use.
_GROUPS = Path("/proc/self/cgroup")
_LIMITS = Path("/sys/fs/cgroup")


def count_cores(groups: Path = _GROUPS, limits: Path = _LIMITS) -> int:
    """Return how many cores are there for this process: by its affinity and by the quota of its groups.

    At least 1. A container with a quota of 2.5 cores has 2.
    """
    if hasattr(os, "process_cpu_count"):  # Python 3.13
        count = os.process_cpu_count() or 1
    elif hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    else:
        count = os.cpu_count() or 1
    quotas = [int(quota) for quota in _find_quotas(groups, limits)]
    return max(1, min([count, *quotas]))


def _find_quotas(groups: Path, limits: Path) -> list[float]:
    """Return the cores that each group of this process may use; groups without a quota give none."""
    quotas = []
    for line in _read(groups).splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:
            home = limits
        elif "cpu" in controllers.split(","):
            home = limits / controllers
            home = home if home.is_dir() else limits / "cpu"
        else:
            continue
        below = home / path.lstrip("/")
        # In a container the path may be that outside it, and only the root is there.
        for folder in {home, below, *below.parents} - set(home.parents):
            quotas += _read_quota(folder)
    return quotas


def _read_quota(folder: Path) -> list[float]:
    words = _read(folder / "cpu.max").split()
    if not words:
        words = [_read(folder / f"cpu.cfs_{name}_us").strip() for name in ("quota", "period")]
    with suppress(ValueError, ZeroDivisionError, IndexError):
        share = int(words[0]) / int(words[1])
        return [share] if share > 0 else []
    return []


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeError):
        return ""
