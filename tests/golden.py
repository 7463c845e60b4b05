"""Whole records of generated plans and of the written cases, a line a value, and what is made of them.

`python -m tests.golden` writes them anew. A file is what the parser makes today, read by eye when it changes; it is no judge of what is right
(that are the cases and the generated plans' own answers), but nothing changes unseen.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pipeline.model import Item, Name, Notice, values_of
from tests.conftest import ROOT, parse
from tests.golden_outputs import comparisons, digest_lines, resolved_names
from tests.plans import AMBIGUOUS, CELLS, write_plan

GOLDEN = ROOT / "tests" / "golden"
_CASE = re.compile(r"## (.+?)\n```\n(.*?)\n```\n", re.DOTALL)
_PARTICULARS = (
    "kind", "title", "notice_title", "document_number", "issuing_body", "region", "place", "year",
    "year_end", "issued_on", "published_on",
)  # fmt: skip
_CONTENT = 24


def texts() -> Iterator[tuple[str, str, str]]:
    """File name, name of the document and its text, for every golden record."""
    for n, (carrier, layout) in enumerate((*CELLS, *AMBIGUOUS)):
        yield (
            f"plans-{layout.replace(' ', '-')}",
            f"{carrier} / {layout}",
            write_plan(n, carrier, layout).text,
        )
    for path in sorted((ROOT / "tests" / "cases").glob("*.md")):
        for title, text in _CASE.findall(path.read_text("utf-8")):
            yield f"cases-{path.stem}", title, text


def record_lines(notice: Notice) -> Iterator[str]:
    """A record, a line a value."""
    told = {name: value for name in _PARTICULARS if (value := getattr(notice, name)) is not None}
    yield f"  {told}"
    for rule in notice.rules:
        yield f"  rule {values_of(rule)}"
    for section in notice.sections:
        span = section.span
        yield f"  section {section.level} {section.label} {section.heading} {span.start}-{span.end}"
    for item in notice.items:
        yield from _item_lines(item)
    for part in notice.parts:
        yield f"  part {part.name} {part.span.start}-{part.span.end}"
    for problem in notice.problems:
        where = f"{problem.span.start}-{problem.span.end}" if problem.span else ""
        yield f"  problem {problem.severity} {problem.code} {where} {problem.item_id} {problem.message}"
    for body in notice.bodies:
        told = {name: value for name, value in values_of(body).items() if value not in (None, ())}
        yield f"  body {told}"


def _item_lines(item: Item) -> Iterator[str]:
    span, content = item.span, item.content
    shown = (
        content if len(content) <= 2 * _CONTENT else f"{content[:_CONTENT]}…{content[-_CONTENT:]}"
    )
    yield f"  item {item.label} {item.number} {span.start}-{span.end} parent {item.parent_id}"
    yield f"    path {' / '.join(item.path)} plan {item.plan_title}"
    yield f"    title {item.title} content {len(content)} {shown!r}"
    for role in ("leaders", "host_units", "co_host_units"):
        yield from (f"    {role} {_name(name)}" for name in getattr(item, role))
    for one in item.assignments:
        names = "、".join(name.name for name in one.names)
        yield (
            f"    {one.role} {one.label} {one.reading} open {one.open_ended} {names}"
            f" {one.span.start}-{one.span.end} in {one.scope.start}-{one.scope.end}"
        )
    if item.deadline:
        due = item.deadline
        yield f"    deadline {due.text} {due.due} {due.precision} {due.span.start}-{due.span.end}"
    for key, value in item.fields.items():
        yield f"    field {key} {value.label} {value.text} {value.span.start}-{value.span.end}"


def _name(name: Name) -> str:
    span = f"{name.span.start}-{name.span.end}"
    return f"{name.name} = {name.canonical} {name.kind} {name.post} {list(name.aliases)} {span}"


def golden_files() -> dict[str, str]:
    """The content of every golden file, by its name."""
    made: dict[str, list[str]] = {}
    for file, title, text in texts():
        made.setdefault(file, []).extend([f"# {title}", *record_lines(parse(text))])
    files = {name: "\n".join(lines) + "\n" for name, lines in made.items()}
    return files | comparisons() | {"names": digest_lines(resolved_names())}


def main() -> int:
    """Write the golden files anew."""
    GOLDEN.mkdir(exist_ok=True)
    for path in GOLDEN.glob("*.txt"):
        path.unlink()
    for name, text in golden_files().items():
        Path(GOLDEN / f"{name}.txt").write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
