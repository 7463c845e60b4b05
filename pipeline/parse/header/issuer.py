"""Find the body that issues a document (发文机关)."""

from __future__ import annotations

import re

from pipeline.dates import find_date
from pipeline.parse.header.page_keys import KeyedValues, Span
from pipeline.text import without_blanks

# 盐田区人民政府办公室 · 中共某某县委员会 · 市教育局 · 某某工作领导小组.
BODY = r"""(?:
    [\u4e00-\u9fff]{0,20}?
    (?:人民政府|政府|委员会|管委会|党委|国务院|市委|区委|县委|省委)(?:办公厅|办公室)?
    | [\u4e00-\u9fff]{2,24}?(?:局|厅|部|委|办公室|办公厅|领导小组|院|公司|学校)
)"""
# The words that a body's name ends with.
_BODY_ENDS = (
    r"(?:人民政府|政府|委员会|管委会|党委|党组|党工委|国务院|市委|区委|县委|省委|州委|旗委|"
    r"局|厅|部|委|办|司|处|院|公司|学校|大学|学院|中心|集团|银行|海关|总队|支队|总工会|联合会|"
    r"办公室|办公厅|领导小组|推进小组|执行小组|工作小组|协调小组|专班|工作组|指挥部|联席会议)"
)
ENDS_BODY = re.compile(rf"{_BODY_ENDS}(?:办公厅|办公室|秘书处)?$")
# 盐田区人民政府|关于印发…; not 关于盐田区人民政府….
_TITLE_BODY = re.compile(rf"^(?P<body>{BODY})(?:\s*)(?=关于|印发|批转|转发|公布|下达)", re.VERBOSE)
# A signature may name the city that the title leaves out: 深圳市|坪山区人民政府.
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,8}[省市州盟县区]")


def find_title_body(title: str) -> str | None:
    """The body that a title begins with: 盐田区人民政府关于印发… -> 盐田区人民政府."""
    match = _TITLE_BODY.match(title)
    return match["body"] if match else None


def find_named_bodies(folded: str, title: str, keyed: KeyedValues) -> list[str]:
    """The bodies that the title and the page's own key name."""
    body = find_title_body(title)
    bodies = [body] if body else []
    if "issuing_body" in keyed:
        bodies.append(folded[slice(*keyed["issuing_body"])])
    return bodies


def find_issuing_body(
    text: str, title: str, keyed: KeyedValues, signature: tuple[str, Span] | None
) -> str | None:
    """The issuing body: from the signature, else the title's beginning, else the page's own key.

    `signature` is the folded text and the span of body and date in it.
    """
    body = find_title_body(title)
    if signature:
        return _find_signed(text, signature, body)
    if body is None and "issuing_body" in keyed:
        return without_blanks(text[slice(*keyed["issuing_body"])])
    return body


def _find_signed(text: str, signature: tuple[str, Span], title_body: str | None) -> str:
    """The body of a signature; as the title prints it where the two differ by more than a place."""
    folded, (a, b) = signature
    date = find_date(folded, a, b)
    printed = without_blanks(text[a : date.start() if date else b])
    if title_body is None or not printed.endswith(title_body):
        return printed
    is_place = _PLACE.fullmatch(printed[: -len(title_body)]) is not None
    return printed if is_place else title_body
