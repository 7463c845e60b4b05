"""The command speaks the reader's language, and what it writes is the same in each."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.batch.jobs import Job
from pipeline.cli.arguments import make_parser
from pipeline.cli.examples import EXAMPLES
from pipeline.cli.language import speak_as_asked
from pipeline.cli.long_jobs import LongJobs
from pipeline.cli.parser import Parser
from pipeline.cli.terminal import say
from pipeline.cli.wrapping import measure, wrap
from pipeline.dataset.manifest import MANIFEST
from tests.cli.test_command import files
from tests.cli.test_wrong_commands import PLAN
from tests.conftest import RAW

HAN = re.compile(r"[\u4e00-\u9fff]")
# Words of a plan that a notice's second item lacks: it names nobody.
ODD_PLAN = PLAN.replace("（责任单位：区人社局）", "")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> int:
    try:
        return cli.main(words)
    except SystemExit as stopped:
        return int(stopped.code or 0)


def test_what_is_written_is_the_same_in_each_language(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "plan.txt").write_text(ODD_PLAN, "utf-8")
    (folder / "empty.txt").write_bytes(b"")
    made = {}
    for n, (language, locale) in enumerate([("en", "C"), ("zh", "C"), ("", "zh_CN.UTF-8")]):
        monkeypatch.setenv("FENGONG_LANG", language)
        monkeypatch.setenv("LC_ALL", locale)
        output = f"out{n}"
        assert run("parse", "plan.txt", "empty.txt", "-o", output) == 1
        for kind in ("csv", "jsonl"):
            assert run("export", output, "--to", kind) == 0
        made[n] = files(folder / output)
        # An OUTPUT has a number of its own.
        del made[n][MANIFEST]
    assert "problems.csv" in made[0]
    assert made[0] == made[1] == made[2]


@pytest.mark.parametrize(
    ("words", "variable", "locale", "is_chinese"),
    [
        (["--lang", "zh"], "en", "C", True),
        (["--lang=en"], "zh", "C", False),
        ([], "zh", "C", True),
        ([], "", "zh_CN.UTF-8", True),
        ([], "", "C.UTF-8", False),
        # Of two options the last one counts.
        (["--lang", "en", "--lang", "zh"], "", "C", True),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.usefixtures("folder")
def test_option_then_variable_then_locale(
    words: list[str],
    variable: str,
    locale: str,
    is_chinese: bool,  # noqa: FBT001
    is_first: bool,  # noqa: FBT001
) -> None:
    command = ["parse", "nowhere", "-o", "out"]
    said = run_apart(variable, locale, *([*words, *command] if is_first else [*command, *words]))
    first = (
        "fengong：nowhere：文件不存在；请检查路径"
        if is_chinese
        else "fengong: nowhere: does not exist; check the path"
    )
    assert said.splitlines()[0] == first


def run_apart(variable: str, locale: str, *words: str) -> str:
    """Run the command in an environment with a language and a locale; return what it says."""
    with pytest.MonkeyPatch.context() as environment, redirect_stderr(StringIO()) as told:
        environment.setenv("FENGONG_LANG", variable)
        environment.setenv("LC_ALL", locale)
        assert run(*words) == 1
    return told.getvalue()


def test_a_variable_that_names_no_language(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del folder
    monkeypatch.setenv("FENGONG_LANG", "fr")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert run("verify", "output") == 2
    said = "fengong：FENGONG_LANG：fengong 没有“fr”这种语言；请写 zh 或 en\n"
    assert capsys.readouterr().err == said
    assert run("verify", "nowhere", "--lang", "en") == 1


def test_problems_and_heads_are_in_the_language(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "plan.txt").write_text(ODD_PLAN, "utf-8")
    for language, shown in {
        "zh": ("序号", "主办单位", "警告：没有主办单位（missing-host）"),
        "en": ("label", "host units", "warning: missing-host: no host unit"),
    }.items():
        monkeypatch.setenv("FENGONG_LANG", language)
        run("parse", "plan.txt", "-o", f"out-{language}")
        out = capsys.readouterr().out
        assert [one for one in shown if one not in out] == []


def commands_of(parser: Parser) -> Iterator[Parser]:
    yield parser
    for one in parser.commands.values():
        yield from commands_of(one)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_help_has_examples_that_are_understood(
    language: str,
) -> None:
    speak_as_asked([], {"FENGONG_LANG": language})
    parser = make_parser()
    for command in commands_of(parser):
        examples = EXAMPLES[command.prog]
        assert command.format_help().endswith("".join(f"  {one}\n" for one in examples))
        for one in examples:
            words = shlex.split(one.partition(" > ")[0])[1:]
            parser.check_words(words)
            assert parser.parse_args(words).module
    assert set(EXAMPLES) == {one.prog for one in commands_of(parser)}


def test_help_in_chinese_has_no_english() -> None:
    """What is left of a line without commands, options and names in capitals is Chinese."""
    speak_as_asked([], {"FENGONG_LANG": "zh"})
    code = re.compile(
        r"fengong.*|\{[\w,]+\}|-{1,2}[a-z][\w-]*|[A-Z][\w.]*=?[A-Z]*|output/\S+|xlsx|docx|sqlite|load|diff|read|export|JSON Lines|(?:progress|threads)\.csv|raw|crawl|sites\.toml|docs/crawling\.md|s3://\S+|tcp://\S+|dask(?: scheduler)?|cluster parse"
    )
    for command in commands_of(make_parser()):
        lines = command.format_help().splitlines()
        usage_end = lines.index("")
        names = [*command.commands]
        for line in lines[usage_end:]:
            left = line
            for name in names:
                left = re.sub(rf"^    {name}\b", "", left)
            assert not re.search(r"[A-Za-z]", code.sub("", left)), line
            assert not re.search(r"[\u4e00-\u9fff][,:;()]", line), line


def test_alone_it_leads_to_the_documents(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    assert "fengong parse FOLDER -o output" in capsys.readouterr().out
    (folder / "计划 一").mkdir()
    (folder / "计划 一" / "plan.txt").write_text(PLAN, "utf-8")
    (folder / "notes.log").write_text("", "utf-8")
    assert run("--lang", "zh") == 0
    shown = capsys.readouterr().out
    command = next(one for one in shown.splitlines() if "fengong parse" in one)
    assert command == "  fengong parse '计划 一' -o output"
    assert "本文件夹里有文件" in shown
    assert run(*shlex.split(command)[1:]) == 0


def test_alone_it_leads_from_a_dataset(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("parse", str(RAW), "-o", "out") == 0
    capsys.readouterr()
    assert run() == 0
    commands = [one for one in capsys.readouterr().out.splitlines() if one.startswith("  fengong")]
    assert commands[0] == "  fengong export out --to xlsx"
    for command in commands:
        assert run(*shlex.split(command)[1:]) == 0
    assert (folder / "out" / "ledger.xlsx").exists()


@pytest.mark.parametrize(
    ("names", "sources"),
    [
        (["a.txt"], "a.txt"),
        (["a.txt", "b.pdf"], "."),
        (["x/a.txt", "y/z/b.txt", "q/c.log"], "x y"),
        (["x1/a.txt", "x2/a.txt", "x3/a.txt", "x4/a.txt"], "."),
        ([".hidden/a.txt"], "FOLDER"),
    ],
)
def test_which_sources_are_named(
    names: list[str], sources: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x", "utf-8")
    assert run() == 0
    assert f"  fengong parse {sources} -o output\n" in capsys.readouterr().out


def test_many_notices_are_a_summary(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for n in range(40):
        text = (ODD_PLAN if n % 4 == 0 else PLAN).replace("甲区", f"甲{n}区")
        (folder / "in").mkdir(exist_ok=True)
        (folder / "in" / f"{n:02}.txt").write_text(text, "utf-8")
    assert run("parse", "in", "-o", "out") == 0
    told = capsys.readouterr()
    rows = [one for one in told.out.splitlines() if "重点工作" in one]
    # The ten that have warnings come first.
    assert len(rows) == 10
    assert all(int(one.split()[3]) >= 1 for one in rows), rows
    assert "fengong: 30 more notices are not shown; out/notices.csv lists all" in told.err
    assert "fengong: 10 notices with warnings" in told.err
    assert told.err.splitlines()[-1] == "fengong: 40 notices, 120 items, 40 added"


def test_the_watch_over_long_jobs_speaks_the_language(
    capsys: pytest.CaptureFixture[str],
) -> None:
    speak_as_asked([], {"FENGONG_LANG": "zh"})
    said: list[str] = []

    def tell(words: str) -> None:
        say(words)
        said.append(words)

    with LongJobs(tell, every=0.02) as watch:
        watch.begin(Job("a.txt", "a.txt"))
        while not said:
            pass
    assert "fengong：a.txt：已经读了 0 秒" in capsys.readouterr().err


def test_wrapping_by_width() -> None:
    assert wrap("写入不属于文件夹：同名文件会被覆盖", 12) == [
        "写入不属于文",
        "件夹：同名文",
        "件会被覆盖",
    ]
    # A mark does not begin a line, a word is not broken.
    assert wrap("甲乙丙，see fengong parse", 6) == ["甲乙", "丙，", "see", "fengong", "parse"]
    assert wrap("", 10) == [""]
    assert measure("甲a：") == 5
