"""Check an item's values against the text that they were read from.

Each function yields one line for every value that the source text does not bear out.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.dates import parse_due
from pipeline.parse.normalize import normalize_text, strip_marks
from pipeline.text import NUMERAL, fold, parse_numeral, print_brackets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.model import Item, Name, Notice

# A numeral of a label: 12 in "12.", 三 in "(三)", 壹 in "壹、", ③.
_NUMERAL = re.compile(rf"\d+|[{NUMERAL}两]+|[^\W\d_]|[^\w\s]")
_FORMAL = str.maketrans("壹贰叁参肆伍陆柒捌玖拾佰仟", "一二三三四五六七八九十百千")
# So many characters may be between a name and the post beside it: 李明(副区长), 李明同志(副区长).
_MARKS_BETWEEN = 3


class ReadableNotice:
    """A notice and its text as names are compared in it: folded, one kind of brackets, no blanks."""

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        self._posts: dict[tuple[str, str], bool] = {}

    @cached_property
    def text(self) -> str:
        """The source text without blanks and without page marks."""
        return to_comparable(self.notice.source.text)

    @cached_property
    def headings(self) -> frozenset[str]:
        """The headings of the sections."""
        return frozenset(to_comparable(one.heading) for one in self.notice.sections)

    def has_post(self, name: str, post: str) -> bool:
        """Answer whether the text prints a post directly before or after a person's name."""
        key = name, post
        if key not in self._posts:
            self._posts[key] = _is_beside(self.text, to_comparable(name), to_comparable(post))
        return self._posts[key]


def to_comparable(text: str) -> str:
    """Return a text as names and headings are compared: 〔 and [ become (, blanks are removed."""
    return print_brackets(strip_marks(text))


def find_value_faults(item: Item, readable: ReadableNotice) -> Iterator[str]:
    """Yield one line for every value of an item that its notice's text does not bear out."""
    faults = (
        *_find_post_faults(item, readable),
        *_find_path_faults(item, readable),
        *_find_deadline_faults(item, readable.notice),
        *_find_label_faults(item),
        *_find_role_faults(item),
    )
    yield from (f"{item.item_id}: {fault}" for fault in faults)


def _find_post_faults(item: Item, readable: ReadableNotice) -> Iterator[str]:
    """A post is printed beside the name, here or where the notice names the person with it."""
    persons = dict.fromkeys(
        (name.name, name.post)
        for assignment in item.assignments
        for name in assignment.names
        if name.post is not None
    )
    for name, post in persons:
        if not post or not readable.has_post(name, post):
            yield f"the post {post!r} is not printed beside {name!r}"


def _is_beside(text: str, name: str, post: str) -> bool:
    reach = len(post) + _MARKS_BETWEEN
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if post in text[max(0, at - reach) : at] or post in text[end : end + reach]:
            return True
        at = text.find(name, at + 1)
    return False


def _find_path_faults(item: Item, readable: ReadableNotice) -> Iterator[str]:
    """An element of a path is a section's heading, or a table cell or line of the text."""
    for one in item.path:
        words = to_comparable(one)
        if words not in readable.headings and words not in readable.text:
            yield f"{one!r} of its path is neither a heading nor in the text"


def _find_deadline_faults(item: Item, notice: Notice) -> Iterator[str]:
    """A deadline is printed at its span, and parsing it again gives its day and precision."""
    deadline = item.deadline
    if deadline is None:
        return
    span, text = deadline.span, deadline.text
    if strip_marks(notice.source.text[span.start : span.end]) != strip_marks(text):
        yield f"the deadline {text!r} does not stand at {span}"
    # Simplifying traditional characters costs more than folding and is rarely needed.
    if not any(
        parse_due(change(text), notice.year) == (deadline.due, deadline.precision)
        for change in (fold, _simplify)
    ):
        yield f"the deadline {text!r} does not give {deadline.due}, {deadline.precision}"


def _simplify(text: str) -> str:
    return normalize_text(text).folded


def _find_label_faults(item: Item) -> Iterator[str]:
    """The number is one that the label prints, and the title is part of the content."""
    if item.number is not None:
        label = fold(item.label or "").translate(_FORMAL)
        printed = set(map(parse_numeral, _NUMERAL.findall(label))) - {None}
        # A wrong decoding may have destroyed the numeral (?。ǘ┩, ?.?), and its neighbours gave it.
        is_destroyed = "?" in label or "\ufffd" in label or (bool(label) and not printed)
        if item.number not in printed and not is_destroyed:
            yield f"the number {item.number} is not that of the label {item.label!r}"
    if item.title not in item.content:
        yield "the title is not in the content"


def _find_role_faults(item: Item) -> Iterator[str]:
    """The names of a role are those of its assignments, each once; a host is no co-host."""
    hosts = _names_in_role(item, "host")
    co_hosts = {
        name: one for name, one in _names_in_role(item, "co_host").items() if name not in hosts
    }
    expected: dict[str, Iterable[Name]] = {
        "leaders": _names_in_role(item, "leader").values(),
        "host_units": hosts.values(),
        "co_host_units": co_hosts.values(),
    }
    for field, names in expected.items():
        if list(getattr(item, field)) != list(names):
            yield f"{field} are not the names of its assignments"


def _names_in_role(item: Item, role: str) -> dict[str, Name]:
    """Return the first mention of each name that has a role."""
    found: dict[str, Name] = {}
    for assignment in item.assignments:
        if assignment.role == role:
            for name in assignment.names:
                found.setdefault(name.name, name)
    return found
