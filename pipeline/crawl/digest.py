"""The digest that a person reads in two minutes, as Markdown, as a page and as an Atom feed.

One outline is made of the news; each form writes it out. Titles come from the web: every form escapes
them, and only addresses of the web become links.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.messages.catalogue import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.compare.views.unit_changes import UnitChanges
    from pipeline.crawl.news import News, PlanNews
    from pipeline.crawl.state import ToldNotice
    from pipeline.messages.language import Language

# Two minutes are for so many plans in detail, so many lines of doubts; others have a line each.
_MOST_PLANS, _MOST_LINES, _MOST_UNITS, _MOST_DOUBTS = 12, 20, 5, 3
# So many tasks of a plan are named in a line, and so many behind a body.
_MOST_NAMES, _MOST_UNIT_NAMES = 5, 3
_MOST_OTHERS = 200
_SPECIAL = re.compile(r"([\\`*_~\[\]|#])")
_STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
    "h1{font-size:1.5rem}h2{font-size:1.2rem;border-bottom:1px solid #ccc}h3{font-size:1rem;margin-bottom:.2rem}"
)
_MARKS = {"zh": "，", "en": ", "}
_COLON = {"zh": "：", "en": ": "}
_LIST_MARKS = {"zh": "、", "en": "; "}
_BRACKETS = {"zh": ("（", "）"), "en": (" (", ")")}
Say = Callable[[str], str]


class Line(NamedTuple):
    """A line of the digest: a heading of some level, a point of a list or a paragraph; perhaps a link."""

    kind: Literal["h1", "h2", "h3", "point", "text"]
    words: str
    url: str = ""


class SiteEvent(NamedTuple):
    """A page that vanished or failed: its fate, title and address, and what failed."""

    fate: str
    title: str
    url: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SiteNews:
    """What the last watch tells beside new plans; `events` are its pages that vanished or failed."""

    alarms: Sequence[str] = ()
    events: Sequence[SiteEvent] = ()


@dataclass(slots=True)
class Outline:
    """The lines of a digest in their order."""

    language: Language
    lines: list[Line] = field(default_factory=list)

    def add(
        self, kind: Literal["h1", "h2", "h3", "point", "text"], words: str, url: str = ""
    ) -> None:
        """Add a line."""
        self.lines.append(Line(kind, " ".join(words.split()), url))


def make_outline(news: News, sites: SiteNews, day: str, language: Language) -> Outline:
    """Return the lines of a digest: counts, what to look at, new plans, what else happened."""
    say = load_catalogue(language).translate
    outline = Outline(language)
    outline.add("h1", say(f"New plans, {day}"))
    outline.add("text", _count(news, sites, say, language))
    _add_doubts(outline, news, sites, say)
    _add_plans(outline, news.plans, say)
    _add_events(outline, sites.events, say)
    _add_others(outline, news.others, say)
    return outline


def _count(news: News, sites: SiteNews, say: Say, language: Language) -> str:
    """Return the counts of a digest in one line."""
    fates = [one.fate for one in sites.events]
    plans, tasks = len(news.plans), sum(len(one.notice.items) for one in news.plans)
    counts = [
        say(f"{plans} new plans with {tasks} tasks"),
        say(f"{len(news.compared)} compared with last year's"),
    ]
    doubted = sum(bool(one.doubts) for one in news.plans)
    vanished, failed = fates.count("vanished"), fates.count("failed")
    alarms = len(sites.alarms) + len(news.short)
    counts += [say(f"{doubted} plans to look at")] * bool(doubted)
    counts += [say(f"{len(news.others)} new notices that are no plans")] * bool(news.others)
    counts += [say(f"{vanished} vanished")] * bool(vanished) + [say(f"{failed} failed")] * bool(
        failed
    )
    counts += [say(f"{alarms} alarms")] * bool(alarms)
    return _MARKS[language].join(counts)


def _add_doubts(outline: Outline, news: News, sites: SiteNews, say: Say) -> None:
    lines = [(say(f"alarm: {alarm}"), "") for alarm in sites.alarms]
    for one in news.short:
        before = len(one.previous.items) if one.previous else 0
        title, now = _title(one), len(one.notice.items)
        lines.append((say(f"alarm: {title}: {now} tasks, and last year's had {before}"), _url(one)))
    for one in news.plans:
        title = f"{_title(one)}{_COLON[outline.language]}"
        lines += [
            (f"{title}{words}", _url(one)) for words in _list_doubts(one, say, outline.language)
        ]
    if not lines:
        return
    outline.add("h2", say("To look at"))
    for words, url in lines[:_MOST_LINES]:
        outline.add("point", words, url)
    if len(lines) > _MOST_LINES:
        outline.add("point", say(f"{len(lines) - _MOST_LINES} more, see problems.csv"))


def _list_doubts(one: PlanNews, retell: Say, language: Language) -> Iterator[str]:
    opening, closing = _BRACKETS[language]
    for doubt in one.doubts[:_MOST_DOUBTS]:
        count = f" ×{doubt.times}" if doubt.times > 1 else ""
        yield f"{retell(doubt.words)}{count}{opening}{doubt.code}{closing}"


def _add_plans(outline: Outline, plans: Sequence[PlanNews], say: Say) -> None:
    if not plans:
        return
    outline.add("h2", say("New plans"))
    for one in plans[:_MOST_PLANS]:
        outline.add("h3", _title(one), _url(one))
        outline.add("text", _outline_plan(one, say))
        if one.comparison:
            outline.add("text", one.comparison.summary.speak(outline.language))
            for words in _list_changes(one, say, outline.language):
                outline.add("point", words)
            more = len(one.units) - _MOST_UNITS
            if more > 0:
                outline.add("point", say(f"{more} more bodies, see fengong diff"))
    if len(plans) > _MOST_PLANS:
        outline.add("h2", say("More new plans"))
        for one in plans[_MOST_PLANS : _MOST_PLANS + _MOST_OTHERS]:
            outline.add("point", f"{_title(one)} — {_outline_plan(one, say)}", _url(one))
        left = len(plans) - _MOST_PLANS - _MOST_OTHERS
        if left > 0:
            outline.add("point", say(f"{left} more, see notices.csv"))


def _outline_plan(one: PlanNews, say: Say) -> str:
    """Return body, day and number of tasks of a plan, and why it has no comparison."""
    notice = one.notice
    parts = [notice.issuing_body or "", notice.issued_on or notice.published_on or ""]
    parts.append(say(f"{len(notice.items)} tasks"))
    if one.previous is None:
        # The reason was put into words elsewhere.
        retell = say
        unfit = retell(one.unfit)
        parts.append(unfit or say("no plan of the year before is here"))
    return " · ".join(filter(None, parts))


def _list_changes(one: PlanNews, say: Say, language: Language) -> Iterator[str]:
    """Yield the tasks that came and went and the figures that changed, then the bodies concerned."""
    tasks = one.tasks
    if tasks.added:
        added = _name_tasks(one, tasks.added, language, _MOST_NAMES)
        yield say(f"new: {added}")
    if tasks.dropped:
        dropped = _name_tasks(one, tasks.dropped, language, _MOST_NAMES)
        yield say(f"dropped: {dropped}")
    for number, figure in tasks.figures[:_MOST_NAMES]:
        name, before, after = tasks.names[number], figure.before, figure.after
        about = f" ({figure.about})" if figure.about and figure.about not in name else ""
        yield say(f"figure: {name}{about}: {before} → {after}")
    for unit in one.units[:_MOST_UNITS]:
        yield f"{unit.name}{_COLON[language]}{_count_unit(one, unit, say, language)}"


def _name_tasks(one: PlanNews, numbers: Sequence[int], language: Language, most: int) -> str:
    """Return short names of tasks in one line, an ellipsis where there are more."""
    names = [one.tasks.names[number] for number in numbers[:most]]
    return _LIST_MARKS[language].join([*names, *["…"] * (len(numbers) > most)])


def _count_unit(one: PlanNews, unit: UnitChanges, say: Say, language: Language) -> str:
    """Return in how many tasks a body's part changed, and the names of a few."""
    counts = [
        (say(f"{len(unit.gained)} tasks more"), unit.gained),
        (say(f"{len(unit.lost)} tasks fewer"), unit.lost),
        (say(f"hosts {len(unit.now_hosts)} that it took part in"), unit.now_hosts),
        (say(f"hosts {len(unit.hosts_no_more)} no more"), unit.hosts_no_more),
    ]
    opening, closing = _BRACKETS[language]
    return " · ".join(
        f"{words}{opening}{_name_tasks(one, numbers, language, _MOST_UNIT_NAMES)}{closing}"
        for words, numbers in counts
        if numbers
    )


