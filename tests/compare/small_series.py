"""Small years of a plan, by the names of their items."""

from __future__ import annotations

from pipeline.model import Notice
from pipeline.parse.notice import parse_notice
from tests.conftest import source

ITEMS = {
    "school": "建设智慧校园。新建智慧校园示范校{n}所。\n主办单位:区教育局。\n",
    "river": "整治黑臭水体。整治黑臭河道{n}条,推行河长巡查。\n主办单位:区水务局。\n",
    "park": "新建口袋公园。新建口袋公园{n}座,配套健身器材。\n主办单位:区城管局。\n",
    "bus": "优化公交线网。开通微循环公交{n}条,增设站台。\n主办单位:区交通局。\n",
}


def plan(year: int, *names: str, title: str = "重点改革计划", place: str = "清河区") -> Notice:
    lines = "".join(f"{n}、{ITEMS[name].format(n=n + year % 7)}" for n, name in enumerate(names, 1))
    text = f"{place}{year}年{title}\n一、重点改革项目\n{lines}"
    return parse_notice(source(text), f"{place}-{title}-{year}")


def bare_plan(
    *, title: str = "", region: str | None = None, issuing_body: str | None = None
) -> Notice:
    """A record of 2016 of which nothing else is known."""
    update = {"title": title, "place": None, "region": region, "issuing_body": issuing_body}
    return plan(2016, "school").model_copy(update=update)
