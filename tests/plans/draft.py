"""A plan before it is written: its tasks with their known owners, its outline, its frame.

Text is authored with full-width marks; the width of the finished document is a choice of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.plans import words

if TYPE_CHECKING:
    from random import Random

TO_FULL = str.maketrans(",:;()", "，：；（）")
_NUMERALS = "零一二三四五六七八九"

# The levels of an outline, the items' last; + means that the numbers run on under new headings.
SCHEMES: dict[str, tuple[str, ...]] = {
    "一、": ("一、",),
    "1.": ("1.",),
    "1、": ("1、",),
    "（1）": ("（1）",),
    "一、（一）": ("一、", "（一）"),
    "一、+（一）": ("一、", "+（一）"),
    "一、1.": ("一、", "1."),
    "一、1、": ("一、", "1、"),
    "一、+1.": ("一、", "+1. "),
    "一、+1、": ("一、", "+1、"),
    "（一）1.": ("（一）", "1."),
    "（一）（1）": ("（一）", "（1）"),
    "一、（一）1.": ("一、", "（一）", "1."),
    "一、（一）+1、": ("一、", "（一）", "+1、"),
    "一、1.（1）": ("一、", "1.", "（1）"),
    "一、（一）①": ("一、", "（一）", "①"),
}
HEADED = tuple(name for name, levels in SCHEMES.items() if len(levels) > 1)
UNDER_TWO = tuple(name for name, levels in SCHEMES.items() if len(levels) < 3)
BY_CHINESE = tuple(name for name in HEADED if name.startswith("一、"))


@dataclass(slots=True)
class Task:
    """One task as the record must give it, and the paragraphs that a carrier wrote it in."""

    label: str | None
    title: str
    path: tuple[str, ...]
    body: list[str] = field(default_factory=list)
    leaders: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    co_hosts: list[str] = field(default_factory=list)
    due: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    scopes: dict[str, str] = field(default_factory=dict)
    parent: Task | None = None
    plan_title: str | None = None
    lines: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Label, title and sentences in one paragraph."""
        return f"{self.label or ''}{self.title}。" + "".join(f"{one}。" for one in self.body)


@dataclass(slots=True)
class Section:
    """A heading, printed on a line of its own."""

    label: str
    heading: str
    depth: int


@dataclass(slots=True)
class Remark:
    """A paragraph that is neither heading nor task."""

    text: str


Node = Task | Section | Remark


@dataclass(slots=True)
class Draft:
    """A plan's nodes in reading order, what stands before them, and what is known about them."""

    title: str
    scheme: str
    nodes: list[Node]
    preface: list[str]
    tail: list[str] = field(default_factory=list)
    ordered: bool = True
    note: str = ""

    @property
    def tasks(self) -> list[Task]:
        """The tasks in reading order."""
        return [node for node in self.nodes if isinstance(node, Task)]

    def paragraphs(self) -> list[str]:
        """The whole document, a paragraph a string."""
        found = list(self.preface)
        if self.note:
            found.append(self.note)
        for node in self.nodes:
            if isinstance(node, Task):
                found += node.lines
            elif isinstance(node, Section):
                found.append(node.label + node.heading)
            else:
                found.append(node.text)
        return found + self.tail


def numeral(number: int) -> str:
    """A Chinese numeral below one hundred: 12 -> 十二."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _NUMERALS[tens] + "十")
    return head + (_NUMERALS[ones] if ones or not tens else "")


def label(style: str, number: int) -> str:
    """A printed number: （一） and 3 -> （三）."""
    if style == "①":
        return chr(ord("①") + number - 1)
    return style.replace("一", numeral(number)).replace("1", str(number))


class Writer:
    """Draws words and names by one seeded chance, without repeats within a document."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.level = chance.choice(tuple(words.UNITS))
        self.place = chance.choice(words.PLACES[self.level].split())
        self.year = chance.randint(2011, 2026)
        central = self.level == "国"
        self.office = "国务院办公厅" if central else f"{self.place}人民政府办公室"
        self.code = "国办发" if central else f"{self.place[0]}政办"
        # What a page mark never tears: a name's span could not leave the mark out.
        self.whole: set[str] = set()
        self._pools: dict[str, list[str]] = {}

    def maybe(self, share: float) -> bool:
        """True in this share of cases."""
        return self.chance.random() < share

    def pick(self, *values: str) -> str:
        """One of these words."""
        return self.chance.choice(values)

    def keep(self, words: list[str]) -> list[str]:
        """The same words, remembered as whole ones."""
        self.whole.update(words)
        return words

    def _draw(self, name: str, stock: str) -> str:
        """The next of a shuffled stock, started anew when it is used up."""
        pool = self._pools.get(name)
        if not pool:
            pool = self._pools[name] = stock.strip().split("\n")
            self.chance.shuffle(pool)
        return self._filled(pool.pop())

    def _filled(self, pattern: str) -> str:
        draw = self.chance.randint
        filled = pattern.format(
            n=draw(2, 9), m=draw(3, 99) * 100, p=draw(11, 98), y=self.year, place=self.place,
            d=f"{draw(1, 60)}.{draw(1, 99)}",
        )  # fmt: skip
        return filled.translate(TO_FULL)

    def title(self) -> str:
        """A task's first sentence, without its stop."""
        return self._draw("title", words.TITLES)

    def heading(self) -> str:
        """A heading's words."""
        return self._draw("heading", words.HEADINGS)

    def category(self) -> str:
        """A category of a table."""
        return self._draw("category", words.CATEGORIES)

    def sentences(self, low: int, high: int, *, decoys: bool = True) -> list[str]:
        """Sentences without stops; a decoy names units and assigns nothing."""
        found = [self._draw("body", words.SENTENCES) for _ in range(self.chance.randint(low, high))]
        if decoys and found and self.maybe(0.15):
            found[-1] = self._draw("decoy", words.DECOYS)
        return found

    def units(self, low: int, high: int) -> list[str]:
        """Different units of the place's level, as printed."""
        vicinity = self.place[:-1]
        stock = words.UNITS[self.level].format(v=vicinity).translate(TO_FULL).split()
        return self.keep(self.chance.sample(stock, self.chance.randint(low, high)))

    def collective(self) -> str:
        """A group of units that stands at the end of lists."""
        stock = words.COLLECTIVES[self.level].format(v=self.place[:-1])
        return self.keep([self.chance.choice(stock.split()).translate(TO_FULL)])[0]

    def group(self) -> str:
        """A group that stands after 等."""
        return self.keep([self.chance.choice(words.OPEN_GROUPS[self.level].split())])[0]

    def person(self) -> str:
        """A person's name."""
        name = self.chance.choice(words.SURNAMES) + self.chance.choice(words.GIVEN.split())
        return self.keep([name])[0]

    def post(self) -> str:
        """A leader's post."""
        return self.chance.choice(words.POSTS[self.level].split())