def _add_events(outline: Outline, events: Sequence[SiteEvent], say: Say) -> None:
    if not events:
        return
    fates = {"vanished": say("vanished"), "failed": say("failed")}
    opening, closing = _BRACKETS[outline.language]
    # The reason was put into words elsewhere.
    retell = say
    outline.add("h2", say("Pages that vanished or failed"))
    for one in events[:_MOST_LINES]:
        fate = f"{fates.get(one.fate, one.fate)}{_COLON[outline.language]}"
        reason = f"{opening}{retell(one.reason)}{closing}" if one.reason else ""
        outline.add("point", f"{fate}{one.title or one.url}{reason}", one.url)
    if len(events) > _MOST_LINES:
        outline.add("point", say(f"{len(events) - _MOST_LINES} more, see report.json"))


def _add_others(outline: Outline, others: Sequence[PlanNews], say: Say) -> None:
    if not others:
        return
    outline.add("h2", say("New notices that are no plans"))
    for one in others[:_MOST_LINES]:
        outline.add("point", _title(one), _url(one))
    if len(others) > _MOST_LINES:
        outline.add("point", say(f"{len(others) - _MOST_LINES} more, see notices.csv"))


def _title(one: PlanNews) -> str:
    return one.notice.title or one.notice.notice_title or one.notice.notice_id


