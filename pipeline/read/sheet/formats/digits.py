"""Show a number with the digits that a section of a number format gives it: 1234.5 -> "1,234.50"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from pipeline.read.sheet.formats.tokens import Token

_PLACEHOLDERS = "0#?"
_WIDEST_DENOMINATOR = 5


def show_digits(number: Decimal, tokens: Sequence[Token]) -> str:
    """A number that is not negative, in a section of digits."""
    power = next((at for at, one in enumerate(tokens) if one.kind == "power"), None)
    if power is not None:
        return _show_power(number, tokens, power)
    tokens, thousands = _without_scale(tokens)
    percents = sum(1 for one in tokens if _is(one, "%"))
    number = number.scaleb(2 * percents - 3 * thousands)
    whole, decimals = _parts(tokens)
    number = _rounded(number, sum(1 for one in decimals if _is(one, _PLACEHOLDERS)))
    digits, _, rest = f"{number:f}".partition(".")
    return _show_whole(digits.lstrip("0"), whole) + _show_decimals(rest, decimals)


def _is(token: Token, signs: str) -> bool:
    return token.kind == "number" and token.text in signs


def _rounded(number: Decimal, places: int) -> Decimal:
    with localcontext() as context:
        # The largest number has 309 digits, a format at most 255 signs that add two each.
        context.prec = 2000
        return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _parts(tokens: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """The pieces before the decimal point, and those from it on."""
    point = next((at for at, one in enumerate(tokens) if _is(one, ".")), len(tokens))
    return list(tokens[:point]), list(tokens[point:])


def _without_scale(tokens: Sequence[Token]) -> tuple[list[Token], int]:
    """The pieces without the commas behind the last digit, each of which divides by a thousand."""
    places = [at for at, one in enumerate(tokens) if _is(one, _PLACEHOLDERS)]
    point = next((at for at, one in enumerate(tokens) if _is(one, ".")), len(tokens))
    ends = {max((at for at in places if at < point), default=-1), max(places, default=-1)}
    commas = set()
    for end in ends:
        at = end + 1
        while at < len(tokens) and _is(tokens[at], ","):
            commas.add(at)
            at += 1
    return [one for at, one in enumerate(tokens) if at not in commas], len(commas)


def _show_whole(digits: str, tokens: list[Token]) -> str:
    """The digits before the point, filled in from the last place on."""
    in_groups = any(_is(one, ",") for one in tokens)
    left = sum(1 for one in tokens if _is(one, _PLACEHOLDERS))
    out: list[str] = []
    count = 0
    for token in reversed(tokens):
        if not _is(token, _PLACEHOLDERS):
            out.append("" if _is(token, ",") else token.text)
            continue
        left -= 1
        # The first place takes all digits that are left.
        taken, digits = (digits, "") if not left else (digits[-1:], digits[:-1])
        for digit in reversed(taken or {"0": "0", "?": " "}.get(token.text, "")):
            if in_groups and count and count % 3 == 0 and digit != " ":
                out.append(",")
            out.append(digit)
            count += 1
    return "".join(reversed(out))


def _show_decimals(digits: str, tokens: list[Token]) -> str:
    out: list[str] = []
    for token in tokens:
        if not _is(token, _PLACEHOLDERS):
            out.append("" if _is(token, ",") else token.text)
        elif token.text == "0" or digits.strip("0"):
            out.append(digits[:1])
            digits = digits[1:]
        else:
            out.append(" " if token.text == "?" else "")
            digits = digits[1:]
    return "".join(out)


def _show_power(number: Decimal, tokens: Sequence[Token], power: int) -> str:
    """A number with a power of ten, a multiple of the digits before the point: 12345 -> 12.3E+3."""
    mantissa, exponent = tokens[:power], tokens[power + 1 :]
    whole, decimals = _parts(mantissa)
    step = max(1, sum(1 for one in whole if _is(one, _PLACEHOLDERS)))
    places = sum(1 for one in decimals if _is(one, _PLACEHOLDERS))
    size = number.adjusted() // step * step if number else 0
    scaled = _rounded(number.scaleb(-size), places)
    if scaled >= Decimal(10) ** step:
        size += step
        scaled = _rounded(number.scaleb(-size), places)
    sign = "-" if size < 0 else "+" if "+" in tokens[power].text else ""
    return f"{show_digits(scaled, mantissa)}E{sign}{show_digits(Decimal(abs(size)), exponent)}"


def show_fraction(number: Decimal, tokens: Sequence[Token]) -> str:
    """A number as a fraction: 1.5 in "# ?/?" -> "1 1/2"."""
    slash = next(at for at, one in enumerate(tokens) if _is(one, "/"))
    start = slash
    while start and _is(tokens[start - 1], _PLACEHOLDERS):
        start -= 1
    whole = tokens[:start]
    has_whole = any(_is(one, _PLACEHOLDERS) for one in whole)
    fixed, after = _denominator(tokens[slash + 1 :])
    exact = Fraction(number)
    if fixed:
        exact = Fraction(round(exact * fixed), fixed)
    else:
        width = sum(1 for one in tokens[slash + 1 :] if _is(one, _PLACEHOLDERS))
        exact = exact.limit_denominator(10 ** min(max(width, 1), _WIDEST_DENOMINATOR) - 1)
    integer, rest = divmod(exact, 1) if has_whole else (0, exact)
    bottom = fixed or rest.denominator
    top = int(rest * bottom)
    front = show_digits(Decimal(integer), whole) if has_whole and (integer or not top) else ""
    front = front if has_whole else _texts(whole)
    shown = f"{top}/{bottom}" if top or not has_whole else ""
    return f"{front.strip()} {shown}".strip() + _texts(after)


def _denominator(tokens: Sequence[Token]) -> tuple[int, Sequence[Token]]:
    """The denominator that a format gives, 0 for none, and the pieces behind it."""
    end, digits = 0, ""
    for end, token in enumerate(tokens):  # noqa: B007 - the place where it ends is wanted
        if not (token.text.isascii() and token.text.isdecimal()) and not _is(token, _PLACEHOLDERS):
            break
        digits += token.text
    else:
        end = len(tokens)
    is_fixed = digits.isdecimal() and bool(digits.strip("0"))
    return (int(digits[:9]) if is_fixed else 0), tokens[end:]


def _texts(tokens: Iterable[Token]) -> str:
    return "".join(token.text for token in tokens if token.kind == "literal")
