"""Settle the role of each name of an item: leader, host or co-host, by the words beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from pipeline.names.lists import NameInList, NameList
from pipeline.parse.clauses.clause import Carrier, Clause, Share
from pipeline.parse.clauses.labels import ASSIGNING, PrintedRole
from pipeline.parse.items.tasks import Plan, Task

Role = Literal["leader", "host", "co_host"]
_ROLE_OF: dict[PrintedRole, Role] = {"leader": "leader", "assist": "co_host"}
# Label lines with fewer characters between them are about the same words.
_APART = 40


class Owner(NamedTuple):
    """One share of a clause with its role, and the words that it governs (`scope`)."""

    role: Role
    label: tuple[int, int] | None
    names: list[NameInList]
    open_ended: bool
    span: tuple[int, int]
    scope: tuple[int, int]
    reading: str


class _Notes(NamedTuple):
    """Notes of the document on a list: its first name leads, a star marks the lead."""

    first_leads: bool = False
    stars_lead: bool = False


def settle(task: Task, plan: Plan) -> list[Owner]:
    """The owners of an item: of its own clauses, then of headings, closing and standing sentences."""
    own = _settle_own(task, plan)
    owners = [*own, *_settle_inherited(task, plan, own)] if task.inherited else own
    if not task.standing:
        return owners
    led = any(owner.role == "host" for owner in owners) and _has_lead(task)
    for clause in task.standing:
        for owner in _settle_group([clause], (task.body, task.end), _Notes()):
            aside = led and owner.role == "host"
            owners.append(owner._replace(role="co_host") if aside else owner)
    return owners


def _settle_own(task: Task, plan: Plan) -> list[Owner]:
    """The owners of an item's own clauses; each group governs the words since the one before."""
    owners: list[Owner] = []
    begin = task.body
    for group in _group_clauses(task.clauses):
        leads = plan.first_leads_from is not None and (
            group[0].carrier == "column" or group[0].start >= plan.first_leads_from
        )
        scope = (begin, max(begin, group[0].start))
        owners += _settle_group(group, scope, _Notes(leads, plan.stars_lead))
        begin = max([clause.end for clause in group])
    return owners


def _settle_inherited(task: Task, plan: Plan, own: list[Owner]) -> Iterator[Owner]:
    """The owners of headings and closing sentences, in roles that the item itself leaves open."""
    have = {owner.role for owner in own}
    taken = bool(own)
    for clause in task.inherited:
        if clause.carrier == "closing" and taken:
            continue
        leads = plan.first_leads_from is not None and clause.start >= plan.first_leads_from
        for owner in _settle_group([clause], (task.body, task.end), _Notes(leads)):
            if owner.role not in have:
                taken = True
                yield owner


def _has_lead(task: Task) -> bool:
    return any(share.printed_role == "lead" for clause in task.clauses for share in clause.shares)


def _group_clauses(clauses: Sequence[Clause]) -> list[list[Clause]]:
    """Group clauses about the same words: label lines below each other; every other one alone."""
    groups: list[list[Clause]] = []
    for clause in clauses:
        joined = groups and clause.carrier == "label" and groups[-1][-1].carrier == "label"
        if joined and clause.start - groups[-1][-1].end < _APART:
            groups[-1].append(clause)
        else:
            groups.append([clause])
    return groups


def _settle_group(group: list[Clause], scope: tuple[int, int], notes: _Notes) -> list[Owner]:
    """The owners of clauses about the same words.

    A 牵头 makes 负责 and 责任单位 beside it co-hosts; alone they host; 配合 always co-hosts. 主责单位
    leads beside 责任单位 and is a co-host beside 牵头单位.
    """
    shares = [
        (clause, part)
        for clause in group
        for share in clause.shares
        if share.printed_role in ASSIGNING and share.names.names
        for part in _split_by_marks(share, stars_lead=notes.stars_lead)
    ]
    says = {share.printed_role for _, share in shares}
    first_leads = notes.first_leads and "lead" not in says
    owners: list[Owner] = []
    is_first = True
    for clause, share in shares:
        is_ruled = first_leads and share.printed_role in ("resp", "main") and not share.each
        owner = Owner(
            _role(share.printed_role, says),
            share.label,
            share.names.names,
            share.names.open_ended,
            (clause.start, clause.end),
            scope,
            _reading(clause.carrier, share, first=is_ruled),
        )
        if not is_ruled:
            owners.append(owner)
        elif is_first:
            owners += _first_leads(owner)
            is_first = False
        else:
            owners.append(owner._replace(role="co_host"))
    return owners


def _role(say: PrintedRole, says: set[PrintedRole]) -> Role:
    """The role of a share beside all that its group says."""
    if say == "main" and "lead" in says:
        return "co_host"
    if say == "resp" and says & {"lead", "main"}:
        return "co_host"
    return _ROLE_OF.get(say, "host")


def _first_leads(owner: Owner) -> list[Owner]:
    """The first name as host and the rest as co-hosts: 列第一位者为牵头单位."""
    alone = len(owner.names) == 1 and owner.open_ended
    first = owner._replace(role="host", names=owner.names[:1], open_ended=alone)
    rest = owner._replace(role="co_host", names=owner.names[1:])
    return [first, rest] if rest.names else [first]


def _reading(carrier: Carrier, share: Share, *, first: bool) -> str:
    """The code of how a share was found: label, bracket-verb, column, label+first-leads …"""
    code: str = carrier
    if carrier == "bracket":
        code = "bracket-label" if share.label else "bracket-verb"
    return f"{code}+first-leads" if first else code


def _split_by_marks(share: Share, *, stars_lead: bool) -> list[Share]:
    """Split a share by the marks of its names: 甲局(牵头)、乙局; where a note says so 甲局*、乙局."""
    marks = [name.mark for name in share.names.names]
    if not any(marks) or share.printed_role in ("leader", "assist"):
        return [share]
    marks = [("lead" if stars_lead else "") if mark == "star" else mark for mark in marks]
    if not any(marks):
        return [share]
    # Beside a marked lead the others take part; beside a marked helper they keep their label's role.
    aside: PrintedRole = "lead" if "lead" in marks else "assist"
    other: PrintedRole = "assist" if "lead" in marks else share.printed_role
    parts = []
    for say, apart in ((aside, True), (other, False)):
        names = [
            name
            for name, mark in zip(share.names.names, marks, strict=True)
            if (mark == aside) == apart
        ]
        if names:
            open_ended = share.names.open_ended and not apart
            parts.append(share._replace(printed_role=say, names=NameList(names, open_ended)))
    return parts
