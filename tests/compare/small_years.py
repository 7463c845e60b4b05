"""Two small years of a plan that several tests compare."""

from __future__ import annotations

from pipeline.comparison import Change, Comparison
from pipeline.model import Notice
from pipeline.parse.notice import parse_notice
from tests.conftest import source

HEAD = "关于印发清河区{y}年重点改革计划的通知\n清河区{y}年重点改革计划\n一、重点改革项目\n"
OLD = """1、加快社会组织培育。完善登记制度,新增社会组织8个,增长8%。
牵头区领导:王宏彬;
主办单位:区民政局;
协办单位:区财政局、区卫生局。
2、建设智慧校园。到2016年底建成5所。
牵头区领导:李建明;
主办单位:区教育局。
3、整治黑臭水体。整治河道5条。
主办单位:区水务局。
"""
NEW = """1、建设智慧校园。到2017年底建成5所
牵头区领导:李建明;
主办单位:区教育局。
2、新建口袋公园。新建公园10个。
主办单位:区城管局。
3、加快社会组织培育。完善登记制度,新增社会组织8个,增长10%。
牵头区领导:陈晓东;
主办单位:区财政局;
协办单位:区民政局、区卫计局。
"""


def notice(text: str, name: str) -> Notice:
    return parse_notice(source(text), name)


def changes(comparison: Comparison, current: str) -> dict[str, Change]:
    link = next(one for one in comparison.links if current in one.current)
    return {change.field: change for change in link.changes}
