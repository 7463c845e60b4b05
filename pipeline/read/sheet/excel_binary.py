"""Read the sheets of an old Excel workbook (.xls, .et of WPS), each cell as it is shown.

Both layouts of its records are read: that of Excel 97 to 2003 (BIFF8), whose texts are Unicode, and
that of Excel 5 and 95 (BIFF5), whose texts are in the code page of the system that wrote them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import SourceError
from pipeline.read.sheet.binary_texts import TextReader, read_shared_texts
from pipeline.read.sheet.compound_file import read_stream
from pipeline.read.sheet.formats.built_in import format_code
from pipeline.read.sheet.formats.tokens import GENERAL
from pipeline.read.sheet.formats.value import CellValue, show_value
from pipeline.read.sheet.read_sheets import ReadSheets, shared_text

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.read.sheet.shown_sheet import SheetCells

_STREAMS = ("Workbook", "Book")
_BEGIN, _END, _CONTINUE = 0x809, 0x0A, 0x3C
_CODE_PAGE, _DATE_MODE, _FORMAT, _STYLE, _SHEET, _SHARED, _PASSWORD = (
    *(0x42, 0x22, 0x41E, 0xE0, 0x85, 0xFC, 0x2F),
)
_RECALCULATED = 0x1C1
_ROW, _COLUMNS, _MERGED = 0x208, 0x7D, 0xE5
_SHARED_TEXT, _LABEL, _RICH_LABEL, _NUMBER, _PACKED, _PACKED_MANY, _FORMULA, _TEXT, _TRUTH = (
    *(0xFD, 0x204, 0xD6, 0x203, 0x27E, 0xBD, 0x06, 0x207, 0x205),
)
_BIFF5, _BIFF8 = 0x500, 0x600
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


class _Record(NamedTuple):
    kind: int
    data: bytes
    at: int


@dataclass(slots=True)
class _BookFacts:
    """What stands before the sheets: texts, formats, and where each sheet begins."""

    texts: TextReader
    from_1904: bool = False
    is_counted: bool = False
    shared: list[str] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)
    sheets: list[tuple[int, int, bytes]] = field(default_factory=list)

    def code(self, style: int) -> str:
        """The number format of a cell style."""
        known = style < len(self.styles)
        return format_code(self.styles[style], self.formats) if known else GENERAL


def read_excel_binary(data: bytes, place: Path) -> ReadSheets:
    """The visible sheets.

    Raises SourceError for an encrypted workbook, ValueError for a damaged one and beyond the limits.
    """
    stream = read_stream(data, _STREAMS)
    if stream is None:
        fact = "it has no stream of a workbook"
        raise ValueError(fact)
    try:
        facts = _read_facts(stream, place)
        return _read_sheets(stream, facts)
    except (struct.error, IndexError) as error:
        fact = f"a damaged record ({error})"
        raise ValueError(fact) from error


def _records(stream: bytes, at: int) -> Iterator[_Record]:
    """The records from a place on; those that continue one are not joined to it."""
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, at)
        yield _Record(kind, stream[at + 4 : at + 4 + size], at)
        at += 4 + size


def _read_facts(stream: bytes, place: Path) -> _BookFacts:
    first = next(_records(stream, 0), None)
    if first is None or first.kind != _BEGIN or len(first.data) < 4:
        fact = "its stream does not begin as a workbook does"
        raise ValueError(fact)
    (version,) = struct.unpack_from("<H", first.data)
    if version not in (_BIFF5, _BIFF8):
        fact = f"of the unknown version {version:#x}"
        raise ValueError(fact)
    facts = _BookFacts(TextReader(is_unicode=version == _BIFF8))
    formats: list[tuple[int, bytes]] = []
    parts: list[bytes] = []
    for record in _records(stream, 0):
        if record.kind == _END:
            break
        if record.kind == _PASSWORD:
            raise SourceError(place, "the workbook is encrypted", "save it without a password")
        if record.kind == _SHARED or (parts and record.kind == _CONTINUE):
            parts.append(record.data)
        elif parts and not facts.shared:
            facts.shared = read_shared_texts(parts)
        _take_fact(record, facts, formats)
    if parts and not facts.shared:
        facts.shared = read_shared_texts(parts)
    _choose_code_page(stream, facts, formats)
    for number, text in formats:
        facts.formats[number] = facts.texts.text(text, 2 if version == _BIFF8 else 1)
    return facts


def _take_fact(record: _Record, facts: _BookFacts, formats: list[tuple[int, bytes]]) -> None:
    data = record.data
    if record.kind == _CODE_PAGE:
        (facts.texts.code_page,) = struct.unpack_from("<H", data)
    elif record.kind == _DATE_MODE:
        facts.from_1904 = data[:1] == b"\1"
    elif record.kind == _RECALCULATED:
        facts.is_counted = True
    elif record.kind == _FORMAT:
        formats.append((struct.unpack_from("<H", data)[0], data[2:]))
    elif record.kind == _STYLE:
        facts.styles.append(struct.unpack_from("<H", data, 2)[0])
    elif record.kind == _SHEET:
        start, state, kind = struct.unpack_from("<I2B", data)
        if kind == 0:
            facts.sheets.append((start, state & 3, data[6:]))


def _choose_code_page(stream: bytes, facts: _BookFacts, formats: list[tuple[int, bytes]]) -> None:
    """Find the code page by the texts themselves where the file names none that can be theirs."""
    if facts.texts.is_unicode:
        return
    named = (name for _, _, name in facts.sheets)
    texts = [text[1 : 1 + text[0]] for text in (*named, *(text for _, text in formats)) if text]
    for record in _records(stream, 0):
        start = {_LABEL: 6, _RICH_LABEL: 6, _TEXT: 0}.get(record.kind)
        if start is not None:
            length = int.from_bytes(record.data[start : start + 2], "little")
            texts.append(record.data[start + 2 : start + 2 + length])
    facts.texts.choose(texts)


def _read_sheets(stream: bytes, facts: _BookFacts) -> ReadSheets:
    book = ReadSheets()
    done: set[int] = set()
    for start, state, text in facts.sheets:
        name = facts.texts.text(text, 1)
        if state:
            book.hidden.append(name)
        # The same records under many names would be read as often.
        elif start not in done:
            done.add(start)
            cells = book.begin(name)
            _SheetReader(cells, facts).read(_own_records(stream, start))
            book.end(cells)
    if facts.texts.lost:
        message = f"{facts.texts.lost} texts have bytes that belong to no character"
        book.remark("damaged-bytes", message)
    return book


def _own_records(stream: bytes, start: int) -> Iterator[_Record]:
    """The records of a sheet without those of the charts in it.

    Raises ValueError where they do not begin or end: cells would be missing without a word.
    """
    depth = 0
    for record in _records(stream, start):
        if not depth and record.kind != _BEGIN:
            break
        depth += (record.kind == _BEGIN) - (record.kind == _END)
        if not depth:
            return
        if depth == 1:
            yield record
    fact = "the records of a sheet do not begin or end"
    raise ValueError(fact)


class _SheetReader:
    """Reads the records of a sheet into its cells."""

    def __init__(self, cells: SheetCells, facts: _BookFacts) -> None:
        self._cells = cells
        self._facts = facts
        # The cell of a formula whose text stands in a later record.
        self._waiting: tuple[int, int, int] | None = None

    def read(self, records: Iterator[_Record]) -> None:
        for kind, data, _ in records:
            if kind == _ROW:
                row, flags = struct.unpack_from("<H10xH", data)
                if flags & 0x20:
                    self._cells.hide_rows(row, row)
            elif kind == _COLUMNS:
                first, last, width, _, flags = struct.unpack_from("<5H", data)
                if flags & 1 or not width:
                    self._cells.hide_columns(first, last)
            elif kind == _MERGED:
                self._read_areas(data)
            elif kind == _TEXT and self._waiting:
                self._add(*self._waiting, self._facts.texts.text(data, 2))
                self._waiting = None
            else:
                self._read_cell(kind, data)

    def _read_areas(self, data: bytes) -> None:
        (count,) = struct.unpack_from("<H", data)
        for at in range(count):
            top, bottom, left, right = struct.unpack_from("<4H", data, 2 + 8 * at)
            self._cells.areas.append((top, left, bottom, right))

    def _read_cell(self, kind: int, data: bytes) -> None:
        if kind == _PACKED_MANY:
            row, first = struct.unpack_from("<2H", data)
            for place in range((len(data) - 6) // 6):
                style, packed = struct.unpack_from("<HI", data, 4 + 6 * place)
                self._add(row, first + place, style, _unpacked(packed))
            return
        if kind not in (_SHARED_TEXT, _LABEL, _RICH_LABEL, _NUMBER, _PACKED, _FORMULA, _TRUTH):
            return
        row, column, style = struct.unpack_from("<3H", data)
        if kind == _FORMULA:
            self._read_formula(row, column, style, data)
            return
        self._add(row, column, style, self._value(kind, data))

    def _value(self, kind: int, data: bytes) -> CellValue:
        if kind == _SHARED_TEXT:
            (at,) = struct.unpack_from("<I", data, 6)
            return shared_text(self._facts.shared, at)
        if kind in (_LABEL, _RICH_LABEL):
            return self._facts.texts.text(data[6:], 2)
        if kind == _NUMBER:
            return float(struct.unpack_from("<d", data, 6)[0])
        if kind == _PACKED:
            return _unpacked(struct.unpack_from("<I", data, 6)[0])
        return _truth_or_error(data[6], is_error=bool(data[7]))

    def _read_formula(self, row: int, column: int, style: int, data: bytes) -> None:
        result = data[6:14]
        if result[6:8] != b"\xff\xff":
            self._add(row, column, style, float(struct.unpack("<d", result)[0]))
        elif result[0] == 0:
            self._waiting = (row, column, style)
        elif result[0] in (1, 2):
            self._add(row, column, style, _truth_or_error(result[2], is_error=result[0] == 2))
        elif not self._facts.is_counted:
            # An empty text; programs that count no formulas store it too.
            self._cells.uncounted += 1

    def _add(self, row: int, column: int, style: int, value: CellValue) -> None:
        text = show_value(value, self._facts.code(style), from_1904=self._facts.from_1904)
        self._cells.add(row, column, text, is_empty=not str(value).strip())


def _truth_or_error(code: int, *, is_error: bool) -> CellValue:
    return _ERRORS.get(code, "#N/A") if is_error else bool(code)


def _unpacked(packed: int) -> float:
    """A number in 30 bits: a whole one or the upper half of a float, perhaps a hundredfold."""
    if packed & 2:
        value = float((packed >> 2) - ((packed & 0x80000000) >> 1))
    else:
        value = float(struct.unpack("<d", struct.pack("<2I", 0, packed & 0xFFFFFFFC))[0])
    return value / 100 if packed & 1 else value
