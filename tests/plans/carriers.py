"""Every way of writing who is responsible: a carrier gives tasks their owners and writes them down.

A carrier makes a draft, fills the tasks' known owners, and leaves each task's paragraphs in
`lines`. Roles follow the table of the record contract.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.plans.draft import (
    BY_CHINESE,
    SCHEMES,
    UNDER_TWO,
    Draft,
    Node,
    Remark,
    Section,
    Task,
    Writer,
    draft,
    label,
)

Carrier = Callable[[Writer], Draft]

SHAPES = {"round": "（）", "square": "［］", "tortoise": "〔〕", "lenticular": "【】"}


@dataclass(frozen=True, slots=True)
class Form:
    """A phrase with its verbs; h, c and d are lists of names, g a group after 等."""

    pattern: str
    hosts: tuple[int, int]
    co_hosts: tuple[int, int] = (0, 0)

    @property
    def leads(self) -> bool:
        """Whether a lead is named, so that no rule about first-listed units applies."""
        return any(verb in self.pattern for verb in ("牵头", "主办", "会同"))


FORMS = (
    Form("{h}负责", (1, 4)),
    Form("{h}按职责分工负责", (2, 4)),
    Form("{h}等部门负责", (2, 3)),
    Form("{h}等部门按职责分工负责", (2, 4)),
    Form("{h}等{g}负责", (1, 3)),
    Form("{h}分别负责", (2, 3)),
    Form("{h}牵头负责", (1, 1)),
    Form("{h}分别牵头", (2, 2)),
    Form("{h}牵头，{c}配合", (1, 1), (1, 4)),
    Form("{h}牵头，{c}参与", (1, 1), (1, 4)),
    Form("{h}牵头，{c}参加", (1, 1), (1, 3)),
    Form("{h}牵头，{c}负责", (1, 1), (1, 3)),
    Form("{h}牵头，{c}按职责分工负责", (1, 2), (2, 4)),
    Form("{h}牵头，{c}等部门配合", (1, 1), (2, 3)),
    Form("{h}牵头，{c}", (1, 1), (2, 4)),
    Form("{h}主办，{c}协办", (1, 1), (1, 3)),
    Form("{h}会同{c}负责", (1, 1), (1, 2)),
    Form("{h}牵头，{c}配合，{d}参与", (1, 1), (1, 2)),
)
ALONE = tuple(form for form in FORMS if form.pattern.endswith("负责") and not form.leads)
LED = tuple(form for form in FORMS if form.leads)
LED_BY = tuple(
    Form(f"由{form.pattern}", form.hosts, form.co_hosts)
    for form in LED
    if "，" in form.pattern and not form.pattern.endswith("{c}")
)
FIRST_LEADS = (FORMS[0], FORMS[1], FORMS[3], FORMS[6], FORMS[8], FORMS[9])

# Labels of the host and the co-hosts.
PAIRS = (
    ("主办单位", "协办单位"),
    ("牵头单位", "责任单位"),
    ("牵头单位", "配合单位"),
    ("牵头部门", "配合部门"),
    ("牵头单位", "参与单位"),
    ("责任单位", "配合单位"),
    ("责任单位", "协办单位"),
    ("主要责任单位", "其他责任单位"),
    ("牵头责任单位", "协同责任单位"),
    ("承办单位", "协办单位"),
    ("责任单位", ""),
    ("责任部门", ""),
    ("负责部门", ""),
)
LEADER_LABELS = {
    "区": ("牵头区领导", "分管领导", "责任领导"),
    "市": ("牵头市领导", "牵头领导", "分管市领导"),
    "县": ("牵头县领导", "包抓领导", "责任领导"),
    "国": ("牵头领导", "分管领导", "责任领导"),
}


def _listed(w: Writer, names: list[str]) -> str:
    """A list as printed; a group of units may come after 及 or 和."""
    if len(names) > 1 and names[-1].startswith(("各", "区直", "市直", "县直")) and w.maybe(0.3):
        return "、".join(names[:-1]) + w.pick("及", "和") + names[-1]
    return "、".join(names)


def _elided(w: Writer, names: list[str]) -> list[str]:
    """A list whose later names leave out the level, as in 市发改委、财政局."""
    if len(names) < 2 or not names[0].startswith(w.level) or not w.maybe(0.08):
        return names
    return [names[0]] + [
        name[1:] if name.startswith(w.level) and name[-1] in "局院" and "（" not in name else name
        for name in names[1:]
    ]


def phrase(w: Writer, task: Task, forms: tuple[Form, ...] = FORMS) -> str:
    """A phrase with verbs, its names added to the task: A牵头，B、C配合."""
    form = w.chance.choice(forms)
    draw = w.chance.randint
    many = [draw(*form.hosts), draw(*form.co_hosts), draw(1, 2) if "{d}" in form.pattern else 0]
    names = w.units(sum(many), sum(many))
    hosts, co_hosts = names[: many[0]], names[many[0] : many[0] + many[1]]
    others = names[many[0] + many[1] :]
    if co_hosts and "等" not in form.pattern and "会同" not in form.pattern and w.maybe(0.25):
        co_hosts[-1] = w.collective()
    if not form.leads:
        hosts = _elided(w, hosts)
    group = w.group()
    task.hosts += hosts + ([group] if "{g}" in form.pattern else [])
    task.co_hosts += co_hosts + others
    lists = {"h": hosts, "c": co_hosts, "d": others}
    shown = {key: _listed(w, names) for key, names in lists.items()}
    return form.pattern.format(g=group, **shown)


def rows(w: Writer, task: Task, pair: tuple[str, str], leader: str = "") -> list[tuple[str, str]]:
    """Labels with their lists, the names added to the task."""
    names = w.units(2, 7)
    host_label, other_label = pair
    found = []
    if leader:
        task.leaders = [w.person() for _ in range(2 if w.maybe(0.15) else 1)]
        task.leaders = list(dict.fromkeys(task.leaders))
        found.append((leader, "、".join(_titled(w, name) for name in task.leaders)))
    many = 1 if other_label and w.maybe(0.8) else w.chance.randint(1, 2 if other_label else 4)
    task.hosts += names[:many]
    if not other_label and w.maybe(0.2):
        task.hosts.append(w.collective())
    found.append((host_label, _listed(w, task.hosts)))
    # An item without co-hosts has no such line.
    if other_label and w.maybe(0.85):
        task.co_hosts += names[many:] + ([w.collective()] if w.maybe(0.3) else [])
    if task.co_hosts:
        found.append((other_label, _listed(w, task.co_hosts)))
    w.keep([name for name, _ in found])
    return found


def _titled(w: Writer, name: str) -> str:
    """A leader as printed: mostly the name alone."""
    if w.maybe(0.9):
        return name
    return w.keep([w.pick(f"{name}{w.post()}", f"{w.post()}{name}", f"{name}同志")])[0]


def due(w: Writer, task: Task) -> str:
    """A deadline's words; the day is added to the task."""
    month, day = w.chance.choice(((6, 30), (9, 30), (12, 31)))
    task.due = f"{w.year}-{month:02}-{day}"
    shown = w.pick(f"{w.year}年{month}月底前", f"{month}月底", f"{w.year}年{month}月{day}日前")
    return w.keep([shown])[0]


