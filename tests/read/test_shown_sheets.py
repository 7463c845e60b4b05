"""Sheets as a reader sees them: cells as shown, nothing hidden, and a remark on what is not read."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from pipeline import read_source
from pipeline.errors import SourceError
from pipeline.read.document_content import Content
from pipeline.read.kinds import kind_of
from pipeline.read.sheet import workbook
from pipeline.read.sheet.book import Book, BookSheet
from pipeline.read.sheet.compound_file import read_stream
from pipeline.read.sheet.shown_sheet import Budget, SheetCells
from tests.read.booksxml import (
    biff5_of,
    compound,
    ods_of,
    record,
    small_compound,
    spreadsheet_xml_of,
    xlsx_of,
)
from tests.read.wordxml import docx, p, zipped

PLACE = Path("a.xls")


def read(data: bytes) -> Content:
    kind = kind_of(data)
    assert kind.name == "office"
    assert kind.read is not None
    return kind.read(data, PLACE)


def codes(content: Content) -> list[tuple[str, str]]:
    return [(one.code, one.severity) for one in content.remarks]


def xls(write: Callable[[xlwt.Worksheet], object]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    write(book.add_sheet("计划"))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def styled(code: str) -> xlwt.XFStyle:
    return xlwt.easyxf(num_format_str=code)


FORMATS = (
    (0.075, "0.0%", "7.5%"),
    (45473, 'yyyy"年"m"月"', "2024年6月"),
    (45473, "m/d/yyyy", "6/30/2024"),
    (10, '0"个"', "10个"),
    (1234.5, "¥#,##0.00", "¥1,234.50"),
    (123, "00000", "00123"),
    (-5, "General", "-5"),
    (0.33, "0.00", "0.33"),
    (536870911, "0", "536870911"),
)


def test_an_old_workbook_shows_its_formats() -> None:
    def write(sheet: xlwt.Worksheet) -> None:
        for row, (value, code, _) in enumerate(FORMATS):
            sheet.write(row, 0, "甲")
            sheet.write(row, 1, value, styled(code))

    lines = read(xls(write)).text.split("\n")
    assert lines == [f"甲\t{text}" for _, _, text in FORMATS]


def test_a_new_workbook_shows_its_formats() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for row, (value, code, _) in enumerate(FORMATS):
            sheet.write(row, 0, "甲")
            sheet.write(row, 1, value, book.add_format({"num_format": code}))
    lines = workbook.read(file.getvalue(), PLACE).text.split("\n")
    assert lines == [f"甲\t{text}" for _, _, text in FORMATS]


def test_days_that_count_from_1904() -> None:
    row = '<row r="1"><c r="A1" s="0"><v>44011</v></c><c r="B1" s="0" t="d"><v>2024-06-30</v></c></row>'
    book = '<workbookPr date1904="1"/>'
    content = workbook.read(xlsx_of(row, formats=("yyyy/m/d",), book=book), PLACE)
    assert content.text == "2024/6/30\t2024/6/30"


def hide_in_xls(sheet: xlwt.Worksheet) -> None:
    for row, line in enumerate(("序号 暗 任务", "1 暗 甲", "2 暗 乙", "3 暗 丙")):
        for column, text in enumerate(line.split(" ")):
            sheet.write(row, column, text)
    sheet.row(2).hidden = True
    sheet.col(1).hidden = True


def test_hidden_rows_and_columns() -> None:
    rows = "".join(
        f'<row r="{row}"{more}>'
        + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in line.split(" "))
        + "</row>"
        for row, (line, more) in enumerate(
            (("序号 暗 任务", ""), ("1 暗 甲", ""), ("2 暗 乙", ' hidden="1"'), ("3 暗 丙", "")), 1
        )
    )
    columns = '<cols><col min="2" max="2" hidden="1"/></cols>'
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    row = "<table:table-row{}>{}</table:table-row>"
    lines = (("序号 暗 任务", ""), ("1 暗 甲", ""), ("2 暗 乙", ' table:visibility="filter"'))
    table = "".join(
        row.format(more, "".join(map(cell.format, line.split(" "))))
        for line, more in (*lines, ("3 暗 丙", ""))
    )
    hidden = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    ss_row = "<Row{}>{}</Row>"
    ss_cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    ss = "".join(
        ss_row.format(more, "".join(map(ss_cell.format, line.split(" "))))
        for line, more in (lines[0], lines[1], (lines[2][0], ' ss:Hidden="1"'), ("3 暗 丙", ""))
    )
    for data in (
        xls(hide_in_xls),
        xlsx_of(rows, before=columns),
        ods_of(f'<table:table table:name="计划">{hidden}{table}</table:table>'),
        spreadsheet_xml_of(f'<Column ss:Index="2" ss:Hidden="1"/>{ss}'),
    ):
        content = read(data) if not data.startswith(b"PK") else workbook.read(data, PLACE)
        assert content.text == "序号\t任务\n1\t甲\n3\t丙"
        assert codes(content) == [("hidden-cells", "info")]
        assert "has 1 hidden row, 1 hidden column, left out" in content.remarks[0].message
        places = {
            content.text[one.span.start : one.span.end]: one.cell for one in content.locations
        }
        assert places["丙"] == "C4"


def test_a_merged_cell_whose_first_row_is_hidden_shows_in_the_others() -> None:
    rows = (
        '<row r="1" hidden="1"><c r="A1" t="str"><v>社会</v></c><c r="B1" t="str"><v>暗</v></c></row>'
        '<row r="2"><c r="A2"/><c r="B2" t="str"><v>甲</v></c></row>'
        '<row r="3"><c r="B3" t="str"><v>乙</v></c></row>'
    )
    merged = '<mergeCells><mergeCell ref="A1:A3"/></mergeCells>'
    assert workbook.read(xlsx_of(rows, after=merged), PLACE).text == "社会\t甲\n社会\t乙"


def test_a_value_that_its_format_hides_is_told() -> None:
    rows = '<row r="1"><c r="A1" t="str"><v>甲</v></c><c r="B1" s="1"><v>5</v></c></row>'
    content = workbook.read(xlsx_of(rows, formats=("General", ";;;")), PLACE)
    assert content.text == "甲"
    assert "1 hidden value," in content.remarks[0].message


def test_formulas_that_nobody_counted_are_told() -> None:
    rows = (
        '<row r="1"><c r="A1" t="str"><v>甲</v></c><c r="B1"><f>1+1</f></c>'
        '<c r="C1"><f>1+1</f><v></v></c><c r="D1" t="str"><f>""</f><v></v></c>'
        '<c r="E1"><f>1+1</f><v>0</v></c></row>'
    )
    content = workbook.read(xlsx_of(rows), PLACE)
    assert content.text == "甲\t0"
    assert codes(content) == [("formulas-without-values", "warning")]
    assert content.remarks[0].message.startswith("2 cells of the sheet 表0 hold formulas")
    uncounted = workbook.read(xlsx_of(rows, book='<calcPr fullCalcOnLoad="1"/>'), PLACE)
    assert uncounted.remarks[0].message.startswith("3 cells")


def test_formulas_of_other_formats() -> None:
    def write(sheet: xlwt.Worksheet) -> None:
        sheet.write(0, 0, "甲")
        sheet.write(0, 1, xlwt.Formula("1+1"))

    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    row = cell.format("", "甲") + '<table:table-cell table:formula="of:=1+1"/>'
    ods = ods_of(f"<table:table><table:table-row>{row}</table:table-row></table:table>")
    ss = '<Row><Cell><Data ss:Type="String">甲</Data></Cell><Cell ss:Formula="=1+1"/></Row>'
    for data in (xls(write), ods, spreadsheet_xml_of(ss)):
        content = workbook.read(data, PLACE)
        assert content.text == "甲"
        assert codes(content) == [("formulas-without-values", "warning")]


def test_results_of_formulas_in_an_old_workbook() -> None:
    tail = struct.pack("<HIH", 0, 0, 0)

    def formula(column: int, result: bytes) -> bytes:
        return record(0x06, struct.pack("<3H", 0, column, 0) + result + tail)

    text = "文".encode("utf-16-le")
    cells = (
        formula(0, struct.pack("<d", 2.5))
        + formula(1, b"\0\0\0\0\0\0\xff\xff")
        + record(0x207, struct.pack("<HB", 1, 1) + text)
        + formula(2, b"\1\0\1\0\0\0\xff\xff")
        + formula(3, b"\2\0\x2a\0\0\0\xff\xff")
        + formula(4, b"\3\0\0\0\0\0\xff\xff")
        + record(0x205, struct.pack("<3H2B", 0, 5, 0, 0, 0))
        + record(0xBD, struct.pack("<2HHIHIH", 0, 6, 0, (7 << 2) | 2, 0, (250 << 2) | 3, 7))
    )
    content = workbook.read(biff8_of(cells), PLACE)
    assert content.text == "2.5\t文\tTRUE\t#N/A\tFALSE\t7\t2.5"
    assert codes(content) == []


def biff8_of(cells: bytes, more: bytes = b"") -> bytes:
    """An Excel 97 workbook of the records of its cells, as a program that counts formulas writes it."""
    begin = record(0x809, struct.pack("<4H", 0x600, 5, 0, 0)) + record(0x1C1, b"\0" * 8) + more
    end = record(0x0A, b"")
    size = len(begin) + 4 + 9 + len(end)
    sheet = record(0x85, struct.pack("<I2B2B", size, 0, 0, 1, 0) + b"S")
    chart = record(0x809, struct.pack("<4H", 0x600, 0x20, 0, 0)) + cells + end
    own = record(0x809, struct.pack("<4H", 0x600, 0x10, 0, 0)) + chart + cells + end
    return compound(begin + sheet + end + own)


def test_a_small_old_workbook() -> None:
    text = "甲".encode("gb18030")
    whole = uncompound(biff5_of((0, 0, text), (0, 1, b"1" * 200), code_page=936))
    assert workbook.read(small_compound(whole), PLACE).text == "甲\t" + "1" * 200


def uncompound(data: bytes) -> bytes:
    stream = read_stream(data, ["Workbook"])
    assert stream is not None
    # The writer fills the stream with zeros.
    return stream.rstrip(b"\0") + b"\0\0\0"


def test_shared_texts_go_on_over_records() -> None:
    """Excel cuts the list of texts into records, with new flags where a text goes on."""
    texts = [f"{n}{'长' * 3000}{'a' * 3000}" for n in range(9)]

    def write(sheet: xlwt.Worksheet) -> None:
        for row, text in enumerate(texts):
            sheet.write(row, 0, text)
            sheet.write(row, 1, f"plain {row}")

    lines = workbook.read(xls(write), PLACE).text.split("\n")
    assert lines == [f"{text}\tplain {row}" for row, text in enumerate(texts)]


def test_a_shared_text_with_formatting_and_a_character_on_both_sides_of_a_border() -> None:
    wide = "\U00020bb7".encode("utf-16-le")
    first = struct.pack("<2I", 2, 2) + struct.pack("<HBH", 2, 9, 1) + wide[:2]
    second = b"\1" + wide[2:] + b"\0" * 4 + struct.pack("<HB", 1, 0) + b"b"
    cells = b"".join(record(0xFD, struct.pack("<3HI", 0, n, 0, n)) for n in (0, 1))
    data = biff8_of(cells, record(0xFC, first) + record(0x3C, second))
    assert workbook.read(data, PLACE).text == "\U00020bb7\tb"


@pytest.mark.parametrize(
    ("encoding", "page"),
    [("gb18030", 936), ("gb18030", 1252), ("gb18030", None), ("gb18030", 77), ("big5", 950), ("cp1251", 1251), ("cp1252", 1252), ("cp1252", 77)],
)  # fmt: skip
def test_an_excel_95_workbook_in_its_code_page(encoding: str, page: int | None) -> None:
    text = {"cp1251": "Дом", "cp1252": "étage été", "big5": "任務"}.get(encoding, "任务")
    cells = ((0, 0, text.encode(encoding)), (0, 1, b"1"))
    content = workbook.read(biff5_of(*cells, code_page=page), PLACE)
    assert content.text == f"{text}\t1"
    assert codes(content) == []


def test_bytes_of_no_character_are_told() -> None:
    content = workbook.read(biff5_of((0, 0, b"\xc8\xce\xff"), code_page=936), PLACE)
    assert "\ufffd" in content.text
    assert codes(content) == [("damaged-bytes", "warning")]


STYLES = (
    '<Style ss:ID="a"><NumberFormat ss:Format="Percent"/></Style><Style ss:ID="b" ss:Parent="a"/>'
    '<Style ss:ID="c"><NumberFormat ss:Format="yyyy&quot;年&quot;m&quot;月&quot;"/></Style>'
)


@pytest.mark.parametrize(
    "start", ["", '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n']
)
def test_excel_xml_of_2003(start: str) -> None:
    table = (
        '<Row><Cell ss:MergeAcross="2"><Data ss:Type="String">题</Data></Cell></Row>'
        '<Row ss:Index="3" ss:StyleID="c"><Cell><Data ss:Type="DateTime">2024-06-30T00:00:00.000'
        '</Data></Cell><Cell ss:StyleID="b"><Data ss:Type="Number">0.075</Data></Cell>'
        '<Cell><Data ss:Type="Boolean">1</Data></Cell></Row>'
    )
    content = read(spreadsheet_xml_of(table, STYLES, start=start))
    assert content.text == "题\n2024年6月\t7.50%\tTRUE"
    assert content.media_type == "application/vnd.ms-excel"


def test_an_open_document_shows_what_its_cells_show() -> None:
    cell = "<table:table-cell{}>{}</table:table-cell>"
    p_ = "<text:p>{}</text:p>"
    percent = cell.format(' office:value-type="percentage" office:value="0.075"', p_.format("7.5%"))
    twice = cell.format(' table:number-columns-repeated="2"', p_.format("甲<text:s text:c='2'/>乙"))
    wide = cell.format(' table:number-columns-spanned="3"', p_.format("题"))
    covered = f"<table:covered-table-cell>{p_.format('暗')}</table:covered-table-cell>"
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    rows = f"<table:table-row>{wide}{covered}</table:table-row><table:table-row>{percent}{twice}"
    shown = f'<table:table table:name="计划">{rows}</table:table-row>{empty}</table:table>'
    hidden = '<table:table table:name="旧" table:style-name="h"/>'
    style = (
        '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    )
    content = read(ods_of(shown + hidden, style))
    assert content.text == "题\n7.5%\t甲  乙\t甲  乙"
    assert codes(content) == [("hidden-sheet", "info")]


def test_groups_of_an_open_document_in_one_xml_document() -> None:
    """Head rows, folded groups, and marks inside a text."""
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    row = f"<table:table-row>{cell.format('<text:span>甲<text:tab/>乙</text:span>丙')}{cell}</table:table-row>"
    rows = f"<table:table-header-rows>{row.format('一')}</table:table-header-rows>"
    rows += (
        f'<table:table-row-group table:display="false">{row.format("二")}</table:table-row-group>'
    )
    columns = (
        "<table:table-columns><table:table-column/></table:table-columns><table:table-column/>"
    )
    with zipfile.ZipFile(io.BytesIO(ods_of(f"<table:table>{columns}{rows}</table:table>"))) as file:
        whole = file.read("content.xml").replace(
            b"<office:document-content ",
            b'<office:document office:mimetype="application/vnd.oasis.opendocument.spreadsheet" ',
        )
    content = read(whole.replace(b"</office:document-content>", b"</office:document>"))
    assert content.text == "甲 乙丙\t一"
    assert codes(content) == [("hidden-cells", "info")]


def test_a_value_that_an_open_document_hides() -> None:
    hidden = (
        '<table:table-cell office:value-type="float" office:value="5"><text:p/></table:table-cell>'
    )
    row = f"<table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell>{hidden}"
    content = workbook.read(ods_of(f"<table:table>{row}</table:table-row></table:table>"), PLACE)
    assert content.remarks[0].message == "the sheet  has 1 hidden value, left out"


def test_a_hidden_sheet_of_2003_and_values_of_no_kind() -> None:
    space = 'xmlns="urn:schemas-microsoft-com:office:excel"'
    options = f"<WorksheetOptions {space}><Visible>SheetHidden</Visible></WorksheetOptions>"
    row = '<Row><Cell><Data ss:Type="{}">{}</Data></Cell></Row>'
    rows = (
        row.format("Number", "约5") + row.format("DateTime", "不日") + row.format("Error", "#N/A")
    )
    assert workbook.read(spreadsheet_xml_of(rows), PLACE).text == "约5\n不日\n#N/A"
    with pytest.raises(SourceError, match="no filled cell"):
        workbook.read(spreadsheet_xml_of(rows, options=options), PLACE)


def flat(package: bytes) -> bytes:
    """The package as one XML document."""
    parts = "".join(
        f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{content.decode()}</pkg:xmlData></pkg:part>'
        for name, content in members(package)
    )
    space = "http://schemas.microsoft.com/office/2006/xmlPackage"
    return f'<?xml version="1.0"?><pkg:package xmlns:pkg="{space}">{parts}</pkg:package>'.encode()


def members(package: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        return [(name, file.read(name)) for name in file.namelist()]


def test_a_package_in_one_xml_document() -> None:
    assert read(flat(docx(p("甲")))).text == "甲"
    assert read(flat(xlsx_of('<row><c t="str"><v>乙</v></c></row>'))).text == "乙"
    whole = flat(docx(p("甲")))
    picture = b'<pkg:part pkg:name="/word/x.png"><pkg:binaryData>{}</pkg:binaryData></pkg:part>'
    for inside in (b"AA\n==", b"A"):
        part = picture.replace(b"{}", inside) + b"</pkg:package>"
        assert read(whole.replace(b"</pkg:package>", part)).text == "甲"
    with pytest.raises(SourceError, match="a package without a document"):
        read(flat(docx(p("甲"))).replace(b"/word/document.xml", b"/word/x.xml"))


def one(text: str) -> str:
    return f'<c t="str"><v>{text}</v></c>'


def test_cells_far_off_cost_nothing() -> None:
    rows = (
        '<row r="1"><c r="A1" t="str"><v>甲</v></c><c r="B1" t="str"><v>乙</v></c></row>'
        '<row r="1048576" spans=">"><c r="XFD1048576"><v>1</v></c></row>'
    )
    assert workbook.read(xlsx_of(rows), PLACE).text == "甲\t乙\n1"


def test_a_sheet_under_many_names_is_read_once() -> None:
    rows = f"<row>{one('甲')}</row>"
    assert workbook.read(xlsx_of(rows, sheets=300), PLACE).text == "甲"


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (xlsx_of('<row r="4294967295"><c><v>1</v></c></row>'), "row 4,294,967,295 and column 1"),
        (xlsx_of('<row r="1"><c r="XFE1"><v>1</v></c></row>'), "column 16,385"),
        (xlsx_of(f"<row>{one('长' * 32768)}</row>"), "32,768 characters"),
        (xlsx_of("<row><c>"), "no whole XML"),
        (xlsx_of('<row><c t="s"><v>0</v></c></row>'), "shows the text 0 of 0"),
        (
            ods_of(
                '<table:table><table:table-row table:number-rows-repeated="1048576"><table:table-cell '
                'table:number-columns-repeated="9"><text:p>甲</text:p></table:table-cell>'
                "</table:table-row></table:table>"
            ),
            "more than 100,000 cells",
        ),
        (
            xlsx_of(
                f'<row r="1">{one("甲")}</row><row r="1048576"><c r="B1048576"><v>1</v></c></row>',
                after='<mergeCells><mergeCell ref="A1:A1048576"/></mergeCells>',
            ),
            "more than 100,000 cells",
        ),
        (
            spreadsheet_xml_of('<Row ss:Hidden="1" ss:Index="1" ss:Span="1048575"/>' * 60),
            "more than 100,000 cells",
        ),
        (compound(b""), "no stream of a workbook|does not begin"),
        (compound(record(0x809, b"\0\2\0\0")), "unknown version 0x200"),
        (biff8_of(record(0xFD, b"\0")), "damaged record"),
        (compound(uncompound(biff8_of(b""))[:-4]), "do not begin or end"),
        (compound(uncompound(biff8_of(b"")) + b"").replace(b"\x09\x08\x08\x00\x00\x06\x10", b"\x08" * 7), "do not begin or end"),
        (biff8_of(b"", record(0x2F, b"\0" * 6)), "encrypted"),
    ],
)  # fmt: skip
def test_refusals(data: bytes, fact: str) -> None:
    with pytest.raises(SourceError, match=fact):
        workbook.read(data, PLACE)


def test_the_readings_over_characters_are_no_text() -> None:
    shared = "<si><t>区</t><rPh><t>暗</t></rPh></si><si><r><t>民</t></r><r><t>政</t></r></si>"
    row = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"/></row>'
    assert workbook.read(xlsx_of(row, shared=shared), PLACE).text == "区\t民政"


def test_a_text_that_is_shown_many_times_uses_up_the_characters() -> None:
    cells = SheetCells("表", Budget(cells=9, characters=100))
    cells.add(0, 0, "长" * 60)
    with pytest.raises(ValueError, match="more than 10,000,000 characters"):
        cells.add(1, 0, "长" * 60)


BINARY = zipped({"xl/workbook.bin": b"x"})


def test_a_binary_workbook_tells_that_its_formats_are_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sheet = BookSheet("计划", 2, 1, [["类别", "增长"], ["民生", 0.075], ["", True]], [(1, 0, 2, 0)])
    monkeypatch.setattr(workbook, "load_apart", lambda *_: Book([sheet], ["旧"]))
    content = workbook.read(BINARY, PLACE)
    assert content.text == "类别\t增长\n民生\t0.075\n民生\tTRUE"
    assert codes(content) == [("hidden-sheet", "info"), ("formats-not-read", "warning")]
    assert content.locations[0].cell == "B3"


@pytest.mark.parametrize(
    ("book", "fact"),
    [(Book(error="odd"), "no readable workbook .odd"), (Book(is_encrypted=True), "is encrypted")],
)
def test_a_binary_workbook_that_is_refused(
    book: Book, fact: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "load_apart", lambda *_: book)
    with pytest.raises(SourceError, match=fact):
        workbook.read(BINARY, PLACE)


def test_a_binary_workbook_without_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "find_spec", lambda _: None)
    with pytest.raises(SourceError, match="needs the extra office"):
        workbook.read(BINARY, PLACE)


def test_damaged_old_workbooks_are_read_or_refused() -> None:
    whole = xls(hide_in_xls)
    for cut in range(0, len(whole), 61):
        broken = bytearray(whole)
        broken[cut] ^= 0xFF
        for data in (whole[:cut], bytes(broken)):
            try:
                workbook.read(data, PLACE)
            except SourceError:
                continue


def test_another_name_is_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(spreadsheet_xml_of("<Row><Cell><Data ss:Type='String'>甲</Data></Cell></Row>"))
    assert read_source(path).text == "甲"
