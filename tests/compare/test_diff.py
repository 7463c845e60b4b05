"""Two plans compared: kinds, changes, names that moved or were renamed, warnings, the views."""

from __future__ import annotations

from pipeline.compare.diff import diff_notices
from pipeline.model import Notice
from tests.compare.small_years import changes, notice
from tests.plans.years import Task, two_years, written


def test_what_became_of_every_item(years: tuple[Notice, Notice]) -> None:
    made = diff_notices(*years)
    assert [(link.previous, link.current, link.kind) for link in made.links] == [
        (("a#2",), ("b#1",), "same"),
        (("a#1",), ("b#3",), "reworded"),
    ]
    assert (made.dropped, made.added) == (("a#3",), ("b#2",))
    assert made.relation == "series"
    assert not made.warnings
    assert "基本不变1项，改写1项，取消1项，新增1项" in made.summary.zh
    assert "1 unchanged, 1 reworded, 1 dropped, 1 added" in made.summary.en


def test_changes_of_a_link(years: tuple[Notice, Notice]) -> None:
    found = changes(diff_notices(*years), "b#3")
    assert (found["number"].before, found["number"].after) == (1, 3)
    assert (found["leaders"].lost, found["leaders"].gained) == (("王宏彬",), ("陈晓东",))
    figures = [(one.about, one.before, one.after) for one in found["content"].figures]
    assert figures == [("增长", "8%", "10%")]
    words = found["content"].words
    assert [one.text for one in words if one.fate == "removed"] == ["8%"]
    assert [one.text for one in words if one.fate == "added"] == ["10%"]
    assert "".join(one.text for one in words if one.fate != "added") == found["content"].before


def test_the_same_item_only_moved_changes_its_number(years: tuple[Notice, Notice]) -> None:
    assert set(changes(diff_notices(*years), "b#1")) == {"number"}


def test_every_item_stands_in_one_place() -> None:
    made = two_years(11, 40, 0.6)
    one, two = notice(written(made.previous, 2016), "a"), notice(written(made.current, 2017), "b")
    found = diff_notices(one, two)
    before = [i for link in found.links for i in link.previous] + list(found.dropped)
    after = [i for link in found.links for i in link.current] + list(found.added)
    assert sorted(before) == sorted(item.item_id for item in one.items)
    assert sorted(after) == sorted(item.item_id for item in two.items)


def test_kinds_of_generated_years() -> None:
    right = wrong = 0
    for seed in range(4):
        made = two_years(seed, 40, 0.5)
        one, two = (
            notice(written(tasks, year), name)
            for tasks, year, name in ((made.previous, 2016, "a"), (made.current, 2017, "b"))
        )
        assert [len(one.items), len(two.items)] == [len(made.previous), len(made.current)]
        for link in diff_notices(one, two).links:
            for edge in link.evidence:
                pair = tuple(int(i.split("#")[1]) - 1 for i in (edge.previous, edge.current))
                if pair in made.edges:
                    right += made.edges[pair] == link.kind
                    wrong += made.edges[pair] != link.kind
    assert right / (right + wrong) >= 0.95


def test_a_renumbered_plan_of_24_items_has_its_three_changes() -> None:
    """One item comes in above the others, one is reworded, one changes its host."""
    tasks = two_years(24, 24, 0.0).previous
    new = Task("推广智慧路灯", ("在主干道安装智慧路灯200盏",), 1, "王宏彬", ("区城管局",))
    first, second = tasks[12], tasks[20]
    later = [
        *tasks[:8],
        new,
        *tasks[8:12],
        Task(first.title, (*first.sentences, "每半年公布一次进展"), first.section, first.leader, first.hosts, first.co_hosts),
        *tasks[13:20],
        Task(second.title, second.sentences, second.section, second.leader, ("区体育局",), second.co_hosts),
        *tasks[21:],
    ]  # fmt: skip
    one, two = notice(written(tasks, 2016), "a"), notice(written(later, 2017), "b")
    made = diff_notices(one, two)
    assert made.dropped == ()
    assert len(made.added) == 1
    assert [link.kind for link in made.links].count("reworded") == 1
    assert made.counts["same"] == 23
    assert {
        change.field for link in made.links for change in link.changes if link.kind == "same"
    } == {"number", "host_units"}
    assert made.counts["host_units"] == 1


def test_the_same_file_twice(years: tuple[Notice, Notice]) -> None:
    made = diff_notices(years[0], years[0])
    assert {link.kind for link in made.links} == {"same"}
    assert not any(link.changes for link in made.links)
    assert made.relation == "same file"
    assert made.warnings