def _url(one: PlanNews) -> str:
    return one.notice.source.url or ""


def _safe_url(url: str) -> str:
    """Return an address of the web, without what would end a link; nothing for another one."""
    if not url.startswith(("http://", "https://")):
        return ""
    return re.sub(r"[\s<>()\"'\\]", lambda match: f"%{ord(match[0]):02X}", url)


def to_markdown(outline: Outline) -> str:
    """Return the digest as Markdown."""
    marks = {"h1": "# ", "h2": "## ", "h3": "### ", "point": "- ", "text": ""}
    lines: list[str] = []
    last = ""
    for one in outline.lines:
        # Some renderers take a tag for one, also behind a backslash.
        words = html.escape(_SPECIAL.sub(r"\\\1", one.words), quote=False)
        url = _safe_url(one.url)
        shown = f"[{words}]({url})" if url else words
        if lines and not (one.kind == last == "point"):
            lines.append("")
        lines.append(marks[one.kind] + shown)
        last = one.kind
    return "\n".join(lines) + "\n"


def to_html(outline: Outline) -> str:
    """Return the digest as a page that loads nothing."""
    title = html.escape(outline.lines[0].words) if outline.lines else ""
    language = "zh-CN" if outline.language == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(_html_lines(outline.lines))
        + "\n</main>\n</body>\n</html>\n"
    )


def _html_lines(lines: Sequence[Line]) -> Iterator[str]:
    is_list = False
    for one in lines:
        if (one.kind == "point") != is_list:
            is_list = one.kind == "point"
            yield "<ul>" if is_list else "</ul>"
        words, url = html.escape(one.words), _safe_url(one.url)
        shown = f'<a href="{html.escape(url)}" rel="noopener">{words}</a>' if url else words
        tag = {"point": "li", "text": "p"}.get(one.kind, one.kind)
        yield f"<{tag}>{shown}</{tag}>"
    if is_list:
        yield "</ul>"


def summarize_plan(one: PlanNews, language: Language) -> str:
    """Return what the feed says of a plan, in plain words."""
    say = load_catalogue(language).translate
    told = [_outline_plan(one, say)]
    if one.comparison:
        told.append(one.comparison.summary.speak(language))
        told += _list_changes(one, say, language)
    return "\n".join([*told, *_list_doubts(one, say, language)])


def title_of(one: PlanNews) -> str:
    """Return the title of a plan, else that of its notice, else its id."""
    return _title(one)


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def to_atom(entries: Sequence[ToldNotice], feed_id: str, language: Language) -> str:
    """Return an Atom feed of plans, the newest first; `feed_id` tells it from other feeds."""
    say = load_catalogue(language).translate
    own = f"urn:fengong:{feed_id or 'digest'}"
    updated = max((one.told_at for one in entries), default="1970-01-01T00:00:00+00:00")
    body = "".join(_atom_entry(one, own) for one in entries)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>{_xml(own)}</id>\n<title>{_xml(say('New plans'))}</title>\n"
        f"<updated>{_xml(updated)}</updated>\n<author><name>fengong</name></author>\n{body}</feed>\n"
    )


def _atom_entry(one: ToldNotice, feed_id: str) -> str:
    url = _safe_url(one.url)
    link = f'<link href="{_xml(url)}"/>' if url else ""
    return (
        f"<entry>\n<id>{_xml(f'{feed_id}:{one.notice_id}')}</id>\n<title>{_xml(one.title)}</title>\n{link}\n"
        f'<updated>{_xml(one.told_at)}</updated>\n<content type="text">{_xml(one.words)}</content>\n</entry>\n'
    )


def _xml(text: str) -> str:
    return html.escape(_CONTROL.sub("\ufffd", text))
