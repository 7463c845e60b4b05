"""A picture (SVG) of one series over the years: the flow of its items and the load of its hosts."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.comparison import Step

_COLOURS = {
    "same": "#5c6670", "reworded": "#b07d2b", "split": "#6a3fa0", "merged": "#6a3fa0",
    "revived": "#1d5fa8", "new": "#17693a",
}  # fmt: skip
_NAMES = {
    "new": "新增", "same": "不变", "reworded": "改写", "split": "拆分", "merged": "合并",
    "revived": "恢复",
}  # fmt: skip
# Pixels: the margins, the distance of two years' columns, the width of an item's box.
_LEFT, _TOP, _COLUMN, _BOX = 24, 64, 220, 96
# The height that the boxes of the longest year share, and the least and greatest for one box.
_TALLEST, _LEAST_PITCH, _GREATEST_PITCH = 1600, 3.0, 22.0
# From this height of a box its title is written in it.
_LEGIBLE_PITCH = 14
# How many hosts are shown, those with most items first; the length of the longest bar.
_HOSTS, _LONGEST_BAR = 15, 320

# Characters that XML does not allow, however they are written: controls, U+FFFE, half a pair.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_Places = dict[str, tuple[float, float]]
_Load = dict[str, Counter[int]]


def flow_svg(name: str, steps: Sequence[Step], later_names: Mapping[str, str] | None = None) -> str:
    """The picture: a column a year, a box an item, a line a link; below, the items of each host.

    `later_names` are those of hosts that were renamed: the load of both names is one.
    """
    years = sorted({step.year for step in steps})
    longest = max(Counter(step.year for step in steps).values(), default=1)
    pitch = max(_LEAST_PITCH, min(_GREATEST_PITCH, _TALLEST / longest))
    places = _place_boxes(steps, years, pitch)
    bottom = _TOP + longest * pitch + 40
    load = _count_load(steps, later_names or {})
    width = _LEFT * 2 + max(520, _COLUMN * (len(years) - 1) + _BOX + 140)
    height = bottom + 34 + len(load) * (24 + 13 * len(years))
    body = [
        *_draw_head(name, years, steps),
        *_draw_legend(),
        *_draw_lines(steps, places),
        *_draw_boxes(steps, places, pitch),
        *_draw_load(load, years, bottom),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" '
        f'width="{width}" height="{height:.0f}" font-family="sans-serif" font-size="12">'
        f'<title>{_escape(name)}</title><rect width="100%" height="100%" fill="#fff"/>'
        + "".join(body)
        + "</svg>\n"
    )


def _escape(text: str) -> str:
    """Write a text for XML; a character that XML does not allow becomes U+FFFD."""
    return html.escape(_NOT_XML.sub("\ufffd", text))


def _place_boxes(steps: Sequence[Step], years: Sequence[int], pitch: float) -> _Places:
    """The left upper corner of each item's box: its year's column, its place in the plan."""
    column = {year: n for n, year in enumerate(years)}
    count: Counter[int] = Counter()
    places: _Places = {}
    for step in steps:
        x = _LEFT + column[step.year] * _COLUMN
        places[step.item_id] = (x, _TOP + count[step.year] * pitch)
        count[step.year] += 1
    return places


def _draw_head(name: str, years: Sequence[int], steps: Sequence[Step]) -> Iterator[str]:
    """The name of the series, and each year with the number of its items."""
    yield f'<text x="{_LEFT}" y="20" font-size="15" font-weight="bold">{_escape(name)}</text>'
    counts = Counter(step.year for step in steps)
    for n, year in enumerate(years):
        x = _LEFT + n * _COLUMN
        gap = f"（间隔{year - years[n - 1] - 1}年）" if n and year - years[n - 1] > 1 else ""
        words = f"{year}年 {counts[year]}项{gap}"
        yield f'<text x="{x}" y="{_TOP - 10}" font-weight="bold">{words}</text>'


def _draw_legend() -> Iterator[str]:
    for n, (kind, label) in enumerate(_NAMES.items()):
        x = _LEFT + 200 + 52 * n
        yield f'<rect x="{x}" y="28" width="10" height="10" fill="{_COLOURS[kind]}"/>'
        yield f'<text x="{x + 14}" y="37">{label}</text>'


def _draw_lines(steps: Sequence[Step], places: _Places) -> Iterator[str]:
    """A curve from each previous item to the one it became; dashed over a gap of years."""
    for step in steps:
        x2, y2 = places[step.item_id]
        for one in step.previous:
            if one not in places:
                continue
            x1, y1 = places[one][0] + _BOX, places[one][1]
            middle = (x1 + x2) / 2
            dash = ' stroke-dasharray="5 4"' if step.gap else ""
            yield (
                f'<path d="M{x1:.0f} {y1 + 1.5:.1f}C{middle:.0f} {y1 + 1.5:.1f} {middle:.0f} '
                f'{y2 + 1.5:.1f} {x2:.0f} {y2 + 1.5:.1f}" fill="none" opacity=".7" '
                f'stroke="{_COLOURS[step.kind]}" stroke-width="1.5"{dash}/>'
            )


def _draw_boxes(steps: Sequence[Step], places: _Places, pitch: float) -> Iterator[str]:
    """A box an item with its title on hovering; not filled where its thread ends."""
    height = max(2.0, pitch - 3)
    first = min((step.year for step in steps), default=0)
    for step in steps:
        x, y = places[step.item_id]
        # Nobody knows which items of a series' first year were new then.
        is_first = step.year == first
        colour = _COLOURS["same" if is_first else step.kind]
        kind = "" if is_first else _NAMES[step.kind]
        tip = f"{step.title}（{'、'.join(step.host_units)}）{kind}"
        fill, ink = ("#fff", colour) if step.ends else (colour, "#fff")
        text = ""
        if pitch >= _LEGIBLE_PITCH:
            text = (
                f'<text x="{x + 3:.0f}" y="{y + height - 5:.1f}" font-size="10" fill="{ink}">'
                f"{_escape(step.title.strip('。')[:9])}</text>"
            )
        yield (
            f'<g><title>{_escape(tip)}</title><rect x="{x:.0f}" y="{y:.1f}" width="{_BOX}" '
            f'height="{height:.1f}" fill="{fill}" stroke="{colour}"/>{text}</g>'
        )


def _count_load(steps: Sequence[Step], later_names: Mapping[str, str]) -> _Load:
    """How many items each host has in each year, the hosts with most items first."""
    load: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for step in steps:
        for host in dict.fromkeys(later_names.get(one, one) for one in step.host_units):
            load[host][step.year] += 1
    order = sorted(load, key=lambda host: (-load[host].total(), host))
    return {host: load[host] for host in order[:_HOSTS]}


def _draw_load(load: _Load, years: Sequence[int], top: float) -> Iterator[str]:
    """The items of each host: a row a host, a bar a year."""
    if not load:
        return
    yield f'<text x="{_LEFT}" y="{top:.0f}" font-size="14" font-weight="bold">主办单位事项数</text>'
    most = max(max(counts.values()) for counts in load.values())
    y = top + 24
    for host, counts in load.items():
        yield f'<text x="{_LEFT}" y="{y:.0f}">{_escape(host)}</text>'
        y += 6
        for year in years:
            yield _draw_bar(year, counts[year], y, _LONGEST_BAR * counts[year] / most)
            y += 13
        y += 18


def _draw_bar(year: int, count: int, y: float, width: float) -> str:
    return (
        f'<text x="{_LEFT}" y="{y + 10:.0f}" font-size="10" fill="#5c6670">{year}</text>'
        f'<rect x="{_LEFT + 34}" y="{y + 2:.0f}" width="{width:.1f}" height="9" '
        f'fill="#1d5fa8"/><text x="{_LEFT + 40 + width:.0f}" y="{y + 10:.0f}" '
        f'font-size="10">{count}</text>'
    )
