"""What a clause's words give to whom: lists, lists with verbs, labelled lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.lexicon import alternation, mapping
from pipeline.names.lists import NameList, is_person, is_unit, split_leaders, split_names
from pipeline.parse.clauses.clause import Share
from pipeline.parse.clauses.labels import (
    ASSIGNING,
    BARE,
    LABELS,
    Say,
    find_label,
    inner_label,
    opens_list,
)
from pipeline.text import find_cuts, trim

_VERBS = mapping("verbs", "role")
_LONGEST_VERB = max(map(len, _VERBS))
# What parts the elements of a clause.
CUT = re.compile(r"[,;。()\[\]]")
_NOTE = re.compile(
    r"下同|(?:为|是)(?:工作|任务|主要|总)*(?:牵头|汇总|主办|配合|协办|主责)(?:或汇总)?(?:单位|部门)"
    r"|不再(?:一一|重复)?(?:列出|标注)|其余|^以下|^除标注|^注:|分别(?:负责|牵头)(?:的)?(?:即)?为"
)
_DEADLINE = re.compile(
    r"(?:20\d\d年|\d{1,2}月|季度|年底|年内|上半年|下半年|全年).{0,12}(?:完成|前|底|启动|出台)?$"
    r"|^(?:长期坚持|持续推进|常态化推进|长期)$"
)
_PART_TASK = re.compile(r"(?P<names>.{2,40}?)负责(?P<task>.{2,30}?)(?:工作|事宜|事项|任务)$")
# A value without any of these is a plain list of names, as most are.
_TELLING = re.compile(r"[,;:。\d由]|会同|下同|列出|其余|第一|为主|长期|年|负责")
_VERB_ENDS = frozenset(verb[-2:] for verb in _VERBS)
_TOGETHER = "会同"
# Letters without which the patterns above need not be tried.
_NOTED, _TIMED = frozenset("同为是再余下除注别"), frozenset("年月季期进")
_TASK_ENDS = ("工作", "事宜", "事项", "任务")


@lru_cache(1 << 12)
def find_verb(text: str) -> str | None:
    """The longest known verb that a stretch ends with: "A、B按职责分工负责" -> 按职责分工负责."""
    for length in range(min(_LONGEST_VERB, len(text)), 1, -1):
        if text[-length:] in _VERBS:
            return text[-length:]
    return None


def find_segments(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches between , ; 。 at bracket depth 0."""
    segments: list[tuple[int, int]] = []
    begin = start
    for at in find_cuts(CUT, folded, start, end):
        segments.append((begin, at))
        begin = at + 1
    return [*segments, (begin, end)]


def read_owners(
    folded: str, value: tuple[int, int], say: Say | None, label: tuple[int, int] | None
) -> list[Share]:
    """What a clause's words give to whom.

    The value is a list, lists with verbs (A牵头,B、C配合) or labelled lists (牵头单位:A;责任单位:B).
    Names without a verb of their own share the next verb; after a lead they only take part.
    """
    plain = trim(folded, *value, " \t\n;。、,")
    bare = _TELLING.search(folded, *plain) is None and folded[plain[1] - 2 : plain[1]]
    if say == "leader" or (say and bare and bare not in _VERB_ENDS):
        names = (split_leaders if say == "leader" else split_names)(folded, *plain)
        return [Share(say, label, names, *plain)] if names.names else []
    return _OwnerReader(folded, say, label).read(value)


_VERB_CUT = re.compile(rf"[{''.join(sorted({verb[-1] for verb in _VERBS}))}][、 ]")


_BLANK_LABEL = re.compile(r" +(?=(?P<word>[\u4e00-\u9fff]{4,10}):)")


