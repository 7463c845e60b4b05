"""A comparison as a report in Markdown: a summary, then a section for each kind of link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.compare.views.marked_words import mark_sentences
from pipeline.compare.views.phrases import (
    KIND_NAMES,
    SEPARATOR,
    describe_link,
    index_items,
    item_heading,
    note_link,
)
from pipeline.messages.catalogue import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.comparison import Comparison, Language, Link
    from pipeline.model import Item, Notice

_SPECIAL = frozenset("\\`*_~[]<>|#")
_WORDS = {"kept": "{}", "removed": "<del>{}</del>", "added": "<ins>{}</ins>"}


def to_markdown(
    comparison: Comparison, previous: Notice, current: Notice, *, language: Language = "zh"
) -> str:
    """The report with its summary in one language; sections without entries are left out."""
    before, after = index_items(previous, current)
    titles = [one.title or one.notice_id for one in comparison.plans]
    lines = [f"# {_escape(titles[0])} → {_escape(titles[1])}", ""]
    lines += [_escape(comparison.summary.speak(language)), ""]
    warnings = map(load_catalogue(language).translate, comparison.warnings)
    lines += [f"> {_escape(warning)}\n" for warning in warnings]
    for kind, name in KIND_NAMES.items():
        entries = list(_show_kind(kind, comparison, before, after))
        if entries:
            lines += [f"## {name}（{len(entries)}）", "", *entries, ""]
    return "\n".join(lines)


def _show_kind(
    kind: str, comparison: Comparison, before: dict[str, Item], after: dict[str, Item]
) -> Iterator[str]:
    """The entries of one section."""
    if kind == "added":
        return _show_items(after[item_id] for item_id in comparison.added)
    if kind == "dropped":
        return _show_items(before[item_id] for item_id in comparison.dropped)
    links = (link for link in comparison.links if link.kind == kind)
    return ("\n".join(_show_link(link, before, after)) for link in links)


def _show_items(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        hosts = SEPARATOR.join(name.name for name in item.host_units)
        yield f"- {_escape(item_heading(item))}" + (f"（{_escape(hosts)}）" if hosts else "")


def _show_link(link: Link, before: dict[str, Item], after: dict[str, Item]) -> Iterator[str]:
    ours, theirs = _show_headings(link.previous, before), _show_headings(link.current, after)
    notes = "，".join(note_link(link))
    note = f"（{notes}）" if notes else ""
    yield f"- {ours if ours == theirs else f'{ours} → {theirs}'}{note}"
    yield from (f"  - {name}：{_escape(words)}" for name, words in describe_link(link))
    for change in link.changes:
        if change.words:
            marked = mark_sentences(change.words)
            words = (_WORDS[one.fate].format(_escape(one.text)) for one in marked)
            yield "  - " + "".join(words).replace("\n", "<br>")


def _show_headings(ids: Sequence[str], items: dict[str, Item]) -> str:
    return " + ".join(f"**{_escape(item_heading(items[one]))}**" for one in ids)


def _escape(text: str) -> str:
    r"""Text that Markdown shows as it is: "[1]" -> "\[1\]"."""
    return "".join(f"\\{ch}" if ch in _SPECIAL else ch for ch in text)
