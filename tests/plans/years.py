"""Two years of one plan with what became of every task known: edited, split, merged, moved …

`two_years(seed, size, share)` edits that share of a year's tasks; `written` prints a year as a
plan that the parser reads. All words are made up.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SUBJECTS = [
    "社区养老服务",
    "老旧小区管网",
    "公共停车泊位",
    "农贸市场",
    "校园食堂",
    "托育机构",
    "河道水质",
    "海绵城市",
    "公交线网",
    "残疾人康复",
    "义务教育学位",
    "职业技能培训",
    "中医药服务",
    "家庭医生签约",
    "食品抽检",
    "危化品运输",
    "森林防火",
    "垃圾分类",
    "餐厨废弃物",
    "扬尘污染",
    "产业园区厂房",
    "专精特新企业",
    "科技成果转化",
    "知识产权质押",
    "跨境电商",
    "冷链物流",
    "乡村民宿",
    "高标准农田",
    "水产养殖尾水",
    "种业振兴",
    "政务数据共享",
    "不动产登记",
    "工程建设审批",
    "信用修复",
    "行政复议",
    "法律援助",
    "人民调解",
    "信访积案",
    "安置房交付",
    "既有住宅加装电梯",
    "图书馆分馆",
    "全民健身步道",
    "文物保护修缮",
    "非遗传承",
    "旅游厕所",
    "志愿服务",
    "未成年人保护",
    "婚姻登记",
    "殡葬设施",
    "慈善捐助",
    "充电桩布局",
    "燃气瓶安全",
    "地质灾害点",
    "防汛排涝泵站",
    "应急避难场所",
    "渔港升级",
    "林权流转",
    "湿地修复",
    "古树名木",
    "绿道贯通",
]
SIDES = [
    "标准规范",
    "数字平台",
    "专项资金",
    "考核评价",
    "示范试点",
    "社会参与",
    "队伍培养",
    "风险排查",
    "宣传推广",
    "区域协作",
    "绩效审计",
    "准入退出",
    "基层网点",
    "智能监测",
    "长效管护",
    "联合执法",
    "分级分类",
    "服务流程",
    "应急预案",
    "统计台账",
]
TITLES = (
    "推进{s}{v}建设", "健全{s}{v}机制", "加强{s}{v}工作", "实施{s}{v}提升工程", "完善{s}{v}体系",
    "深化{s}{v}改革",
)  # fmt: skip
SENTENCES = (
    "制定{s}{v}实施细则，明确{t}的职责边界", "新建改建{s}项目{n}个，其中{t}不少于{m}处", "到年底{s}{v}覆盖率达到{p}%以上",
    "每季度对{s}的{v}开展检查，发现{t}问题限期整改", "投入{n}00万元用于{s}，优先支持{t}", "建立{s}与{t}的信息互通渠道",
    "选取{m}个单位先行开展{v}，总结{s}经验", "培训{s}从业人员{n}0人次，重点讲解{t}", "引入第三方评估{s}成效，结果与{t}挂钩",
    "编制{s}{v}年度清单，向社会公布{t}进展", "对{s}存量问题逐一建档，年内办结{p}%", "鼓励企业参与{s}{v}，给予{t}补助",
    "推动{s}向镇村延伸，补上{t}短板", "升级{s}信息系统，接入{t}数据{m}类",
)  # fmt: skip
SECTIONS = ("重点改革项目", "民生保障项目", "城市建设项目", "产业发展项目")
LEADERS = ("王宏彬", "李建明", "陈晓东", "周国平", "吴志强", "林海燕")
UNITS = (
    "区民政局", "区财政局", "区教育局", "区科技局", "区司法局", "区水务局", "区商务局", "区审计局", "区城管局",
    "区农业局", "区文化局", "区卫生局", "区规划局", "区建设局", "区信访局", "区统计局",
)  # fmt: skip
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a year."""

    title: str
    sentences: tuple[str, ...]
    section: int
    leader: str
    hosts: tuple[str, ...]
    co_hosts: tuple[str, ...] = ()

    @property
    def content(self) -> str:
        """Title and sentences in one paragraph."""
        return f"{self.title}。" + "".join(f"{one}。" for one in self.sentences)


@dataclass(slots=True)
class Years:
    """Two years' tasks, and which goes on as which: (previous, current) -> kind."""

    previous: list[Task]
    current: list[Task]
    edges: dict[tuple[int, int], str] = field(default_factory=dict)