def _each(write: Callable[[Writer, Task], list[str]], schemes: tuple[str, ...]) -> Carrier:
    """A carrier that writes task by task."""

    def carry(w: Writer) -> Draft:
        made = draft(w, w.chance.choice(schemes))
        for task in made.tasks:
            task.lines = write(w, task)
        return made

    return carry


def own_line(w: Writer) -> Draft:
    """Labels on lines of their own, with one style of labels and line ends for the document."""
    made = draft(w, w.chance.choice(tuple(SCHEMES)))
    pair = w.chance.choice(PAIRS)
    leader = w.chance.choice(LEADER_LABELS[w.level]) if w.maybe(0.4) else ""
    inner, last = w.chance.choice((("；", "。"), ("", ""), ("；", "；"), ("。", "。")))
    dated = w.maybe(0.3)
    for task in made.tasks:
        found = rows(w, task, pair, leader)
        if dated and w.maybe(0.8):
            found.append((w.pick("完成时限", "完成时间"), due(w, task)))
        lines = [f"{name}：{value}{inner}" for name, value in found]
        lines[-1] = lines[-1].removesuffix(inner) + last
        task.lines = [task.text(), *lines]
    return made


def run_on(w: Writer) -> Draft:
    """Labels in the item's own paragraph: …。责任单位：A、B。"""
    made = draft(w, w.chance.choice(tuple(SCHEMES)))
    pair, between = w.chance.choice(PAIRS), w.pick("；", "。", "，", " ")
    for task in made.tasks:
        found = rows(w, task, pair)
        task.lines = [task.text() + between.join(f"{a}：{b}" for a, b in found) + "。"]
    return made


