"""A judgement is kept and in the records at once, and gives the bytes of `fengong names --judge`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.dataset.manifest import JUDGEMENTS
from pipeline.dataset.record_files import read_records
from pipeline.decisions.judgements import read_judgements
from pipeline.errors import LexiconError, OutputError
from pipeline.web.names_desk import judging
from pipeline.web.names_desk.judging import NamesDesk
from pipeline.web.waiting import Waiting
from tests.web.names.small_names import PLACE

BY = ("张三", "问过该院")
WAITING = Waiting()
INSTITUTE, POLICE = (PLACE, "区标准化院"), (PLACE, "公安局")


def _bodies(output: Path, name: str) -> set[str | None]:
    return {
        one.canonical
        for notice in read_records(output)
        for item in notice.items
        for one in (*item.host_units, *item.co_host_units)
        if one.name == name
    }


def _files(output: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(output)): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def test_a_judgement_gives_the_files_of_the_command(own_output: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(own_output, other)
    desk = NamesDesk(own_output)
    case = desk.judge(INSTITUTE, ("same", "盐田区标准化研究院"), BY, WAITING)
    assert (case.state, case.canonical) == ("judged", "盐田区标准化研究院")
    assert _bodies(own_output, "区标准化院") == {"盐田区标准化研究院"}
    judged = tmp_path / "judged.csv"
    shutil.copy(own_output / JUDGEMENTS, judged)
    assert cli.main(["names", str(other), "--judge", str(judged)]) == 0
    assert _files(own_output) == _files(other)


def test_refusals_add_up_and_another_decision_takes_their_place(own_output: Path) -> None:
    desk = NamesDesk(own_output)
    for body in ("盐田区标准化管理局", "盐田区市场监督管理局"):
        case = desk.judge(INSTITUTE, ("different", body), BY, WAITING)
    assert [one.body for one in case.decisions] == ["盐田区市场监督管理局", "盐田区标准化管理局"]
    assert case.state == "unknown"
    said = {one.body: one.decision for one in desk.find_candidates(case)}
    assert said["盐田区标准化管理局"] == "different"
    case = desk.judge(INSTITUTE, ("unsure", "盐田区标准化管理局"), BY, WAITING)
    assert [(one.body, one.decision) for one in case.decisions] == [("", "unsure")]
    assert case.state == "judged"


def test_undo_goes_back_step_by_step_for_each_person(own_output: Path) -> None:
    before = _files(own_output)
    desk = NamesDesk(own_output)
    desk.judge(INSTITUTE, ("different", "盐田区标准化管理局"), BY, WAITING)
    desk.judge(INSTITUTE, ("same", "盐田区标准化研究院"), BY, WAITING)
    desk.judge(POLICE, ("same", "盐田区公安局"), ("李四", ""), WAITING)
    assert _bodies(own_output, "公安局") == {"盐田区公安局"}
    first = desk.undo("张三", WAITING)
    assert first is not None
    assert [one.decision for one in first.decisions] == ["different"]
    second = desk.undo(" 张三 ", WAITING)
    assert second is not None
    assert second.decisions == ()
    assert desk.undo("张三", WAITING) is None
    assert desk.undo("李四", WAITING) is not None
    assert _bodies(own_output, "公安局") == {"深圳市公安局", "盐田区公安局"}
    records = {name: data for name, data in _files(own_output).items() if name.startswith("json/")}
    assert records == {name: data for name, data in before.items() if name.startswith("json/")}
    assert read_judgements(own_output / JUDGEMENTS) == []


def test_undo_leaves_what_somebody_else_judged_since(own_output: Path) -> None:
    desk = NamesDesk(own_output)
    desk.judge(INSTITUTE, ("different", "盐田区标准化管理局"), BY, WAITING)
    desk.judge(INSTITUTE, ("same", "盐田区标准化研究院"), ("李四", ""), WAITING)
    kept = read_judgements(own_output / JUDGEMENTS)
    with pytest.raises(LexiconError, match="somebody has judged this name since"):
        desk.undo("张三", WAITING)
    assert read_judgements(own_output / JUDGEMENTS) == kept


def test_an_undo_that_cannot_be_written_is_tried_again_by_the_next(
    own_output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = NamesDesk(own_output)
    desk.judge(INSTITUTE, ("same", "盐田区标准化研究院"), BY, WAITING)

    def fail(*_: object) -> None:
        raise OutputError(own_output, "no space is left", "free some")

    with monkeypatch.context() as broken:
        broken.setattr(judging, "apply_anew", fail)
        with pytest.raises(OutputError):
            desk.undo("张三", WAITING)
    assert len(read_judgements(own_output / JUDGEMENTS)) == 1
    assert desk.undo("张三", WAITING) is not None
    assert read_judgements(own_output / JUDGEMENTS) == []


def test_decisions_on_a_name_are_taken_back_together(own_output: Path) -> None:
    desk = NamesDesk(own_output)
    desk.judge(POLICE, ("same", "盐田区公安局"), BY, WAITING)
    desk.judge(INSTITUTE, ("unsure", ""), BY, WAITING)
    assert desk.take_back(POLICE, WAITING).state == "several"
    assert [one.name for one in read_judgements(own_output / JUDGEMENTS)] == ["区标准化院"]


def test_what_cannot_be_judged_changes_nothing(own_output: Path) -> None:
    desk = NamesDesk(own_output)
    before = _files(own_output)
    with pytest.raises(LexiconError, match="nobody has decided"):
        desk.judge(POLICE, ("same", "盐田区公安局"), (" ", ""), WAITING)
    with pytest.raises(LexiconError, match="no body is named"):
        desk.judge(POLICE, ("same", " "), BY, WAITING)
    with pytest.raises(LexiconError, match="prints this name"):
        desk.judge((PLACE, "没有的局"), ("same", "盐田区公安局"), BY, WAITING)
    assert _files(own_output) == before
