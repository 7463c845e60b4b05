"""Where a document says who is responsible: own-line labels and closing brackets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from pipeline.lexicon import alternation, mapping, words
from pipeline.text import find_cuts, trim
from pipeline.units import NameList, is_person, is_unit, split_leaders, split_names

Carrier = Literal[
    "label",
    "bracket",
    "list",
    "statement",
    "sentence",
    "heading",
    "column",
    "closing",
    "standing",
]
# What a clause says of its names, before it is known what else the item says.
Say = Literal["leader", "lead", "main", "resp", "assist", "guide", "field", "deadline"]
ASSIGNING = frozenset(("leader", "lead", "main", "resp", "assist"))

_LABELS = mapping("labels", "role")
_FIELD_KEYS = mapping("labels", "field")
_VERBS = mapping("verbs", "role")
_LONGEST_LABEL = max(map(len, _LABELS))
# Last two characters of a label -> the lengths of labels that end so, longest first.
_LENGTHS = {
    label[-2:]: sorted({len(one) for one in _LABELS if one.endswith(label[-2:])}, reverse=True)
    for label in _LABELS
}
_LONGEST_VERB = max(map(len, _VERBS))

_BEFORE_LABEL = " \t\n([;,、。:.|"
_CUT = re.compile(r"[,;。()\[\]]")
_BRACKET = re.compile(r"[()\[\]〈〉]")
_STOPS = '。;!?:…”"》)]>、'
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
_FURNITURE = frozenset(words("boilerplate", "furniture"))
_PAGE_WORDS = re.compile(alternation(_FURNITURE))
_BRACKET_LIMIT = 800
_NAME_LIMIT = 40
# How far back a line's start is looked for; a field's label stands at it.
_LINE_REACH = 40


@dataclass(slots=True)
class Share:
    """What a clause gives to one group of names."""

    say: Say
    label: tuple[int, int] | None
    names: NameList
    start: int
    end: int
    # Each of the names by itself (分别负责): no note makes the first of them the lead.
    each: bool = False


@dataclass(slots=True)
class Clause:
    """One stretch of text that assigns: a label with its list, a bracket, a sentence or a heading."""

    carrier: Carrier
    start: int
    end: int
    shares: list[Share] = field(default_factory=list)
    # Whether somebody is named in a role.
    assigns: bool = False

    def __post_init__(self) -> None:
        self.assigns = any(share.names.names and share.say in ASSIGNING for share in self.shares)


@dataclass(slots=True)
class _Label:
    start: int
    colon: int
    word: str
    slip: bool = False

    @property
    def say(self) -> Say:
        return find_label(self.word)  # type: ignore[return-value]


def field_key(label: str) -> str:
    """The key of a labelled field: "成果形式" -> "outcome"; an unknown label is its own key."""
    return _FIELD_KEYS.get(label.replace(" ", ""), label)


@lru_cache(1 << 10)
def find_label(name: str) -> Say | None:
    """What a label says by its words: "市级牵头单位" -> lead; unknown -> None."""
    for start in range(min(5, max(1, len(name) - 3))):
        if name[start:] in _LABELS:
            return _LABELS[name[start:]]  # type: ignore[return-value]
    shape = _LABEL_SHAPE.fullmatch(name)
    return shape.lastgroup if shape else None  # type: ignore[return-value]


# What a label says by its shape, where no table knows it: 督办领导, 主要配合处室.
_UNIT_WORD = r"(?:单位|部门|处室|科室|机构|街道|乡镇|镇街)"
_LABEL_SHAPE = re.compile(
    rf"(?P<leader>.{{1,8}}领导)|(?P<assist>.{{0,6}}(?:配合|协办|参与|参加|协同|会办|协助|协作|支持).{{0,4}}{_UNIT_WORD})"
    rf"|(?P<lead>.{{0,6}}(?:牵头|主办|主责|主管).{{0,4}}{_UNIT_WORD})"
    rf"|(?P<resp>.{{0,6}}(?:责任|负责|承办|实施|落实|承担|起草).{{0,4}}(?:{_UNIT_WORD}|主体))"
    r"|(?P<field>.{0,6}(?:责任人|负责人|联系人|电话))"
)


def find_clauses(folded: str, starts: list[int]) -> list[Clause]:
    """Every clause of a folded text in reading order; `starts` are where numbered blocks begin."""
    pairs = find_brackets(folded)
    clauses = [
        clause for a, b in pairs if (clause := _read_bracket(folded, a, b, starts)) is not None
    ]
    labels = _find_labels(folded, pairs)
    for index, label in enumerate(labels):
        following = labels[index + 1].start if index + 1 < len(labels) else len(folded)
        clause = _read_label(
            folded, label, min(following, _next_start(starts, label.colon, folded))
        )
        if clause is not None:
            clauses.append(clause)
    return _outermost(clauses)


def _outermost(clauses: list[Clause]) -> list[Clause]:
    """In reading order, without a bracket that is part of a label's list: 区委组织部(区编办)."""
    clauses.sort(key=lambda clause: (clause.start, -clause.end))
    kept: list[Clause] = []
    for clause in clauses:
        if not kept or clause.start >= kept[-1].end:
            kept.append(clause)
    return kept


