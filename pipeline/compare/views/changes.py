"""A comparison for its readers: JSON, CSV, text for a terminal, Markdown."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pipeline.comparison import Change, Comparison, Link
from pipeline.dataset.csv_rows import defuse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.comparison import Value
    from pipeline.model import Item, Notice

KINDS = {
    "same": "不变", "reworded": "改写", "split": "拆分", "merged": "合并", "added": "新增",
    "dropped": "取消",
}  # fmt: skip
ROLES = ("leaders", "host_units", "co_host_units")
FIELDS = {
    "number": "序号", "title": "标题", "content": "内容", "path": "所属部分", "leaders": "牵头领导",
    "host_units": "主办单位", "co_host_units": "协办单位", "deadline": "完成时限",
}  # fmt: skip
_COLUMNS = (
    "previous_notice", "current_notice", "kind", "previous", "current", "score", "field", "before",
    "after", "gained", "lost", "moved", "figures",
)  # fmt: skip
_JOIN = "、"
_MARKUP = "\\`*_~[]<>|#"
_SIGNS = {"same": "=", "reworded": "~", "split": "<", "merged": ">", "added": "+", "dropped": "-"}
_COLOURS = {"added": "32", "dropped": "31", "split": "35", "merged": "35", "reworded": "33"}


def to_json(comparison: Comparison) -> str:
    """The comparison as the contract has it."""
    return comparison.model_dump_json(indent=1) + "\n"


def to_csv(comparison: Comparison) -> str:
    """One row a change, a rename, a dropped or an added item; opens in a spreadsheet."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in _rows(comparison):
        writer.writerow({key: defuse(value) for key, value in row.items()})
    return "\ufeff" + out.getvalue()


def _rows(comparison: Comparison) -> Iterator[dict[str, object]]:
    ids: dict[str, object] = {
        "previous_notice": comparison.previous,
        "current_notice": comparison.current,
    }
    for link in comparison.links:
        head = ids | {
            "kind": link.kind, "score": link.score, "previous": _JOIN.join(link.previous),
            "current": _JOIN.join(link.current),
        }  # fmt: skip
        yield from (head | _change_row(change) for change in link.changes)
        for one in link.renames:
            named: dict[str, object] = {
                "field": f"{one.field} renamed",
                "before": one.before,
                "after": one.after,
            }
            yield head | named
    for item_id in comparison.dropped:
        yield ids | {"kind": "dropped", "previous": item_id}
    for item_id in comparison.added:
        yield ids | {"kind": "added", "current": item_id}


def _change_row(change: Change) -> dict[str, object]:
    return {
        "field": change.field,
        "before": flat(change.before),
        "after": flat(change.after),
        "gained": _JOIN.join(change.gained),
        "lost": _JOIN.join(change.lost),
        "moved": "; ".join(f"{one.name}: {one.before} -> {one.after}" for one in change.moved),
        "figures": "; ".join(
            f"{one.about} {one.before} -> {one.after}" for one in change.figures
        ),
    }  # fmt: skip


def flat(value: Value) -> str:
    """A value in one cell: lists joined by 、, nothing for none."""
    if value is None:
        return ""
    return _JOIN.join(map(str, value)) if isinstance(value, tuple) else str(value)


# What every reader sees of an item and of a change


def indexed(previous: Notice, current: Notice) -> tuple[dict[str, Item], dict[str, Item]]:
    """Both plans' items by id."""
    before, after = ({item.item_id: item for item in one.items} for one in (previous, current))
    return before, after


def heading(item: Item) -> str:
    """An item's number and title in one line."""
    return f"{item.label or ''} {(item.title or item.content[:30]).rstrip('。')}".strip()


def told(change: Change) -> str:
    """A change of a name, place or day in words; a content's figures."""
    if change.field == "content":
        return "；".join(
            f"{one.about or '数字'} {one.before} → {one.after}" for one in change.figures
        )
    if change.field not in ROLES:
        return f"{flat(change.before) or '无'} → {flat(change.after) or '无'}"
    words = [
        f"{one.name}由{FIELDS[one.before][:2]}改任{FIELDS[one.after][:2]}"
        for one in change.moved
    ]  # fmt: skip
    words += [f"增 {_JOIN.join(change.gained)}"] if change.gained else []
    words += [f"减 {_JOIN.join(change.lost)}"] if change.lost else []
    return "，".join(words)


def notes(link: Link) -> list[tuple[str, str]]:
    """What changed in a link as (field's name, words), without the wording itself."""
    worded = any(change.words for change in link.changes)
    # Words that went and came show a title's change where it stands.
    shown = [one for one in link.changes if not (worded and one.field == "title")]
    found = [(FIELDS[change.field], told(change)) for change in shown]
    found += [("机构更名", f"{one.before} → {one.after}") for one in link.renames]
    return [(name, words) for name, words in dict.fromkeys(found) if words]


