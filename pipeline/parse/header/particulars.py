"""Where a document's own particulars stand: titles, number, dates, body, place, year."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.dates import find_date, parse_date, read_eaten
from pipeline.lexicon import alternation, mapping, words
from pipeline.parse.normalize import NormalizedText, normalize_text
from pipeline.text import fold, parse_numeral, trim, without_blanks

_KEYS = mapping("page_keys", "field")
_ALL_KEYS = {key.replace(" ", "") for key in mapping("page_keys", "key")}
_SPACED = "|".join(
    r"\s?".join(map(re.escape, key)) for key in sorted(_ALL_KEYS, key=lambda k: (-len(k), k))
)
_KEY = re.compile(
    rf"(?:(?<![\u4e00-\u9fff])[\[•]?\s?(?P<key>{_SPACED})\s?\]?\s?:"
    # Blocks run together (来源:市司法局发布时间:2022-03-18): a key that a date follows is one.
    r"|(?P<dated>发布时间|发布日期|公开日期|成文日期|发文日期|生成日期|印发日期)(?::|[ \t]+)(?=\s*(?:19|20)\d\d))"
)
_NUMBER = re.compile(
    r"(?P<code>[\u4e00-\u9fff]{1,14})\s?[\[(](?P<year>(?:19|20)\d\d)[\])]\s?第?(?P<serial>\d{1,5})\s?号"
)
_FORMS = words("document_types", "form")
_PLANS = words("document_types", "plan")
_TITLE_END = alternation((*_FORMS, *_PLANS))
_CODE_CUT = re.compile(
    rf".*(?:{alternation(form for form in _FORMS if len(form) > 1)}|印发|的)(?=[\u4e00-\u9fff]{{2}})"
)
_WRAPPED = re.compile(
    r"(?:印发|转发|批转|下达|公布|发布|实施)(?P<inner>.{4,120}?)的(?:通知|通报|函|决定|公告)$"
)
_ABOUT = re.compile(rf"关于(?P<inner>.{{4,100}}?(?:{alternation(_PLANS)}))的(?:通知|通报|函)$")
_QUOTED = re.compile(r"《(?P<inner>[^《》]{4,90}(?:《[^《》]*》[^《》]*)?)》")
_ISSUED = re.compile(
    r"将《(?P<inner>[^《》\n]{4,90}(?:《[^《》]*》[^《》]*)?)》[^。]{0,20}?(?:印发|下达|下发|公布)"
)
_YEARS = re.compile(
    r"(?P<first>20\d\d)年?\s?[-—–~至到]{1,2}\s?(?P<last>20\d\d)年?|(?P<only>20\d\d)年"
)
_CHINESE_YEAR = re.compile(r"二[〇零O0][〇零O0一二三四五六七八九]{2}年")
_REGION = re.compile(
    r"^(?![全本我各该])[\u4e00-\u9fff]{1,8}?(?:自治区|自治州|自治县|综合实验区|开发区|高新区|新区|特区|省|市|区|县|州|旗|盟)"
)
_BODY = (
    r"(?:[\u4e00-\u9fff]{0,20}?(?:人民政府|政府|委员会|管委会|党委|国务院|市委|区委|县委|省委)"
    r"(?:办公厅|办公室)?|[\u4e00-\u9fff]{2,24}?(?:局|厅|部|委|办公室|办公厅|领导小组|院|公司|学校))"
)
_SIGNATURE = re.compile(rf"(?:^|(?<=[\s。)]))(?P<body>{_BODY})\s{{0,4}}$")
_PREFIX_BODY = re.compile(rf"^(?P<body>{_BODY})(?:\s*)(?=关于|印发|批转|转发|公布|下达)")
_YEAR_BEFORE = re.compile(r"^(?:20\d\d|二[〇零○O]..)年(?:度)?")
_DIGIT = re.compile(r"[\d一二三四五六七八九]")
_HEADER_REACH = 6000
# A title begins in one of the first lines.
_TITLE_LINES = 30
_FURNITURE = re.compile(alternation(words("boilerplate", "furniture")))


@dataclass(slots=True)
class Header:
    """A document's particulars: values where a shape is normalised, spans where they stand."""

    title: str | None = None
    notice_title: str | None = None
    document_number: str | None = None
    issuing_body: str | None = None
    region: str | None = None
    year: int | None = None
    year_end: int | None = None
    issued_on: str | None = None
    published_on: str | None = None
    kind: str | None = None
    end: int = 0
    signature: tuple[int, int] | None = None
    unread_number: tuple[int, int] | None = None
    unread_dates: list[tuple[int, int]] = field(default_factory=list)
    mended_dates: list[tuple[int, int]] = field(default_factory=list)

    def retitle(self) -> None:
        """What follows from the titles, anew: the plan's year."""
        self.year = self.year_end = None
        _find_year(self, self.notice_title, "")


