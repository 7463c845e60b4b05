"""A picture (SVG) of one series over the years: a row a thread, a column a year, a box an item."""

from __future__ import annotations

import html
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.compare.views.phrases import STEP_NAMES
from pipeline.compare.views.xml_text import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.comparison import Step

_COLOURS = {
    "same": "#5c6670", "reworded": "#8a5a00", "split": "#6a3fa0", "merged": "#6a3fa0",
    "revived": "#1d5fa8", "new": "#17693a",
}  # fmt: skip
# Pixels: the margins, the height of a line of a title, the distance of two years, the width of a box.
_LEFT, _TOP, _LINE, _COLUMN, _BOX = 24, 64, 18, 76, 56
# How many characters of a title are in a line, and how wide a character is.
_TITLE, _CHARACTER = 30, 12
# How many hosts are shown, those with most items first; the length of the longest bar.
_HOSTS, _LONGEST_BAR = 15, 320

_Load = dict[str, Counter[int]]


@dataclass(frozen=True, slots=True)
class _Row:
    """A thread in the picture: its steps in order, its title in lines, its upper edge."""

    steps: tuple[Step, ...]
    lines: tuple[str, ...]
    y: float

    @property
    def height(self) -> float:
        return len(self.lines) * _LINE + 6

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def flow_svg(name: str, steps: Sequence[Step], later_names: Mapping[str, str] | None = None) -> str:
    """The picture: a row a thread with its whole title, a box an item; below, the items of each host.

    A thread goes on along its row; only splits, mergers and their sources are joined by curves across
    rows. `later_names` are those of hosts that were renamed: the load of both names is one.
    """
    years = sorted({step.year for step in steps})
    rows = _place_rows(steps)
    bottom = (rows[-1].y + rows[-1].height if rows else _TOP) + 40
    load = _count_load(steps, later_names or {})
    first = _LEFT + _TITLE * _CHARACTER + 12
    width = first + max(_COLUMN * len(years), 200) + _LEFT
    height = bottom + 34 + len(load) * (24 + 13 * len(years))
    places = {year: float(first + n * _COLUMN) for n, year in enumerate(years)}
    body = [
        *_draw_head(name, places, steps),
        *_draw_legend(),
        *_draw_curves(rows, places),
        *(part for row in rows for part in _draw_row(row, places)),
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
    return html.escape(xml_text(text))


def _place_rows(steps: Sequence[Step]) -> list[_Row]:
    """A row for each thread, from above in the order in which the threads begin.

    A thread that begins as a part of another one comes right below it.
    """
    threads: defaultdict[str, list[Step]] = defaultdict(list)
    for step in steps:
        threads[step.thread_id].append(step)
    rows: list[_Row] = []
    y = float(_TOP)
    for thread in _order_threads(threads):
        title = threads[thread][-1].title.strip().rstrip("。")
        lines = tuple(title[n : n + _TITLE] for n in range(0, max(len(title), 1), _TITLE))
        rows.append(_Row(tuple(threads[thread]), lines, y))
        y += rows[-1].height
    return rows


def _order_threads(threads: Mapping[str, Sequence[Step]]) -> Iterator[str]:
    thread_of = {step.item_id: name for name, one in threads.items() for step in one}
    parts: defaultdict[str | None, list[str]] = defaultdict(list)
    for name, one in threads.items():
        sources = (thread_of.get(item) for item in one[0].previous)
        parts[next((source for source in sources if source != name), None)].append(name)
    waiting = parts[None][::-1]
    while waiting:
        name = waiting.pop()
        yield name
        waiting += parts[name][::-1]


def _draw_head(name: str, places: Mapping[int, float], steps: Iterable[Step]) -> Iterator[str]:
    """The name of the series, and each year with the number of its items."""
    yield f'<text x="{_LEFT}" y="20" font-size="15" font-weight="bold">{_escape(name)}</text>'
    counts = Counter(step.year for step in steps)
    for year, x in places.items():
        yield f'<text x="{x:.0f}" y="{_TOP - 24}" font-weight="bold">{year}年</text>'
        yield f'<text x="{x:.0f}" y="{_TOP - 8}" fill="#5c6670">{counts[year]}项</text>'


def _draw_legend() -> Iterator[str]:
    for n, (kind, label) in enumerate(STEP_NAMES.items()):
        x = _LEFT + 58 * n
        yield f'<rect x="{x}" y="34" width="10" height="10" fill="{_COLOURS[kind]}"/>'
        yield f'<text x="{x + 14}" y="43">{label}</text>'


def _draw_row(row: _Row, places: Mapping[int, float]) -> Iterator[str]:
    """The title, a line from year to year (dashed over years without an item), and a box a year."""
    for n, line in enumerate(row.lines):
        y = row.y + (n + 1) * _LINE - 2
        yield f'<text x="{_LEFT}" y="{y:.0f}">{_escape(line)}</text>'
    for before, step in pairwise(row.steps):
        dash = ' stroke-dasharray="5 4"' if step.gap else ""
        yield (
            f'<path d="M{places[before.year] + _BOX:.0f} {row.middle:.1f}H{places[step.year]:.0f}" '
            f'stroke="{_COLOURS[step.kind]}" stroke-width="2"{dash}/>'
        )
    first = min(places)
    for step in row.steps:
        yield _draw_box(step, places[step.year], row.middle, is_first=step.year == first)


def _draw_box(step: Step, x: float, middle: float, *, is_first: bool) -> str:
    """A box with what became of the item; not filled where its thread ends."""
    # Nobody knows which items of a series' first year were new then.
    colour = _COLOURS["same" if is_first else step.kind]
    kind = "有" if is_first else STEP_NAMES[step.kind]
    tip = f"{step.year}年 {step.title}（{'、'.join(step.host_units)}）{'' if is_first else kind}"
    fill, ink = ("#fff", colour) if step.ends else (colour, "#fff")
    word = f"{kind}·止" if step.ends else kind
    return (
        f'<g><title>{_escape(tip)}</title><rect x="{x:.0f}" y="{middle - 8:.1f}" width="{_BOX}" '
        f'height="16" rx="2" fill="{fill}" stroke="{colour}"/><text x="{x + _BOX / 2:.0f}" '
        f'y="{middle + 4:.1f}" font-size="11" text-anchor="middle" fill="{ink}">{word}</text></g>'
    )


def _draw_curves(rows: Sequence[_Row], places: Mapping[int, float]) -> Iterator[str]:
    """A thin curve from each source in another row: of a part of a split, of a merged item."""
    ends = {
        step.item_id: (places[step.year] + _BOX, row.middle) for row in rows for step in row.steps
    }
    for row in rows:
        own = {step.item_id for step in row.steps}
        for step in row.steps:
            for source in (one for one in step.previous if one in ends and one not in own):
                (x1, y1), x2, y2 = ends[source], places[step.year], row.middle
                bend = (x1 + x2) / 2
                yield (
                    f'<path d="M{x1:.0f} {y1:.1f}C{bend:.0f} {y1:.1f} {bend:.0f} {y2:.1f} '
                    f'{x2:.0f} {y2:.1f}" fill="none" opacity=".45" '
                    f'stroke="{_COLOURS[step.kind]}" stroke-width="1.2"/>'
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
