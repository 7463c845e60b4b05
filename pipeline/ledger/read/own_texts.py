"""Tell the words that people wrote outside of a ledger's tables from those of the ledger itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.ledger.columns import SHEETS
from pipeline.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pipeline.ledger.read.comments import CellComment
    from pipeline.ledger.read.filled_book import Sheet
    from pipeline.ledger.read.filled_rows import FilledTable

# The line below a title of an earlier ledger: 共 12 项, 主办 1 项,协办 5 项; a link back.
_LINE = re.compile(r"^(?:\d+份文件,)?(?:.*共\d+[项个处].*|(?:\w{2}\d+项,?)+|返回\w+目录)$")


class OwnTexts:
    """The texts that a ledger has outside of its tables, by which the words of people are seen."""

    def __init__(self, outside: Collection[str], parties: Collection[str], title: str) -> None:
        self._texts = {squeeze(one) for one in (*outside, *parties, *SHEETS, title)}
        # Earlier ledgers do not say which texts were theirs, nor does one without its hidden sheet.
        self._has_all = bool(outside)
        self._title = squeeze(title)

    def is_note(self, comment: CellComment) -> bool:
        """Whether a comment is a note of the ledger, or of an earlier one, on a corrected cell."""
        is_earlier = not self._has_all and comment.text.startswith("更正: 原读作")
        return is_earlier or squeeze(comment.text) in self._texts

    def is_own(self, text: str, sheet: str) -> bool:
        """Whether a text above the heads of a sheet is the ledger's own."""
        bare = squeeze(text)
        is_line = not self._has_all and _LINE.search(bare.removeprefix(self._title))
        return bare in self._texts or bare == squeeze(sheet) or bool(is_line)


def remark_on_other(sheet: Sheet) -> Iterator[str]:
    """Name a sheet that is no part of the ledger, unless it is empty or one of our own lists."""
    if sheet.name not in SHEETS[1:] and any(map(any, sheet.texts)):
        yield f"{sheet.name}: is no sheet of the ledger and was not read"


def remark_on_above(table: FilledTable, own: OwnTexts) -> list[str]:
    """Tell the words that a person wrote above the heads of a sheet."""
    return [
        f"{table.sheet}: above its heads is written: {' '.join(text.split())}"
        for text in table.above
        if not own.is_own(text, table.sheet)
    ]
