"""Read a page of a list: links on a page, rows of JSON or of a script, a feed -> titles and addresses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from lxml import etree

from pipeline.crawl.addresses import join_address
from pipeline.errors import CrawlError, SourceError
from pipeline.read.charset import decode_page
from pipeline.read.package import parse_xml
from pipeline.read.web.page_tree import parse_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.crawl.answers import Answer
    from pipeline.crawl.sites import Site

_LAYOUT_REMEDY = "see how the site lists its notices now, and change its entry in sites.toml"
# Rows in XML, also in a script of a page: <script type="text/xml"><record><![CDATA[<li>…]]></record>.
_DATA = re.compile(r"<!\[CDATA\[|\]\]>|<script[^>]*\btype=[\"']text/xml[\"'][^>]*>", re.IGNORECASE)
# What a link does in place of an address: openDetail('/a/t1.html'), open("12345").
_ARGUMENT = re.compile(r"\(\s*[\"']([^\"'\s()]+)[\"']")
_ADDRESS = re.compile(r"/|\.\w{3,5}$")
_VALUE = "{value}"
_TAG = re.compile(r"<[^>]*>")
# A title that a list cuts: 关于印发甲区2024年…
_CUT = re.compile(r"(?:\.{2,}|…+)$")
_OPENING = re.compile(r"[\[{]")
# Strings as they are, strings in single quotes, names of keys without quotes, commas before an end.
_SCRIPT_WORD = re.compile(
    r"""(?P<double>"(?:[^"\\\n]|\\.)*")|'(?P<single>(?:[^'\\\n]|\\.)*)'"""
    r"|(?<=[{,\s])(?P<name>[A-Za-z_$][\w$]*)(?=\s*:)|,(?=\s*[\]}])"
)


class Entry(NamedTuple):
    """A notice on a list: its address, its title and the day beside it, as printed."""

    url: str
    title: str
    date: str = ""


def read_list(answer: Answer, site: Site) -> list[Entry]:
    """Return the entries of a page of a list in its order, each address once.

    Raises CrawlError where the page has not the layout that the site's entry tells.
    """
    try:
        text = decode_page(answer.body, Path(answer.final_url)).text
    except SourceError as error:
        raise CrawlError(answer.final_url, error.fact, error.remedy) from error
    if site.layout == "feed":
        rows = list(_read_feed(answer))
    elif site.layout == "script":
        rows = _read_rows(_find_script_value(text, site, answer.final_url), site, answer)
    elif site.layout == "json" or (site.layout == "post" and _is_json(text)):
        rows = _read_rows(_parse_json(text, answer.final_url), site, answer)
    else:
        rows = list(_read_links(text, site, answer))
    found: dict[str, Entry] = {}
    for row in rows:
        known = found.get(row.url)
        if known is None or len(known.title) < len(row.title):
            found[row.url] = row
    return list(found.values())


def _is_json(text: str) -> bool:
    return text.lstrip("\ufeff \r\n\t")[:1] in ("{", "[")


def _read_links(text: str, site: Site, answer: Answer) -> Iterator[Entry]:
    """Yield the links of a page, also of one that is a part of an answer in XML."""
    page = _DATA.sub("", text).encode("utf-8", "replace")
    if not page.strip():
        raise CrawlError(answer.final_url, "answers with nothing", "try again later")
    try:
        tree = parse_page(page, answer.final_url)
        found = tree.xpath(site.links)
        base = _find_base(tree, answer)
    except SourceError as error:
        raise CrawlError(answer.final_url, error.fact, error.remedy) from error
    except etree.XPathError as error:
        raise CrawlError(
            site.name, f"links is no XPath ({error})", "see docs/crawling.md"
        ) from error
    for link in found if isinstance(found, list) else []:
        if not isinstance(link, etree._Element):  # noqa: SLF001 - the library has no other name
            continue
        url = _join(base, _address_of(link), site)
        title = _title_of(link)
        if url and title:
            yield Entry(url, title)


def _find_base(tree: etree._Element, answer: Answer) -> str:
    """Return the address from which the links of a page are counted: its own, or what it says."""
    told = next((one.get("href") for one in tree.iter("base") if one.get("href")), None)
    return (told and join_address(answer.final_url, told)) or answer.final_url


def _address_of(link: etree._Element) -> str:
    """Return where an element leads, by its address or by what a click on it does; else nothing."""
    address = (link.get("href") or "").strip()
    if address and not address.lower().startswith(("#", "javascript:")):
        return address
    for words in (address, link.get("onclick") or ""):
        argument = _ARGUMENT.search(words)
        if argument:
            return argument[1]
    return ""


