"""The guide is true: its Python runs, its commands exist, what it prints is printed."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.cli.arguments import make_parser
from pipeline.decisions.correction_file import read_corrections
from pipeline.model import Notice
from tests import data_dictionary
from tests.conftest import ROOT

PAGES = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the real notice parsed, loaded and exported."""
    monkeypatch.chdir(ROOT)
    output = str(tmp_path / "output")
    assert cli.main(["parse", "raw", "-o", output]) == 0
    assert cli.main(["load", output]) == 0
    for kind in ("csv", "jsonl", "parquet"):
        target = str(tmp_path / kind)
        assert cli.main(["export", output, "--to", kind, "-o", target]) == 0
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["store", "files", "data"])
def test_python_runs(office: Path, name: str) -> None:
    found = blocks(ROOT / "docs" / f"{name}.md", "python")
    assert found
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(found)],
        cwd=office,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_readme_s_search(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del office
    shown = next(
        one for one in blocks(ROOT / "README.md", "text") if one.startswith("$ fengong search")
    )
    command, _, printed = shown.partition("\n")
    capsys.readouterr()
    assert cli.main(shlex.split(command)[2:]) == 0
    assert capsys.readouterr().out == printed


def test_the_chinese_readme_s_search(
    office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    del office
    monkeypatch.setenv("FENGONG_LANG", "zh")
    found = blocks(ROOT / "README.zh.md", "text")
    command, _, printed = next(one for one in found if one[0] == "$").partition("\n")
    capsys.readouterr()
    assert cli.main(shlex.split(command)[2:]) == 0
    assert capsys.readouterr().out == printed


def test_corrections_in_yaml(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(blocks(ROOT / "docs" / "corrections.md", "yaml")[0], "utf-8")
    assert [one.field for one in read_corrections(path)] == ["host_units", "deadline"]


@pytest.mark.parametrize("language", data_dictionary.FILES)
def test_the_data_dictionary_is_what_the_tables_and_models_are(language: str) -> None:
    """`make golden` makes it anew."""
    text = data_dictionary.FILES[language].read_text("utf-8")
    assert data_dictionary.put_in(text, data_dictionary.make_dictionary(language)) == text


def test_a_stale_data_dictionary_is_seen() -> None:
    text = data_dictionary.FILES["en"].read_text("utf-8")
    stale = text.replace("| due | 期限 | date |", "| due | 期限 | string |")
    assert stale != text
    assert data_dictionary.put_in(stale, data_dictionary.make_dictionary("en")) == text


def test_the_data_dictionary_tells_every_record_of_a_notice() -> None:
    schema = Notice.model_json_schema()
    told = {one.__name__ for one in data_dictionary.RECORDS}
    assert told == {*schema["$defs"], "Notice"}


def test_every_command_is_in_the_guide() -> None:
    parser = make_parser()
    commands = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    told = "\n".join(page.read_text("utf-8") for page in PAGES)
    missing = [name for name in commands.choices if f"fengong {name}" not in told]
    assert missing == []


def test_commands_of_the_guide_are_understood() -> None:
    """Every line that begins with fengong names a command and options that exist."""
    commands = next(
        a for a in make_parser()._actions if isinstance(a, argparse._SubParsersAction)
    ).choices
    for page in PAGES:
        for line in re.findall(r"^(?:\$ )?fengong (.*)", page.read_text("utf-8"), re.MULTILINE):
            name, *words = line.split("  ")[0].split()
            assert name in commands, line
            known = commands[name].format_help()
            nested = [
                a for a in commands[name]._actions if isinstance(a, argparse._SubParsersAction)
            ]
            known += "".join(p.format_help() for a in nested for p in a.choices.values())
            for word in words:
                option = re.match(r"\[?(--[a-z-]+)", word)
                assert option is None or option[1] in known, f"{page.name}: {line}"
