"""A comparison as paragraphs for a report."""

from __future__ import annotations

from pipeline.compare.diff import diff_notices
from pipeline.compare.views.cards import make_cards
from pipeline.compare.views.narrative import write_narrative
from pipeline.model import Notice
from tests.compare.small_years import HEAD, OLD, notice


def tell(one: Notice, two: Notice) -> list[str]:
    comparison = diff_notices(one, two)
    return write_narrative(comparison, make_cards(comparison, one, two))


def test_two_years(years: tuple[Notice, Notice]) -> None:
    items, fates, duties, figures = tell(*years)
    assert items == (
        "《清河区2017年重点改革计划》列有工作事项3项，与2016年持平。与《清河区2016年重点改革计划》（3项）相比，"
        "延续2项（其中文字未变1项、改写1项），新增1项；2016年事项中取消1项。"
    )
    assert (
        fates == "新增的事项为“新建口袋公园”（区城管局）。取消的事项为“整治黑臭水体”（区水务局）。"
    )
    assert duties == (
        "责任分工方面，4个单位承担的事项有变动：区民政局不再主办1项；区财政局改任主办1项；区城管局新增1项（主办）；"
        "区水务局减少1项（主办）。牵头领导有调整的1项：“加快社会组织培育”由王宏彬改为陈晓东。"
        "机构更名的1个：区卫生局改为区卫计局。"
    )
    assert figures == "指标方面，有变动的1处：“加快社会组织培育”中增长由8%调整为10%。"


def test_a_deadline_that_is_put_off() -> None:
    head = HEAD.format(y=2016)
    one = notice(head + OLD.replace("整治河道5条。", "整治河道5条。\n完成时限:6月底前。"), "a")
    two = notice(
        head.replace("2016", "2017")
        + OLD.replace("整治河道5条。", "整治河道5条。\n完成时限:9月底前。").replace("2016", "2017"),
        "b",
    )
    assert tell(one, two)[-1] == (
        "完成时限方面，推迟的1项：“整治黑臭水体”由6月底前推迟至9月底前（约3个月）。"
    )


def test_plans_without_items() -> None:
    one, two = (notice(HEAD.format(y=year), str(year)) for year in (2016, 2017))
    assert len(tell(one, two)) == 1
    assert "两者均无事项" in tell(one, two)[0]