def find_header(
    normalized: NormalizedText, first_block: int, particulars: dict[str, str]
) -> Header:
    """The particulars of a document whose first numbered block begins at `first_block`.

    What the text does not tell is taken from the page's own `particulars`.
    """
    text, folded = normalized.text, normalized.folded
    zone = min(first_block, _HEADER_REACH)
    header = Header()
    keyed = _find_keyed(folded, zone)
    notice_title, title_end = _find_notice_title(text, folded, zone, keyed, particulars)
    header.notice_title = notice_title
    plan, plan_end = _find_plan_title(normalized, zone, notice_title, title_end)
    header.title = plan or notice_title
    if header.title == header.notice_title:
        header.notice_title = None
    header.end = max(plan_end, title_end)
    header.document_number = _find_number(normalized, zone, keyed)
    if header.document_number is None and "document_number" in keyed:
        a, b = keyed["document_number"]
        header.unread_number = (a, b) if _DIGIT.search(folded, a, b) else None
    _find_dates(folded, zone, keyed, header)
    if normalized.folded is not normalized.plain and header.issued_on is None:
        header.issued_on = _republic_date(folded, zone)
    _find_body(text, folded, keyed, header, notice_title)
    traditional = normalized.folded is not normalized.plain
    _find_year(header, notice_title, folded[:zone], traditional=traditional)
    whole = without_blanks(notice_title or header.title or "")
    header.kind = next((form for form in _FORMS if whole.endswith(form)), None)
    if header.kind is None:
        header.kind = next(
            (plan for plan in ("方案", "要点", "计划") if whole.endswith(plan)), None
        )
    return header


def _find_keyed(folded: str, zone: int) -> dict[str, tuple[int, int]]:
    """The page's own block of keys: 发布时间:2011-09-02, 成文日期: …; the first value wins."""
    found: dict[str, tuple[int, int]] = {}
    matches = list(_KEY.finditer(folded, 0, zone))
    for index, match in enumerate(matches):
        name = _KEYS.get(without_blanks(match["key"] or match["dated"]))
        limit = matches[index + 1].start() if index + 1 < len(matches) else zone
        newline = folded.find("\n", match.end(), limit)
        if newline >= 0 and not folded[match.end() : newline].strip():
            newline = folded.find("\n", newline + 1, limit)
        end = limit if newline < 0 else newline
        start = match.end()
        start, end = trim(folded, start, min(end, len(folded)), " \t\n[•")
        if name and start < end and name not in found and folded[start:end] != "无":
            found[name] = (start, end)
    return found


def _find_notice_title(
    text: str,
    folded: str,
    zone: int,
    keyed: dict[str, tuple[int, int]],
    particulars: dict[str, str],
) -> tuple[str | None, int]:
    """The title of the published document and where its last printing ends."""
    title = without_blanks(particulars.get("title", ""))
    if title and len(title) < 150 and _ENDS_TITLE.search(_twin(title)):
        printed = find_printed(text, 0, zone, title, last=True)
        if printed:
            return title, printed[1]
    if "notice_title" in keyed:
        a, b = keyed["notice_title"]
        title = without_blanks(text[a:b]) if b - a < 150 else ""
        if title:
            printed = find_printed(text, 0, zone, title, last=True)
            return title, printed[1] if printed else b
    return _find_title_lines(text, folded, zone)