def outline(w: Writer, scheme: str, *, decoys: bool = True) -> list[Node]:
    """Headings and empty tasks of a numbering scheme."""
    nodes: list[Node] = []
    _grow(w, SCHEMES[scheme], (), [0, 0, 0], nodes)
    for node in nodes:
        if isinstance(node, Task):
            node.body = w.sentences(0, 3, decoys=decoys)
    return nodes


def _grow(
    w: Writer, levels: tuple[str, ...], path: tuple[str, ...], counts: list[int], nodes: list[Node]
) -> None:
    depth = len(path)
    style, last = levels[depth], depth == len(levels) - 1
    if not style.startswith("+"):
        counts[depth] = 0
    many = w.chance.randint(2, 3) if len(levels) > 1 else w.chance.randint(3, 7)
    for _ in range(many if len(levels) < 3 else 2):
        counts[depth] += 1
        printed = label(style.lstrip("+"), counts[depth])
        if last:
            nodes.append(Task(printed, w.title(), path))
            continue
        heading = w.heading() + ("。" if depth == 1 and w.maybe(0.3) else "")
        nodes.append(Section(printed, heading, depth))
        _grow(w, levels, (*path, heading), counts, nodes)


_SUBJECTS = (
    "重点工作任务分工方案",
    "重点改革计划",
    "政府工作报告重点任务分解",
    "为民办实事项目实施方案",
)


def draft(w: Writer, scheme: str, *, decoys: bool = True) -> Draft:
    """A plan without owners: frame, outline, perhaps requirements at the end."""
    title = f"{'' if w.level == '国' else w.place}{w.year}年{w.chance.choice(_SUBJECTS)}"
    made = Draft(title, scheme, outline(w, scheme, decoys=decoys), _frame(w, title))
    if scheme in BY_CHINESE and w.maybe(0.3):
        _close(w, made)
    return made


def _frame(w: Writer, title: str) -> list[str]:
    number = f"{w.code}〔{w.year}〕{w.chance.randint(1, 99)}号"
    purpose = f"为做好{w.year}年重点工作，根据有关会议精神，结合实际，制定本方案。"
    kind = w.pick("bare", "dated", "wrapped", "wrapped")
    if kind == "bare":
        return [title, purpose]
    if kind == "dated":
        return [title, f"（{w.year}年3月1日）", f"（{number}）", purpose]
    tag = "【规范性文件】" if w.maybe(0.1) else ""
    lines = [f"{tag}{w.office}关于印发{title}的通知", number, "各有关单位："]
    lines.append(f"《{title}》已经政府同意，现印发给你们，请认真组织实施。")
    if w.maybe(0.3):
        lines.append(f"一、各牵头单位要高度重视，于{w.year}年4月20日前将实施方案报政府督查室。")
        lines.append("二、各责任单位要密切配合，确保完成任务。")
    return [*lines, w.office, f"{w.year}年3月1日", title, purpose]


def _close(w: Writer, made: Draft) -> None:
    """A last section of requirements, which holds no items."""
    last = [node.label for node in made.nodes if isinstance(node, Section) and not node.depth]
    made.tail.append(label("一、", len(last) + 1) + w.pick(*words.REQUIREMENT_HEADINGS.split()))
    for number, line in enumerate(words.REQUIREMENTS.strip().split("\n"), 1):
        made.tail.append(f"{label('（一）', number)}{line.translate(TO_FULL)}。")