def find_brackets(folded: str) -> list[tuple[int, int]]:
    """The outermost closed bracket pairs as (opening, closing); a 〉 typed for ) closes too."""
    pairs: list[tuple[int, int]] = []
    stack: list[int] = []
    for match in _BRACKET.finditer(folded):
        mark, at = match[0], match.start()
        if mark in "([〈":
            stack.append(at)
        elif stack and (folded[stack[-1]], mark) in _CLOSING:
            pairs.append((stack.pop(), at))
        elif len(stack) > 1 and (folded[stack[-2]], mark) in _CLOSING:
            stack.pop()
            pairs.append((stack.pop(), at))
    pairs.sort()
    outermost: list[tuple[int, int]] = []
    for a, b in pairs:
        if (
            folded[a] != "〈"
            and b - a <= _BRACKET_LIMIT
            and (not outermost or a > outermost[-1][1])
        ):
            outermost.append((a, b))
    return outermost


_CLOSING = {("(", ")"), ("[", "]"), ("〈", "〉"), ("(", "〉"), ("(", "]"), ("[", ")")}


def _next_start(starts: list[int], position: int, folded: str) -> int:
    index = bisect_right(starts, position)
    return starts[index] if index < len(starts) else len(folded)


def _known_label(folded: str, start: int, colon: int) -> _Label | None:
    """The longest known label that ends at a colon, not before `start`."""
    at = colon
    while at > start and folded[at - 1] == " ":
        at -= 1
    for length in _LENGTHS.get(folded[max(start, at - 2) : at], ()):
        word = folded[at - length : at]
        if length <= at - start and word in _LABELS:
            return _Label(at - length, colon, word)
    return None


# A label is set apart by these; a blank inside one only pads it.
_TOKEN_START = re.compile(r"[\n([,;。:|)\]]| (?! )")
_TOKEN_REACH = 14


def _shaped_label(folded: str, start: int, colon: int) -> _Label | None:
    """What stands between a break and a colon, if its shape is a label's and a name follows:
    市级牵头领导:张三, 主管院领导:李 四, 责 任 单 位:甲局."""
    if folded[colon - 1] not in _LABEL_ENDS:
        return None
    for at in range(colon - 1, max(start, colon - _TOKEN_REACH) - 1, -1):
        if at != start and not (at == 0 or _TOKEN_START.match(folded, at - 1)):
            continue
        word = folded[at:colon].replace(" ", "")
        say = find_label(word) if len(word) > 3 and word.isalpha() else None
        if say is None or say in ("field", "deadline"):
            continue
        first = _SAME_LINE.match(folded, colon + 1)
        named = first and (is_unit(first[1]) or (say == "leader" and _is_short(first[1])))
        return _Label(at, colon, word) if named else None
    return None


# What the labels that are told by their shape end in: 领导, 单位, 部门, 科室, 机构, 街道, 主体 …
_LABEL_ENDS = frozenset("导位门室构道镇街体")
_SAME_LINE = re.compile(r" *([^、,;:。\n()\[\]]{2,30})")


def _is_short(name: str) -> bool:
    """Whether a word may name a person, perhaps with a post."""
    return len(name.split(" ", maxsplit=1)[0]) <= _LONGEST_PERSON


_LONGEST_PERSON = 16


def _find_labels(folded: str, pairs: list[tuple[int, int]]) -> list[_Label]:
    """The labels outside brackets that stand where a label may stand."""
    openings = [a for a, _ in pairs]
    labels: list[_Label] = list(_find_slips(folded))
    colon = folded.find(":")
    while colon >= 0:
        inside = bisect_right(openings, colon) - 1
        if inside < 0 or pairs[inside][1] < colon:
            label = _known_label(folded, max(0, colon - 2 * _LONGEST_LABEL), colon)
            if label is None:
                label = _shaped_label(folded, max(0, colon - _TOKEN_REACH), colon)
                if label:
                    labels.append(label)
            elif _may_stand(folded, label):
                labels.append(label)
        colon = folded.find(":", colon + 1)
    if labels and labels[0].slip:
        labels.sort(key=lambda label: label.start)
    return labels


