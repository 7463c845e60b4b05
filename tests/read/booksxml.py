"""Workbooks that tests write themselves: from XML, and from the records of old Excel."""

from __future__ import annotations

import io
import struct

from xlwt import CompoundDoc

from tests.read.wordxml import zipped

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SS = "urn:schemas-microsoft-com:office:spreadsheet"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns:"


def xlsx_of(  # noqa: PLR0913 - each is a part of the file
    rows: str,
    *,
    before: str = "",
    after: str = "",
    formats: tuple[str, ...] = (),
    shared: str = "",
    book: str = "",
    sheets: int = 1,
) -> bytes:
    """A workbook of a sheet's rows in XML; style n has the n-th format; so many sheets of one part."""
    defined = "".join(
        f'<numFmt numFmtId="{164 + n}" formatCode="{one}"/>' for n, one in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(formats)))
    named = "".join(f'<sheet name="表{n}" r:id="r1"/>' for n in range(sheets))
    parts = ("worksheet", "sheet.xml"), ("styles", "styles.xml"), ("sharedStrings", "shared.xml")
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_LINKS}/{kind}" Target="{part}"/>'
        for n, (kind, part) in enumerate(parts, 1)
    )
    return zipped(
        {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">{book}'
            f"<sheets>{named}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>',
            "xl/sheet.xml": f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>'
            f"{after}</worksheet>",
            "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts>{defined}</numFmts>'
            f"<cellXfs>{styles}</cellXfs></styleSheet>",
            "xl/shared.xml": f'<sst xmlns="{_MAIN}">{shared}</sst>',
        }
    )


def ods_of(table: str, styles: str = "") -> bytes:
    """An OpenDocument spreadsheet of the tables in its body."""
    names = " ".join(
        f'xmlns:{name}="{_OPEN}{name}:1.0"' for name in ("office", "table", "text", "style")
    )
    content = (
        f"<office:document-content {names}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{table}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content})


def spreadsheet_xml_of(table: str, styles: str = "", options: str = "", start: str = "") -> bytes:
    """A workbook of Excel's XML of 2003, of the rows of its sheet."""
    return (
        f'{start}<Workbook xmlns="{SS}" xmlns:ss="{SS}"><Styles>{styles}</Styles>'
        f'<Worksheet ss:Name="计划"><Table>{table}</Table>{options}</Worksheet></Workbook>'
    ).encode()


def record(kind: int, data: bytes) -> bytes:
    """A record of old Excel."""
    return struct.pack("<2H", kind, len(data)) + data


def biff5_of(*cells: tuple[int, int, bytes], code_page: int | None) -> bytes:
    """An Excel 95 workbook of texts by row and column, in the bytes of their code page."""
    page = b"" if code_page is None else record(0x42, struct.pack("<H", code_page))
    begin = record(0x809, struct.pack("<4H", 0x500, 5, 0, 0)) + page
    name = b"Sheet1"
    size = len(begin) + 4 + 7 + len(name) + 4
    sheet = record(0x85, struct.pack("<I2BB", size, 0, 0, len(name)) + name)
    texts = b"".join(
        record(0x204, struct.pack("<4H", row, column, 0, len(text)) + text)
        for row, column, text in cells
    )
    end = record(0x0A, b"")
    own = record(0x809, struct.pack("<4H", 0x500, 0x10, 0, 0)) + texts + end
    return compound(begin + sheet + end + own)


def compound(stream: bytes) -> bytes:
    """A compound file with the stream of a workbook."""
    file = io.BytesIO()
    CompoundDoc.XlsDoc().save(file, stream)
    return file.getvalue()


def small_compound(stream: bytes) -> bytes:
    """A compound file with a stream below 4,096 bytes, which is kept in small sectors."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    count = -(-len(stream) // 512)
    small = -(-len(stream) // 64)

    def words(*numbers: int) -> bytes:
        return struct.pack(f"<{len(numbers)}I", *numbers).ljust(512, b"\xff")

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        head = text.ljust(64, b"\0") + struct.pack("<HB", len(text), kind)
        return head.ljust(116, b"\0") + struct.pack("<3I", start, size, 0)

    mark = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header = mark + b"\0" * 16 + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<8I", 0, 1, 1, 0, 4096, 2, 1, end) + struct.pack("<2I", 0, 0)
    chain = words(table, end, end, *range(4, 3 + count), end)
    directory = entry("Root Entry", 5, 3, count * 512) + entry("Workbook", 2, 0, len(stream))
    return b"".join(
        (
            header.ljust(512, struct.pack("<B", free & 0xFF)),
            chain,
            directory.ljust(512, b"\0"),
            words(*range(1, small), end),
            stream.ljust(count * 512, b"\0"),
        )
    )
