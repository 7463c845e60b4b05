"""Series, comparisons and threads of an OUTPUT: made once, and anew when something has changed."""

from __future__ import annotations

from pathlib import Path

from pipeline import cli
from pipeline.web.years.series_index import YearsOfOutput, find_plan, plan_key
from pipeline.web.years.shown_changes import list_unlinked, show_changes, show_thread
from tests.web.years.small_outputs import LIVELIHOOD, REFORM


def ids_of(years: YearsOfOutput, name: str) -> list[str]:
    return [one.notice_id for one in years.index().series[name].notices]


def test_plans_of_one_title_are_a_series(years_output: Path) -> None:
    index = YearsOfOutput(years_output).index()
    years = {name: [one.year for one in series.notices] for name, series in index.series.items()}
    assert years == {REFORM: [2015, 2016, 2017], LIVELIHOOD: [2018, 2019]}
    assert {row.is_year for row in index.rows} == {True}


def test_a_comparison_shows_both_sides_with_marked_words(years_output: Path) -> None:
    years = YearsOfOutput(years_output)
    first, second, _ = ids_of(years, REFORM)
    found = years.compare(first, second)
    assert found is not None
    shown = {one.card.name: one for one in show_changes(found.cards, found.comparison)}
    assert [one.card.kind for one in shown.values()] == ["reworded", "reworded", "added"]
    school = shown["建设智慧校园"]
    # In 2015 it is the first item (1 + 2015 % 7 = 7), in 2016 the second (2 + 2016 % 7 = 2).
    assert [run.text for run in school.previous[0].runs if run.changed] == ["7"]
    assert [run.text for run in school.current[0].runs if run.changed] == ["2"]
    assert ("figures", "新建智慧校园示范校 7所", "2所") in [note[:3] for note in school.notes]
    assert [(pair.one, pair.other) for pair in school.pairs] == [(f"{first}#1", f"{second}#2")]
    dropped, added = list_unlinked(found.cards)
    assert dropped == []
    assert [one.name for one in added] == ["3、 新建口袋公园"]


def test_unknown_plans_and_series_are_none(years_output: Path) -> None:
    years = YearsOfOutput(years_output)
    known = ids_of(years, REFORM)[0]
    assert years.compare(known, "nothing") is None
    assert years.compare("../../etc/passwd", known) is None
    assert years.follow("nothing") is None


def test_what_is_kept_is_the_same_object_until_one_of_its_plans_changes(own_output: Path) -> None:
    years = YearsOfOutput(own_output)
    reform, livelihood = years.follow(REFORM), years.follow(LIVELIHOOD)
    assert years.follow(REFORM) is reform
    first = ids_of(years, REFORM)[0]
    value = "title=建设智慧校园（更正）"
    command = ["correct", f"{first}#1", "--set", value, "-o", str(own_output), "--who", "张三"]
    assert cli.main(command) == 0
    assert years.follow(LIVELIHOOD) is livelihood
    now = years.follow(REFORM)
    assert now is not None
    assert "建设智慧校园（更正）" in {one.item.title for card in now.cards for one in card.steps}


def test_a_thread_has_each_year_with_what_changed(years_output: Path) -> None:
    threads = YearsOfOutput(years_output).follow(REFORM)
    assert threads is not None
    by_name = {card.name: card for card in threads.cards}
    assert {name: [one.step.year for one in card.steps] for name, card in by_name.items()} == {
        "建设智慧校园": [2015, 2016, 2017],
        "新建口袋公园": [2016, 2017],
        "优化公交线网": [2017],
        "整治黑臭水体": [2015, 2016],
    }
    # 3 + 2016 % 7 and 2 + 2017 % 7 are both 3: only the number of the item differs.
    park = show_thread(by_name["新建口袋公园"])
    assert [(one.year, one.kind, one.before) for one in park] == [
        (2016, "new", None),
        (2017, "same", None),
    ]
    school = show_thread(by_name["建设智慧校园"])
    assert [one.kind for one in school] == ["new", "reworded", "same"]
    assert school[1].before is not None
    assert [run.text for run in school[1].before.runs if run.changed] == ["7"]


def test_an_annex_has_a_key_of_its_own(tmp_path: Path) -> None:
    annex = "附件{n}\n清河区2016年{title}任务分工表\n{rows}"
    row = "1、{task}。\n主办单位:区{body}局。\n"
    parts = ((1, "教育", "建设智慧校园"), (2, "水务", "整治黑臭水体"))
    text = "关于印发两个方案的通知\n各单位：\n现将方案印发给你们。\n" + "".join(
        annex.format(n=n, title=title, rows=row.format(task=task, body=title))
        for n, title, task in parts
    )
    source = tmp_path / "a.txt"
    source.write_text(text)
    output = tmp_path / "output"
    assert cli.main(["parse", str(source), "-o", str(output)]) == 0
    index = YearsOfOutput(output).index()
    plans = [one for series in index.series.values() for one in series.notices]
    keys = [plan_key(index, one) for one in plans]
    assert len({*keys}) == 2
    for key, plan in zip(keys, plans, strict=True):
        found = find_plan(index, key)
        assert found is not None
        assert [one.item_id for one in found.items] == [one.item_id for one in plan.items]
    assert find_plan(index, f"{plans[0].notice_id}*nothing") is None
