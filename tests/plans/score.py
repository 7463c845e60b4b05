"""A record held against what is known of a generated plan, task by task."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.batch.verify import find_notice_faults
from tests.plans import AMBIGUOUS, Plan, words, write_plan
from tests.plans.layouts import _RADICALS

if TYPE_CHECKING:
    from pipeline.model import Item, Name, Notice
    from tests.plans.draft import Task

Parse = Callable[[str], "Notice"]

_SYLLABLE = re.compile(r"[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}[)）]")
_PAGE = re.compile(r"\n[ \u3000]*[-—–·－]+ ?[0-9０-９]{1,4} ?[-—–·－]+[ \u3000]*(?=\n)")
_UNSEEN = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff\xad]+")
_SAME = (
    {chr(ord(mark) + 0xFEE0): mark for mark in map(chr, range(0x21, 0x7F))}
    | {radical: plain for plain, radical in _RADICALS.items()}
    | {old: new for new, old in words.TRADITIONAL.items()}
)
_FOLDING = str.maketrans(_SAME)
# A page mark may stand in the middle of a sentence.
_PAGE_MARK = re.compile(r"[—·-]\d{1,2}[—·-]")
_OPENING = 12
# How many documents of an ambiguous cell are looked at.
PER_CELL = 6


def plain(text: str) -> str:
    """What a reader sees: no widths, blanks, page marks, inserted syllables, other shapes."""
    text = _PAGE.sub("", text)
    return _UNSEEN.sub("", _SYLLABLE.sub("", _UNSEEN.sub("", text))).translate(_FOLDING)


def _names(names: Iterable[Name], *, ordered: bool) -> list[str]:
    found = [plain(name.name) for name in names]
    return found if ordered else sorted(found)


def _known(names: list[str], *, ordered: bool) -> list[str]:
    found = list(dict.fromkeys(map(plain, names)))
    return found if ordered else sorted(found)


def find_faults(plan: Plan, notice: Notice) -> dict[int, list[str]]:
    """What is wrong, by task; -1 holds what concerns the whole record, an extra item each line."""
    faults: dict[int, list[str]] = {-1: [f"fault: {one}" for one in find_notice_faults(notice)]}
    places = _paired(plan.tasks, notice.items)
    pairs = {number: notice.items[at] for number, at in places.items()}
    for number, task in enumerate(plan.tasks):
        item = pairs.get(number)
        found = ["missed"] if item is None else list(_task_faults(plan, number, item, notice))
        if found:
            faults[number] = found
        if item is not None and task.parent is not None:
            parent = pairs.get(plan.tasks.index(task.parent))
            if parent is None or item.parent_id != parent.item_id:
                faults.setdefault(number, []).append(f"parent: {item.parent_id}")
    used = set(places.values())
    for at, item in enumerate(notice.items):
        if at not in used:
            faults[-1].append(f"extra: {item.label} {item.content[:20]!r}")
    return {number: found for number, found in faults.items() if found}


def _paired(tasks: tuple[Task, ...], items: tuple[Item, ...]) -> dict[int, int]:
    """Positions of tasks and of items with the same opening words, in reading order."""
    pairs: dict[int, int] = {}
    after = 0
    contents = [plain(item.content) for item in items]
    for number, task in enumerate(tasks):
        opening = plain(task.title)[:_OPENING]
        for at in range(after, len(items)):
            if contents[at].startswith(opening):
                pairs[number] = at
                after = at + 1
                break
    return pairs


def _task_faults(plan: Plan, number: int, item: Item, notice: Notice) -> Iterator[str]:
    task, ordered = plan.tasks[number], plan.ordered
    if plain(task.label or "") != plain(item.label or ""):
        yield f"label: want {task.label} have {item.label}"
    lists = (
        ("leaders", task.leaders, item.leaders),
        ("hosts", task.hosts, item.host_units),
        ("co-hosts", task.co_hosts, item.co_host_units),
    )
    for role, known, found in lists:
        want, have = _known(known, ordered=ordered), _names(found, ordered=ordered)
        if want != have:
            yield f"{role}: want {'、'.join(want)} have {'、'.join(have)}"
    path = [plain(one).rstrip("。") for one in task.path]
    if path != [plain(one).rstrip("。") for one in item.path]:
        yield f"path: want {path} have {list(item.path)}"
    yield from _field_faults(task, item)
    yield from _scope_faults(task, item, notice.source.text)


def _field_faults(task: Task, item: Item) -> Iterator[str]:
    due = item.deadline.due if item.deadline else None
    if due != task.due:
        yield f"due: want {task.due} have {due}"
    have = {plain(one.label): plain(one.text) for one in item.fields.values()}
    for label, text in task.fields.items():
        if have.get(plain(label)) != plain(text):
            yield f"field {label}: want {text} have {have.get(plain(label))}"
    if task.plan_title is not None:
        title = getattr(item, "plan_title", None)
        if plain(title or "") != plain(task.plan_title):
            yield f"plan_title: want {task.plan_title} have {title}"


def _scope_faults(task: Task, item: Item, text: str) -> Iterator[str]:
    """A group's scope holds its own sentence and no other group's."""
    for name, sentence in task.scopes.items():
        scopes = [
            _PAGE_MARK.sub("", plain(text[one.scope.start : one.scope.end]))
            for one in item.assignments
            if any(plain(other.name) == plain(name) for other in one.names)
        ]
        others = {plain(other) for other in task.body if other != sentence}
        if not any(
            plain(sentence) in scope and not any(other in scope for other in others)
            for scope in scopes
        ):
            yield f"scope of {name}: want {sentence} have {scopes}"


def is_flagged(notice: Notice, faults: dict[int, list[str]], plan: Plan) -> bool:
    """Whether every fault stands under a problem of severity warning or error."""
    told = [one for one in notice.problems if one.severity in ("warning", "error")]
    if any(one.item_id is None for one in told):
        return True
    flagged = {one.item_id for one in told}
    pairs = _paired(plan.tasks, notice.items)
    return all(
        number in pairs and notice.items[pairs[number]].item_id in flagged for number in faults
    )


@dataclass(slots=True)
class Score:
    """Exact and all items by what a plan was drawn with; the first failure of each cell."""

    exact: Counter[tuple[str, str]] = field(default_factory=Counter)
    known: Counter[tuple[str, str]] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    failures: dict[tuple[str, str], tuple[int, Plan, dict[int, list[str]]]] = field(
        default_factory=dict
    )

    def add(self, seed: int, plan: Plan, faults: dict[int, list[str]]) -> None:
        """Count a plan: an item is exact without faults; an extra item is one more, not exact.

        So are the faults of a record, taken together.
        """
        told = faults.get(-1, [])
        extra = len([one for one in told if one.startswith("extra")])
        extra += any(one.startswith("fault") for one in told)
        right = sum(number not in faults for number in range(len(plan.tasks)))
        keys = (
            ("all", ""),
            (f"cell {plan.carrier}", plan.layout),
            ("carrier", plan.carrier),
            ("layout", plan.layout),
            ("numbering", plan.scheme),
            ("width", plan.width),
            ("damage", plan.damage),
        )
        for key in keys:
            self.exact[key] += right
            self.known[key] += len(plan.tasks) + extra
        for found in faults.values():
            self.kinds.update(one.split(":")[0].split(" ")[0] for one in found)
        if faults:
            self.failures.setdefault((plan.carrier, plan.layout), (seed, plan, faults))

    def share(self, kind: str, value: str = "") -> float:
        """Exact items of all; 1.0 where there are none."""
        key = (kind, value)
        return self.exact[key] / self.known[key] if self.known[key] else 1.0


def run(parse: Parse, cells: Iterable[tuple[str, str]], many: int, seed: int) -> Score:
    """The score of so many plans, dealt out evenly over the cells."""
    score, cells = Score(), list(cells)
    for number in range(many):
        carrier, layout = cells[number % len(cells)]
        plan = write_plan(seed + number // len(cells), carrier, layout)
        score.add(seed + number // len(cells), plan, find_faults(plan, parse(plan.text)))
    return score


def find_silent(parse: Parse, seed: int) -> list[tuple[tuple[str, str], int]]:
    """Ambiguous documents (cell, seed) that are read neither exactly nor with a warning."""
    silent = []
    for cell in AMBIGUOUS:
        for one in range(seed, seed + PER_CELL):
            plan = write_plan(one, *cell)
            notice = parse(plan.text)
            faults = find_faults(plan, notice)
            if faults and not is_flagged(notice, faults, plan):
                silent.append((cell, one))
    return silent