def unnumbered(w: Writer) -> Draft:
    """Tasks without numbers, each closed by its block of labels."""
    made = draft(w, w.chance.choice(("一、1.", "一、（一）1.")))
    pair = w.chance.choice(PAIRS)
    # A numbered sentence with a stop could be a task that the paragraphs below belong to.
    for node in made.nodes:
        if isinstance(node, Section):
            node.heading = node.heading.removesuffix("。")
    for task in made.tasks:
        task.label = None
        task.lines = [task.text(), *(f"{a}：{b}" for a, b in rows(w, task, pair))]
    return made


def _bracketed(shape: str, inner: str) -> str:
    return SHAPES[shape][0] + inner + SHAPES[shape][1]


def verbs_in(shape: str) -> Carrier:
    """…。（A牵头，B、C配合）"""

    def write(w: Writer, task: Task) -> list[str]:
        return [task.text() + _bracketed(shape, phrase(w, task))]

    return _each(write, tuple(SCHEMES))


def labels_in(shape: str) -> Carrier:
    """…。（牵头单位：A；责任单位：B、C）"""

    def carry(w: Writer) -> Draft:
        made = draft(w, w.chance.choice(tuple(SCHEMES)))
        pair, between = w.chance.choice(PAIRS), w.pick("；", "；", "，")
        for task in made.tasks:
            inner = between.join(f"{a}：{b}" for a, b in rows(w, task, pair))
            task.lines = [task.text() + _bracketed(shape, inner)]
        return made

    return carry


def bare_in(shape: str) -> Carrier:
    """…。（A、B）"""

    def carry(w: Writer) -> Draft:
        made = draft(w, w.chance.choice(tuple(SCHEMES)))
        between = "/" if w.maybe(0.1) else "、"
        for task in made.tasks:
            task.hosts = w.units(1, 4)
            if between == "、" and w.maybe(0.2):
                task.hosts.append(w.collective())
            task.lines = [task.text() + _bracketed(shape, between.join(task.hosts))]
        return made

    return carry


def groups(w: Writer) -> Draft:
    """Several owners in one item, each behind its sentences: S1。（A负责）S2。（B负责）"""
    made = draft(w, w.chance.choice(tuple(SCHEMES)), decoys=False)
    shape = w.pick("round", "round", "round", "tortoise", "square")
    for task in made.tasks:
        task.body = w.sentences(2, 4, decoys=False)
        kind = w.chance.choice(((FORMS[0],), (FORMS[0], FORMS[1]), (FORMS[6], FORMS[8])))
        head = f"{task.label}{task.title}。" if w.maybe(0.8) else f"{task.label}{task.title}，"
        text = head
        taken: set[str] = set()
        for number, sentence in enumerate(task.body):
            part = _part(w, kind, taken)
            text += f"{sentence}。{_bracketed(shape, part[1])}"
            task.hosts += part[0].hosts
            task.co_hosts += part[0].co_hosts
            if number:
                task.scopes |= dict.fromkeys(part[0].hosts, sentence)
        task.lines = [text]
    return made


def _part(w: Writer, forms: tuple[Form, ...], taken: set[str]) -> tuple[Task, str]:
    """A phrase whose names stand nowhere else in the item."""
    while True:
        part = Task(None, "", ())
        words = phrase(w, part, forms)
        names = {*part.hosts, *part.co_hosts}
        if not names & taken and not any(a.endswith(b) for a in names for b in taken):
            taken |= names
            return part, words


def before_stop(w: Writer) -> Draft:
    """The bracket stands before the full stop: …工作（A负责）。"""

    def write(w: Writer, task: Task) -> list[str]:
        return [task.text().removesuffix("。") + _bracketed("round", phrase(w, task)) + "。"]

    return _each(write, tuple(SCHEMES))(w)


def after_title(w: Writer) -> Draft:
    """The bracket stands behind the title, the body follows: 1.TITLE（A牵头，B配合）。BODY"""
    between = w.pick("。", "\n", "。（")

    def write(w: Writer, task: Task) -> list[str]:
        task.body = task.body or w.sentences(1, 2)
        head, body = f"{task.label}{task.title}", "".join(f"{one}。" for one in task.body)
        owners = _bracketed("round", phrase(w, task))
        if between == "\n":
            return [head + owners, body]
        return [head + (f"{owners}。" if between == "。" else f"。{owners}") + body]

    return _each(write, tuple(SCHEMES))(w)


def led_by(w: Writer) -> Draft:
    """…。（由A牵头，B、C配合）"""

    def write(w: Writer, task: Task) -> list[str]:
        return [task.text() + _bracketed("round", phrase(w, task, LED_BY))]

    return _each(write, tuple(SCHEMES))(w)


