"""In no command an address in any place gives its password away, nor does a name steer the terminal."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline import cli
from tests.cli.test_terminal import assert_harmless
from tests.conftest import RAW
from tests.store.test_address import ADDRESSES
from tests.stores import PLAN

pytestmark = pytest.mark.tries

# Commands with a place that a person may fill with the address of a store by mistake.
MISTAKES = (
    "parse {bad} -o {out}",
    "parse {raw} -o {bad}",
    "parse {raw} -o {out} --lexicon {bad}",
    "verify {bad}",
    "names {bad}",
    "names {out} --judge {bad}",
    "threads {bad}",
    "diff {bad} {raw}",
    "diff {raw} {raw} -o {bad}",
    "export {bad} --to csv",
    "export {out} --to csv -o {bad}",
    "export {out} --to xlsx -o {bad}",
    "export {out} --to csv --notice {bad}",
    "export {out} --to {bad}",
    "ledger read {bad} -o {out}",
    "ledger read {out}/ledger.xlsx -o {bad}",
    "ledger collect {bad} -o {out}",
    "ledger collect {out}/ledger.xlsx -o {bad}",
    "export {out} --to xlsx --today {bad}",
    "load {bad}",
    "load {out} {bad}",
    "search x --year {bad} --store {out}/s.sqlite",
    "search x --limit {bad} --store {out}/s.sqlite",
    "search {bad}",
    "correct {bad} -o {out} --set number=1 --who 甲",
    "correct {item} -o {bad} --set number=1 --who 甲",
    "correct {item} -o {out} --set {bad} --who 甲",
    "correct {item} -o {out} --undo {bad}",
    "correct {item} -o {out} --set number=1 --who 甲 --when {bad}",
    "correct -o {out} --file {bad}",
    "corrections {bad}",
    "corrections {out} --lexicon {bad}",
    "schema {bad}",
    "{bad}",
)
STEERING = "\x1b]0;x\x07\x1b[31m[b]\u202e"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("leaks") / "out"
    assert cli.main(["parse", str(RAW), "-o", str(folder)]) == 0
    assert cli.main(["export", str(folder), "--to", "xlsx"]) == 0
    assert cli.main(["load", str(folder), "--store", str(folder / "s.sqlite")]) == 0
    return folder


def run(words: list[str]) -> int | str | None:
    try:
        return cli.main(words)
    except SystemExit as ended:
        return ended.code


@pytest.mark.parametrize("command", MISTAKES)
def test_an_address_in_a_wrong_place(
    command: str,
    output: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "out"
    shutil.copytree(output, out)
    item = f"{next((out / 'json').iterdir()).stem}#1"
    for address in ADDRESSES:
        words = [word.format(bad=address, out=out, raw=RAW, item=item) for word in command.split()]
        assert run(words) != 0
        told = capsys.readouterr()
        assert "geheim" not in told.out + told.err, address
        # The address has not become a file.
        assert [path.name for path in tmp_path.iterdir()] == ["out"]


def _write_steering_sources(folder: Path) -> None:
    """Plans whose names, titles, units and tasks steer a terminal or are markup."""
    for year in (2011, 2012):
        path = folder / STEERING.replace("/", "") / f"{STEERING}{year}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        words = PLAN.format(year=year, count=5).replace("智慧食堂", f"智慧{STEERING}食堂")
        words = words.replace("区民政局", f"区{STEERING}民政局").replace(
            "重点工作", f"重点{STEERING}工作"
        )
        path.write_text(words, "utf-8")
        (path.parent / f"{STEERING}{year}.pdf").write_bytes(b"%PDF-1.4 broken")


def test_names_and_titles_steer_no_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _write_steering_sources(tmp_path / "in")
    out = str(tmp_path / f"out{STEERING}")
    store = f"{out}/s{STEERING}.sqlite"
    run(["parse", str(tmp_path / "in"), "-o", out])
    records = sorted(Path(out, "json").iterdir())
    sources = [str(path) for path in (tmp_path / "in").rglob("*.txt")]
    item = f"{records[0].stem}#1"
    # As on a terminal, where also data are made printable.
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    # Without styles of our own.
    monkeypatch.setenv("TERM", "dumb")
    commands = (
        ["parse", str(tmp_path / "in"), "-o", out, "--anew"],
        ["parse", str(tmp_path / "in"), "-o", out, "--json"],
        ["correct", item, "-o", out, "--set", f"title={STEERING}", "--who", STEERING],
        ["correct", f"{item}{STEERING}", "-o", out, "--set", f"title={STEERING}", "--who", "甲"],
        ["corrections", out],
        ["corrections", out, "--json"],
        ["verify", out],
        ["names", out],
        ["names", out, "--csv"],
        ["names", out, "--propose"],
        ["threads", out],
        *(["export", out, "--to", kind] for kind in ("csv", "jsonl", "parquet", "xlsx", "sqlite")),
        ["ledger", "read", f"{out}/ledger.xlsx", "-o", out],
        ["ledger", "read", f"{out}/ledger.xlsx", "-o", out, "--json"],
        ["ledger", "collect", f"{out}/ledger.xlsx", STEERING, "-o", out],
        ["ledger", "collect", f"{out}/ledger.xlsx", STEERING, "-o", out, "--json"],
        ["load", out, "--store", store],
        ["search", "食堂", "--store", store],
        ["search", STEERING, "--json", "--store", store],
        *(["diff", *sources, "--format", kind] for kind in ("text", "json", "csv", "html", "md")),
        ["parse", f"{STEERING}none", "-o", out],
        ["verify", STEERING],
        [STEERING],
    )
    for words in commands:
        capsys.readouterr()
        run(words)
        told = capsys.readouterr()
        assert told.out + told.err, words
        assert "Traceback" not in told.err
        assert_harmless(told.out + told.err)
    Path(records[0]).write_text(
        records[0].read_text("utf-8").replace('"start": 1', '"start": 9'), "utf-8"
    )
    run(["verify", out])
    told = capsys.readouterr()
    assert_harmless(told.out + told.err)
