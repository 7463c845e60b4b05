"""Write the summary (汇总): items by state and by days overdue, units that answered, and charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlsxwriter.utility import quote_sheetname

from pipeline.ledger.answers import OTHER_STATE
from pipeline.ledger.cell_text import fit
from pipeline.ledger.columns import MAIN, STATE, STATES, SUMMARY, UNITS, index_columns
from pipeline.ledger.write.overdue import OverdueDays, count_over
from pipeline.ledger.write.paper import TOP, Formula
from pipeline.ledger.write.styles import height_of, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from pipeline.ledger.write.arrangement import Arrangement
    from pipeline.ledger.write.paper import Paper
    from pipeline.ledger.write.worksheet import GrowingSheet

_BANDS = ((1, 30, "逾期 30 天以内"), (31, 90, "逾期 31—90 天"), (91, 10**6, "逾期 90 天以上"))
_COLOURS = {
    "未启动": "#A6A6A6",
    "推进中": "#5B9BD5",
    "已完成": "#70AD47",
    "滞后": "#C00000",
    OTHER_STATE: "#FFC000",
    "未填报": "#D0CECE",
}
_MOST_UNITS = 14
# The columns of the two tables, of the gap, and of the area of charts; the charts' size in pixels.
_WIDTHS = (22.0, 9.0, 2.0, *(10.0,) * 11)
_CHART_AT, _CHART_WIDTH = 3, 805
_STATES_HEIGHT, _UNITS_ROW = 205, TOP + 11
# The row below the charts, and the last one of the page.
_BELOW = 34
_LINE_WIDTH = 100.0


class _Row(NamedTuple):
    """A row of a table: its words, and its number or a formula of it."""

    words: str
    number: int | Formula


def write_summary(paper: Paper, arrangement: Arrangement) -> None:
    """Write the tables below one another, with the charts beside them."""
    sheet = paper.add(SUMMARY)
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    paper.title(sheet, SUMMARY, _make_line(arrangement), len(_WIDTHS) - 1)
    states = arrangement.answers.count_states(arrangement.ledger.entries)
    rows = [_Row(state, count) for state, count in states.items()]
    row = _write_table(paper, sheet, TOP, (STATE, "事项数"), rows)
    if "due" in arrangement.present:
        row = _write_table(paper, sheet, row + 1, ("期限", "事项数"), _due_rows(arrangement))
    silent = [one.name for one in arrangement.answers.silent_units()]
    counts = [_Row("已填报", len(arrangement.ledger.units) - len(silent))]
    counts.append(_Row("未填报", len(silent)))
    row = _write_table(paper, sheet, row + 1, ("单位填报", "单位数"), counts)
    _insert_charts(paper, sheet, arrangement, len(states))
    if arrangement.answers.has_any and silent:
        _write_silent(paper, sheet, max(row + 1, _BELOW), silent)
    sheet.print_area(0, 0, max(row + 1, _BELOW), len(_WIDTHS) - 1)
    sheet.rest()


def _make_line(arrangement: Arrangement) -> str:
    """The plan and the day that days count to."""
    ledger = arrangement.ledger
    only = ledger.only[0] if ledger.only and not ledger.is_several else None
    title = (only.title or only.notice_title or "") if only else f"{ledger.notices} 份文件"
    day = f"逾期算至 {arrangement.today}" if arrangement.today else "逾期算至打开当日"
    parts = (title, f"共 {len(ledger.entries)} 项", day if "due" in arrangement.present else "")
    return fit("　".join(filter(None, parts)))


def _due_rows(arrangement: Arrangement) -> list[_Row]:
    """Count the items by days since their last day; the numbers follow what is filled in."""
    entries = arrangement.ledger.entries
    days = OverdueDays(arrangement.columns, arrangement.answers, arrangement.today)
    late = days.range(MAIN, len(entries))
    at = next(n for n, one in enumerate(arrangement.columns) if one.key == "due")
    due = days.range(MAIN, len(entries), at)
    rows = [
        _Row(
            words,
            Formula(
                f'=COUNTIFS({late},">={least}",{late},"<={most}")',
                count_over(entries, days, least, most),
            ),
        )
        for least, most, words in _BANDS
    ]
    dated = sum("due" in one.cells for one in entries)
    open_count = dated - count_over(entries, days, 1, 10**6)
    rows.append(_Row("未逾期或已完成", Formula(f'=COUNT({due})-COUNTIF({late},">0")', open_count)))
    return [*rows, _Row("没有期限", len(entries) - dated)]


def _write_table(
    paper: Paper, sheet: GrowingSheet, top: int, heads: tuple[str, str], rows: Sequence[_Row]
) -> int:
    """Write a table of words and numbers; returns the row below it."""
    for at, head in enumerate(heads):
        sheet.write_string(top, at, head, paper.styles.of("head", head))
    number = top
    for number, row in enumerate(rows, top + 1):
        sheet.write_string(number, 0, row.words, paper.styles.of("text", row.words))
        form = paper.styles.plain("number")
        if isinstance(row.number, Formula):
            sheet.write_formula(number, 1, row.number.text, form, row.number.value)
        else:
            sheet.write_number(number, 1, row.number, form)
    return number + 1


def _write_silent(paper: Paper, sheet: GrowingSheet, row: int, silent: Iterable[str]) -> None:
    """Name the units that have answered nothing, below the charts."""
    words = fit(f"未填报单位: {'、'.join(silent)}")
    form = paper.styles.of("text", words)
    sheet.merge_range(row, 0, row, len(_WIDTHS) - 1, "", form)
    sheet.write_string(row, 0, words, form)
    sheet.set_row(row, height_of(lines_of(words, _LINE_WIDTH)))


def _insert_charts(
    paper: Paper, sheet: GrowingSheet, arrangement: Arrangement, states: int
) -> None:
    """Insert a chart of items by state, and one of the answers of the units with most items."""
    if not arrangement.ledger.entries:
        return
    chart = _make_chart(paper, "column", "事项完成情况", _STATES_HEIGHT)
    place = quote_sheetname(SUMMARY)
    series: dict[str, Any] = {
        "categories": f"={place}!$A${TOP + 2}:$A${TOP + 1 + states}",
        "values": f"={place}!$B${TOP + 2}:$B${TOP + 1 + states}",
        "fill": {"color": "#5B9BD5"},
        "data_labels": {"value": True},
        "gap": 60,
    }
    chart.add_series(series)
    chart.set_legend({"none": True})
    sheet.insert_chart(TOP, _CHART_AT, chart)
    if units := min(_MOST_UNITS, len(arrangement.ledger.units)):
        height = 80 + 24 * units
        sheet.insert_chart(_UNITS_ROW, _CHART_AT, _unit_chart(paper, arrangement, units, height))


def _unit_chart(paper: Paper, arrangement: Arrangement, units: int, height: int) -> Any:  # noqa: ANN401 - the library has no types
    """Make the chart of answers by unit and state, from the numbers of the index of units."""
    count = len(arrangement.ledger.units)
    title = "单位填报" if units == count else f"单位填报(事项最多的 {units} 个)"
    chart = _make_chart(paper, "bar", title, height, stacked=True)
    columns = index_columns(UNITS)
    places = {one.key: at for at, one in enumerate(columns)}
    first, last = TOP + 1, TOP + units
    for key, name in (*((state, state) for state in (*STATES, OTHER_STATE)), ("silent", "未填报")):
        at = places[key]
        chart.add_series(
            {
                "name": name,
                "categories": [UNITS, first, 0, last, 0],
                "values": [UNITS, first, at, last, at],
                "fill": {"color": _COLOURS[name]},
                "gap": 40,
            }
        )
    chart.set_y_axis({"reverse": True, "num_font": {"size": 10}})
    chart.set_x_axis({"num_font": {"size": 10}, "major_gridlines": {"visible": False}})
    chart.set_legend({"position": "bottom", "font": {"size": 10}})
    return chart


def _make_chart(paper: Paper, kind: str, title: str, height: int, *, stacked: bool = False) -> Any:  # noqa: ANN401 - the library has no types
    more = {"subtype": "stacked"} if stacked else {}
    chart = paper.book.add_chart({"type": kind, **more})
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_size({"width": _CHART_WIDTH, "height": height})
    return chart
