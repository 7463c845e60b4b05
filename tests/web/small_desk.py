"""A small OUTPUT that tests change, and a desk over it."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from pipeline.batch.source_files import find_jobs
from pipeline.batch.update import update_dataset
from pipeline.web.app import create_app
from pipeline.web.settings import DeskSettings

HEAD = "海山区2024年重点工作计划\n海府办〔2024〕3号\n一、民生\n"
ITEM = "{n}.{words}。\n牵头领导:李明\n责任单位:区{unit}局\n协办单位:区财政局、区教育局\n完成时限:{month}月底前\n"
PLAN = HEAD + "".join(
    ITEM.format(n=n, words=words, unit=unit, month=n + 4)
    for n, words, unit in (
        (1, "新建三个社区食堂,方便老人就餐", "民政"),
        (2, "改造老旧小区二十个,加装电梯三十部", "住房和建设"),
        (3, "整治海岸线五公里,种植红树林", "生态环境"),
    )
)
OTHER = (PLAN + "4.建设智慧停车位一千个。\n责任单位:区交通运输局\n").replace("海山区", "江口区")


def parse(folder: Path, output: Path) -> None:
    """Parse a folder into an OUTPUT."""
    report = update_dataset(find_jobs([folder], output).jobs, output)
    assert report.errors == []


def make_small_output(home: Path) -> Path:
    """Make an OUTPUT with two plans."""
    (home / "raw").mkdir()
    (home / "raw" / "haishan.txt").write_text(PLAN, "utf-8")
    (home / "raw" / "jiangkou.txt").write_text(OTHER, "utf-8")
    parse(home / "raw", home / "output")
    return home / "output"


def open_desk(output: Path, **settings: object) -> TestClient:
    """A client of a desk; its copy for lists lies beside the OUTPUT."""
    chosen = {"cache": output.parent / "cache", **settings}
    app = create_app(DeskSettings(output, **chosen))  # type: ignore[arg-type]
    return TestClient(app, base_url="http://127.0.0.1:8400", follow_redirects=False)
