"""Parse documents into an OUTPUT beside those that are there: a process of its own, with JSON lines on stdout.

Parsing starts child processes, which a server with threads must not do itself.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.batch.cores import count_cores
from pipeline.batch.source_files import Found, find_jobs
from pipeline.batch.update import Means, update_dataset
from pipeline.collector import collector_at_rest
from pipeline.dataset.manifest import UnreadFile
from pipeline.dataset.output_lock import lock_output
from pipeline.errors import PipelineError
from pipeline.read import skip_reason

if TYPE_CHECKING:
    from pipeline.batch.jobs import Job


def main(output: Path, sources: list[Path]) -> int:
    """Add sources to an OUTPUT; return 1 where nothing could be done."""
    found = _find(sources, output)
    count = 0

    def begin(job: Job | None) -> None:
        nonlocal count
        _tell({"step": "parse", "done": count, "of": len(found.jobs), "file": _name(job)})
        count += 1

    unread = [UnreadFile(path, "", "skipped", why) for path, why in found.skipped_files]
    try:
        with lock_output(output, lambda _: _tell({"step": "wait"})), collector_at_rest():
            means = Means(count_cores(), begin, keeps_others=True)
            report = update_dataset(found.jobs, output, unread=unread, means=means)
    except PipelineError as error:
        _tell({"step": "failed", "fact": error.fact, "remedy": error.remedy})
        return 1
    own = {job.shown for job in found.jobs}
    _tell(
        {
            "step": "done",
            "notices": [
                {"notice_id": one.notice_id, "title": one.title, "items": one.items}
                for one in report.records
                if one.path is not None and one.path.partition("!/")[0] in own
            ],
            "errors": [
                {"file": _last(error.place), "fact": error.fact, "remedy": error.remedy}
                for error in (*found.errors, *report.errors)
            ],
            "skipped": [{"file": _last(path), "fact": why} for path, why in found.skipped_files],
        }
    )
    return 0


def _find(sources: list[Path], output: Path) -> Found:
    """Find the files to parse; a file that was sent is looked at as one of a folder is."""
    reasons = {one: skip_reason(one.name) for one in sources if one.is_file()}
    found = find_jobs([one for one in sources if not reasons.get(one)], output)
    for path, reason in reasons.items():
        if reason:
            found.skip(str(path), reason)
    return found


def _name(job: Job | None) -> str:
    return _last(job.shown) if job else ""


def _last(path: str) -> str:
    """Return the name at the end of a path: where the desk keeps its files is nobody's business."""
    return path.rpartition("/")[2]


def _tell(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), [Path(one) for one in sys.argv[2:]]))