class _Author:
    """Draws tasks by one seeded chance; no two have the same subject and side."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.pairs = list(product(SUBJECTS, SIDES))
        chance.shuffle(self.pairs)

    def sentence(self, subject: str, side: str) -> str:
        """A sentence of a subject, with figures of its own."""
        draw = self.chance.randint
        pattern = self.chance.choice(SENTENCES)
        other = self.chance.choice(SUBJECTS) if draw(0, 3) == 0 else self.chance.choice(SIDES)
        return pattern.format(
            s=subject, v=side, t=other, n=draw(2, 99), m=draw(2, 9), p=draw(51, 98)
        )

    def task(self, section: int) -> Task:
        """A new task with owners."""
        chance = self.chance
        subject, side = self.pairs.pop()
        sentences: dict[str, None] = {}
        for _ in range(chance.randint(2, 4)):
            sentences[self.sentence(subject, side)] = None
        units = chance.sample(UNITS, 4)
        title = chance.choice(TITLES).format(s=subject, v=side)
        leader = LEADERS[section % len(LEADERS)]
        return Task(title, tuple(sentences), section, leader, (units[0],), tuple(units[1:3]))


def first_year(author: _Author, size: int) -> list[Task]:
    """A year of this many tasks, section by section."""
    return [author.task(n * len(SECTIONS) // size) for n in range(size)]


def two_years(seed: int, size: int, share: float) -> Years:
    """A year, and the next with this share of its tasks edited in one way or another."""
    chance = Random(seed)  # noqa: S311 - draws words, keeps no secret
    author = _Author(chance)
    made = Years(first_year(author, size), [])
    kept: list[tuple[Task, tuple[int, ...], str]] = []
    pending = list(enumerate(made.previous))
    while pending:
        n, task = pending.pop(0)
        edit = chance.choice(_EDITS) if chance.random() < share else "keep"
        if edit == "drop":
            continue
        if edit == "add":
            kept.append((author.task(task.section), (), "added"))
        if edit == "merge" and pending:
            m, other = pending.pop(chance.randrange(min(3, len(pending))))
            kept.append((_merged(task, other), (n, m), "merged"))
        elif edit == "split" and len(task.sentences) > 2:
            kept += [(part, (n,), "split") for part in _split(author, task)]
        else:
            one = _edited(author, task, edit)
            if edit != "keep" and chance.random() < 0.5:
                one = _edited(author, one, chance.choice(_EDITS))
            same = one.content == task.content
            kept.append((one, (n,), "same" if same else "reworded"))
    kept.sort(key=lambda row: row[0].section)
    made.current = [task for task, _, _ in kept]
    made.edges = {(p, q): kind for q, (_, before, kind) in enumerate(kept) for p in before}
    return made


_EDITS = (
    "reword",
    "figure",
    "drop",
    "add",
    "move",
    "swap",
    "retitle",
    "split",
    "merge",
    "leader",
    "unit",
)


def _edited(author: _Author, task: Task, edit: str) -> Task:
    """The task after one edit; an edit that is none of these leaves it as it is."""
    chance = author.chance
    if edit == "reword":
        at = chance.randrange(len(task.sentences))
        new = author.sentence(*_about(task))
        return replace(task, sentences=(*task.sentences[:at], new, *task.sentences[at + 1 :]))
    if edit == "figure":
        return replace(task, sentences=(*task.sentences, f"完成投资{chance.randint(100, 999)}万元"))
    if edit == "move":
        return replace(task, section=chance.randrange(len(SECTIONS)))
    if edit == "retitle":
        return replace(task, title=chance.choice(TITLES).format(s="".join(_about(task)), v="管理"))
    if edit == "leader":
        return replace(task, leader=chance.choice(LEADERS))
    if edit == "swap":
        return replace(task, hosts=task.co_hosts[:1], co_hosts=(*task.hosts, *task.co_hosts[1:]))
    if edit == "unit":
        return replace(task, hosts=(chance.choice(UNITS),))
    return task


def _about(task: Task) -> tuple[str, str]:
    """A task's subject and side, told from its title and sentences."""
    text = task.content
    subject = max(SUBJECTS, key=text.count)
    return subject, max(SIDES, key=text.count)


def _split(author: _Author, task: Task) -> tuple[Task, Task]:
    half = len(task.sentences) // 2 + 1
    title = author.chance.choice(TITLES).format(s=_about(task)[0], v="延伸")
    first = replace(task, sentences=task.sentences[:half])
    return first, replace(task, title=title, sentences=task.sentences[half:])


def _merged(one: Task, other: Task) -> Task:
    units = dict.fromkeys((*one.co_hosts, *other.hosts, *other.co_hosts))
    more = tuple(unit for unit in units if unit not in one.hosts)
    return replace(one, sentences=(*one.sentences, other.title, *other.sentences), co_hosts=more)


def written(tasks: Sequence[Task], year: int, place: str = "清河区") -> str:
    """The year as the text of a notice, numbered anew in every section."""
    title = f"{place}{year}年重点改革计划"
    lines = [f"关于印发{title}的通知", f"清委办〔{year}〕5号", title]
    for section, heading in enumerate(SECTIONS):
        inside = [task for task in tasks if task.section == section]
        if inside:
            lines.append(f"{_NUMERALS[section]}、{heading}")
        for number, task in enumerate(inside, 1):
            lines.append(f"{number}、{task.content}")
            lines.append(f"牵头区领导：{task.leader}；")
            lines.append(f"主办单位：{'、'.join(task.hosts)}；")
            if task.co_hosts:
                lines.append(f"协办单位：{'、'.join(task.co_hosts)}。")
    return "\n".join(lines) + "\n"
