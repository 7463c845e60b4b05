"""Speed of reading office files against named baselines of the same run.

python -m benchmarks.reading_office
"""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import docx as python_docx
import pdfplumber

from benchmarks.speed import median
from pipeline.read.drawn import ofd, pdf
from pipeline.read.sheet import workbook
from pipeline.read.word import document
from tests.read import writers
from tests.read.writers import Cell, Plan, Table

PLACE = Path("plan")
# A page of the Word file: lines of an item with its clauses, at 28 lines of 28 characters.
ITEMS_A_PAGE = 6


def plan(pages: int) -> Plan:
    """A plan of numbered items with labels, about so many printed pages."""
    found: Plan = ["某区2024年重点工作任务分工方案", "一、重点任务"]
    for number in range(1, pages * ITEMS_A_PAGE + 1):
        found += [
            (
                f"{number}、推进第{number}类事项改革。完善制度，明确标准和时限，压实各方责任，"
                "定期通报进展，确保取得实效，年底前形成一批可复制可推广的经验。"
            ),
            "牵头区领导：王宏彬；",
            "主办单位：区财政局；",
            "协办单位：区发展和改革局、区民政局、区教育局、各街道办。",
        ]
    return found


def table(rows: int) -> Plan:
    """A plan as one table, its category cells merged over four rows."""
    head = [[Cell("序号"), Cell("类别"), Cell("工作任务"), Cell("牵头单位"), Cell("配合单位")]]
    body = []
    for number in range(1, rows + 1):
        category = [Cell(f"第{number // 4 + 1}类", 4)] if number % 4 == 1 else []
        task = Cell(f"推进第{number}类事项改革，完善制度，明确标准和时限，确保取得实效")
        body.append([Cell(str(number)), *category, task, Cell("区财政局"), Cell("区发展和改革局")])
    return ["某区2024年任务分解表", Table(head + body)]


def words(data: bytes) -> None:
    """What the usual library needs for the same file: paragraphs' and cells' bare texts."""
    document = python_docx.Document(io.BytesIO(data))
    for paragraph in document.paragraphs:
        paragraph.text  # noqa: B018
    for one in document.tables:
        for row in one.rows:
            for cell in row.cells:
                cell.text  # noqa: B018


def plumbed(data: bytes) -> None:
    """Pdfplumber's own text and tables of every page."""
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_text()
            page.extract_tables()


def tell(name: str, own: float, baseline: str, other: float) -> None:
    print(
        f"{name:42} {own:8.3f} s   {baseline:34} {other:8.3f} s   ours / this = {own / other:5.2f}"
    )


def main() -> None:
    for name, one in (("200 pages of text", plan(200)), ("a table of 152 rows", table(152))):
        data = writers.docx(one)
        own = median(lambda data=data: document.read(data, PLACE))  # type: ignore[misc]
        tell(f".docx, {name}", own, "python-docx, bare texts", median(lambda: words(data), 1))  # noqa: B023
    for name, one in (("40 pages of text", plan(40)), ("a table of 400 rows", table(400))):
        data = writers.pdf(one)
        own = median(lambda data=data: pdf.read(data, PLACE))  # type: ignore[misc]
        tell(f"PDF, {name}", own, "pdfplumber, text and tables", median(lambda: plumbed(data), 1))  # noqa: B023
    drawn = writers.pdf(plan(40))
    base = median(lambda: pdf.read(drawn, PLACE))
    tell(
        "OFD, 40 pages of text",
        median(lambda: ofd.read(writers.ofd(plan(40)), PLACE)),
        "PDF of the same",
        base,
    )
    book = writers.xlsx(table(2000))
    tell(".xlsx, 2,000 rows", median(lambda: workbook.read(book, PLACE)), "PDF of 40 pages", base)
    data = writers.docx(plan(200))
    tracemalloc.start()
    document.read(data, PLACE)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    print(
        f".docx of 200 pages, {len(data) / 1024:.0f} KiB packed: peak of Python's memory {peak:.1f} MiB"
    )


if __name__ == "__main__":
    main()
