"""A user's tables over ours: taken before patterns are made of them, refused afterwards."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import lexicon
from pipeline.errors import LexiconError
from tests.conftest import ROOT

LABELS = "label,role,field,source\n操刀单位,lead,,own\n"
TERMS = "term,source\n甲乙丙,own\n"


@pytest.fixture(autouse=True)
def own_tables_again() -> Iterator[None]:
    lexicon.forget_tables()
    yield
    lexicon.forget_tables()


def folder(path: Path, name: str, text: str) -> Path:
    path.mkdir(exist_ok=True)
    (path / f"{name}.csv").write_text(text, "utf-8")
    return path


def test_a_table_is_laid_before_its_first_use(tmp_path: Path) -> None:
    lexicon.lay_over(folder(tmp_path / "own", "labels", LABELS))
    assert lexicon.mapping("labels", "role")["操刀单位"] == "lead"


def test_a_table_in_use_is_refused(tmp_path: Path) -> None:
    assert "操刀单位" not in lexicon.mapping("labels", "role")
    own = folder(tmp_path / "own", "labels", LABELS)
    with pytest.raises(LexiconError) as caught:
        lexicon.lay_over(own)
    assert caught.value.place == str(own / "labels.csv")
    assert caught.value.fact == "the words of labels are already in use without it"
    assert caught.value.remedy == "lay it over before the parser is imported"
    assert lexicon.folder() is None


def test_a_table_in_use_is_not_taken_away(tmp_path: Path) -> None:
    own = folder(tmp_path / "own", "labels", LABELS)
    lexicon.lay_over(own)
    lexicon.words("labels", "lead")
    lexicon.lay_over(own)
    with pytest.raises(LexiconError, match=r"labels\.csv: the words of labels are already in use"):
        lexicon.lay_over(None)
    other = folder(tmp_path / "other", "labels", LABELS)
    with pytest.raises(LexiconError, match=r"already in use as in .*own"):
        lexicon.lay_over(other)
    assert lexicon.folder() == own


def test_a_table_that_nobody_used_may_still_change(tmp_path: Path) -> None:
    lexicon.mapping("labels", "role")
    lexicon.lay_over(folder(tmp_path / "own", "terms", TERMS))
    assert lexicon.rows("terms")[-1]["term"] == "甲乙丙"


def test_tables_of_names_may_change_at_any_time(tmp_path: Path) -> None:
    before = lexicon.rows("subjects")
    row = "form,subject,use,source\n甲,甲,whole,own\n"
    lexicon.lay_over(folder(tmp_path / "own", "subjects", row))
    assert len(lexicon.rows("subjects")) == len(before) + 1
    lexicon.lay_over(None)
    assert lexicon.rows("subjects") == before


def test_forgetting_allows_another_folder(tmp_path: Path) -> None:
    lexicon.mapping("labels", "role")
    lexicon.forget_tables()
    lexicon.lay_over(folder(tmp_path / "own", "labels", LABELS))
    assert "操刀单位" in lexicon.mapping("labels", "role")


PLAN = "甲区2020年工作要点\n1、修路。\n操刀单位：区住建局\n2、种树。\n操刀单位：区林业局\n"


@pytest.mark.parametrize("command", [[], ["names", "{out}"], ["correct", "{out}"]])
def test_the_command_knows_a_users_labels(tmp_path: Path, command: list[str]) -> None:
    """Every command with --lexicon lays the folder before it imports the parser."""
    own = folder(tmp_path / "own", "labels", LABELS)
    folder(own, "unit_words", "word,kind,source\n甲乙丙堂,ending,own\n")
    (tmp_path / "plan.txt").write_text(PLAN, "utf-8")
    out = tmp_path / "out"
    runs = [["parse", str(tmp_path / "plan.txt"), "-o", str(out)]]
    runs += [[word.format(out=out) for word in command]] if command else []
    for run in runs:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", *run, "--lexicon", str(own)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "already in use" not in done.stderr
    assert "区住建局" in (out / "assignments.csv").read_text("utf-8")
