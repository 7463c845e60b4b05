"""Parse a source into a notice: the steps, in order."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from pipeline.collector import collector_at_rest
from pipeline.model import Notice, Source
from pipeline.parse.contents import read_contents
from pipeline.parse.guard import find_doubts
from pipeline.parse.header import Header, find_header
from pipeline.parse.items.plan import find_plan
from pipeline.parse.items.tasks import Plan
from pipeline.parse.naming import name_owners
from pipeline.parse.normalize import NormalizedText, normalize_text
from pipeline.parse.records import ParsedItem, ParsedNotice, make_notice
from pipeline.parse.review.coverage import find_stretches
from pipeline.parse.review.doubts import (
    find_flags,
    find_name_flags,
    find_repairs,
    find_unread_deadlines,
)
from pipeline.parse.review.flag import Flag
from pipeline.parse.review.genre import NO_OWNER, find_reason
from pipeline.parse.review.ownerless_plans import (
    as_ownerless,
    find_ownerless_reason,
    has_owner_labels,
)
from pipeline.parse.review.registers import find_register_reason
from pipeline.parse.review.unread_text import find_unread_flags
from pipeline.parse.roles import settle
from pipeline.text import without_blanks


def parse_notice(source: Source, notice_id: str | None = None) -> Notice:
    """The record of a source: its header, items and problems. No text whatever raises.

    `notice_id` defaults to the first twelve digits of the source's hash. Python's cyclic garbage
    collector rests meanwhile, and is as it was afterwards.
    """
    with collector_at_rest():
        # Nothing else has what was read, so that it is let go while the records are made of it.
        notice = make_notice(source, notice_id or source.sha256[:12], _parse(source))
        doubts = tuple(find_doubts(notice))
        return notice.model_copy(update={"problems": (*notice.problems, *doubts)})


def _parse(source: Source) -> ParsedNotice:
    """Parse a source: normalize, find the plan, read the header, settle roles, look for doubts."""
    shadow = normalize_text(source.text)
    plan = find_plan(shadow.folded, filled=_has_filled_tables(source))
    about = source.particulars | ({"url": source.url} if source.url else {})
    header = find_header(shadow, _find_opening(shadow, plan), about)
    plan, header, flags = _choose_reading(shadow, plan, header)
    owners = [settle(task, plan) for task in plan.tasks]
    names = name_owners(shadow, owners, header.place.home, header.year)
    contents = [read_contents(shadow, plan, index, header.year) for index in range(len(plan.tasks))]
    stretches = list(find_stretches(shadow.folded, header, plan))
    if plan.tasks and not flags and not any(owners):
        flags.append(Flag("no-owners", "warning", "列出了事项,但没有读出任何责任,请核对", None))
    flags += find_name_flags(names)
    flags += find_unread_deadlines(contents)
    flags += find_flags(shadow.folded, header, plan, owners)
    flags += find_unread_flags(shadow.folded, plan, owners, stretches)
    repairs = list(find_repairs(shadow.repairs))
    return ParsedNotice(
        shadow=shadow,
        header=header,
        annexes=plan.annexes,
        headings=plan.headings.values(),
        rules=plan.rules,
        items=deque(map(ParsedItem, plan.tasks, owners, contents)),
        names=names,
        stretches=stretches,
        flags=flags,
        repairs=repairs,
    )


def _has_filled_tables(source: Source) -> bool:
    """Whether the text has tables of a file, whose merged cells a reader repeats in each row.

    The rows of a CSV file have no such table: there a merged cell is printed once.
    """
    return any(place.table is not None or place.sheet is not None for place in source.locations)


def _choose_reading(
    shadow: NormalizedText, plan: Plan, header: Header
) -> tuple[Plan, Header, list[Flag]]:
    """Read the text as a plan that names no owner, as one that does, or as no plan.

    Returns the plan and the header that go with the reading, and the flag that says which it is.
    """
    ownerless = as_ownerless(plan)
    titled = _title_by_annex(shadow, ownerless, header)
    register = find_register_reason(
        shadow.folded, plan.tasks or ownerless.tasks, plan.blocks or ownerless.blocks
    )
    if register:
        return _refuse(plan, _title_by_annex(shadow, plan, header), register)
    if ownerless.tasks and _find_ownerless_reason(shadow, ownerless, titled) is None:
        return ownerless, titled, [_flag_no_owners(shadow.folded)]
    header = _title_by_annex(shadow, plan, header)
    reason = find_reason(shadow.folded, _simplified_title(shadow, header), plan)
    if reason is None:
        return plan, header, []
    if reason == NO_OWNER:
        reason = _find_ownerless_reason(shadow, ownerless, titled) or reason
    return _refuse(plan, header, reason)


def _refuse(plan: Plan, header: Header, reason: str) -> tuple[Plan, Header, list[Flag]]:
    """The reading of a document that is no plan."""
    none = replace(plan, tasks=[], headings={})
    return none, header, [Flag("not-a-plan", "error", f"不是任务分工:{reason}", None)]


def _find_ownerless_reason(shadow: NormalizedText, plan: Plan, header: Header) -> str | None:
    """Why a text is no plan without owners; None where it is one. Without tasks it is none."""
    titles = [_simplified(shadow, one) for one in (header.title, header.notice_title)]
    return find_ownerless_reason(shadow.folded, titles, plan)


def _flag_no_owners(folded: str) -> Flag:
    """The flag of a plan that names no owner: a warning where labels of owners are in its text."""
    if has_owner_labels(folded):
        return Flag("no-owners", "warning", "没有读出责任,但文中有责任单位字样,请核对", None)
    return Flag("no-owners", "info", "没有写明责任,事项按编号列出", None)


def _find_opening(shadow: NormalizedText, plan: Plan) -> int:
    """Where the plan begins: at its first task, table or heading, else at the first number."""
    starts = [task.start for task in plan.tasks[:1]]
    starts += [table.start for table in plan.tables[:1]]
    starts += [heading.words[0] for heading in list(plan.headings.values())[:1]]
    starts = starts or [block.start for block in plan.blocks[:1]]
    return min(starts, default=len(shadow.folded))


def _title_by_annex(shadow: NormalizedText, plan: Plan, header: Header) -> Header:
    """The header with the title of the first task's annex, where the notice quotes no plan."""
    if not plan.tasks or not plan.tasks[0].annex or header.notice_title is not None:
        return header
    if header.title and f"《{header.title}》" in without_blanks(shadow.text[: header.end]):
        return header
    title = plan.annexes[plan.tasks[0].annex].title
    if not title:
        return header
    return header.with_annex_title(without_blanks(shadow.text[slice(*title)]))


def _simplified_title(shadow: NormalizedText, header: Header) -> str | None:
    """The title of the notice, then that of the plan, in simplified characters."""
    titles = (header.notice_title, header.title)
    return _simplified(shadow, "".join(filter(None, titles)) or None)


def _simplified(shadow: NormalizedText, text: str | None) -> str | None:
    """Some words of a document as the tables have them; only traditional script is converted."""
    if not text or shadow.plain is shadow.folded:
        return text
    return normalize_text(text).folded