_SLIPS = ("单位;", "部门;", "领导;")


def _find_slips(folded: str) -> Iterator[_Label]:
    """Labels at a line's start that end in ; where : was meant: 责任单位;区建设局."""
    for slip in _SLIPS:
        at = folded.find(slip)
        while at >= 0:
            mark = at + len(slip) - 1
            label = _known_label(folded, max(0, mark - _LONGEST_LABEL), mark)
            line = folded.rfind("\n", 0, at) + 1
            if (
                label
                and label.say not in ("field", "deadline")
                and not folded[line : label.start].strip()
            ):
                yield _Label(label.start, mark, label.word, slip=True)
            at = folded.find(slip, at + 1)


def _may_stand(folded: str, label: _Label) -> bool:
    """Whether a label opens a clause here: after a break or, for a role, a short qualifier of
    its line (市级牵头单位:); 责任编辑: and 目标: in mid-sentence do not."""
    before = folded[label.start - 1] if label.start else "\n"
    if len(label.word) == _BARE and not _bare_stands(folded, label, before):
        return False
    if label.say == "deadline" and before in " 。;,)]":
        return True
    if label.say == "field" and before in "。 " and label.word.endswith(_PERSONAL):
        return True
    if label.say in ("field", "deadline"):
        reach = max(0, label.start - _LINE_REACH)
        newline = folded.rfind("\n", reach, label.start)
        if newline < 0 < reach:
            return before == ";"
        line = folded[max(newline + 1, reach) : label.start].strip()
        return not line or before == ";" or (before == "." and line[:-1].isdigit())
    return (
        before in _BEFORE_LABEL
        or before in '”"》)]'
        or label.say in ("lead", "main", "resp", "assist")
    )


_BARE = len("牵头")
# Labels of persons stand behind a sentence too; 目标: and 措施: there only go on.
_PERSONAL = ("责任人", "联系人", "负责人", "联系电话")


def _bare_stands(folded: str, label: _Label, before: str) -> bool:
    """A verb that is used as a label (牵头:市发改委) opens its clause and names a unit;
    由市发改委牵头: does neither."""
    if label.say in ("field", "deadline"):
        return True
    first = _FIRST_NAME.match(folded, label.colon + 1)
    return (before in _BEFORE_LABEL or before in '”"》)]') and bool(first and is_unit(first[1]))


_FIRST_NAME = re.compile(r"[ \n]*([^ 、,;。\n()]{2,30})")


def _read_label(folded: str, label: _Label, limit: int) -> Clause | None:
    """A label with its value: 主办单位:区民政局;"""
    start = label.colon + 1
    end = _value_end(folded, start, limit, label.say)
    share_label = (label.start, start - 1)
    if label.word in _LEAD_INS and _leads_in(folded, start, end):
        return None
    if label.say in ("field", "deadline"):
        share = Share(label.say, share_label, NameList([], open_ended=False), start, end)
        return Clause("label", label.start, end, [share])
    shares = read_owners(folded, (start, end), label.say, share_label)
    return Clause("label", label.start, end, shares)


_LEAD_INS = frozenset(words("boilerplate", "lead_in"))
_OWNED = re.compile(r"[(\[][^()\[\]]*(?:负责|牵头|配合|落实|单位:|部门:)[^()\[\]]*[)\]]")


def _leads_in(folded: str, start: int, end: int) -> bool:
    """Whether a label such as 具体措施: only opens what follows: an empty line, a measure with
    an owner of its own."""
    newline = folded.find("\n", start, end)
    line = folded[start : end if newline < 0 else newline]
    return not line.strip() or _OWNED.search(folded, start, end) is not None


def _value_end(folded: str, start: int, limit: int, say: Say) -> int:
    """Where a label's value ends: with its line, unless the list goes on, or at its full stop."""
    end = start
    while True:
        newline = folded.find("\n", end, limit)
        end = limit if newline < 0 else newline
        value = folded[start:end].strip()
        if newline < 0:
            break
        whole = value and value[-1] not in "、," and value.count("(") <= value.count(")")
        if whole and not (say in ASSIGNING and _goes_on(folded, newline, limit)):
            break
        end = newline + 1
    if say == "field":
        return end
    stop = folded.find("。", start, end)
    if stop >= 0:
        end = stop + 1
    return _cut_at_blank(folded, start, end, say)


