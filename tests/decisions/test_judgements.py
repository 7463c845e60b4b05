"""The names of a dataset: its list, proposals, judgements that outlive a new parse, its tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import lexicon, parse_notice
from pipeline.batch.verify import find_faults
from pipeline.cli import main
from pipeline.dataset.dataset_writer import write_dataset
from pipeline.dataset.record_files import read_records
from pipeline.decisions.judgements import read_judgements
from pipeline.errors import LexiconError
from tests.conftest import RAW, parse, source

PLAN = (
    "盐田区2020年重点工作任务分工\n一、重点任务\n"
    "1、推进改革。完善制度。\n牵头领导:张三(副区长);\n主办单位:区发改局;\n协办单位:区跨办、各街道办。\n"
    "2、推进创新。完善机制。\n牵头领导:张三;\n主办单位:区发展和改革局;\n协办单位:区跨办。\n"
)
HEAD = "place,name,body,decision,who,why\n"


@pytest.fixture(autouse=True)
def own_tables_again() -> Iterator[None]:
    yield
    lexicon.lay_over(None)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "raw" / "plan.txt"
    path.parent.mkdir()
    path.write_text(PLAN, "utf-8")
    return path


@pytest.fixture
def output(plan: Path, tmp_path: Path) -> Path:
    assert main(["parse", str(plan), "-o", str(tmp_path / "out")]) == 0
    return tmp_path / "out"


def table(output: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((output / f"{name}.csv").read_text("utf-8-sig"))))


def decide(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "decisions.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), "utf-8")
    return path


def bodies_of(output: Path, name: str) -> set[str]:
    return {row["canonical"] for row in table(output, "assignments") if row["name"] == name}


def test_units_gather_what_all_notices_say(output: Path) -> None:
    rows = {row["canonical"]: row for row in table(output, "units")}
    own = rows["盐田区发展和改革局"]
    assert own["names"] == "区发展和改革局、区发改局"
    assert (own["level"], own["place"]) == ("county", "盐田区")
    assert (own["first_year"], own["last_year"]) == ("2020", "2020")
    assert (own["hosted"], own["co_hosted"]) == ("2", "0")
    group = rows["盐田区各街道办事处"]
    assert group["kind"] == "collective"
    assert "盐田区梅沙街道办事处" in group["members"]


def test_a_leader_has_the_post_that_the_notice_tells_once(output: Path) -> None:
    rows = table(output, "leaders")
    assert [(row["name"], row["post"], row["items"]) for row in rows] == [("张三", "副区长", "2")]


def test_one_name_in_two_places_is_two_leaders(tmp_path: Path) -> None:
    other = parse_notice(source(PLAN.replace("盐田区", "罗湖区")), "other")
    write_dataset([parse(PLAN), other], tmp_path)
    places = {row["place"] for row in table(tmp_path, "leaders")}
    assert places == {"广东省深圳市盐田区", "广东省深圳市罗湖区"}
    assert list(find_faults(tmp_path)) == []


def test_two_posts_of_one_name_are_two_leaders(tmp_path: Path) -> None:
    text = PLAN.replace("牵头领导:张三;", "牵头领导:张三(区长);")
    write_dataset([parse(text)], tmp_path)
    assert {row["post"] for row in table(tmp_path, "leaders")} == {"区长", "副区长"}


def test_a_traditional_document_names_the_same_bodies() -> None:
    text = "鹽田區2020年重點工作任務分工\n一、重點任務\n1、推進改革。\n主辦單位:區發改局;\n協辦單位:區婦聯。\n"
    item = parse(text).items[0]
    assert [name.name for name in item.host_units] == ["區發改局"]
    assert item.host_units[0].canonical == "盐田区发展和改革局"


def test_the_list_of_names(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["names", str(output), "--csv"]) == 0
    printed = capsys.readouterr().out.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert rows == table(output, "names")
    first = rows[0]
    assert (first["name"], first["canonical"], first["count"]) == ("区跨办", "", "2")
    assert first["roles"] == "co_host 2"
    named = {row["name"]: row for row in rows}
    assert named["区发改局"]["canonical"] == named["区发展和改革局"]["canonical"]


def test_proposals_are_a_lexicon(
    output: Path, plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["names", str(output), "--propose"]) == 0
    proposed = capsys.readouterr().out
    assert "跨办,跨办,local,,government" in proposed
    folder = tmp_path / "own"
    folder.mkdir()
    edited = proposed.replace("跨办,跨办", "跨办,跨境合作办公室")
    (folder / "bodies.csv").write_text(edited, "utf-8")
    assert main(["parse", str(plan), "-o", str(output), "--lexicon", str(folder)]) == 0
    assert bodies_of(output, "区跨办") == {"盐田区跨境合作办公室"}
    lexicon.lay_over(None)
    assert list(find_faults(output)) == []


def test_a_judgement_outlives_a_new_parse(output: Path, plan: Path, tmp_path: Path) -> None:
    decisions = decide(tmp_path, "盐田区,区跨办,盐田区跨境合作办公室,same,李四,三定方案")
    assert main(["names", str(output), "--judge", str(decisions)]) == 0
    assert bodies_of(output, "区跨办") == {"盐田区跨境合作办公室"}
    judged = {path.name: path.read_bytes() for path in output.glob("*.csv")}
    assert list(find_faults(output)) == []
    assert main(["parse", str(plan), "-o", str(output)]) == 0
    assert {path.name: path.read_bytes() for path in output.glob("*.csv")} == judged


def test_a_judged_body_has_its_level_and_place(output: Path, tmp_path: Path) -> None:
    decisions = decide(tmp_path, "盐田区,区跨办,深圳市商务局,same,李四,三定方案")
    assert main(["names", str(output), "--judge", str(decisions)]) == 0
    (notice,) = read_records(output)
    body = next(one for one in notice.bodies if one.canonical == "深圳市商务局")
    assert (body.level, body.place) == ("city", "深圳市")


def test_different_and_unsure_take_a_body_away(output: Path, tmp_path: Path) -> None:
    for decision in ("different", "unsure"):
        row = f",区发改局,盐田区发展和改革局,{decision},李四,存疑"
        assert main(["names", str(output), "--judge", str(decide(tmp_path, row))]) == 0
        assert bodies_of(output, "区发改局") == {""}
        assert bodies_of(output, "区发展和改革局") == {"盐田区发展和改革局"}
        assert list(find_faults(output)) == []


def test_a_judgement_of_another_place_changes_nothing(output: Path, tmp_path: Path) -> None:
    before = list(read_records(output))
    decisions = decide(tmp_path, "罗湖区,区发改局,甲,same,李四,存疑")
    assert main(["names", str(output), "--judge", str(decisions)]) == 0
    assert list(read_records(output)) == before


@pytest.mark.parametrize(
    ("rows", "fact"),
    [
        ((",甲,乙,perhaps,李四,",), "line 2: the decision is 'perhaps'"),
        ((",甲,,same,李四,",), "line 2: a name or a body is missing"),
        ((",甲,乙,same,,",), "line 2: nobody has decided"),
        ((",甲,乙,same,李四,", ",甲,丙,same,王五,"), "line 3: '甲' is judged twice"),
    ],
)
def test_a_broken_file_of_decisions_is_refused(
    tmp_path: Path, rows: tuple[str, ...], fact: str
) -> None:
    with pytest.raises(LexiconError, match=fact):
        read_judgements(decide(tmp_path, *rows))


def test_a_broken_lexicon_stops_before_parsing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bodies.csv").write_text("form,body\n", "utf-8")
    out = tmp_path / "out"
    assert main(["parse", str(RAW), "-o", str(out), "--lexicon", str(tmp_path)]) == 1
    assert not out.exists()
    assert "bodies.csv: the header is" in capsys.readouterr().err


def test_names_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decisions = decide(tmp_path, ",甲,乙,same,李四,")
    (tmp_path / "none").mkdir()
    assert main(["names", str(tmp_path / "none"), "--judge", str(decisions)]) == 1
    assert "holds no records" in capsys.readouterr().err
    assert not (tmp_path / "none" / "judgements.csv").exists()
