"""What documents say is shown on a terminal as it is: no markup, no control sequence takes effect."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pipeline import cli
from pipeline.cli.terminal import make_console, make_table, printable, say, tell, write_data
from pipeline.compare.views.flow import flow_svg
from pipeline.comparison import Step
from pipeline.dataset.dataset_writer import write_dataset
from pipeline.dataset.record_files import read_records
from pipeline.model import Notice
from pipeline.store import Store, load_notices
from tests.stores import plan

STEERING = "[/b][pdf]:smile:\x1b]0;标题\x07\x1b[31m\x9b2J\u202e\u2066\x7f\x00"
SEEN = "[/b][pdf]:smile:␛]0;标题␇␛[31m<U+009B>2J<U+202E><U+2066>␡␀"


def bad(notice: Notice) -> Notice:
    """The notice with markup and control sequences wherever words are shown."""
    items = tuple(
        replace(one, title=STEERING, label="[b]", content=STEERING) for one in notice.items
    )
    return notice.model_copy(update={"title": STEERING, "region": STEERING, "items": items})


def assert_harmless(told: str) -> None:
    assert not set(told) & set("\x1b\x07\x9b\u202e\u2066\x7f\x00")


def test_what_a_terminal_obeys_is_made_visible() -> None:
    assert printable(STEERING) == SEEN
    assert printable("一\t二\n三𠀀é") == "一\t二\n三𠀀é"
    assert printable("\ud800") == "<U+D800>"


def test_tables_and_lines(capsys: pytest.CaptureFixture[str]) -> None:
    table = make_table(STEERING, STEERING)
    table.add_column(STEERING)
    table.add_row(STEERING)
    make_console(200).print(table)
    make_console(200).print(STEERING)
    tell(f"a\n{STEERING}")
    say(f"a\n{STEERING}")
    told = capsys.readouterr()
    assert told.out.count(SEEN) == 6
    assert f"fengong: a {SEEN}\n" == told.err
    assert_harmless(told.out + told.err)


def test_data_stay_as_they_are_in_a_pipe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_data(STEERING)
    assert capsys.readouterr().out == STEERING
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    write_data(STEERING)
    assert capsys.readouterr().out == SEEN


def test_every_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, store = tmp_path / "out", tmp_path / "s.sqlite"
    first, second = bad(plan(2011)), bad(plan(2012, path="b.txt"))
    write_dataset([first, second], out)
    with Store(store) as opened:
        load_notices([first], opened)
    paths = [str(out / "json" / f"{one.notice_id}.json") for one in (first, second)]
    correct = [
        "correct",
        first.items[0].item_id,
        "--set",
        f"content={STEERING}a",
        "--who",
        STEERING,
    ]
    for command in (
        ["search", "标题", "--store", str(store)],
        ["diff", *paths],
        [*correct, "-o", str(out)],
        ["corrections", str(out)],
        ["names", str(out)],
        ["threads", str(out)],
        ["verify", str(out)],
        ["search", "x", "--store", f"{store}\x1b]0;x\x07"],
    ):
        cli.main(command)
        told = capsys.readouterr()
        assert told.out + told.err
        assert_harmless(told.out + told.err)


def test_items_of_a_parse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "盐田区2011年工作计划\n\n一、任务\n1、建设[/b]平台[pdf]\u202e。\n主办单位：区民政局。\n"
    (tmp_path / "a.txt").write_text(text, "utf-8")
    assert cli.main(["parse", str(tmp_path / "a.txt"), "-o", str(tmp_path / "out")]) == 0
    told = capsys.readouterr()
    assert "建设[/b]平台[pdf]" in told.out
    assert_harmless(told.out + told.err)


def test_json_in_a_pipe_is_what_the_record_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "s.sqlite"
    with Store(store) as opened:
        load_notices([bad(plan())], opened)
    assert cli.main(["search", "标题", "--json", "--store", str(store)]) == 0
    hit = json.loads(capsys.readouterr().out)["hits"][0]
    assert hit["title"] == STEERING.replace("\x00", "\ufffd")


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["schema", STEERING.replace("\x00", "")])
    assert_harmless(capsys.readouterr().err)


@pytest.mark.parametrize("title", [STEERING, "a\ufffe\uffff\ud800<&>\"'", "\x0b\x0c\x85"])
def test_pictures_are_xml(title: str) -> None:
    plain = Step(
        thread_id="t", series="s", year=2011, notice_id="n", item_id="n#1", kind="new", title="t"
    )
    changes = ({"year": year, "item_id": f"n{year}#1"} for year in (2011, 2012))
    words = {"title": title, "host_units": (title,)}
    steps = [plain.model_copy(update=one | words) for one in changes]
    drawn = flow_svg(title, steps)
    assert ET.fromstring(drawn.encode()).tag.endswith("svg")  # noqa: S314


def test_a_whole_picture(tmp_path: Path) -> None:
    out = tmp_path / "out"
    bare = [plan(2011), plan(2012, path="b.txt")]
    changed = [
        one.model_copy(
            update={
                "items": tuple(replace(item, title=f"{item.title}\ufffe\x1b") for item in one.items)
            }
        )
        for one in bare
    ]
    write_dataset(changed, out)
    assert len(list(read_records(out))) == 2
    assert cli.main(["threads", str(out)]) == 0
    (picture,) = (out / "threads").glob("*.svg")
    ET.parse(picture)  # noqa: S314