_NEXT_LINES = re.compile(r"\n[ \t]*(?P<names>[^\n。;:]{2,40})(?P<below>\n[^\n]*)?")
_SHORTEST_LINE = len("\n甲局\n")
_SIGNED = re.compile(r"\s*(?:20\d\d|二〇|〇|$)")


def _goes_on(folded: str, newline: int, limit: int) -> bool:
    """Whether the next line only names more units: 责任单位:甲局⏎乙局; not a signature above its
    date or at the end of the text."""
    if limit - newline < _SHORTEST_LINE:
        return False
    match = _NEXT_LINES.match(folded, newline, limit)
    if match is None or match.end("names") == len(folded) or folded[match.end("names")] != "\n":
        return False
    if _SIGNED.match(folded, match.end("names")):
        return False
    return all(is_unit(name) for name in re.split("[、,]", match["names"].strip()))


_BLANK = re.compile(r" +")
_TOKEN = re.compile(r"[^ 、,;。\n]*")
_OTHER_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}")


def _cut_at_blank(folded: str, start: int, end: int, say: Say) -> int:
    """In a text without line breaks a blank ends a list, unless another unit or leader follows."""
    for blank in _BLANK.finditer(folded, start, end):
        left = folded[start : blank.start()].strip()
        token = _TOKEN.match(folded, blank.end(), end)
        word = token[0] if token else ""
        if not left or left[-1] in "、,;。" or not word or len(left) == 1:
            continue
        if say == "leader" and _OTHER_NAME.fullmatch(word):
            continue
        if not is_unit(word) and _verb(word) is None and len(word) > 1:
            return blank.start()
    return end


@lru_cache(1 << 12)
def _verb(text: str) -> str | None:
    """The longest known verb that a stretch ends with: "A、B按职责分工负责" -> 按职责分工负责."""
    for length in range(min(_LONGEST_VERB, len(text)), 1, -1):
        if text[-length:] in _VERBS:
            return text[-length:]
    return None