# A covering notice's title goes on to the next line until it says what it is.
_COVERS = re.compile(r"关于(?:印发|转发|批转|下达|公布)")
_COVERED = re.compile(rf"的\s?(?:{alternation(_FORMS)}|通\s知)\s*(?:\([^)]*\)\s*)?$")
_HEAD_LINE = re.compile(r"[^\n]+")
_ENDS_TITLE = re.compile(rf"(?:{_TITLE_END})\s*(?:\([^)]*\)\s*)?$")


def _find_title_lines(text: str, folded: str, zone: int) -> tuple[str | None, int]:
    """A title printed on lines of its own, or run on into what follows on one long line."""
    lines = [m.span() for m in _HEAD_LINE.finditer(folded, 0, zone) if m[0].strip()]
    for first in range(min(len(lines), _TITLE_LINES)):
        a, b = lines[first]
        said = folded[a:b].strip()
        if len(said) <= 80 and _is_noise(folded, a, said):
            continue
        if "。" in said or said.endswith(":") or len(said) > 80:
            token = _token_title(folded, a, min(b, zone))
            if token:
                return without_blanks(text[slice(*token)]), token[1]
            match = _RUN_ON.match(folded, a, b) or _RUN_ON_LATER.search(folded, a, min(b, a + 1500))
            if match:
                return without_blanks(text[slice(*match.span("title"))]), match.end("title")
            if "。" in said and len(said) < 600:
                return None, 0
            continue
        found = _join_title(text, folded, lines[first : first + 4])
        if found:
            return found
    return None, 0


def _is_noise(folded: str, start: int, said: str) -> bool:
    """A line above a title that is no part of it: keys, a number, a path of menus, 某某文件."""
    return bool(
        _KEY.match(folded, start)
        or _is_particular(said)
        or said.endswith("文件")
        or ">" in said
        or _FURNITURE.search(said)
    )


def _join_title(text: str, folded: str, lines: list[tuple[int, int]]) -> tuple[str, int] | None:
    """The first lines that together are a title; a covering notice's goes on to 的通知."""
    covers = False
    for count, (a, b) in enumerate(lines, 1):
        said = folded[a:b].strip()
        if "。" in said or said.endswith(":") or len(said) > 80 or _is_particular(said):
            return None
        if "_" in said or "|" in said:
            return None
        covers = covers or _COVERS.search(said) is not None
        if (_COVERED if covers else _ENDS_TITLE).search(said):
            joined = "".join(without_blanks(text[x:y]) for x, y in lines[:count])
            bare = re.sub(r"[(（][^()（）]*号[)）]$", "", joined)
            return (bare, b) if len(bare) < 150 else None
    return None