def _join(base: str, address: str, site: Site) -> str | None:
    """Return the address of a notice, also where the list has only its number."""
    if site.address and address and not _ADDRESS.search(address):
        return join_address(site.url, site.address.replace(_VALUE, quote(address, safe="")))
    return join_address(base, address) if address else None


def _read_feed(answer: Answer) -> Iterator[Entry]:
    """Yield the entries of a feed in RSS or Atom."""
    try:
        root = parse_xml(answer.body.lstrip(), Path(answer.final_url), "feed")
    except SourceError as error:
        raise CrawlError(answer.final_url, "is no feed in XML", _LAYOUT_REMEDY) from error
    for one in root.iter("{*}item", "{*}entry"):
        # Others lead to the feed itself, to answers, or to a file beside the page.
        links = [
            link.get("href") or link.text or ""
            for link in one.iterchildren("{*}link")
            if link.get("rel", "alternate") == "alternate"
        ]
        url = join_address(answer.final_url, next(filter(None, map(str.strip, links)), ""))
        title = _TAG.sub("", one.findtext("{*}title") or "")
        days = (
            one.findtext(f"{{*}}{name}") for name in ("pubDate", "published", "updated", "date")
        )
        if url and title.strip():
            yield Entry(url, " ".join(title.split()), next(filter(None, days), ""))


def _title_of(link: etree._Element) -> str:
    """Return the words of a link, or its title where the words are cut."""
    shown = " ".join("".join(map(str, link.itertext())).split())
    whole = " ".join((link.get("title") or "").split())
    return whole if len(whole) > len(shown) or _CUT.search(shown) else shown


def _parse_json(text: str, place: str) -> object:
    """Parse JSON, also as the argument of a call: callback({…})."""
    bare = text.strip().removeprefix("\ufeff")
    opening = _OPENING.search(bare)
    try:
        return json.JSONDecoder().raw_decode(bare, opening.start() if opening else 0)[0]
    except (ValueError, RecursionError) as error:
        raise CrawlError(place, "is no JSON", _LAYOUT_REMEDY) from error


def _find_script_value(text: str, site: Site, place: str) -> object:
    """Return the value of a variable in a script of a page."""
    named = re.compile(rf"(?<![\w$]){re.escape(site.variable)}[\"']?\s*[=:]\s*(?=[\[{{])")
    for match in named.finditer(text):
        for value in (text[match.end() :], _to_json(text[match.end() :])):
            try:
                return json.JSONDecoder().raw_decode(value)[0]
            except (ValueError, RecursionError):
                continue
    fact = f"has no variable {site.variable} with a list"
    raise CrawlError(place, fact, _LAYOUT_REMEDY)


def _to_json(script: str) -> str:
    """Return a value of a script as JSON: {title:'甲',url:'/a'},] -> {"title":"甲","url":"/a"}]."""

    def quoted(match: re.Match[str]) -> str:
        text, name = match["single"], match["name"]
        if text is not None:
            text = text.replace("\\'", "'")
            return json.dumps(text, ensure_ascii=False).replace("\\\\", "\\")
        return f'"{name}"' if name else match["double"] or ""

    return _SCRIPT_WORD.sub(quoted, script)


def _read_rows(value: object, site: Site, answer: Answer) -> list[Entry]:
    """Return the entries of a list in JSON."""
    rows = _walk(value, site.items) if site.items else _find_rows(value, site)
    if not isinstance(rows, list):
        fact = f"has no list {site.items or site.title}"
        raise CrawlError(answer.final_url, fact, _LAYOUT_REMEDY)
    found = []
    for row in rows:
        title = " ".join(_TAG.sub("", str(_walk(row, site.title) or "")).split())
        url = _join(answer.final_url, str(_walk(row, site.link) or ""), site)
        if title and url and url != answer.final_url:
            found.append(Entry(url, title, str(_walk(row, site.date) or "")))
    return found


def _walk(value: object, way: str) -> Any:  # noqa: ANN401 - JSON
    """Follow a way such as data.list through JSON; None where it ends."""
    for step in way.split(".") if way else ():
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _find_rows(value: object, site: Site) -> object:
    """Return the first list in JSON whose rows have a title."""
    waiting = [value]
    for _ in range(10_000):
        if not waiting:
            break
        one = waiting.pop(0)
        if isinstance(one, list):
            if not one or any(_walk(row, site.title) is not None for row in one):
                return one
            waiting += one
        elif isinstance(one, dict):
            waiting += list(one.values())
    return None
