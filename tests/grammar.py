"""Texts put together at random from a plan's own pieces, and what must hold for each of them.

python -m tests.grammar 10000 [--seed 1] [--show 20]

Prints every kind of broken invariant with the smallest text found for it; exits 1 if there is any.
"""

from __future__ import annotations

import argparse
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from pipeline.batch.verify import find_notice_faults
from pipeline.model import Notice
from tests.conftest import parse

_CHINESE = "一二三四五六七八九十"
_FORMAL = "壹贰叁肆伍陆柒捌玖拾"
_UNITS = (
    "市发改委", "区教育局", "县财政局", "区、县交通局", "劳动社会保障部", "部", "局", "区", "市", "甲", "某中心",
    "区发改局(区统计局)", "区委组织部", "各街道办", "各区", "各市、州、县人民政府", "有关部门", "各有关单位", "相关单位",
    "国务院相关部门", "各地区", "市直有关部门(市发改委、市财政局)", "人力资源和社会保障局", "公安局", "发展改革", "工信委", "省厅", "国家局", "和平区政府", "镇", "各镇(街道)",
    "副区长张三", "李四", "李 四", "王五同志", "区  公安 局", "國務院", "衛生局", "公司", "16区", "成员单位", "两办",
)  # fmt: skip
_VERBS = (
    "负责", "牵头", "配合", "会同", "协办", "参与", "落实", "承办", "主办", "分别负责", "按职责分工负责", "牵头负责", "组织实施",
    "指导", "协助", "分别牵头", "具体负责", "共同负责", "为主",
)  # fmt: skip
_LABELS = (
    "责任单位", "牵头单位", "配合单位", "协办单位", "主办单位", "主责单位", "责任领导", "牵头领导", "分管领导", "责任部门", "责任人",
    "联系人", "完成时限", "完成时间", "目标", "措施", "具体措施", "成果形式", "负责", "牵头", "配合", "责 任 单 位", "市级牵头单位",
    "其他责任单位", "试点单位", "项目业主", "考核单位", "督办领导", "工作任务", "指导部门", "時限", "責任單位",
)  # fmt: skip
_SENTENCES = (
    "以上任务由{u}负责。", "以上工作由{u}、{u}{v}。", "上述事项均由{u}牵头,{u}配合。", "以下均需由{u}落实,不再列出。",
    "以下工作均由{u}负责落实,不再一一列出", "列第一位者为牵头单位,下同。", "排在第一位的部门为牵头部门", "标*的为牵头单位",
    "未明确牵头单位的,责任单位牵头。", "由{u}牵头,{u}配合。", "{u}配合{u}做好工作。", "各区要积极推进。", "{u}负责{w}工作,会同{u}。",
    "王纲市长主抓{w}", "{w}——李四副县长", "其余由{u}负责。",
)  # fmt: skip
_WORDS = (
    "推进改革", "建设学校2所", "加强管理", "重点任务", "十八届二、三中全会", "2011年", "30万亩", "工作", "的", "如下", "完善制度",
    "《办法》", "“一网通办”", "保障措施", "组织实施", "改革工作要求", "目标任务", "第一", "其中", "饮用水治理指标", "明确任务,落实责任",
)  # fmt: skip
_DATES = (
    "2011年6月30日",
    "6月底前完成",
    "2012年",
    "二〇一一年三月一日",
    "长期",
    "全年",
    "上半年",
    "2011-06-30",
    "每季度",
)
_HEADS = (
    "盐田区2011年重点改革计划", "关于印发2011年工作要点的通知", "深盐办〔2011〕37号", "各有关单位:", "附件1", "附:", "附：", "附件：",
    "2012年某区工作方案", "附件2:任务分工表", "某区人民政府办公室", "一、总体要求", "区政府2011年12月1日",
)  # fmt: skip
_BREAKS = (
    "\n", "\n", "\n\n", "。\n", "\t", "  ", " ", "。", "、", "，", "；", ",", ";", ".", "：", ":", "\n    ", "\n— 3 —\n", "\n-1-\n",
    "\n第 2 页 共 9 页\n", "[接上页]", "\u200b", "\u3000", "|", "…", "!", "?", "�", "(de)", "(zhòng)", "*", "★", "——", "/", "至", "\r\n", "\r", "\x85", "\u2028", "日",
)  # fmt: skip
_OPEN, _CLOSE = "(（[〔【〈《", ")）]〕】〉》"
_COLUMNS = (
    "序号",
    "任务",
    "工作内容",
    "责任单位",
    "牵头单位",
    "配合单位",
    "完成时限",
    "备注",
    "改革事项",
    "牵头领导",
    "类别",
    "目标",
)
# A shape is asked again for pieces of its own no deeper than this.
_DEEPEST = 3