def _token_title(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """A title parted by blanks from what is round it on one long line: the last straight above
    the plan, else the first near the line's start."""
    titles = [
        m.span("title")
        for m in _TOKEN.finditer(folded, start, end)
        if _ENDS_TITLE.search(m["title"]) and "关于" not in m["title"]
    ]
    if titles and end - titles[-1][1] < _ABOVE_PLAN:
        return titles[-1]
    return titles[0] if titles and titles[0][0] - start < _LINE_HEAD else None


_ABOVE_PLAN, _LINE_HEAD = 12, 400
_TOKEN = re.compile(r"(?:^|(?<=\s))(?P<title>[^\s。;:《]{8,70})(?=\s)")
_RUN_ON_LATER = re.compile(
    rf"(?:^|[ 号])(?P<title>[^。:; \n]{{0,40}}关于(?:印发|下达|转发|批转|公布)[^。:;\n]{{4,90}}?的(?:{alternation(_FORMS)}))"
)
_RUN_ON = re.compile(
    r"(?:[^。:]{0,24}?\d{4}[\])]\d{1,4}号)?\s*(?P<title>[^。:;\n]{0,40}?(?:关于|印发)[^。:;\n]{4,90}?的?"
    rf"(?:{alternation(_FORMS)}))(?=[\u4e00-\u9fff]{{1,8}}[\[(]20|各|区直|市直|县直|\s|[\u4e00-\u9fff]{{2,10}}[,、:])"
)


def _is_particular(line: str) -> bool:
    """A line that is only a date or a number in brackets: (2011年7月22日), (深盐办[2011]37号)."""
    bare = line.strip("() ")
    date = find_date(bare)
    if date and date.span() == (0, len(bare)):
        return True
    number = _NUMBER.search(bare)
    return bool(number and number.span() == (0, len(bare))) or set(bare) <= set("=-—_* ")


def find_printed(
    text: str, start: int, end: int, title: str, *, last: bool = False
) -> tuple[int, int] | None:
    """Where a title is printed in a stretch, blanks and bracket shapes aside."""
    wanted = without_blanks(title).translate(_SAME_MARKS)
    bare = without_blanks(text[start:end]).translate(_SAME_MARKS)
    at = bare.rfind(wanted) if last else bare.find(wanted)
    if at < 0 or not wanted:
        return None
    return _blank_offset(text, start, at), _blank_offset(text, start, at + len(wanted) - 1) + 1


def _blank_offset(text: str, start: int, count: int) -> int:
    """The offset of the character that has `count` characters before it, blanks aside."""
    for run in _WORDS.finditer(text, start):
        length = run.end() - run.start()
        if count < length:
            return run.start() + count
        count -= length
    return len(text)


_WORDS = re.compile(r"\S+")
_SAME_MARKS = str.maketrans("〈〉<>", "《》《》")


def _twin(title: str) -> str:
    """A title in simplified characters for matching, at equal length."""
    simple = normalize_text(title).folded
    return simple.replace("(", "（").replace(")", "）") if len(simple) == len(title) else title


def _find_plan_title(
    normalized: NormalizedText, zone: int, notice_title: str | None, after: int
) -> tuple[str | None, int]:
    """The plan's own title, as printed above the plan, else as the notice names it."""
    text = normalized.text
    candidates: list[str] = []
    if notice_title:
        twin = notice_title if normalized.folded is normalized.plain else _twin(notice_title)
        for pattern in (_WRAPPED, _ABOUT):
            match = pattern.search(twin)
            if match and any(word in match["inner"] for word in _PLANS):
                inner = notice_title[slice(*match.span("inner"))]
                whole = inner[0] in "《〈" and inner[-1] in "》〉"
                candidates.append(inner[1:-1] if whole else inner)
                break
    quoted = [m["inner"] for m in _QUOTED.finditer(text, after, zone) if "\n" not in m[0]]
    plans = [q for q in quoted if _ENDS_TITLE.search(q) and not q.startswith(("关于", "中华"))]
    if candidates:
        plans = [q for q in plans if len(set(q) & set(candidates[0])) > 0.7 * len(set(q))]
        for inner in (*plans, *candidates):
            printed = _standing_alone(text, after, zone, inner)
            if printed:
                return without_blanks(text[slice(*printed)]), printed[1]
        return candidates[0], after
    issued = [
        m["inner"] for m in _ISSUED.finditer(text, after, zone) if _ENDS_TITLE.search(m["inner"])
    ]
    for inner in issued if notice_title else []:
        printed = _standing_alone(text, after, zone, inner)
        if printed:
            return without_blanks(text[slice(*printed)]), printed[1]
    # 关于某事的意见 is itself the plan; what stands above its table is an annex's title.
    covers = notice_title and _twin(notice_title).endswith(tuple(_FORMS))
    above = _title_above(normalized.folded, after, zone) if covers else None
    if above and notice_title and not _twin(notice_title).endswith("意见"):
        return without_blanks(text[slice(*above)]), above[1]
    return None, after


def _title_above(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """A plan's title on the last lines above its first item."""
    lines = [m.span() for m in _HEAD_LINE.finditer(folded, start, end) if m[0].strip()]
    for line in reversed(lines[-3:]):
        a, b = trim(folded, *line)
        said = folded[a:b]
        if len(said) <= _TITLE_LENGTH and _ENDS_TITLE.search(said) and not set(said) & set("。:;"):
            return a, b
    return None


_TITLE_LENGTH = 60


def _standing_alone(text: str, after: int, zone: int, title: str) -> tuple[int, int] | None:
    """The last printing of a title that is not a quotation in a sentence."""
    found = find_printed(text, after, zone, title, last=True)
    if found is None or text[max(0, found[0] - 1)] in "《〈":
        return None
    # The notice may leave out the place that the printed title begins with.
    place = _PLACE_BEFORE.search(text[max(0, found[0] - _PLACE_REACH) : found[0]])
    return (found[0] - len(place[1]), found[1]) if place else found


_PLACE_BEFORE = re.compile(r"(?:^|\s)([\u4e00-\u9fff]{2,10}[省市县区州旗盟])$")
_PLACE_REACH = 14


def _find_number(
    normalized: NormalizedText, zone: int, keyed: dict[str, tuple[int, int]]
) -> str | None:
    """The document's own number, year brackets as 〔〕; a number cited after 》 is another's."""
    folded = normalized.folded
    if "document_number" in keyed:
        match = _NUMBER.search(folded, *keyed["document_number"])
        if match:
            return _number(match, normalized)
    for match in _NUMBER.finditer(folded, 0, zone):
        cut = _CODE_CUT.match(folded, *match.span("code"))
        start = cut.end() if cut and cut.end() < match.end("code") else match.start()
        before = folded[max(0, start - 40) : start].rstrip(" (")
        if not before.endswith(("》", "〉")) and not before.endswith(("根据", "按照")):
            return _number(match, normalized)
    return None


def _number(match: re.Match[str], normalized: NormalizedText) -> str:
    start, end = match.span("code")
    cut = _CODE_CUT.match(normalized.folded, start, end)
    if cut and cut.end() < end:
        start = cut.end()
    mark = normalized.plain[match.end() - 1]
    return f"{normalized.plain[start:end]}〔{match['year']}〕{match['serial']}{mark}"


def _find_dates(folded: str, zone: int, keyed: dict[str, tuple[int, int]], header: Header) -> None:
    """Publication day from the page; the document's own day from the page, the bracket under
    the title, or the signature."""
    for name in ("published_on", "issued_on"):
        if name in keyed:
            date = find_date(folded, *keyed[name])
            setattr(header, name, parse_date(date) if date else None)
            if getattr(header, name) is None and _DIGIT.search(folded, *keyed[name]):
                eaten = read_eaten(folded, *keyed[name])
                if len(eaten) == 1:
                    setattr(header, name, eaten[0])
                    header.mended_dates.append(keyed[name])
                else:
                    header.unread_dates.append(keyed[name])
    signed = _find_signature(folded, zone, _known_bodies(folded, keyed, header))
    if signed:
        header.signature = (signed[0], signed[1])
        if header.issued_on is None:
            date = find_date(folded, signed[2], signed[1])
            header.issued_on = parse_date(date) if date else None
    if header.issued_on is None:
        alone = _DATE_ALONE.search(folded, 0, zone)
        date = find_date(folded, *alone.span()) if alone else None
        header.issued_on = parse_date(date) if date else None
    if header.issued_on is None:
        for line in _HEAD_LINE.finditer(folded, 0, zone):
            words_ = line[0].strip()
            date = find_date(words_.strip("()"))
            if date and date.start() == 0 and date.end() >= len(words_.strip("()")):
                header.issued_on = parse_date(date)
                break


# On one long line: …,请认真落实。 2015年3月18日 2015年重点工作…
_DATE_ALONE = re.compile(r"。 +(?:19|20)\d\d年\d{1,2}月\d{1,2}日(?= )")
# The Republic's calendar counts from 1911; only traditional script uses it.
_REPUBLIC = 1911
_REPUBLIC_DATE = re.compile(r"(?:^|[\n(])[ ]*(?:中华民国)?(\d{2,3})年(\d{1,2})月(\d{1,2})日")
_REPUBLIC_YEAR = re.compile(r"(?<!\d)(\d{2,3})年度?")


def _republic_date(folded: str, zone: int) -> str | None:
    """A date of the Republic's calendar at a line's start: 105年12月30日 -> 2016-12-30."""
    match = _REPUBLIC_DATE.search(folded, 0, zone)
    if match is None:
        return None
    western = find_date(f"{int(match[1]) + _REPUBLIC}年{match[2]}月{match[3]}日")
    return parse_date(western) if western else None


def _known_bodies(folded: str, keyed: dict[str, tuple[int, int]], header: Header) -> list[str]:
    title = _PREFIX_BODY.match(header.notice_title or header.title or "")
    bodies = [title["body"]] if title else []
    if "issuing_body" in keyed:
        bodies.append(folded[slice(*keyed["issuing_body"])])
    return bodies


def _named_body(left: str, bodies: list[str]) -> re.Match[str] | None:
    """A body that the page or title names, printed straight before a date with no break."""
    known = alternation(bodies)
    return re.search(rf"(?P<body>{known})\s{{0,4}}$", left) if known else None


def _find_signature(folded: str, zone: int, bodies: list[str]) -> tuple[int, int, int] | None:
    """Body and date at the foot of the covering notice or of the document: (start, end, date).

    The covering notice's comes before the plan, so it is looked for first.
    """
    tail = max(zone, len(folded) - 1500)
    for start, end in ((0, zone), (tail, len(folded))):
        at = start
        while (date := find_date(folded, at, end)) is not None:
            at = date.end()
            left = folded[max(start, date.start() - 60) : date.start()]
            body = _SIGNATURE.search(left) or _named_body(left, bodies)
            printed = folded[date.end() : date.end() + 2] == "印发"
            if body and "年" in date[0] and not printed:
                begin = date.start() - len(left) + body.start("body")
                return begin, date.end(), date.start()
    return None


def _find_body(
    text: str,
    folded: str,
    keyed: dict[str, tuple[int, int]],
    header: Header,
    notice_title: str | None,
) -> None:
    """The issuing body: from the signature, the title's beginning, then the page's own block."""
    title = without_blanks(notice_title or header.title or "")
    prefix = _PREFIX_BODY.match(title)
    if header.signature:
        a, b = header.signature
        date = find_date(folded, a, b)
        printed = without_blanks(text[a : date.start() if date else b])
        header.issuing_body = printed
        if prefix and printed.endswith(prefix["body"]):
            longer = _PLACE.fullmatch(printed[: -len(prefix["body"])]) is not None
            header.issuing_body = printed if longer else prefix["body"]
    elif prefix:
        header.issuing_body = prefix["body"]
    elif "issuing_body" in keyed:
        header.issuing_body = without_blanks(text[slice(*keyed["issuing_body"])])
    title = _YEAR_BEFORE.sub("", title)
    place = _REGION.match(title) or _REGION.match(header.title or "")
    place = place or _REGION.match(header.issuing_body or "")
    about = re.search(r"(?:关于)?(?:印发|下达)?《?(.+)", title)
    if place is None or "关于" in place[0] or "印发" in place[0]:
        own = _YEAR_BEFORE.sub("", header.title or "")
        place = _REGION.match(own) or (about and _REGION.match(about[1])) or None
    header.region = place[0] if place else None


# A signature may name the city that the title leaves out: 深圳市|坪山区人民政府.
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,8}[省市州盟县区]")
_YEARLY = re.compile(r"政府工作报告|年度|工作要点|实事")
_FOREWORD_YEAR = re.compile(
    r"(?:做好|完成|实现|落实|推进|确保|抓好|明确)[^。;,]{0,12}(20\d\d)年(?!\d|\d{1,2}月)[^。]{0,30}?(?:工作|任务|目标|报告)"
)


def _find_year(
    header: Header, notice_title: str | None, foreword: str, *, traditional: bool = False
) -> None:
    """The plan's year or years, from its title: 2011年, 2021—2023年, 二〇〇八年.

    Where the title of a yearly plan names none, the foreword's: 为全面做好2016年政府工作.
    """
    for title in (header.title, notice_title):
        folded = fold(title or "")
        match = _YEARS.search(folded)
        chinese = _CHINESE_YEAR.search(folded)
        if match and match["only"]:
            header.year = header.year_end = int(match["only"])
        elif match:
            header.year, header.year_end = int(match["first"]), int(match["last"])
        elif chinese:
            header.year = header.year_end = parse_numeral(chinese[0][:4])
        else:
            continue
        return
    republic = _REPUBLIC_YEAR.search(fold(header.title or "")) if traditional else None
    if republic:
        header.year = header.year_end = int(republic[1]) + _REPUBLIC
        return
    if not _YEARLY.search(fold(header.title or "")):
        return
    told = _FOREWORD_YEAR.search(foreword)
    if told:
        header.year = header.year_end = int(told[1])
    elif "今年" in foreword and header.issued_on:
        header.year = header.year_end = int(header.issued_on[:4])
