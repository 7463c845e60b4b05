"""One plan in every format: the same lines, and a record equal in every field but source."""

from __future__ import annotations

import functools
import shutil
import tempfile
from pathlib import Path

import pytest

from pipeline import parse_notice, read_source
from pipeline.model import Notice
from tests.conftest import RAW, has_chinese_font, need, parse
from tests.read import writers
from tests.read.writers import Cell, Plan, Table

TASKS = (
    ("完善养老服务体系", "区民政局", "区财政局、区卫生健康局"),
    ("推进老旧小区改造", "区住房和建设局", "区发展和改革局、各街道办"),
    ("优化营商环境", "区政务服务数据管理局", "区市场监管局、区税务局"),
    ("加强水环境治理", "区水务局", "区生态环境局、区城管局"),
    ("建设智慧校园", "区教育局", "区工业和信息化局、区财政局"),
    ("提升应急处置能力", "区应急管理局", "区公安分局、区消防救援大队"),
)
MEANS = "制定工作方案，明确标准和时限，压实各方责任，定期通报进展，确保取得实效"


def labelled() -> Plan:
    """Labels on lines of their own under each item."""
    plan: Plan = ["某区2024年改革计划", "一、重点改革项目", "（一）推动社会建设创新。"]
    for number, (task, host, others) in enumerate(TASKS, 1):
        plan.append(f"{number}、{task}。{MEANS}。")
        plan += ["牵头区领导：王宏彬；", f"主办单位：{host}；", f"协办单位：{others}。"]
    return [*plan, "二、工作要求", "各单位要切实加强领导，认真组织实施。"]


def bracketed() -> Plan:
    """A closing bracket with verbs after each item."""
    plan: Plan = ["某市2025年重点工作分工方案"]
    for part, start in (("一、保障改善民生", 0), ("二、优化发展环境", 3)):
        plan.append(part)
        for number, (task, host, others) in enumerate(TASKS[start : start + 3], start + 1):
            plan.append(f"{number}.{task}。{MEANS}。（{host}牵头，{others}配合）")
    return plan


def tabular() -> Plan:
    """A table with a header over two rows and merged category cells."""
    head = [
        [Cell("序号", 2), Cell("类别", 2), Cell("工作任务", 2), Cell("责任单位", 1, 2)],
        [Cell("牵头单位"), Cell("配合单位")],
    ]
    rows = []
    for number, (task, host, others) in enumerate(TASKS, 1):
        category = [Cell(("社会建设", "城市治理")[number // 4], 3)] if number % 3 == 1 else []
        rows.append([Cell(str(number)), *category, *map(Cell, (task, host, others))])
    note = "注：各单位按职责分工负责，每季度末报送进展情况。"
    return ["某区2024年重点工作任务分解表", Table(head + rows), note]


PLANS: dict[str, Plan] = {
    "yantian": [line for line in RAW.read_text("utf-8").split("\n") if line.strip()],
    "labels": labelled(),
    "brackets": bracketed(),
    "table": tabular(),
}


# What stands around a document on every page of its site is left out of a page.
FURNITURE = "扫一扫在手机上打开当前页"


def is_there(kind: str) -> bool:
    """Whether what a converted kind needs is installed."""
    if shutil.which("soffice") is None:
        return False
    return kind != "printed.pdf" or has_chinese_font()


@functools.cache
def written(kind: str, name: str) -> bytes:
    plan = PLANS[name]
    if kind in writers.WRITERS:
        return writers.WRITERS[kind](plan)
    return all_written(kind)[name]


@functools.cache
def all_written(kind: str) -> dict[str, bytes]:
    """Every plan in a format that LibreOffice writes, which is slow to start."""
    documents = {name: writers.docx(plan) for name, plan in PLANS.items()}
    with tempfile.TemporaryDirectory() as folder:
        return writers.all_converted(documents, ".docx", writers.CONVERTED[kind], Path(folder))


def read(kind: str, name: str, folder: Path) -> Notice:
    if kind in writers.CONVERTED:
        need(is_there(kind), "LibreOffice (libreoffice-writer-nogui) and, for PDF, a Chinese font")
    path = folder / f"plan.{kind}"
    path.write_bytes(written(kind, name))
    return parse_notice(read_source(path), "notice")


def bare(text: str) -> list[str]:
    """Lines without blanks at their ends, and no empty ones."""
    return [line.strip(" \u3000") for line in text.split("\n") if line.strip()]


def values(notice: Notice) -> object:
    """What the record says, without the source and the places in it."""

    def kept(value: object) -> object:
        if isinstance(value, dict):
            drop = ("span", "scope", "source")
            return {key: kept(inner) for key, inner in value.items() if key not in drop}
        return [kept(inner) for inner in value] if isinstance(value, list) else value

    return kept(notice.model_dump(mode="json"))


CASES = [(name, kind) for name in PLANS for kind in (*writers.WRITERS, *writers.CONVERTED)]
# a conversion takes a second: one plan is enough for a format that is read on the way
CASES = [case for case in CASES if case[1] != "odt" or case[0] == "table"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param(*case, marks=[pytest.mark.tries] * (case[1] in writers.CONVERTED))
        for case in CASES
    ],
)
def test_every_format_gives_the_same_lines_and_record(name: str, kind: str, tmp_path: Path) -> None:
    notice = read(kind, name, tmp_path)
    text = "\n".join(writers.lines(PLANS[name]))
    if kind == "html":
        text = text.replace(FURNITURE, "")
    assert bare(notice.source.text) == bare(text)
    assert values(notice) == values(parse(text))


@pytest.mark.parametrize("kind", ["docx", "xlsx", "xls", "csv", "pdf", "ofd"])
def test_a_place_leads_back_to_the_file(kind: str, tmp_path: Path) -> None:
    source = read(kind, "table", tmp_path).source
    text = "区水务局"
    (found,) = [
        one for one in source.locations if source.text[one.span.start : one.span.end] == text
    ]
    if kind in ("xlsx", "xls", "csv"):
        assert found.cell == "D7"
    else:
        assert (found.table, found.row, found.column) == (1, 6, 4)
    assert found.page == (1 if kind in ("pdf", "ofd") else None)


def test_the_plans_have_the_items_they_were_made_with(tmp_path: Path) -> None:
    for name, number in (("yantian", 12), ("labels", 6), ("brackets", 6)):
        assert len(read("txt", name, tmp_path).items) == number


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pdf", "ofd"])
def test_published_documents_keep_every_line(kind: str, corpus: Path, tmp_path: Path) -> None:
    """Real documents, some a single line of thousands of characters; blanks aside."""
    for path in sorted(corpus.glob("*/doc.txt")):
        plan: Plan = list(bare(read_source(path).text))
        file = tmp_path / f"{path.parent.name}.{kind}"
        file.write_bytes(writers.WRITERS[kind](plan))
        found, expected = (
            ["".join(line.split()) for line in lines]
            for lines in (bare(read_source(file).text), writers.lines(plan))
        )
        assert found == expected, path.parent.name


def test_a_printed_letter_with_a_wide_page(tmp_path: Path) -> None:
    """A large centred title over lines, indented text, a signature at the right, a wide table."""
    need(is_there("printed.pdf"), "LibreOffice (libreoffice-writer-nogui) and a Chinese font")
    data, expected = writers.letter(TASKS)
    file = tmp_path / "letter.pdf"
    file.write_bytes(writers.converted(data, ".docx", "pdf", tmp_path))
    assert bare(read_source(file).text) == expected
    (tmp_path / "letter.docx").write_bytes(data)
    assert bare(read_source(tmp_path / "letter.docx").text) == expected
