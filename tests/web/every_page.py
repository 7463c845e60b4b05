"""An OUTPUT in which every page of the desk has something to show, and the addresses of these pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from pipeline.batch.source_files import find_jobs
from pipeline.batch.update import update_dataset
from pipeline.dataset.record_files import read_records
from pipeline.decisions.anchors import anchor_of
from pipeline.ledger.progress import WrittenCell, write_progress
from pipeline.model import Notice
from tests.compare.views.browser import is_narrow_enough, open_all
from tests.read.writers import Cell, Plan, Table, docx, html, pdf, xlsx
from tests.web.small_desk import HEAD

_WRITERS = {"pdf": pdf, "xlsx": xlsx, "docx": docx, "html": html}
_HEADS = ("序号", "工作任务", "牵头领导", "责任单位", "配合单位", "完成时限")
_EVIL = "<script>alert(1)</script>\u202e反\u202c\u200b"
_DOUBTFUL = HEAD + "".join(
    f"{n}.推进第{n}号社区食堂建设,改善老人就餐条件,\n责任单位:区民政局、区财政局\n"
    for n in (1, 2, 3)
)
BODY = "区民政局"
_CONTRAST = "color-contrast"
_RUN_AXE = """async (options) => (await axe.run(document, options)).violations.flatMap(
  (one) => one.nodes.map((node) => [one.id, node.html]))"""


def write_sources(folder: Path, others: list[Path]) -> Path:
    """Write plans of every kind into a folder, beside those of other folders."""
    folder.mkdir()
    for kind, write in _WRITERS.items():
        (folder / f"table.{kind}").write_bytes(write(_plan_of_table()))
    (folder / "doubtful.txt").write_text(_DOUBTFUL, "utf-8")
    hostile = f"魔山区2024年重点工作计划\n1.推进{_EVIL}建设，\n责任单位：区民政局\n"
    (folder / "hostile.txt").write_text(hostile, "utf-8")
    for other in others:
        for path in sorted(other.glob("*.txt")):
            (folder / f"{other.parent.name}-{path.name}").write_bytes(path.read_bytes())
    return folder


def _plan_of_table() -> Plan:
    rows = [
        (str(n), f"建设第{n}号社区综合服务中心，完善配套设施。", "王宏彬", "区民政局", "区财政局、各街道办", "6月底前")
        for n in range(1, 5)
    ]  # fmt: skip
    table = Table([[Cell(text) for text in row] for row in (_HEADS, *rows)])
    return ["海山区2023年重点工作任务分工表", "海府办〔2023〕9号", table, "海山区人民政府办公室"]


def make_full_output(home: Path, others: list[Path]) -> Path:
    """Parse them; the ledger has progress of one body."""
    sources = write_sources(home / "sources", others)
    output = home / "output"
    assert update_dataset(find_jobs([sources], output).jobs, output).errors == []
    notices = list(read_records(output))
    first = _notice_of(notices, "doubtful.txt")
    cells = [WrittenCell(anchor_of(first, first.items[0]), BODY, "完成情况", "推进中")]
    write_progress(output, notices, cells)
    return output


def _notice_of(notices: list[Notice], name: str) -> Notice:
    return next(one for one in notices if (one.source.path or "").endswith(name))


def list_pages(output: Path) -> list[str]:
    """Return the addresses of every page that is read."""
    notices = list(read_records(output))
    ids = {
        kind: _notice_of(notices, kind).notice_id
        for kind in ("doubtful.txt", "hostile.txt", *(f"table.{kind}" for kind in _WRITERS))
    }
    leader = urlencode({"name": "王宏彬", "post": "", "place": _place(notices, ids["table.pdf"])})
    words = urlencode({"words": "社区"})
    return [
        "/", "/?by=series", "/?words=没有", "/queue", "/queue?doubt=none",
        *(f"/notices/{one}" for one in ids.values()),
        f"/search?{words}", f"/search?{words}&year=2024&role=host", "/search?words=没有",
        "/bodies", "/bodies?words=没有", f"/bodies/body?{urlencode({'name': BODY})}",
        "/leaders", f"/leaders/leader?{leader}",
        "/years?all=true", "/years?words=没有", "/names?show=all", "/names?words=没有",
        "/api/v1", "/enter", "/no/such/page", "/notices/none",
    ]  # fmt: skip


def _place(notices: list[Notice], notice_id: str) -> str:
    found = next(one for one in notices if one.notice_id == notice_id)
    return found.place or found.region or ""


def find_faults_of_looks(page: Page, language: str) -> Iterator[tuple[str, list[str]]]:
    """Look at a loaded page in both widths: what axe finds, and what is wider than the window.

    English has other words, and the same elements and colours: its pages are looked at by axe in one
    width, and without contrasts. Those are looked at in the dark once, which is else the same page.
    """
    open_all(page)
    is_whole = language == "zh"
    options: dict[str, object] = {} if is_whole else {"rules": {_CONTRAST: {"enabled": False}}}
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        if not is_narrow_enough(page):
            yield str(width), ["wider than the window"]
        if is_whole or width == 390:
            for fault in _run_axe(page, options):
                yield f"{width} light", fault
    if is_whole:
        page.emulate_media(color_scheme="dark")
        for fault in _run_axe(page, {"runOnly": [_CONTRAST]}):
            yield "390 dark", fault
        page.emulate_media(color_scheme="light")


def _run_axe(page: Page, options: dict[str, object]) -> list[list[str]]:
    """Return what axe finds, each place with the rule; a page loads axe once.

    The style sheets, which a copy's pages may not fetch, are not preloaded: no rule that runs needs them.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    chosen = {"resultTypes": ["violations"], "preload": False, **options}
    found: list[list[str]] = page.evaluate(_RUN_AXE, chosen)
    return found
