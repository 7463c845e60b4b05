"""Flag text that is no item: lists and owners that belong to none, and lines that nobody understood."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from pipeline.parse.items.tasks import Plan
from pipeline.parse.line_numbers import LineNumber, find_candidates, find_runs
from pipeline.parse.review.coverage import NamedStretch
from pipeline.parse.review.flag import Flag, Span
from pipeline.parse.roles import Owner

# The parts in which tasks may be; elsewhere a list is one only if it names owners.
_OF_PLAN = frozenset(("lead_in", "requirements", None))
_APART = frozenset(("foreword", "closing"))
# An entry that is more than a name or a figure.
_SAYS = re.compile(r"[^\n]{4,}[,;。]")


def find_unread_flags(
    folded: str,
    plan: Plan,
    owners: Sequence[Sequence[Owner]],
    stretches: Sequence[NamedStretch],
) -> Iterator[Flag]:
    """A flag for each list and each clause outside all items, and each line that was not understood."""
    spans: list[Span] = []
    if plan.tasks:
        lost = _find_lost_clauses(folded, plan, owners)
        spans = list(_find_lost_lists(folded, plan, stretches))
        for span in spans:
            yield Flag("unread-text", "warning", "像是没有读出的几项", span)
        for clause in lost:
            if not _is_within(clause, spans):
                yield Flag("unread-text", "warning", "写到责任的文字不在任何事项里", clause)
    for name, span in stretches:
        if name is None and not _is_within(span, spans):
            yield Flag("unread-text", "info", "没有读懂的文字", span)


def _is_within(span: Span, around: Sequence[Span]) -> bool:
    return any(start <= span[0] < end for start, end in around)


def _find_lost_clauses(folded: str, plan: Plan, owners: Sequence[Sequence[Owner]]) -> list[Span]:
    """The clauses that no item, heading and rule has; none of a second printing."""
    own = {clause.start for task in plan.tasks for clause in task.clauses}
    given = {clause.start for task in plan.tasks for clause in task.inherited}
    named = {owner.span[0] for settled in owners for owner in settled}
    heads = sorted(heading.words[1] for heading in plan.headings.values())
    rules = [(rule.start, rule.end) for rule in plan.rules]

    def is_heading_own(start: int) -> bool:
        """Whether no sentence is between a clause and its heading, so that items may overrule it."""
        at = bisect_right(heads, start) - 1
        return at >= 0 and start in given and "。" not in folded[heads[at] : start]

    return [
        (start, end)
        for start, end in plan.assigning
        if start not in own
        and not any(start <= one < end for one in named)
        and not is_heading_own(start)
        and (plan.repeat is None or start < plan.repeat)
        and not any(start < last and end > first for first, last in rules)
    ]


def _find_lost_lists(folded: str, plan: Plan, stretches: Sequence[NamedStretch]) -> Iterator[Span]:
    """The lists outside all items that name owners, or whose entries mostly read as tasks."""
    starts = [span[0] for _, span in stretches]
    read = {block.start for block in plan.blocks}
    by_part: dict[str | None, list[LineNumber]] = {}
    for one in find_candidates(folded, 0, len(folded)):
        at = bisect_right(starts, one.start) - 1
        if one.start not in read and at >= 0 and one.start < stretches[at].span[1]:
            by_part.setdefault(stretches[at].name, []).append(one)
    for part, numbers in by_part.items():
        if part not in _OF_PLAN | _APART:
            continue
        for run in find_runs(numbers):
            newline = folded.find("\n", run[-1].end)
            start, end = run[0].start, newline if newline >= 0 else len(folded)
            says = sum(_SAYS.match(folded, one.end) is not None for one in run)
            named = any(start <= first < end for first, _ in plan.assigning)
            if named or (part in _OF_PLAN and 2 * says > len(run)):
                yield start, end
