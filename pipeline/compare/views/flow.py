"""Threads over the years: a table, and a picture of the items' flow and the hosts' load."""

from __future__ import annotations

from collections import Counter, defaultdict
from html import escape
from typing import TYPE_CHECKING

from pipeline.comparison import Step
from pipeline.dataset.csv_rows import rows_to_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_COLOURS = {
    "same": "#5c6670", "reworded": "#b07d2b", "split": "#6a3fa0", "merged": "#6a3fa0",
    "revived": "#1d5fa8", "new": "#17693a",
}  # fmt: skip
_NAMES = {
    "new": "新增", "same": "不变", "reworded": "改写", "split": "拆分", "merged": "合并",
    "revived": "恢复",
}  # fmt: skip
_LEFT, _TOP, _COLUMN, _BAR = 24, 64, 220, 96
_HOSTS = 15
_TALLEST = 1600


def threads_csv(steps: Iterable[Step]) -> bytes:
    """One row an item of a year; opens in a spreadsheet."""
    rows = (
        step.model_dump()
        | {key: "、".join(getattr(step, key)) for key in ("previous", "host_units")}
        | {"ends": int(step.ends)}
        for step in steps
    )
    return rows_to_csv(Step.model_fields, rows)


def flow_svg(name: str, steps: Sequence[Step], heirs: Mapping[str, str] | None = None) -> str:
    """A picture of one series: a column a year, a box an item, a line a link; below, who hosts.

    `heirs` are the later names of hosts that were renamed; their load is one.
    """
    years = sorted({step.year for step in steps})
    many = max(Counter(step.year for step in steps).values(), default=1)
    pitch = max(3.0, min(22.0, _TALLEST / many))
    places = _places(steps, years, pitch)
    bottom = _TOP + many * pitch + 40
    load, height = _load(steps, years, bottom, heirs or {})
    width = _LEFT * 2 + max(520, _COLUMN * (len(years) - 1) + _BAR + 140)
    body = [
        *_heads(name, years, steps),
        *_lines(steps, places),
        *_boxes(steps, places, pitch),
        *load,
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" '
        f'width="{width}" height="{height:.0f}" font-family="sans-serif" font-size="12">'
        f'<title>{escape(name)}</title><rect width="100%" height="100%" fill="#fff"/>'
        + "".join(body)
        + "</svg>\n"
    )


def _places(
    steps: Sequence[Step], years: Sequence[int], pitch: float
) -> dict[str, tuple[float, float]]:
    """Where each item's box stands: its year's column, its place in the plan."""
    seen: Counter[int] = Counter()
    found: dict[str, tuple[float, float]] = {}
    for step in steps:
        x = _LEFT + years.index(step.year) * _COLUMN
        found[step.item_id] = (x, _TOP + seen[step.year] * pitch)
        seen[step.year] += 1
    return found


def _heads(name: str, years: Sequence[int], steps: Sequence[Step]) -> Iterator[str]:
    yield f'<text x="{_LEFT}" y="20" font-size="15" font-weight="bold">{escape(name)}</text>'
    counts = Counter(step.year for step in steps)
    for n, year in enumerate(years):
        x = _LEFT + n * _COLUMN
        gap = f"（间隔{year - years[n - 1] - 1}年）" if n and year - years[n - 1] > 1 else ""
        words = f"{year}年 {counts[year]}项{gap}"
        yield f'<text x="{x}" y="{_TOP - 10}" font-weight="bold">{words}</text>'
    x = _LEFT + 200
    for kind, label in _NAMES.items():
        yield f'<rect x="{x}" y="28" width="10" height="10" fill="{_COLOURS[kind]}"/>'
        yield f'<text x="{x + 14}" y="37">{label}</text>'
        x += 52


def _lines(steps: Sequence[Step], places: dict[str, tuple[float, float]]) -> Iterator[str]:
    for step in steps:
        x2, y2 = places[step.item_id]
        for one in step.previous:
            if one not in places:
                continue
            x1, y1 = places[one][0] + _BAR, places[one][1]
            middle = (x1 + x2) / 2
            dash = ' stroke-dasharray="5 4"' if step.gap else ""
            yield (
                f'<path d="M{x1:.0f} {y1 + 1.5:.1f}C{middle:.0f} {y1 + 1.5:.1f} {middle:.0f} '
                f'{y2 + 1.5:.1f} {x2:.0f} {y2 + 1.5:.1f}" fill="none" opacity=".7" '
                f'stroke="{_COLOURS[step.kind]}" stroke-width="1.5"{dash}/>'
            )


def _boxes(
    steps: Sequence[Step], places: dict[str, tuple[float, float]], pitch: float
) -> Iterator[str]:
    """A box an item, its title on hovering; open where it ends."""
    height = max(2.0, pitch - 3)
    first = min((step.year for step in steps), default=0)
    for step in steps:
        x, y = places[step.item_id]
        # Nobody knows what of a series' first year was new then.
        kind = "same" if step.year == first else step.kind
        told = "" if step.year == first else _NAMES[kind]
        tip = f"{step.title}（{'、'.join(step.host_units)}）{told}"
        colour = _COLOURS[kind]
        fill = "#fff" if step.ends else colour
        text = ""
        if pitch >= 14:
            ink = colour if step.ends else "#fff"
            text = (
                f'<text x="{x + 3:.0f}" y="{y + height - 5:.1f}" font-size="10" fill="{ink}">'
                f"{escape(step.title.strip('。')[:9])}</text>"
            )
        yield (
            f'<g><title>{escape(tip)}</title><rect x="{x:.0f}" y="{y:.1f}" width="{_BAR}" '
            f'height="{height:.1f}" fill="{fill}" stroke="{colour}"/>{text}</g>'
        )


def _load(
    steps: Sequence[Step], years: Sequence[int], top: float, heirs: Mapping[str, str]
) -> tuple[list[str], float]:
    """How many items each host has in each year: a row a host, a bar a year."""
    load: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for step in steps:
        for host in dict.fromkeys(heirs.get(one, one) for one in step.host_units):
            load[host][step.year] += 1
    order = sorted(load, key=lambda host: (-sum(load[host].values()), host))[:_HOSTS]
    most = max((max(load[host].values()) for host in order), default=1)
    head = (
        f'<text x="{_LEFT}" y="{top:.0f}" font-size="14" font-weight="bold">主办单位事项数</text>'
    )
    found = [head] if order else []
    y = top + 24
    for host in order:
        found.append(f'<text x="{_LEFT}" y="{y:.0f}">{escape(host)}</text>')
        y += 6
        for year in years:
            many = load[host][year]
            wide = 320 * many / most
            found.append(
                f'<text x="{_LEFT}" y="{y + 10:.0f}" font-size="10" fill="#5c6670">{year}</text>'
                f'<rect x="{_LEFT + 34}" y="{y + 2:.0f}" width="{wide:.1f}" height="9" '
                f'fill="#1d5fa8"/><text x="{_LEFT + 40 + wide:.0f}" y="{y + 10:.0f}" '
                f'font-size="10">{many}</text>'
            )
            y += 13
        y += 18
    return found, y + 10
