"""Which numbers, rows and paragraphs are tasks, what is above them, and what they inherit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.parse.clauses.clause import Clause
from pipeline.parse.items.plan import find_plan
from pipeline.parse.items.tasks import Plan, Task
from pipeline.text import fold
from tests.parse.case_files import Case, one_line, read_cases


def names(folded: str, clauses: Sequence[Clause]) -> str:
    """The clauses' shares as the cases write them: role:names."""
    return " ".join(
        f"{share.printed_role}:{'、'.join(folded[n.start : n.end] for n in share.names.names)}"
        for clause in clauses
        for share in clause.shares
    )


def shown(folded: str, plan: Plan, task: Task) -> str:
    """A task as the cases write it: label ^parent | path | text | own > inherited > standing."""
    label = folded[slice(*task.label)] if task.label else "-"
    parent = f" ^{task.parent}" if task.parent >= 0 else ""
    weak = "".join(f" {code}" for code in sorted(task.weak))
    path = " / ".join(folded[slice(*span)] for span in task.path)
    given = [names(folded, own) for own in (task.clauses, task.inherited, task.standing)]
    text = one_line(folded[task.body : task.end])
    annex = f" annex {task.annex}" if len(plan.annexes) > 1 else ""
    return f"{label}{parent}{annex}{weak} | {path} | {text} | {' > '.join(given)}".rstrip(" >|")


@pytest.mark.parametrize("case", read_cases("items.md", "plans"), ids=lambda case: case.title)
def test_plan(case: Case) -> None:
    folded = fold(case.text)
    plan = find_plan(folded)
    tasks = [shown(folded, plan, task) for task in plan.tasks]
    headings = [
        f"§{one.level} {folded[slice(*one.words)]}"
        for one in sorted(plan.headings.values(), key=lambda one: one.words)
    ]
    notes = []
    if plan.first_leads_from is not None:
        notes.append(f"first leads from {one_line(folded[plan.first_leads_from :])[:8]}")
    if plan.repeat is not None:
        notes.append(f"repeat from {one_line(folded[plan.repeat :])[:8]}")
    notes += [f"skipped {one_line(folded[slice(*row)])}" for row in plan.skipped_rows]
    if plan.stars_lead:
        notes.append("stars lead")
    assert [*headings, *tasks, *notes] == case.lines
