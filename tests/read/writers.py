"""One plan written out in every format by real writers: lines, and tables with merged cells."""

from __future__ import annotations

import csv
import datetime as dt
import html as markup
import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx as python_docx
import xlsxwriter
import xlwt
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate
from reportlab.platypus import Table as DrawnTable

from tests.read.wordxml import zipped


@dataclass(frozen=True)
class Cell:
    """A cell and how many rows and columns it covers."""

    text: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Table:
    """A table by its rows; a row lists only the cells that begin in it."""

    rows: list[list[Cell]]

    def placed(self) -> Iterator[tuple[int, int, Cell]]:
        """Every cell with its row and column."""
        taken: set[tuple[int, int]] = set()
        for row, cells in enumerate(self.rows):
            column = 0
            for cell in cells:
                while (row, column) in taken:
                    column += 1
                yield row, column, cell
                taken |= {
                    (row + down, column + right)
                    for down in range(cell.rows)
                    for right in range(cell.columns)
                }

    def grid(self) -> list[list[str]]:
        """The texts of all fields, a merged cell's text in each that it covers."""
        width = sum(cell.columns for cell in self.rows[0])
        grid = [[""] * width for _ in self.rows]
        for row, column, cell in self.placed():
            for down in range(cell.rows):
                for right in range(cell.columns):
                    grid[row + down][column + right] = cell.text
        return grid


Plan = list[str | Table]


def lines(plan: Plan) -> list[str]:
    """The plan as the record contract wants its text."""
    found: list[str] = []
    for block in plan:
        found += [block] if isinstance(block, str) else map("\t".join, block.grid())
    return found


def txt(plan: Plan) -> bytes:
    return "\n".join(lines(plan)).encode()


def csv_(plan: Plan) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file)
    for block in plan:
        writer.writerows([[block]] if isinstance(block, str) else block.grid())
    return file.getvalue().encode("utf-8-sig")


def html(plan: Plan) -> bytes:
    parts = []
    for block in plan:
        if isinstance(block, str):
            parts.append(f"<p>{markup.escape(block)}</p>")
            continue
        rows = "".join(
            "<tr>"
            + "".join(
                f'<td rowspan="{cell.rows}" colspan="{cell.columns}">{cell.text}</td>'
                for cell in row
            )
            + "</tr>"
            for row in block.rows
        )
        parts.append(f'<table border="1">{rows}</table>')
    body = "".join(parts)
    return f'<html><meta charset="utf-8"><body><div>{body}</div></body></html>'.encode()


def docx(plan: Plan) -> bytes:
    document = python_docx.Document()
    for block in plan:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        grid = block.grid()
        table = document.add_table(len(grid), len(grid[0]), style="Table Grid")
        for row, column, cell in block.placed():
            last = table.cell(row + cell.rows - 1, column + cell.columns - 1)
            table.cell(row, column).merge(last).text = cell.text
    file = io.BytesIO()
    document.save(file)
    with zipfile.ZipFile(file) as package:  # packed again, for the same bytes on every call
        return zipped({name: package.read(name) for name in package.namelist()})


def letter(tasks: Sequence[tuple[str, str, str]]) -> tuple[bytes, list[str]]:
    """A notice as offices set it, and the lines that a reader sees."""
    document = python_docx.Document()
    found: list[str] = []

    def add(text: str, size: int, where: WD_ALIGN_PARAGRAPH, indent: int = 0) -> None:
        paragraph = document.add_paragraph()
        paragraph.add_run(text).font.size = Pt(size)
        paragraph.alignment = where
        paragraph.paragraph_format.first_line_indent = Pt(indent * size)
        found.append(text)

    center, both, right = (
        WD_ALIGN_PARAGRAPH.CENTER,
        WD_ALIGN_PARAGRAPH.JUSTIFY,
        WD_ALIGN_PARAGRAPH.RIGHT,
    )
    add("甲市人民政府办公室文件", 36, center)
    add(
        "甲市人民政府办公室关于印发2024年全市深化改革优化营商环境重点工作任务分工方案的通知",
        22,
        center,
    )
    add("各县（市、区）人民政府，市政府各部门、各直属机构：", 16, both)
    for number, (task, host, others) in enumerate(list(tasks) * 2, 1):
        text = f"{number}．{task}。进一步完善制度机制，明确工作标准和完成时限，压实各级各部门责任。"
        add(f"{text}（{host}牵头，{others}按职责分工负责）", 16, both, 2)
    add("甲市人民政府办公室", 16, right)
    add("2024年3月1日", 16, right)
    wide = document.add_section()
    wide.page_width, wide.page_height = wide.page_height, wide.page_width
    add("任务分工表", 18, center)
    table = document.add_table(0, 4, style="Table Grid")
    for number, (task, host, others) in enumerate(list(tasks) * 5, 1):
        row = (str(number), task, host, others)
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
        found.append("\t".join(row))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue(), found


