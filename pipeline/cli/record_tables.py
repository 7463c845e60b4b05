"""Print records as tables on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cli.language import translate
from pipeline.cli.terminal import make_console, make_table
from pipeline.dataset.in_force import in_force
from pipeline.model import Item, fields_of

if TYPE_CHECKING:
    from pipeline.dataset.manifest import RecordSummary
    from pipeline.model import Notice


# A person reads so many lines; of more notices those with the gravest problems are listed.
LISTED_NOTICES = 10
_PROBLEM_MESSAGES = {
    "error": "error: {code}: {message}",
    "warning": "warning: {code}: {message}",
    "info": "info: {code}: {message}",
}


def render_items(notice: Notice) -> str:
    """Return the items of a notice as a table for the terminal, then its problems."""
    notice = in_force(notice)
    about = " · ".join(filter(None, (notice.document_number, notice.issued_on, notice.region)))
    title = notice.title or notice.source.path or notice.notice_id
    listed = make_table(title, about or None)
    fields = fields_of(Item)
    leaders = any(item.leaders for item in notice.items)
    shown = ["label", "title", *(["leaders"] if leaders else []), "host_units", "co_host_units"]
    for name in shown:
        ratio = 3 if name in ("title", "co_host_units") else None
        listed.add_column(translate(fields[name].title or ""), ratio=ratio, overflow="fold")
    for item in notice.items:
        cells = [item.label or "", item.title.rstrip("。")]
        cells += ["、".join(name.name for name in getattr(item, role)) for role in shown[2:]]
        listed.add_row(*cells)
    terminal = make_console(110)
    with terminal.capture() as captured:
        terminal.print(listed)
        for problem in notice.problems:
            message = translate(problem.message)
            line = _PROBLEM_MESSAGES[problem.severity].format(code=problem.code, message=message)
            terminal.print(translate(line))
    return str(captured.get())


def show_notices(records: list[RecordSummary]) -> None:
    """Print one line for each notice, the gravest first: title, year, items and problems.

    Where they are many, only the first `LISTED_NOTICES` are printed.
    """
    listed = make_table()
    listed.add_column(translate("标题"), ratio=1, overflow="fold")
    for name in ("年度", "事项", "错误", "警告", "提示"):
        listed.add_column(translate(name), justify="right")
    gravest = sorted(records, key=_weigh_problems, reverse=True)
    for one in gravest[:LISTED_NOTICES] if len(records) > LISTED_NOTICES else records:
        numbers = [str(one.problems[key] or "") for key in ("error", "warning", "info")]
        listed.add_row(one.title or one.notice_id, str(one.year or ""), str(one.items), *numbers)
    make_console(110).print(listed)


def _weigh_problems(record: RecordSummary) -> tuple[int, ...]:
    return tuple(record.problems[one] for one in ("error", "warning", "info"))