def _numbers(n: int) -> tuple[str, ...]:
    """A number as every kind of list prints it, and some that only look like one."""
    chinese, formal, sign = _CHINESE[(n - 1) % 10], _FORMAL[(n - 1) % 10], (n - 1) % 20
    return (
        f"{chinese}、", f"({chinese})", f"（{chinese}）", f"{n}.", f"{n}、", f"{n}）", f"({n})", f"{n})", f"第{chinese}条",
        f"第{n}章", f"{formal}、", chr(0x2460 + sign), chr(0x2474 + sign), chr(0x2488 + sign), f"{n}.{n}", f"任务{n}:",
        f"\n{n}", f"（{n}", "附：1.", "?.?", f"{n}．",
    )  # fmt: skip


class _Writer:
    """One random text on its way: pieces that shapes draw, in order."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.counters = [0]
        self.kind = chance.randrange(len(_numbers(1)))

    def pieces(self) -> list[str]:
        """The pieces of a text; a few of them are lost, doubled or moved, some laid out anew."""
        found = [*self._many(self.chance.choice((2, 3, 5, 8, 14, 30)))]
        for _ in range(self.chance.choice((0, 0, 1, 3))):
            at, other = (self.chance.randrange(len(found)) for _ in "ab")
            found[at] = self.chance.choice(("", found[at] * 2, found[other]))
        return self._laid_out([piece for piece in found if piece])

    def _laid_out(self, pieces: list[str]) -> list[str]:
        """Now and then broken at a width, printed twice, or on one line with its indents."""
        turn = self.chance.random()
        if turn < 0.06:
            text, width = "".join(pieces).replace("\n", ""), self.chance.randrange(15, 30)
            return [text[at : at + width] + "\n" for at in range(0, len(text), width)]
        if turn < 0.1:
            return [*pieces, "\n", *pieces]
        return [piece.replace("\n", "    ") for piece in pieces] if turn < 0.14 else pieces

    def _many(self, count: int) -> Iterator[str]:
        favourite = self.chance.choice(self._SHAPES)
        if self.chance.random() < 0.4:
            yield from self._sentence(0)
            yield "\n"
        for _ in range(count):
            yield from self.chance.choice((*self._SHAPES, favourite, favourite))(self, 0)
        if self.chance.random() < 0.4:
            yield self.chance.choice(("", "\n"))
            yield from self._sentence(0)

    def _number(self, _depth: int) -> Iterator[str]:
        """A list's number of any kind: mostly the next, else the same, the first or any."""
        turn = self.chance.random()
        if turn < 0.6:
            self.counters[-1] += 1
        elif turn < 0.75:
            self.counters[-1] = 1
        elif turn < 0.85:
            self.counters[-1] = self.chance.randrange(1, 12)
        n = max(1, self.counters[-1])
        if self.chance.random() < 0.4:
            self.kind = self.chance.randrange(len(_numbers(1)))
        yield _numbers(n)[self.kind]

    def _unit(self, _depth: int) -> Iterator[str]:
        yield self.chance.choice(_UNITS)
        if self.chance.random() < 0.2:
            yield self.chance.choice(
                ("等", "等部门", "等有关部门", "(牵头)", "(配合)", "*", "和", "及", "、", "以及")
            )

    def _list(self, depth: int) -> Iterator[str]:
        for _ in range(self.chance.choice((0, 1, 1, 2, 3))):
            yield from self._unit(depth)
            yield self.chance.choice("、、、,;, /和.")

    def _verb(self, _depth: int) -> Iterator[str]:
        yield self.chance.choice(_VERBS)

    def _owners(self, depth: int) -> Iterator[str]:
        yield from self._list(depth)
        yield from self._verb(depth)
        yield self.chance.choice(("", "", "。", ",", "、", "；", "\n"))

    def _label(self, depth: int) -> Iterator[str]:
        yield self.chance.choice(_LABELS)
        yield self.chance.choice("::：：；;")
        if self.chance.random() < 0.8:
            yield from self.chance.choice((_Writer._list, _Writer._owners, _Writer._date))(
                self, depth
            )
        yield self.chance.choice(("", "\n", "。", "。\n", "；", " "))

    def _bracket(self, depth: int) -> Iterator[str]:
        """A bracket round other pieces; it may stay open, or close in another shape."""
        yield self.chance.choice(_OPEN if self.chance.random() < 0.3 else "((（[")
        for _ in range(self.chance.choice((0, 1, 1, 2, 3))):
            inside = self._SHAPES if depth < _DEEPEST else (_Writer._unit, _Writer._verb)
            yield from self.chance.choice((*inside, _Writer._owners))(self, depth + 1)
        if self.chance.random() < 0.85:
            yield self.chance.choice(_CLOSE if self.chance.random() < 0.3 else "))）]")

    def _sentence(self, _depth: int) -> Iterator[str]:
        form = self.chance.choice(_SENTENCES)
        for part in re.split(r"(\{\w\})", form):
            known = {"{u}": _UNITS, "{v}": _VERBS, "{w}": _WORDS}.get(part)
            yield self.chance.choice(known) if known else part
            while part == "{u}" and self.chance.random() < 0.4:
                yield "、"
                yield self.chance.choice(_UNITS)

    def _words(self, _depth: int) -> Iterator[str]:
        yield self.chance.choice(_WORDS)

    def _date(self, _depth: int) -> Iterator[str]:
        yield self.chance.choice(_DATES)

    def _head(self, _depth: int) -> Iterator[str]:
        yield self.chance.choice(("", "\n"))
        yield self.chance.choice(_HEADS)
        yield self.chance.choice(("", "\n"))

    def _break(self, _depth: int) -> Iterator[str]:
        yield self.chance.choice(_BREAKS)

    def _item(self, depth: int) -> Iterator[str]:
        yield self.chance.choice(("", "", "\n", "。"))
        yield from self._number(depth)
        if self.chance.random() < 0.7:
            yield from self._words(depth)
        if depth < _DEEPEST and self.chance.random() < 0.3:
            self.counters.append(0)
            for _ in range(self.chance.choice((1, 2, 3))):
                yield from self._item(depth + 1)
            self.counters.pop()
        owns = (_Writer._label, _Writer._bracket, _Writer._owners, _Writer._sentence)
        if self.chance.random() < 0.7:
            yield from self.chance.choice(owns)(self, depth + 1)

    def _table(self, depth: int) -> Iterator[str]:
        """Rows of cells under a head; cells may be missing or one too many."""
        mark = self.chance.choice(("\t", "\t", "|", "\n"))
        columns = self.chance.sample(_COLUMNS, self.chance.choice((2, 3, 4)))
        yield "\n" + mark.join(columns) + "\n"
        cells = (_Writer._number, _Writer._words, _Writer._list, _Writer._date, _Writer._owners)
        for _ in range(self.chance.choice((1, 2, 4))):
            for _ in range(len(columns) + self.chance.choice((-1, 0, 0, 0, 0, 1))):
                yield from self.chance.choice(cells)(self, depth)
                yield mark
            yield "\n"

    _SHAPES: tuple[Callable[[_Writer, int], Iterator[str]], ...] = (
        *(_item,) * 4, _number, _unit, _list, _verb, _owners, *(_label,) * 2, *(_bracket,) * 2, _sentence, _words, _date, _head,
        *(_break,) * 3, _table,
    )  # fmt: skip


