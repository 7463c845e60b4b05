"""Read a page of a list: links on a page, rows of JSON, rows in a script -> titles and addresses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

from pipeline.crawl.addresses import join_address
from pipeline.errors import CrawlError, SourceError
from pipeline.read.charset import decode_page
from pipeline.read.web.page_tree import parse_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.crawl.answers import Answer
    from pipeline.crawl.sites import Site

_LAYOUT_REMEDY = "see how the site lists its notices now, and change its entry in sites.toml"
_DATA = re.compile(r"<!\[CDATA\[|\]\]>")
_TAG = re.compile(r"<[^>]*>")
# A title that a list cuts: 关于印发甲区2024年…
_CUT = re.compile(r"(?:\.{2,}|…+)$")
_OPENING = re.compile(r"[\[{]")


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
    if site.layout == "script":
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
    except SourceError as error:
        raise CrawlError(answer.final_url, error.fact, error.remedy) from error
    except etree.XPathError as error:
        raise CrawlError(
            site.name, f"links is no XPath ({error})", "see docs/crawling.md"
        ) from error
    for link in found if isinstance(found, list) else []:
        if not isinstance(link, etree._Element):  # noqa: SLF001 - the library has no other name
            continue
        url = join_address(answer.final_url, link.get("href") or "")
        title = _title_of(link)
        if url and title and not (link.get("href") or "").startswith("#"):
            yield Entry(url, title)


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
        try:
            return json.JSONDecoder().raw_decode(text, match.end())[0]
        except (ValueError, RecursionError):
            continue
    fact = f"has no variable {site.variable} with a list"
    raise CrawlError(place, fact, _LAYOUT_REMEDY)


def _read_rows(value: object, site: Site, answer: Answer) -> list[Entry]:
    """Return the entries of a list in JSON."""
    rows = _walk(value, site.items) if site.items else _find_rows(value, site)
    if not isinstance(rows, list):
        fact = f"has no list {site.items or site.title}"
        raise CrawlError(answer.final_url, fact, _LAYOUT_REMEDY)
    found = []
    for row in rows:
        title = " ".join(_TAG.sub("", str(_walk(row, site.title) or "")).split())
        url = join_address(answer.final_url, str(_walk(row, site.link) or ""))
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