def xlsx(plan: Plan) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"created": dt.datetime(2024, 3, 1, tzinfo=dt.UTC)})
        sheet = book.add_worksheet()
        at = 0
        for block in plan:
            if isinstance(block, str):
                sheet.write_string(at, 0, block)
                at += 1
                continue
            for row, column, cell in block.placed():
                if cell.rows * cell.columns > 1:
                    last = (at + row + cell.rows - 1, column + cell.columns - 1)
                    sheet.merge_range(at + row, column, *last, cell.text)
                else:
                    sheet.write(at + row, column, _value(cell.text))
            at += len(block.rows)
    return file.getvalue()


def xls(plan: Plan) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    at = 0
    for block in plan:
        if isinstance(block, str):
            sheet.write(at, 0, block)
            at += 1
            continue
        for row, column, cell in block.placed():
            sheet.write_merge(
                *(at + row, at + row + cell.rows - 1, column, column + cell.columns - 1),
                _value(cell.text),
            )
        at += len(block.rows)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _value(text: str) -> str | int:
    return int(text) if text.isdecimal() else text


def pdf(plan: Plan) -> bytes:
    """Indented paragraphs in a font of the reader's own, a running head, page numbers."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = ParagraphStyle(
        "body", fontName="STSong-Light", fontSize=12, leading=20, firstLineIndent=24, wordWrap="CJK"
    )
    small = ParagraphStyle("small", fontName="STSong-Light", fontSize=9, leading=12, wordWrap="CJK")
    flow: list[Flowable] = []
    for block in plan:
        if isinstance(block, str):
            flow.append(Paragraph(markup.escape(block), body))
            continue
        grid: list[list[object]] = [[""] * len(row) for row in block.grid()]
        style: list[tuple[object, ...]] = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
        for row, column, cell in block.placed():
            grid[row][column] = Paragraph(cell.text, small)
            end = (column + cell.columns - 1, row + cell.rows - 1)
            style.append(("SPAN", (column, row), end))
        widths = [40, 60, 150, 80, 110][: len(grid[0])]
        flow.append(DrawnTable(grid, colWidths=widths, style=style, repeatRows=2))
    file = io.BytesIO()
    document = SimpleDocTemplate(file, pagesize=A4, invariant=1)
    has_head = len(lines(plan)) > 20  # a head on a single page is a line like any other

    def furniture(canvas: Any, document: Any) -> None:
        canvas.setFont("STSong-Light", 9)
        if has_head:
            canvas.drawString(72, A4[1] - 40, "某市人民政府公报")
        canvas.drawCentredString(A4[0] / 2, 30, f"— {document.page} —")

    document.build(flow, onFirstPage=furniture, onLaterPages=furniture)
    return file.getvalue()


def ofd(plan: Plan) -> bytes:
    """Pages in millimetres: 4 mm characters, indented paragraphs, ruled tables."""
    drawn = _Ofd()
    for block in plan:
        if isinstance(block, str):
            drawn.paragraph(block)
        else:
            drawn.table(block)
    return drawn.finish()


class _Ofd:
    SIZE, LEFT, RIGHT, TOP, BOTTOM = 4.0, 28.0, 184.0, 30.0, 260.0
    WIDTHS = (12.0, 24.0, 52.0, 28.0, 40.0)

    def __init__(self) -> None:
        self._pages: list[list[str]] = [[]]
        self._y = self.TOP

    def paragraph(self, text: str) -> None:
        indent = 2 * self.SIZE
        for line in self._wrapped(text, self.RIGHT - self.LEFT, indent):
            if self._y > self.BOTTOM:
                self._pages.append([])
                self._y = self.TOP
            self._write(self.LEFT + indent, self._y, line)
            self._y += 7
            indent = 0.0

    def _wide(self, sign: str) -> float:
        return self.SIZE / 2 if sign.isascii() else self.SIZE

    def _wrapped(self, text: str, room: float, indent: float = 0.0) -> list[str]:
        """The text as lines that fit, broken between any two characters."""
        found, used = [""], indent
        for sign in text:
            if used + self._wide(sign) > room:
                found.append("")
                used = 0.0
            found[-1] += sign
            used += self._wide(sign)
        return found

    def _write(self, x: float, y: float, text: str) -> None:
        steps = " ".join(str(self._wide(sign)) for sign in text[:-1])
        self._pages[-1].append(
            f'<ofd:TextObject Boundary="{x} {y} 170 6" Size="{self.SIZE}">'
            f'<ofd:TextCode X="0" Y="4" DeltaX="{steps}">{markup.escape(text)}</ofd:TextCode>'
            "</ofd:TextObject>"
        )

    def table(self, table: Table) -> None:
        """Every cell a box of four strokes; a row is as high as its longest unmerged cell."""
        lefts = [self.LEFT + sum(self.WIDTHS[:n]) for n in range(len(self.WIDTHS) + 1)]
        cells = list(table.placed())
        high = [5.0] * len(table.rows)
        for row, column, cell in cells:
            room = lefts[column + cell.columns] - lefts[column] - 2
            need = len(self._wrapped(cell.text, room)) * 5.0 + 2
            high[row] = max(high[row], need / cell.rows)
        tops = [self._y + sum(high[:n]) for n in range(len(high) + 1)]
        for row, column, cell in cells:
            left, right = lefts[column], lefts[column + cell.columns]
            top, bottom = tops[row], tops[row + cell.rows]
            self._pages[-1].append(
                f'<ofd:PathObject Boundary="{left} {top} {right - left} {bottom - top}" '
                f'LineWidth="0.2"><ofd:AbbreviatedData>M 0 0 L {right - left} 0 L {right - left} '
                f"{bottom - top} L 0 {bottom - top} C</ofd:AbbreviatedData></ofd:PathObject>"
            )
            for number, line in enumerate(self._wrapped(cell.text, right - left - 2)):
                self._write(left + 1, top + 1 + number * 5, line)
        self._y = tops[-1] + 3

    def finish(self) -> bytes:
        space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
        members: dict[str, str | bytes] = {
            "OFD.xml": f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml"
            "</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:CommonData><ofd:PageArea>"
            "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
            "<ofd:Pages>"
            + "".join(
                f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>'
                for n in range(len(self._pages))
            )
            + "</ofd:Pages></ofd:Document>",
        }
        for number, objects in enumerate(self._pages):
            members[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
                f"<ofd:Page {space}><ofd:Content><ofd:Layer>{''.join(objects)}"
                "</ofd:Layer></ofd:Content></ofd:Page>"
            )
        return zipped(members)


def converted(data: bytes, suffix: str, kind: str, folder: Path) -> bytes:
    """A file as LibreOffice writes it in another format: "doc:MS Word 97"."""
    return all_converted({"plan": data}, suffix, kind, folder)["plan"]


def all_converted(
    documents: dict[str, bytes], suffix: str, kind: str, folder: Path
) -> dict[str, bytes]:
    """Documents by name as LibreOffice writes them in another format, in one start of it."""
    sources = [folder / f"{name}{suffix}" for name in documents]
    for source, data in zip(sources, documents.values(), strict=True):
        source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [shutil.which("soffice") or "soffice", profile, "--headless", "--convert-to", kind]
    out = folder / "out"
    subprocess.run(
        [*command, "--outdir", str(out), *map(str, sources)],
        capture_output=True, check=True, timeout=240,
    )  # fmt: skip
    ending = kind.split(":", maxsplit=1)[0]
    return {name: (out / f"{name}.{ending}").read_bytes() for name in documents}


WRITERS = {
    "txt": txt,
    "csv": csv_,
    "html": html,
    "docx": docx,
    "xlsx": xlsx,
    "xls": xls,
    "pdf": pdf,
    "ofd": ofd,
}
# What LibreOffice makes of the Word file, and what each needs installed beside it.
CONVERTED = {"doc": "doc:MS Word 97", "rtf": "rtf", "odt": "odt", "printed.pdf": "pdf"}
