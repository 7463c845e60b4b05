"""Find what the styles say of a paragraph: its list and level, and which of its text is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.read.word.numbering import Numbering, W, is_on

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_BASES = 12


class ParagraphStyles:
    """The styles of a document: the list and level of each, what they hide, those of its contents."""

    def __init__(self, root: _Element | None) -> None:
        styles = [] if root is None else list(root.iterchildren(W + "style"))
        self._all = {str(one.get(W + "styleId")): one for one in styles}
        self._default = next(
            (
                str(one.get(W + "styleId"))
                for one in styles
                if one.get(W + "default") in ("1", "true") and one.get(W + "type") == "paragraph"
            ),
            None,
        )
        self._lists: dict[str, tuple[str | None, int | None, str]] = {}
        self._hidden: dict[str, bool] = {}
        self._indexes = {
            name for name, one in self._all.items() if _name(one).lower().startswith("toc ")
        }

    def is_contents(self, properties: _Element | None) -> bool:
        """Whether a paragraph belongs to a table of contents."""
        return self._style_of(properties) in self._indexes

    def list_of(self, properties: _Element | None, numbering: Numbering) -> tuple[str | None, int]:
        """The list and level of a paragraph: its own, else those of its style."""
        list_id, depth = _list_of(properties)
        style = self._style_of(properties)
        if (list_id is None or depth is None) and style is not None:
            styled_id, styled_depth, owner = self._list_of_style(style)
            if list_id is None and styled_id is not None:
                linked = numbering.level_of_style(styled_id, owner)
                styled_depth = linked if linked is not None else styled_depth
            list_id = styled_id if list_id is None else list_id
            depth = styled_depth if depth is None else depth
        return (None, 0) if list_id in (None, "0") else (list_id, depth or 0)

    def is_hidden(self, run: _Element | None, paragraph: _Element | None) -> bool:
        """Whether text with these run properties in a paragraph with these properties is hidden.

        Where both styles hide, the text is shown: a style's switch turns over what it stands in.
        """
        own = None if run is None else run.find(W + "vanish")
        if own is not None:
            return is_on(own)
        name = None if run is None else run.find(W + "rStyle")
        by_run = name is not None and self._hides(str(name.get(W + "val")))
        style = self._style_of(paragraph)
        return by_run != (style is not None and self._hides(style))

    def _hides(self, style: str) -> bool:
        """Whether a style or the nearest of its bases that says so hides its text."""
        if style not in self._hidden:
            self._hidden[style] = False
            for element in self._with_bases(style):
                switch = element.find(f"{W}rPr/{W}vanish")
                if switch is not None:
                    self._hidden[style] = is_on(switch)
                    break
        return self._hidden[style]

    def _with_bases(self, style: str) -> Iterator[_Element]:
        """A style and those that it is based on, at most _MOST_BASES."""
        for _ in range(_MOST_BASES):
            element = self._all.get(style)
            if element is None:
                return
            yield element
            based = element.find(W + "basedOn")
            style = "" if based is None else str(based.get(W + "val"))

    def _style_of(self, properties: _Element | None) -> str | None:
        style = None if properties is None else properties.find(W + "pStyle")
        return self._default if style is None else str(style.get(W + "val"))

    def _list_of_style(self, style: str) -> tuple[str | None, int | None, str]:
        if style not in self._lists:
            self._lists[style] = self._inherited(style)
        return self._lists[style]

    def _inherited(self, style: str) -> tuple[str | None, int | None, str]:
        """The list and level of a style, and the style among its bases that names the list."""
        list_id: str | None = None
        depth: int | None = None
        for element in self._with_bases(style):
            style = str(element.get(W + "styleId"))
            own_id, own_depth = _list_of(element.find(W + "pPr"))
            list_id = own_id if list_id is None else list_id
            depth = own_depth if depth is None else depth
            if list_id is not None:
                break
        return list_id, depth, style


def _list_of(properties: _Element | None) -> tuple[str | None, int | None]:
    """The list id and level that paragraph properties state themselves."""
    if properties is None:
        return None, None
    list_id = properties.find(f"{W}numPr/{W}numId")
    depth = properties.find(f"{W}numPr/{W}ilvl")
    number = "" if depth is None else str(depth.get(W + "val") or "")
    return (
        None if list_id is None else str(list_id.get(W + "val")),
        int(number) if number.isascii() and number.isdecimal() and len(number) < 3 else None,
    )


def _name(style: _Element) -> str:
    name = style.find(W + "name")
    return "" if name is None else str(name.get(W + "val") or "")