def pieces_of(seed: int, number: int) -> list[str]:
    """The pieces of one random text: the same on every run."""
    return _Writer(Random(f"{seed} {number}")).pieces()  # noqa: S311 - draws words, keeps no secret


def find_broken(text: str) -> str | None:
    """What does not hold for a text, or None where all does."""
    try:
        notice = parse(text)
        fault = next(find_notice_faults(notice), None)
        if fault:
            return fault
        if parse(text) != notice:
            return "the same bytes give another record"
        if Notice.model_validate_json(notice.model_dump_json()) != notice:
            return "the record is another when it is read back"
    except Exception as error:  # noqa: BLE001 - whatever is raised is a finding
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(last.filename).name} {last.name}"
    return None


def kind_of(fault: str) -> str:
    """A fault without what tells one text's from another's: its numbers and quoted words."""
    return re.sub(r"'[^']*'|\d+", "…", fault)


def shrink(pieces: list[str], kind: str) -> str:
    """The smallest text found that breaks the same invariant: without pieces, then characters."""
    parts = pieces
    for cut in (parts, None):
        parts = _without(list("".join(parts)) if cut is None else parts, kind)
    return "".join(parts)


def _without(parts: list[str], kind: str) -> list[str]:
    size = max(1, len(parts) // 2)
    while size:
        at, cut = 0, False
        while at < len(parts):
            fewer = parts[:at] + parts[at + size :]
            fault = find_broken("".join(fewer))
            if fault and kind_of(fault) == kind:
                parts, cut = fewer, True
            else:
                at += size
        size = size if cut and size == 1 else size // 2
    return parts


def main() -> int:
    """Print what is broken, the smallest text of each kind; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.grammar", description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3, help="how many texts of a kind to shrink")
    args = parser.parse_args()
    found: dict[str, set[str]] = {}
    broken = 0
    for number in range(args.count):
        pieces = pieces_of(args.seed, number)
        fault = find_broken("".join(pieces))
        if fault is None:
            continue
        broken += 1
        texts = found.setdefault(kind_of(fault), set())
        if len(texts) < args.show:
            text = shrink(pieces, kind_of(fault))
            if text not in texts:
                texts.add(text)
                _say(f"{args.seed}/{number}: {find_broken(text)}\n    {text!r}")
    _say(f"{args.count} texts of seed {args.seed}: {broken} broken, {len(found)} kinds")
    return 1 if broken else 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
