"""The picture of a body and its partners: near are those who work together, and no labels meet."""

from __future__ import annotations

from itertools import pairwise

from pipeline.web.bodies.network import draw_network, order_partners, shorten
from pipeline.web.bodies.partners import Partner, Tie


def _partners(*names: str) -> list[Partner]:
    return [Partner(name, "unit", n, n, 0, 0) for n, name in enumerate(names, 1)]


def test_partners_with_common_items_are_neighbours() -> None:
    ties = [Tie("a", "c", 9), Tie("c", "e", 9), Tie("b", "d", 9), Tie("d", "f", 9)]
    order = "".join(one.body for one in order_partners(_partners(*"abcdef"), ties))
    assert set(order[:3]) in ({*"ace"}, {*"bdf"})
    # The middle of each chain is between its two neighbours.
    assert order[1] in "cd"
    assert order[4] in "cd"


def test_the_same_partners_give_the_same_picture() -> None:
    partners, ties = _partners(*"abcdefg"), [Tie("a", "b", 2), Tie("c", "g", 1)]
    one = draw_network("x", partners, ties, "")
    assert one == draw_network("x", partners[::-1], ties, "")
    assert len(one.nodes) == len(one.spokes) == 7


def test_no_two_labels_of_one_side_meet_and_all_are_inside() -> None:
    network = draw_network("x", _partners(*"abcdefghijklmn"), [], "")
    for anchor in ("start", "end"):
        ys = [one.y for one in network.nodes if one.anchor == anchor]
        assert all(after - before >= 20 for before, after in pairwise(ys))
    # Twelve characters of a label are 12 wide each.
    assert all(12 * 12 <= one.label_x <= network.width - 12 * 12 for one in network.nodes)
    assert all(0 < one.y < network.height for one in network.nodes)


def test_lines_are_as_wide_as_there_are_common_items() -> None:
    network = draw_network("x", _partners("a", "b"), [Tie("a", "b", 1)], "")
    assert {one.title[1]: one.width for one in network.spokes} == {"a": 4.5, "b": 9.0}
    assert [(one.title, one.items) for one in network.ties] == [(("a", "b"), 1)]


def test_a_body_without_partners_has_a_picture_of_itself() -> None:
    network = draw_network("x", [], [], "")
    assert network.nodes == ()
    assert network.height > 0


def test_labels_leave_out_the_common_place() -> None:
    assert shorten("盐田区民政局", "盐田区") == "民政局"
    assert shorten("南京市民政局", "盐田区") == "南京市民政局"
    assert shorten("盐田区", "盐田区") == "盐田区"
    assert shorten("一二三四五六七八九十十一十二", "") == "一二三四五六七八九十十…"


def test_the_side_is_the_most_frequent_relation() -> None:
    assert Partner("a", "unit", 3, 1, 2, 0).side == "helps"
    assert Partner("a", "unit", 3, 2, 1, 0).side == "leads"
    assert Partner("a", "unit", 2, 1, 0, 1).side == "beside"