def _segments(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches between , ; 。 at bracket depth 0."""
    segments: list[tuple[int, int]] = []
    begin = start
    for at in find_cuts(_CUT, folded, start, end):
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
            part for a, b in _segments(self.folded, *value) for part in self._at_labels(a, b)
        ]
        if not _VERB_CUT.search(self.folded, *value):
            yield from segments
            return
        for begin, finish in segments:
            at = begin
            for cut in _VERB_CUT.finditer(self.folded, begin, finish):
                element = self.folded[at : cut.start() + 1]
                closed = element.count("(") == element.count(")")
                if closed and _verb(element) and _verb(self.folded[begin:finish].rstrip()):
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
        if bare and self.label is None and _opens_list(self.folded, bare.end(), b):
            self._close(_without_verb(self.default, self.shares))
            self.default = _LABELS[bare[0]]  # type: ignore[assignment]
            return bare.end(), b
        colon = self.folded.find(":", a, b)
        known = _known_label(self.folded, a, colon) if colon > a else None
        if known is None or known.start > a:
            known = (_shaped_label(self.folded, a, colon) if colon > a else None) or known
        if known and self.folded.find("(", a, known.start) >= 0:
            known = None
        if known is None or (len(known.word) == _BARE and known.start > a):
            return a, b
        self._close(_without_verb(self.default, self.shares))
        self.default, self.label = known.say, (known.start, colon)
        return trim(self.folded, colon + 1, b)

    def _owners(self, a: int, b: int) -> None:
        """A segment of owners: A负责…工作; A牵头; A会同B负责; A、B, whose verb is yet to come."""
        folded = self.folded
        verb = _verb(folded[a:b])
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
    alternation(word for word, say in _LABELS.items() if say in ASSIGNING and len(word) > _BARE)
)


def _opens_list(folded: str, start: int, end: int) -> bool:
    first = _SAME_LINE.match(folded, start, end)
    return first is not None and is_unit(first[1])


def _without_verb(default: Say | None, shares: list[Share]) -> Say:
    """What names with no verb do: what their label says, or take part where a lead stands."""
    if any(share.say in ("lead", "main") for share in shares) and default in (None, "resp"):
        return "assist"
    return default or "resp"


def _read_bracket(folded: str, opening: int, closing: int, starts: list[int]) -> Clause | None:
    """A bracket that assigns: (X、Y负责), [牵头单位:X;责任单位:Y], (区农发局、区环土局)."""
    inner = folded[opening + 1 : closing]
    if len(inner) < 2 or inner.isascii() or inner.strip() in _FURNITURE:
        return None
    labelled = ":" in inner and _has_label(folded, opening + 1, closing)
    if not labelled and not _stands_apart(folded, opening, closing, starts):
        return None
    shares = read_owners(folded, (opening + 1, closing), None, None)
    names = [folded[name.start : name.end] for share in shares for name in share.names.names]
    if not names or any("的" in name or len(name) > _NAME_LIMIT for name in names):
        return None
    carrier: Carrier = "bracket"
    if not labelled and not any(_verb(part) for part in _parts(folded, opening, closing)):
        closes = _closes(folded, closing, starts)
        if not closes or not all(is_unit(name) and not _EXPLAINS.search(name) for name in names):
            return None
        if _COUNTED.search(folded, max(0, opening - 4), opening):
            return None
        if all(map(_LEVELS_ONLY.fullmatch, names)) and folded[opening - 1] not in _STOPS:
            return None
        carrier = "list"
    end = closing + 1
    while end < len(folded) and folded[end] in "。;":
        end += 1
    return Clause(carrier, opening, end, shares)


# 新建学校3所(甲镇、乙镇): the bracket tells which they are.
_COUNTED = re.compile(r"\d(?:个|所|家|处|座|条|项|名|辆|台|套|人|次)$")
# What a bracket says that explains, not assigns: (设在省编办), (原市经委), (含各街道).
_EXPLAINS = re.compile(
    r"^(?:设在|设于|由|经(?![济信开发贸管营合作侦])|如(?![皋东])|即(?!墨)|含(?!山)|原(?![州阳平])|见|包括|其中|除|不含|以下|简称|暂|挂靠|隶属|报|向|对|在)|《|的"
)
# 县(市、区) explains a level and names nobody.
_LEVELS_ONLY = re.compile(
    r"各?(?:[省市县区州旗盟乡镇村]|街道)(?:[、/]?(?:[省市县区州旗盟乡镇村]|街道))*"
)


def _has_label(folded: str, start: int, end: int) -> bool:
    colon = folded.find(":", start, end)
    while colon >= 0:
        known = _known_label(folded, start, colon)
        if (
            known
            and known.say != "field"
            and (len(known.word) > _BARE or known.start == start)
            and (known.start == start or folded[known.start - 1] in _BEFORE_LABEL)
        ) or _shaped_label(folded, start, colon):
            return True
        colon = folded.find(":", colon + 1, end)
    return False


def _parts(folded: str, opening: int, closing: int) -> list[str]:
    return [folded[a:b].strip() for a, b in _segments(folded, opening + 1, closing)]


def _stands_apart(folded: str, opening: int, closing: int, starts: list[int]) -> bool:
    """Whether a bracket stands after a sentence or closes one; a remark in mid-sentence
    (技工院校内由人社行政部门负责) does neither."""
    before = opening - 1
    while before >= 0 and folded[before] in " \t":
        before -= 1
    if before < 0 or folded[before] in _STOPS or folded[before] == "\n":
        return True
    return _closes(folded, closing, starts) or _ends_title(folded, opening, closing, starts)


# A number with its title is no longer than this.
_TITLE_REACH = 60


def _ends_title(folded: str, opening: int, closing: int, starts: list[int]) -> bool:
    """Whether a bracket stands behind an item's title: 1.优化公交线网(市交通局负责)新增…"""
    index = bisect_right(starts, opening) - 1
    if index < 0 or opening - starts[index] > _TITLE_REACH:
        return False
    if folded[closing + 1 : closing + 2] != " " and "由" in folded[opening:closing]:
        return False
    return _CUT.search(folded, starts[index] + 4, opening) is None


def _closes(folded: str, closing: int, starts: list[int]) -> bool:
    """Whether nothing of the sentence follows a bracket: a stop, a line's end, the next number."""
    after = closing + 1
    while after < len(folded) and folded[after] in " \t。;":
        after += 1
    if after >= len(folded) or folded[after] == "\n" or folded[closing + 1] in "。;":
        return True
    # Lines that were run together keep their indents.
    if folded.startswith("  ", closing + 1):
        return True
    index = bisect_right(starts, closing)
    if index < len(starts) and starts[index] == after:
        return True
    return _PAGE_WORDS.match(folded, after) is not None
