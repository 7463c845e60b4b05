"""Join a page and its attachments to one source, whose text says which file each stretch is from.

An attachment that prints what the files before it print already, such as the page's own text as PDF,
is left out with a remark; otherwise every task in it would be there twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipeline.model import JoinedFile, Location, Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

# From this share of its characters on an attachment is a copy; from the other one on it may be one.
_COPY, _LIKE_COPY = 0.9, 0.5
# Shorter lines are in any text.
_SHORT_LINE = 6
# Marks and blanks, in which two copies of one text differ.
_NO_WORD = re.compile(r"[\W_]+")
_GAP = "\n"


@dataclass(slots=True)
class _Joined:
    """The text joined so far with its files, and its bare characters to compare with."""

    texts: list[str] = field(default_factory=list)
    length: int = 0
    bare: str = ""
    files: list[JoinedFile] = field(default_factory=list)
    locations: list[Location] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)

    def add(self, source: Source) -> None:
        start = self.length + len(_GAP) * bool(self.texts)
        self.texts.append(source.text)
        self.length = start + len(source.text)
        self.bare += _bare(source.text)
        self.files.append(_make_file(source, start, self.length))
        self.locations += [_shift_location(one, start) for one in source.locations]
        self.remarks += [_shift_remark(one, start) for one in source.remarks]


def join_sources(sources: Sequence[Source]) -> Source:
    """Return one source of a page and its attachments, in this order; a source alone stays as it is.

    Path, address, hash and particulars are those of the first. Every character of the text belongs
    to one of `files`, but for the line ends between them.
    """
    if len(sources) == 1:
        return sources[0]
    joined = _Joined()
    for source in sources:
        share = _find_share(source.text, joined.bare) if joined.texts else 0.0
        if share >= _COPY:
            joined.remarks.append(_remark_copy(source))
            continue
        if share >= _LIKE_COPY:
            joined.remarks.append(_remark_likeness(source, share))
        joined.add(source)
    update = {
        "text": _GAP.join(joined.texts),
        "locations": tuple(joined.locations),
        "remarks": tuple(joined.remarks),
        "files": tuple(joined.files),
    }
    return sources[0].model_copy(update=update)


def _bare(text: str) -> str:
    return _NO_WORD.sub("", text)


def _find_share(text: str, earlier: str) -> float:
    """Return the share of a text's characters, 0 to 1, in lines that the bare text `earlier` has."""
    lines = [bare for line in text.splitlines() if len(bare := _bare(line)) >= _SHORT_LINE]
    whole = sum(map(len, lines))
    return sum(len(line) for line in lines if line in earlier) / whole if whole else 0.0


def _remark_copy(source: Source) -> Problem:
    message = f"the attachment {source.path} prints what the files before it print; it was left out"
    return Problem(code="attachment-copy", severity="info", message=message)


def _remark_likeness(source: Source, share: float) -> Problem:
    message = f"the attachment {source.path} repeats {share:.0%} of the files before it; tasks may be there twice"
    return Problem(code="attachment-repeats", severity="warning", message=message)


def _make_file(source: Source, start: int, end: int) -> JoinedFile:
    span = Span(start=start, end=end)
    return JoinedFile(
        path=source.path or "",
        url=source.url,
        sha256=source.sha256,
        media_type=source.media_type,
        span=span,
    )


def _shift(span: Span, by: int) -> Span:
    return Span(start=span.start + by, end=span.end + by)


def _shift_location(one: Location, by: int) -> Location:
    return replace(one, span=_shift(one.span, by))


def _shift_remark(one: Problem, by: int) -> Problem:
    return replace(one, span=_shift(one.span, by)) if one.span else one