# Text


def to_text(
    comparison: Comparison, previous: Notice, current: Notice, *, colour: bool = False
) -> str:
    """The comparison for a terminal; without colour, marks show what went and came."""
    before, after = indexed(previous, current)
    paint = _painted if colour else _plain
    lines = [comparison.summary.zh, comparison.summary.en, ""]
    lines += [f"! {warning}" for warning in comparison.warnings]
    for link in comparison.links:
        lines += _link_lines(link, before, after, colour=colour)
    for kind, ids, items in (
        ("added", comparison.added, after), ("dropped", comparison.dropped, before),
    ):  # fmt: skip
        lines += [paint(kind, f"{_SIGNS[kind]} {KINDS[kind]} {heading(items[n])}") for n in ids]
    return "\n".join(lines) + "\n"


def _link_lines(
    link: Link, before: dict[str, Item], after: dict[str, Item], *, colour: bool
) -> Iterator[str]:
    paint = _painted if colour else _plain
    ours = " + ".join(heading(before[n]) for n in link.previous)
    theirs = " + ".join(heading(after[n]) for n in link.current)
    names = theirs if ours == theirs else f"{ours} → {theirs}"
    yield paint(link.kind, f"{_SIGNS[link.kind]} {KINDS[link.kind]} {names}")
    yield from (f"    {name}：{words}" for name, words in notes(link))
    for change in link.changes:
        if change.words:
            yield "    " + _marked(change, colour=colour).replace("\n", "\n    ")


def _marked(change: Change, *, colour: bool) -> str:
    """Words with what went and came: [-8%-]{+10%+}, or red and green on a terminal."""
    marks = {"kept": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
    if colour:
        marks = {
            "kept": ("", ""), "removed": ("\033[31;9m", "\033[0m"), "added": ("\033[32m", "\033[0m"),
        }  # fmt: skip
    return "".join(f"{marks[one.fate][0]}{one.text}{marks[one.fate][1]}" for one in change.words)


def _painted(kind: str, words: str) -> str:
    return f"\033[{_COLOURS[kind]}m{words}\033[0m" if kind in _COLOURS else words


def _plain(kind: str, words: str) -> str:
    del kind
    return words


# Markdown


def to_markdown(comparison: Comparison, previous: Notice, current: Notice) -> str:
    """The comparison as a report: a summary, then a section for each kind."""
    before, after = indexed(previous, current)
    titles = [one.title or one.notice_id for one in comparison.plans]
    lines = [f"# {_escaped(titles[0])} → {_escaped(titles[1])}", ""]
    lines += [_escaped(comparison.summary.zh), "", _escaped(comparison.summary.en), ""]
    lines += [f"> {_escaped(warning)}\n" for warning in comparison.warnings]
    for kind, name in KINDS.items():
        found = list(_section(kind, comparison, before, after))
        if found:
            lines += [f"## {name}（{len(found)}）", "", *found, ""]
    return "\n".join(lines)


def _section(
    kind: str, comparison: Comparison, before: dict[str, Item], after: dict[str, Item]
) -> Iterator[str]:
    if kind in ("added", "dropped"):
        ids, items = (comparison.added, after) if kind == "added" else (comparison.dropped, before)
        for item_id in ids:
            item = items[item_id]
            hosts = _JOIN.join(name.name for name in item.host_units)
            yield f"- {_escaped(heading(item))}" + (f"（{_escaped(hosts)}）" if hosts else "")
        return
    for link in comparison.links:
        if link.kind == kind:
            yield "\n".join(_markdown_link(link, before, after))


def _markdown_link(link: Link, before: dict[str, Item], after: dict[str, Item]) -> Iterator[str]:
    ours, theirs = _headings(link.previous, before), _headings(link.current, after)
    yield f"- {ours if ours == theirs else f'{ours} → {theirs}'}"
    yield from (f"  - {name}：{_escaped(words)}" for name, words in notes(link))
    for change in link.changes:
        if change.words:
            marks = {"kept": "{}", "removed": "<del>{}</del>", "added": "<ins>{}</ins>"}
            words = (marks[one.fate].format(_escaped(one.text)) for one in change.words)
            yield "  - " + "".join(words).replace("\n", "<br>")


def _headings(ids: Sequence[str], items: dict[str, Item]) -> str:
    return " + ".join(f"**{_escaped(heading(items[one]))}**" for one in ids)


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{ch}" if ch in _MARKUP else ch for ch in text)