class _OwnerReader:
    """A clause's words on their way to shares, segment by segment."""

    def __init__(self, folded: str, say: Say | None, label: tuple[int, int] | None) -> None:
        self.folded = folded
        self.default = say
        self.label = label
        self.shares: list[Share] = []
        self.waiting: list[tuple[int, int]] = []
        # How many of them a ; parts from what follows: 甲局;乙局配合.
        self.parted = 0

    def read(self, value: tuple[int, int]) -> list[Share]:
        for begin, finish in self._elements(value):
            a, b = self._behind_label(*trim(self.folded, begin, finish))
            said = self.folded[a:b]
            if not said or (not _NOTED.isdisjoint(said) and _NOTE.search(said.split("(", 1)[0])):
                continue
            if self.default in ("field", "deadline", "leader"):
                self._give(self.default, a, b)
            elif not _TIMED.isdisjoint(said) and _DEADLINE.search(said) and not is_unit(said):
                nobody = NameList([], open_ended=False)
                self.shares.append(Share("deadline", None, nobody, a, b))
            else:
                self._owners(a + (said[0] == "由"), b)
            if self.folded[finish : finish + 1] == ";":
                self.parted = len(self.waiting)
        self._close(_without_verb(self.default, self.shares))
        return self.shares

    def _elements(self, value: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """The segments, cut again where a verb ends an element of a list: 甲局牵头、乙局配合."""
        segments = [
            part for a, b in find_segments(self.folded, *value) for part in self._at_labels(a, b)
        ]
        if not _VERB_CUT.search(self.folded, *value):
            yield from segments
            return
        for begin, finish in segments:
            at = begin
            for cut in _VERB_CUT.finditer(self.folded, begin, finish):
                element = self.folded[at : cut.start() + 1]
                closed = element.count("(") == element.count(")")
                if closed and find_verb(element) and find_verb(self.folded[begin:finish].rstrip()):
                    yield at, cut.end() - 1
                    at = cut.end()
            yield at, finish

    def _at_labels(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts of a segment that labels behind blanks begin: 牵头领导:张三 责任单位:甲局."""
        for blank in _BLANK_LABEL.finditer(self.folded, start, end):
            if find_label(blank["word"]):
                yield start, blank.start()
                start = blank.end()
        yield start, end

    def _behind_label(self, a: int, b: int) -> tuple[int, int]:
        """The segment without a label of its own, which holds for what follows too."""
        bare = _BARE_LABEL.match(self.folded, a, b)
        if bare and self.label is None and opens_list(self.folded, bare.end(), b):
            self._close(_without_verb(self.default, self.shares))
            self.default = LABELS[bare[0]]  # type: ignore[assignment]
            return bare.end(), b
        known = inner_label(self.folded, a, b)
        if known is None:
            return a, b
        self._close(_without_verb(self.default, self.shares))
        self.default, self.label = known.say, (known.start, known.colon)
        return trim(self.folded, known.colon + 1, b)

    def _owners(self, a: int, b: int) -> None:
        """A segment of owners: A负责…工作; A牵头; A会同B负责; A、B, whose verb is yet to come."""
        folded = self.folded
        verb = find_verb(folded[a:b])
        together = folded.find(_TOGETHER, a + 1, b)
        part = _PART_TASK.match(folded, a, b) if folded[b - 2 : b] in _TASK_ENDS else None
        if part and part.end() == b and is_unit(part["names"].rstrip("、")):
            self._close("resp")
            self._give("resp", *part.span("names"), span=(a, b))
        elif verb is not None:
            told: Say = _VERBS[verb]  # type: ignore[assignment]
            if together > a:
                self._give("lead", a, together, span=(a, b))
                a, told = together + len(_TOGETHER), "assist"
            lead_before = any(share.say == "lead" for share in self.shares)
            each = verb.startswith("分别")
            self._close("assist" if told != "lead" and lead_before else told, each=each)
            self._give(told, a, b - len(verb), span=(a, b), each=each)
        elif together > a:
            self._close("lead")
            self._give("lead", a, together, span=(a, b))
            self._give("assist", together + len(_TOGETHER), b, span=(a, b))
        else:
            self.waiting.append((a, b))

    def _give(
        self,
        say: Say,
        start: int,
        end: int,
        *,
        span: tuple[int, int] | None = None,
        each: bool = False,
    ) -> None:
        split = split_leaders if say == "leader" else split_names
        names = split(self.folded, start, end)
        if say != "leader" and self.label is None and names.names:
            said = [self.folded[name.start : name.end] for name in names.names]
            if all(map(is_person, said)):
                say, names = "leader", split_leaders(self.folded, start, end)
        self.shares.append(Share(say, self.label, names, *(span or (start, end)), each))

    def _close(self, say: Say, *, each: bool = False) -> None:
        """Give the waiting names what they were waiting for."""
        for index, (a, b) in enumerate(self.waiting):
            parted = say == "assist" and index < self.parted
            self._give(_without_verb(self.default, self.shares) if parted else say, a, b, each=each)
        self.waiting.clear()
        self.parted = 0


# A label in a bracket whose colon was left out: (牵头单位市民政局,配合单位市财政局).
_BARE_LABEL = re.compile(
    alternation(word for word, say in LABELS.items() if say in ASSIGNING and len(word) > BARE)
)


def _without_verb(default: Say | None, shares: list[Share]) -> Say:
    """What names with no verb do: what their label says, or take part where a lead stands."""
    if any(share.say in ("lead", "main") for share in shares) and default in (None, "resp"):
        return "assist"
    return default or "resp"