def with_fields(w: Writer) -> Draft:
    """A deadline or another field in the same bracket: （牵头单位：A；责任单位：B；6月底前完成）"""
    kind = w.pick("label", "clause", "verb", "scope", "person")
    pair = w.chance.choice(PAIRS[:8])

    def write(w: Writer, task: Task) -> list[str]:
        return [task.text() + _bracketed("round", "；".join(_field_parts(w, task, kind, pair)))]

    return _each(write, tuple(SCHEMES))(w)


def _field_parts(w: Writer, task: Task, kind: str, pair: tuple[str, str]) -> list[str]:
    if kind == "verb":
        forms = (FORMS[0], FORMS[8], FORMS[9])
        return [f"{phrase(w, task, forms)}，{due(w, task).removesuffix('前')}前完成"]
    if kind == "scope":
        scopes = ("所有自由贸易试验区", "全部试点城市", "部分园区")
        task.fields["适用范围"] = w.keep([w.pick(*scopes)])[0]
        found = rows(w, task, ("负责部门", ""))
        return [f"{a}：{b}" for a, b in (*found, *task.fields.items())]
    if kind == "person":
        key = w.pick("责任人", "联系人")
        task.fields[key] = w.person()
        found = rows(w, task, ("责任单位", ""))
        found += [(key, task.fields[key]), ("完成时限", due(w, task))]
        return [f"{a}：{b}" for a, b in found]
    parts = [f"{a}：{b}" for a, b in rows(w, task, pair)]
    end = due(w, task).removesuffix("前")
    return [*parts, f"完成时限：{end}前" if kind == "label" else f"{end}前完成"]


def heading_leader(w: Writer) -> Draft:
    """一、王纲市长牵头重点工作: the heading's leader goes to every task under it."""
    made = draft(w, w.chance.choice(BY_CHINESE))
    tail = w.pick("牵头重点工作", "主抓重点工作")
    leader, heading, pair = "", "", w.chance.choice(PAIRS)
    own_lines = w.maybe(0.6)
    for node in made.nodes:
        if isinstance(node, Section) and not node.depth:
            leader = w.person()
            node.heading = heading = f"{leader}{w.post()}{tail}"
        elif isinstance(node, Task):
            node.path = (heading, *node.path[1:])
            if own_lines:
                node.lines = [node.text(), *(f"{a}：{b}" for a, b in rows(w, node, pair))]
            else:
                node.lines = [node.text() + _bracketed("round", phrase(w, node))]
            node.leaders = [leader]
    return made


def standing(w: Writer) -> Draft:
    """（A牵头，B参与，各镇负责落实。以下各项工作均需各镇落实，不再列出）"""
    made = draft(w, w.chance.choice(tuple(SCHEMES)))
    made.ordered = False
    everywhere = w.collective()
    in_preface = w.maybe(0.4)
    if in_preface:
        made.note = f"以下各项任务均需{everywhere}落实，不再列出。"
    shape = w.pick("round", "round", "tortoise")
    for number, task in enumerate(made.tasks):
        words = phrase(w, task, (FORMS[8], FORMS[9]))
        if everywhere in task.co_hosts:
            task.co_hosts.remove(everywhere)
        if not number and not in_preface:
            words += f"，{everywhere}负责落实。"
            words += f"{w.pick('以下', '以下各项工作')}均需{everywhere}落实，不再列出"
        task.co_hosts.append(everywhere)
        task.lines = [task.text() + _bracketed(shape, words)]
    return made


def closing(w: Writer) -> Draft:
    """以上任务由A牵头，B配合。 goes to each task above it that has nobody of its own."""
    made = draft(w, w.chance.choice(UNDER_TWO), decoys=False)
    nodes: list[Node] = []
    pending: list[Task] = []
    for node in [*made.nodes, None]:
        if (node is None or isinstance(node, Section)) and pending:
            nodes.append(_closed(w, pending))
            pending = []
        if isinstance(node, Task):
            pending.append(node)
        if node is not None:
            nodes.append(node)
    made.nodes = nodes
    return made


def _closed(w: Writer, tasks: list[Task]) -> Remark:
    shared = Task(None, "", ())
    form = w.chance.choice((FORMS[0], FORMS[8]))
    words = phrase(w, shared, (form,))
    for number, task in enumerate(tasks):
        task.lines = [task.text()]
        if number == 1 and form is FORMS[0] and w.maybe(0.3):
            task.lines = [task.text() + _bracketed("round", phrase(w, task, (FORMS[0],)))]
        else:
            task.hosts, task.co_hosts = list(shared.hosts), list(shared.co_hosts)
    return Remark(f"{w.pick('以上任务', '以上工作', '以上各项任务')}由{words}。")


