"""Turn a page of the desk into a plain file: relative links, no forms, scripts that need no server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import html

from pipeline.web.site.addresses import canonical_address, link_between

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.html import HtmlElement

_POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; "
    "img-src 'self' file: data:; base-uri 'none'; form-action 'none'"
)
_STATIC = "/static/"
# Scripts that a copy has in place of those that talk to a server; of other scripts it has none.
SCRIPTS = {"notice.js": "site_notice.js", "site_search.js": "site_search.js"}


def find_links(page: HtmlElement) -> list[str]:
    """Return the addresses that a page links to and a copy has, without anchors."""
    found = (canonical_address(one.get("href", "")) for one in page.iter("a"))
    return list(dict.fromkeys(one for one in found if one))


def make_plain(page: HtmlElement, file: str, files: Mapping[str, str]) -> bytes:
    """Return a page as the bytes of its file; `files` are those of all pages by their addresses.

    A link to a page that the copy lacks becomes its text; forms and what has to be sent are left out.
    """
    _drop(page, lambda one: one.tag == "form" and one.get("id") != "search")
    _drop(page, lambda one: one.tag == "dialog" or "data-do" in one.attrib)
    _drop(page, lambda one: one.tag == "a" and _is_for_server(one))
    _drop(page, lambda one: one.tag == "link" and one.get("rel") == "modulepreload")
    for one in list(page.iter("a")):
        _point(one, file, files)
    for one in list(page.iter("link")):
        one.set("href", _static_file(one.get("href", ""), file))
    for one in list(page.iter("script")):
        _point_script(one, file)
    for one in list(page.iter("img")):
        one.set("src", _static_file(one.get("src", ""), file))
    for one in list(page.xpath("//article[@data-item]")):
        # Other pages lead to an item by its id, which a script of the desk looks up.
        one.insert(0, html.Element("span", {"id": one.get("data-item")}))
    policy = html.Element("meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    page.find("head").insert(1, policy)
    made: bytes = html.tostring(page, encoding="utf-8", doctype="<!doctype html>")
    return made


def _is_for_server(link: HtmlElement) -> bool:
    return "download" in link.attrib or "lang=" in link.get("href", "").partition("?")[2]


def _drop(page: HtmlElement, is_wanted: Callable[[HtmlElement], bool]) -> None:
    for one in [each for each in page.iter() if isinstance(each.tag, str) and is_wanted(each)]:
        one.drop_tree()


def _point(link: HtmlElement, file: str, files: Mapping[str, str]) -> None:
    address = link.get("href", "")
    if address.startswith("#"):
        return
    target = files.get(canonical_address(address) or "")
    if target is None and "main-navigation" in link.xpath("string(ancestor::nav[1]/@class)"):
        link.getparent().drop_tree()
        return
    if target is None:
        link.tag = "span"
        for name in ("href", "aria-current", "rel", "hreflang"):
            link.attrib.pop(name, None)
        return
    anchor = address.partition("#")[2]
    link.set("href", link_between(file, target) + (f"#{anchor}" if anchor else ""))


def _static_file(address: str, file: str) -> str:
    name = address.partition("?")[0]
    return link_between(file, name.lstrip("/")) if name.startswith(_STATIC) else address


def _point_script(script: HtmlElement, file: str) -> None:
    address = script.get("src", "")
    name = address.partition("?")[0].rpartition("/")[2]
    if name not in SCRIPTS:
        script.drop_tree()
        return
    # A module is loaded from a server only.
    script.attrib.pop("type", None)
    script.set("defer", "defer")
    script.set("src", link_between(file, f"static/{SCRIPTS[name]}"))
