"""A comparison as text for a terminal, with colours or with marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.compare.views.marked_words import mark_sentences
from pipeline.compare.views.phrases import (
    KIND_NAMES,
    describe_link,
    index_items,
    item_heading,
    name_kind,
)
from pipeline.messages.catalogue import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.comparison import Change, Comparison, Language, Link
    from pipeline.model import Item, Notice

_SIGNS = {"same": "=", "reworded": "~", "split": "<", "merged": ">", "added": "+", "dropped": "-"}
# ANSI codes: red, green, yellow, magenta; struck through for removed words.
_COLOURS = {"added": "32", "dropped": "31", "split": "35", "merged": "35", "reworded": "33"}
_MARKS = {"kept": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
_COLOURED_MARKS = {
    "kept": ("", ""), "removed": ("\033[31;9m", "\033[0m"), "added": ("\033[32m", "\033[0m"),
}  # fmt: skip


class _Look(NamedTuple):
    """How texts are shown: with colours or marks, and `show` applied to every text of a document."""

    colour: bool
    show: Callable[[str], str]


def to_text(
    comparison: Comparison,
    previous: Notice,
    current: Notice,
    *,
    colour: bool = False,
    language: Language = "zh",
    show: Callable[[str], str] = str,
) -> str:
    """The comparison as lines: summary, warnings, links, added and dropped items.

    Words that went and came are red and green, or marked without colour: [-8%-]{+10%+}. The summary is in one `language`. `show` makes
    texts of the documents fit for the place where the lines go, such as a terminal.
    """
    look = _Look(colour, show)
    before, after = index_items(previous, current)
    lines = [show(comparison.summary.speak(language)), ""]
    warnings = map(load_catalogue(language).translate, comparison.warnings)
    lines += [f"! {show(warning)}" for warning in warnings]
    for link in comparison.links:
        lines += _show_link(link, before, after, look)
    lines += [_show_heading("added", item_heading(after[n]), look) for n in comparison.added]
    lines += [_show_heading("dropped", item_heading(before[n]), look) for n in comparison.dropped]
    return "\n".join(lines) + "\n"


def _show_link(
    link: Link, before: dict[str, Item], after: dict[str, Item], look: _Look
) -> Iterator[str]:
    ours = " + ".join(item_heading(before[n]) for n in link.previous)
    theirs = " + ".join(item_heading(after[n]) for n in link.current)
    headings = theirs if ours == theirs else f"{ours} → {theirs}"
    yield _show_heading(link.kind, headings, look, name_kind(link))
    yield from (f"    {name}：{look.show(words)}" for name, words in describe_link(link))
    for change in link.changes:
        if change.words:
            yield "    " + _show_words(change, look).replace("\n", "\n    ")


def _show_heading(kind: str, heading: str, look: _Look, name: str = "") -> str:
    line = f"{_SIGNS[kind]} {name or KIND_NAMES[kind]} {look.show(heading)}"
    return f"\033[{_COLOURS[kind]}m{line}\033[0m" if look.colour and kind in _COLOURS else line


def _show_words(change: Change, look: _Look) -> str:
    marks = _COLOURED_MARKS if look.colour else _MARKS
    return "".join(
        f"{marks[one.fate][0]}{look.show(one.text)}{marks[one.fate][1]}"
        for one in mark_sentences(change.words)
    )
