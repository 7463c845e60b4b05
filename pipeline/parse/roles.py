"""What clauses say -> leader, host, co-host, by what stands beside what."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.names.lists import Listed, NameList
from pipeline.parse.clauses.clause import Carrier, Clause, Share
from pipeline.parse.clauses.labels import ASSIGNING, PrintedRole
from pipeline.parse.items.tasks import Plan, Task

Role = str
_ROLE_OF: dict[PrintedRole, Role] = {"leader": "leader", "assist": "co_host"}
# Label lines that stand closer than this speak of the same words.
_APART = 40


@dataclass(slots=True)
class Owner:
    """One share of a clause with its role settled and the words that it governs."""

    role: Role
    label: tuple[int, int] | None
    names: list[Listed]
    open_ended: bool
    span: tuple[int, int]
    scope: tuple[int, int]
    reading: str


def settle(task: Task, plan: Plan) -> list[Owner]:
    """The roles of an item's names: own clauses first, then what headings, closing and standing
    sentences add."""
    owners: list[Owner] = []
    begin = task.body
    for group in _groups(task.clauses):
        leads = plan.first_leads_from is not None and (
            group[0].carrier == "column" or group[0].start >= plan.first_leads_from
        )
        scope = (begin, max(begin, group[0].start))
        stars = plan.stars_lead
        owners.extend(_settle_group(group, scope, first_leads=leads, stars_lead=stars))
        begin = max(clause.end for clause in group)
    have = {owner.role for owner in owners}
    for clause in task.inherited:
        if clause.carrier == "closing" and owners:
            continue
        leads = plan.first_leads_from is not None and clause.start >= plan.first_leads_from
        extra = _settle_group([clause], (task.body, task.end), first_leads=leads)
        owners.extend(owner for owner in extra if owner.role not in have)
    led = any(owner.role == "host" for owner in owners)
    for clause in task.standing:
        for owner in _settle_group([clause], (task.body, task.end), first_leads=False):
            if led and owner.role == "host" and _has_lead(task):
                owner.role = "co_host"
            owners.append(owner)
    return owners


def _has_lead(task: Task) -> bool:
    return any(share.printed_role == "lead" for clause in task.clauses for share in clause.shares)


def _groups(clauses: tuple[Clause, ...]) -> list[list[Clause]]:
    """Clauses that speak of the same words: labels on following lines; each bracket alone."""
    groups: list[list[Clause]] = []
    for clause in clauses:
        joined = groups and clause.carrier == "label" and groups[-1][-1].carrier == "label"
        if joined and clause.start - groups[-1][-1].end < _APART:
            groups[-1].append(clause)
        else:
            groups.append([clause])
    return groups


def _reading(carrier: Carrier, share: Share, *, first: bool) -> str:
    """The code of how a share was found: label, bracket-verb, column, first-listed …"""
    code: str = carrier
    if carrier == "bracket":
        code = "bracket-label" if share.label else "bracket-verb"
    return f"{code}+first-leads" if first else code


def _by_marks(share: Share, *, stars_lead: bool) -> list[Share]:
    """A share as its names' own marks tell it: 甲局(牵头)、乙局 or, where a note says so, 甲局*、乙局."""
    marks = [
        ("lead" if stars_lead else "") if name.mark == "star" else name.mark
        for name in share.names.names
    ]
    if not any(marks) or share.printed_role in ("leader", "assist"):
        return [share]
    # Beside a lead the unmarked take part; beside who takes part they are what their label says.
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


def _settle_group(
    group: list[Clause],
    scope: tuple[int, int],
    *,
    first_leads: bool,
    stars_lead: bool = False,
) -> list[Owner]:
    """A lead makes 负责 and 责任单位 beside it co-hosts; alone they host; 配合 always co-hosts.

    主责单位 leads beside 责任单位 and takes part beside 牵头单位.
    """
    shares = [
        (clause, part)
        for clause in group
        for share in clause.shares
        if share.printed_role in ASSIGNING and share.names.names
        for part in _by_marks(share, stars_lead=stars_lead)
    ]
    says = {share.printed_role for _, share in shares}
    led = "lead" in says
    owners: list[Owner] = []
    first = first_leads and not led
    for clause, share in shares:
        role = _ROLE_OF.get(share.printed_role, "host")
        if (share.printed_role == "main" and led) or (
            share.printed_role == "resp" and says & {"lead", "main"}
        ):
            role = "co_host"
        names = share.names.names
        span = (clause.start, clause.end)
        ruled = (
            first_leads and not led and share.printed_role in ("resp", "main") and not share.each
        )
        code = _reading(clause.carrier, share, first=ruled)
        if first and ruled:
            alone = len(names) == 1 and share.names.open_ended
            owners.append(Owner("host", share.label, names[:1], alone, span, scope, code))
            names, role, first = names[1:], "co_host", False
            if not names:
                continue
        elif ruled:
            role = "co_host"
        owners.append(Owner(role, share.label, names, share.names.open_ended, span, scope, code))
    return owners
