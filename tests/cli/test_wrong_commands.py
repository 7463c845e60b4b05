"""Wrong commands: each is told its place, the fact and the remedy, in Chinese and in English."""

from __future__ import annotations

import csv
import shlex
from pathlib import Path

import pytest

from pipeline import cli
from tests.case_tables import read_cases

PLAN = (
    "关于印发甲区2024年重点工作任务分工的通知\n"
    "一、推进政务公开。完善公开目录。（责任单位：区政务办）\n"
    "二、改善就业服务。新增岗位500个。（责任单位：区人社局）\n"
    "三、整治河道。清理河道12条。（责任单位：区水务局）\n"
)
SITES = 'contact = "a@example.org"\n[[site]]\nname = "甲"\nurl = "https://www.example.gov.cn/"\n'
CASES = read_cases("wrong_commands")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a plan, two datasets, and files that are none of both."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "plan.txt").write_text(PLAN, "utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    (folder / "broken.docx").write_bytes(b"PK\x03\x04" + b"x" * 80)
    (folder / "archive.rar").write_bytes(b"Rar!\x1a\x07" + bytes(60))
    (folder / "sites.toml").write_text(SITES, "utf-8")
    (folder / "local.toml").write_text(SITES.replace("https://", "file://"), "utf-8")
    (folder / "colour.toml").write_text(f'{SITES}colour = "red"\n', "utf-8")
    (folder / "secret.toml").write_text(f'{SITES}headers = {{ Cookie = "sid=1" }}\n', "utf-8")
    (folder / "full").mkdir()
    (folder / "full" / "note.json").write_text("{}", "utf-8")
    for output in ("output", "other"):
        assert cli.main(["parse", str(folder / "plan.txt"), "-o", str(folder / output)]) == 0
    return folder


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("case", CASES, ids=[one["command"] for one in CASES])
def test_wrong_command(
    case: dict[str, str],
    language: str,
    office: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(office)
    monkeypatch.setenv("FENGONG_LANG", language)
    code = _run(case["command"].replace("ITEM", _first_item()))
    told = capsys.readouterr()
    lines = [one for one in told.err.splitlines() if one.startswith("fengong")]
    said = lines[0].replace(_first_item(), "ITEM")
    assert (code, said, told.out) == (int(case["exit"]), case[language], "")


def _run(command: str) -> int:
    try:
        return cli.main(shlex.split(command))
    except SystemExit as stopped:
        return int(stopped.code or 0)


def _first_item() -> str:
    with Path("output/items.csv").open(encoding="utf-8-sig", newline="") as file:
        return next(csv.DictReader(file))["item_id"]


def test_each_line_has_a_fact_and_a_remedy() -> None:
    assert len(CASES) >= 44
    for one in CASES:
        assert one["exit"] in ("1", "2")
        assert one["zh"].count("；") >= 1, one
        assert "; " in one["en"], one
