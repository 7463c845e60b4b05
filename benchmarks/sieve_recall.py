"""How many plans the gates of the sieve let through, in pages of every form of writing.

`python -m benchmarks.sieve_recall FOLDER…` puts the text of each document of some folders that is read as
a plan, and of generated plans of ordinary size, into pages as sites make them, and prints for each form
how many of them pass.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from benchmarks.many import text
from pipeline import parse_notice
from pipeline.batch.source_files import find_jobs
from pipeline.model import Source
from pipeline.read import read_sources
from pipeline.sieve.gates import find_stop
from pipeline.text import to_traditional
from tests.sieve.archives import make_page

FORMS = (
    *(("utf-8", "plain"), ("gb18030", "plain"), ("utf-16-le", "plain"), ("hz", "plain")),
    *(("utf-8", "decimal"), ("gb18030", "decimal"), ("utf-8", "hexadecimal"), ("utf-8", "script")),
)
TRADITIONAL = ("utf-8", "gb18030", "big5hkscs")
_GENERATED = 1000


def find_plans(folders: list[str]) -> list[str]:
    """The texts of the documents that the parser takes for plans, and of generated ones."""
    found = [text(seed, 4 + seed % 20) for seed in range(_GENERATED)]
    for job in find_jobs(map(Path, folders)).jobs:
        sources = read_sources(job.path, on_error=print)
        found += [source.text for source in sources if is_plan(source)]
    return found


def is_plan(source: Source) -> bool:
    return all(one.code != "not-a-plan" for one in parse_notice(source).problems)


def main() -> None:
    """Print a line for each form."""
    plans = find_plans(sys.argv[1:])
    passed: Counter[str] = Counter()
    total = 0
    for one in plans:
        pages = {f"{charset} {form}": make_page(one, charset, form=form) for charset, form in FORMS}
        other = to_traditional(one)
        pages |= {f"{charset} traditional": make_page(other, charset) for charset in TRADITIONAL}
        total += len(pages)
        passed.update(name for name, page in pages.items() if find_stop(page) is None)
    for name, count in passed.items():
        print(f"{name:24} {count:6,} of {len(plans):,} pass")
    print(f"together {passed.total():,} of {total:,}: {passed.total() / total:.5f}")


if __name__ == "__main__":
    main()