FIRST_NOTES = (
    "列第一位者为牵头单位，下同",
    "排在第一位的部门为牵头部门，下同",
    "列第一位的为牵头单位或汇总单位，下同",
)


def first_leads(w: Writer) -> Draft:
    """A、B、C负责。列第一位者为牵头单位，下同: the first of a list without a lead leads."""
    made = draft(w, w.chance.choice(tuple(SCHEMES)))
    own_lines, in_preface = w.maybe(0.4), w.maybe(0.4)
    note = w.keep([w.chance.choice(FIRST_NOTES)])[0]
    if in_preface:
        made.note = f"各项任务的责任单位中，{note}。"
    elif not own_lines:
        note = w.pick("。", "，") + note
    for number, task in enumerate(made.tasks):
        first = not number and not in_preface
        if own_lines:
            words = f"责任单位：{rows(w, task, ('责任单位', ''))[0][1]}"
            task.lines = [task.text(), words + (f"（{note}）" if first else "")]
        else:
            words = phrase(w, task, FIRST_LEADS[:3] if first else FIRST_LEADS)
            task.lines = [task.text() + _bracketed("round", words + (note if first else ""))]
        if not task.co_hosts:
            task.hosts, task.co_hosts = task.hosts[:1], task.hosts[1:]
    return made


def no_lead_note(w: Writer) -> Draft:
    """没有牵头单位的，责任单位为牵头单位: stated once for tasks with one label only."""
    made = draft(w, w.chance.choice(tuple(SCHEMES)))
    made.note = w.pick(
        "没有牵头单位的，责任单位为牵头单位。", "未明确牵头单位的，责任单位即为牵头单位。"
    )
    for task in made.tasks:
        pair = w.chance.choice((("牵头单位", "责任单位"), ("责任单位", "")))
        task.lines = [task.text(), *(f"{a}：{b}" for a, b in rows(w, task, pair))]
    return made


def measures(w: Writer) -> Draft:
    """A task with its numbered measures, each with owners of its own."""
    made = draft(w, w.chance.choice(("一、", "一、（一）", "一、+（一）")))
    style = w.pick("1.", "1．", "（1）") if "（" in made.scheme else w.pick("（一）", "1.")
    lead_in = w.pick("具体措施：", "工作措施：", "")
    nodes: list[Node] = []
    for node in made.nodes:
        nodes.append(node)
        if isinstance(node, Task):
            text = node.text() + _bracketed("round", phrase(w, node, LED))
            node.lines = [text + lead_in] if w.maybe(0.5) else [text, *filter(None, [lead_in])]
            nodes += _measures(w, node, style)
    made.nodes = nodes
    return made


def _measures(w: Writer, parent: Task, style: str) -> list[Task]:
    found = []
    for number in range(1, w.chance.randint(2, 3) + 1):
        task = Task(label(style, number), w.title(), parent.path, parent=parent)
        task.body = w.sentences(0, 1)
        task.lines = [task.text() + _bracketed("round", phrase(w, task))]
        found.append(task)
    return found


def several_plans(w: Writer) -> Draft:
    """One notice with two annexes, each a plan with numbers and carriers of its own."""
    kinds = (own_line, run_on, verbs_in("round"), labels_in("round"))
    first = w.chance.choice(kinds)(w)
    second = w.chance.choice(kinds)(w)
    for part, title in ((first, "重点工作任务分工方案"), (second, "为民办实事项目实施方案")):
        part.title = f"{'' if w.level == '国' else w.place}{w.year}年{title}"
        for task in part.tasks:
            task.plan_title = part.title
    preface = [f"{w.office}关于印发{first.title}和{second.title}的通知", "各有关单位："]
    preface += ["现将有关方案印发给你们，请认真组织实施。", w.office, f"{w.year}年3月1日"]
    first.preface = [*preface, "附件1", first.title]
    first.nodes += map(Remark, [*first.tail, "附件2", second.title])
    first.nodes += second.nodes
    first.tail = second.tail
    return first


PROSE: dict[str, Carrier] = {
    "own line": own_line,
    "run on": run_on,
    "unnumbered": unnumbered,
    **{f"{shape} verbs": verbs_in(shape) for shape in SHAPES},
    **{f"{shape} labels": labels_in(shape) for shape in SHAPES},
    **{f"{shape} bare": bare_in(shape) for shape in SHAPES},
    "groups": groups,
    "before the stop": before_stop,
    "after the title": after_title,
    "led by": led_by,
    "with fields": with_fields,
    "heading leader": heading_leader,
    "standing": standing,
    "closing": closing,
    "first leads": first_leads,
    "no lead note": no_lead_note,
    "measures": measures,
    "several plans": several_plans,
}
