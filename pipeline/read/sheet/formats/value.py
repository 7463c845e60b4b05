"""Show a cell's value as its number format says: (45473, 'yyyy"年"m"月"') -> "2024年6月".

The formats are those of Excel, as a Chinese system shows them: sections by sign or condition, digits
with 0 # and ?, thousands, percentages, fractions, powers, dates and times, texts around them, and
Chinese numerals ([DBNum1]). Colours, widths and fill characters say nothing to a reader of text.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from math import isfinite

from pipeline.read.sheet.formats.chinese import counted, digit_by_digit
from pipeline.read.sheet.formats.dates import show_date
from pipeline.read.sheet.formats.digits import show_digits, show_fraction
from pipeline.read.sheet.formats.tokens import GENERAL, Section, Token, read_format

CellValue = str | float | bool
# A number in the format General has as many characters, its point among them.
_GENERAL_WIDTH = 11
_RELATIONS = {
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
    "=": Decimal.__eq__,
    "<>": Decimal.__ne__,
}


def show_value(value: CellValue, code: str = GENERAL, *, from_1904: bool = False) -> str:
    """A cell's value as people see it, without outer blanks; from_1904: days count from that year."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str) and code == GENERAL:
        return value.strip()
    sections = read_format(code)
    if isinstance(value, str):
        return _show_text(value, sections).strip()
    if not isfinite(value):
        return "#NUM!"
    section, number = _choose(float(value), sections)
    if section.has("date", "elapsed"):
        # Excel fills a cell with # where its number is no day.
        shown = show_date(number, section, from_1904=from_1904)
        return general(number) if shown is None else shown.strip()
    sign = "-" if number < 0 else ""
    return (sign + _show_number(abs(number), section)).strip()


def _show_text(value: str, sections: tuple[Section, ...]) -> str:
    """A text in the fourth section, or in the last one where that has a place for a text."""
    section = sections[-1]
    if len(sections) < 4 and not section.has("text"):
        return value
    return "".join(
        value if token.kind == "text" else token.text
        for token in section.tokens
        if token.kind in ("text", "literal")
    )


def _choose(value: float, sections: tuple[Section, ...]) -> tuple[Section, float]:
    """The section that shows a number, and the number, without a sign that the section tells."""
    numeric = sections[:3]
    if 1 < len(sections) < 4 and sections[-1].has("text"):
        numeric = sections[:-1]
    if any(section.condition for section in numeric):
        return _choose_by_condition(value, numeric)
    if len(numeric) == 1 or value > 0:
        return numeric[0], value
    if value < 0:
        return numeric[1], -value
    return (numeric[2] if len(numeric) > 2 else numeric[0]), value


def _choose_by_condition(value: float, sections: tuple[Section, ...]) -> tuple[Section, float]:
    """As `_choose`; where no condition holds, Excel fills the cell with #, here is the bare number."""
    for place, section in enumerate(sections):
        condition = section.condition
        if condition is None and place < 2 and place < len(sections) - 1:
            condition = ("<", 0.0) if place else (">", 0.0)
        if condition is None:
            return section, value
        relation, limit = condition
        if _RELATIONS[relation](Decimal(repr(value)), Decimal(repr(limit))):
            return section, abs(value) if relation in ("<", "<=") and limit <= 0 else value
    return Section((Token("general", GENERAL),)), value


def _show_number(number: float, section: Section) -> str:
    """A number that is not negative, in its section."""
    if section.has("general", "text"):
        plain = general(number)
        plain = counted(plain, section.numerals) if section.numerals else plain
        return "".join(
            plain if token.kind in ("general", "text") else token.text for token in section.tokens
        )
    if not section.has("number"):
        return "".join(token.text for token in section.tokens)
    if any(token == ("number", "/") for token in section.tokens):
        return show_fraction(_exact(number), section.tokens)
    shown = show_digits(_exact(number), section.tokens)
    return digit_by_digit(shown, section.numerals) if section.numerals else shown


def _exact(number: float) -> Decimal:
    """A number with the fifteen digits that a spreadsheet keeps."""
    return Decimal(format(number, ".15g"))


def general(number: float) -> str:
    """A number without a format, whole or in eleven characters: 3.0 -> 3, 1/3 -> 0.333333333."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    exact = _exact(abs(number))
    sign = "-" if number < 0 else ""
    if not Decimal("1e-9") <= exact < Decimal("1e15"):
        mantissa, _, power = f"{exact:.5e}".partition("e")
        return f"{sign}{mantissa.rstrip('0').rstrip('.')}E{power[0]}{power[1:].zfill(2)}"
    places = max(0, _GENERAL_WIDTH - 1 - len(str(int(exact))))
    with localcontext() as context:
        context.rounding = ROUND_HALF_UP
        shown = f"{round(exact, places):f}"
    return sign + (shown.rstrip("0").rstrip(".") if "." in shown else shown)
