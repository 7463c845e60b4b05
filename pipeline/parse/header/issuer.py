"""Find the body that issues a document (发文机关)."""

from __future__ import annotations

import re

from pipeline.names.divisions import begins_with_place
from pipeline.names.gazetteer import NO_HOME, find_longest
from pipeline.parse.header.page_keys import KeyedValues
from pipeline.text import fold, without_blanks

# The words that a body's name ends with.
_BODY_ENDS = (
    r"(?:人民政府|政府|委员会|管委会|党委|党组|党工委|国务院|市委|区委|县委|省委|州委|旗委|盟委|"
    r"局|厅|部|委|办|司|处|院|公司|学校|大学|学院|中心|集团|银行|海关|总队|支队|总工会|联合会|联合社|支行|分行|总部|"
    r"办事处|专员办|特派办|军分区|团委|妇联|残联|工商联|科协|文联|协会|学会|总社|署|"
    r"办公室|办公厅|领导小组|推进小组|执行小组|工作小组|协调小组|协调组|工作组|专班|指挥部|联席会议)"
)
_OFFICE = r"(?:办公厅|办公室|秘书处|综合处|综合司)?"
# 盐田区人民政府办公室 · 中共某某县委员会 · 推进“三地一区”建设领导小组办公室; not 请报县教育局.
BODY = (
    r"(?!请|特此|现|各|由|报|以上|此|附|并|抄送|印发|望|如)"
    rf"(?:(?!的|请)[\u4e00-\u9fff“”\"·-]){{2,50}}?{_BODY_ENDS}{_OFFICE}"
)
ENDS_BODY = re.compile(rf"{_BODY_ENDS}{_OFFICE}$")
# 盐田区人民政府|关于印发… · 上海海关|等11部门关于…; not 关于盐田区人民政府….
_TITLE_BODY = re.compile(
    rf"^(?P<body>{BODY})\s*"
    r"(?:等(?:[\d一二三四五六七八九十]{0,4}(?:个)?(?:部门|单位|部委|委办局))?)?\s*"
    r"(?=关于|印发|批转|转发|公布|下达)"
)
# A signature may name the city that the title leaves out: 深圳市|坪山区人民政府.
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,8}[省市州盟县区]")
# A name that begins with its level alone needs the place to be whole: 省政府办公厅.
_LEVEL = re.compile(r"(?:自治区|自治州|省|市|州|盟|县|区|旗)")
# A place that the table lacks: 甲县|教育局; not 各县, 有关市.
_UNKNOWN_PLACE = re.compile(
    r"(?!各|全|本|我|该|所在|有关|相关)[\u4e00-\u9fff]{1,6}?"
    r"(?:自治区|自治州|自治县|开发区|高新区|新区|片区|[省市区县州旗盟镇乡])(?=[\u4e00-\u9fff])"
)
_NATION = re.compile(
    r"国务院|国家|中国|中共|中央|全国|最高人民|共青团|人力资源|工业和信息化部|教育部|财政部"
)
# 中共浙江省委|浙江省人民政府农业和农村工作领导小组办公室 is the office of one group.
_ONE_GROUP = re.compile(r"人民政府[\u4e00-\u9fff]{2,}(?:领导小组|委员会)")
_SHORTEST = 4


def begins_body(name: str) -> bool:
    """Whether a name begins as that of a body: with a place, its level, or a word of the nation."""
    return bool(
        _NATION.match(name)
        or _LEVEL.match(name)
        or find_longest(name, NO_HOME)
        or _UNKNOWN_PLACE.match(name)
        or begins_with_place(name, NO_HOME)
    )


def first_body(names: str) -> str:
    """The first of several bodies whose names run together: 甲市教育局甲市财政局 -> 甲市教育局."""
    for at in range(_SHORTEST, len(names) - _SHORTEST + 1):
        head, rest = names[:at], names[at:]
        if not ENDS_BODY.search(head) or _ONE_GROUP.search(rest):
            continue
        repeated = rest[:2] in (names[:2], names[2:4])
        whole = repeated or find_longest(rest, NO_HOME) is not None or _NATION.match(rest)
        if whole and ENDS_BODY.search(rest):
            return head
    return names


def find_title_body(title: str) -> str | None:
    """The body that a title begins with: 盐田区人民政府关于印发… -> 盐田区人民政府."""
    match = _TITLE_BODY.match(fold(title))
    return first_body(title[slice(*match.span("body"))]) if match else None


def find_named_bodies(folded: str, title: str, keyed: KeyedValues) -> list[str]:
    """The bodies that the title and the page's own key name."""
    body = find_title_body(title)
    bodies = [body] if body else []
    if "issuing_body" in keyed:
        bodies.append(folded[slice(*keyed["issuing_body"])])
    return bodies


def find_issuing_body(signed: str | None, title: str, keyed: str | None) -> str | None:
    """The issuing body: from the signature, else the title's beginning, else the page's own key.

    `signed` is the first body of the signature, `keyed` the value of the page's key. A signature
    that leaves out its place (省政府办公厅) gives way to a title or key that does not.
    """
    body = find_title_body(title)
    page = without_blanks(keyed) if keyed else None
    if signed is None:
        return body or page
    printed = without_blanks(signed)
    if _LEVEL.match(printed):
        fuller = (one for one in (body, page) if one and not _LEVEL.match(one))
        return next(fuller, printed)
    if body is None or not printed.endswith(body):
        return printed
    is_place = _PLACE.fullmatch(printed[: -len(body)]) is not None
    return printed if is_place else body
