"""The names of a notice: their kinds, posts and bodies."""

from __future__ import annotations

from tests.conftest import parse

HEAD = "盐田区2020年工作要点\n"


def test_a_post_printed_once_is_known_everywhere() -> None:
    notice = parse(
        f"{HEAD}1.修路。\n牵头领导:副区长张三\n责任单位:区住建局\n"
        "2.种树。\n牵头领导:张三\n责任单位:区林业局\n"
    )
    assert [item.leaders[0].post for item in notice.items] == ["副区长", "副区长"]
    assert [item.leaders[0].name for item in notice.items] == ["张三", "张三"]


def test_two_posts_of_one_name_are_not_passed_on() -> None:
    notice = parse(
        f"{HEAD}1.修路。\n牵头领导:副区长张三\n责任单位:区住建局\n"
        "2.种树。\n牵头领导:张三\n责任单位:区林业局\n3.植草。\n牵头领导:张三局长\n责任单位:区林业局\n"
    )
    assert [item.leaders[0].post for item in notice.items] == ["副区长", None, "局长"]


def test_kinds_plates_and_blanks() -> None:
    notice = parse(f"{HEAD}1.修路。\n牵头领导:张 超\n责任单位:区发改局（区统计局）、各街道办\n")
    (leader,) = notice.items[0].leaders
    assert (leader.text, leader.name, leader.kind) == ("张 超", "张超", "person")
    host, group = notice.items[0].host_units
    assert (host.name, host.aliases, host.kind) == ("区发改局(区统计局)", ("区统计局",), "unit")
    assert (host.canonical, host.text) == ("盐田区发展和改革局", "区发改局（区统计局）")
    assert (group.kind, group.canonical) == ("collective", "盐田区各街道办事处")


def test_each_body_is_described_once() -> None:
    notice = parse(f"{HEAD}1.修路。(区发改局负责)\n2.种树。(区发展和改革局、各街道办负责)\n")
    assert [(body.canonical, body.kind, len(body.members)) for body in notice.bodies] == [
        ("盐田区发展和改革局", "unit", 0),
        ("盐田区各街道办事处", "collective", 4),
    ]
    assert {(body.level, body.place) for body in notice.bodies} == {("county", "盐田区")}
