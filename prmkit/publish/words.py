"""Numbers, money and dates as a page says them.

Rounded to what is known: with a wide interval to two significant figures, with a narrow one to as many as
it separates, without one to three. A value that is missing is "not known", never 0 and never blank.
Negative numbers carry a true minus sign. Separators and dates follow the locale; the words are English.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_precision

from prmkit.errors import PrmkitError

if TYPE_CHECKING:
    from prmkit.practices.result import Amount

_WIDE = Context(prec=400)  # every float has fewer digits
NOT_KNOWN = "not known"
MINUS = "\N{MINUS SIGN}"
_SUFFIXES = ((12, "tn"), (9, "bn"), (6, "m"), (3, "k"))
_SPELLED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
# C0 and C1 controls, lone surrogates, non-characters, and the marks that turn the direction of what follows.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def money(value: Any, currency: str, locale: str = "en_GB", *, full: bool = False, step: Decimal | None = None) -> str:
    """An amount of money: "EUR 412k" in prose, "EUR 412,345.10" in full; `step` is the unit to round to."""
    amount = _decimal(value)
    if amount is None:
        return NOT_KNOWN
    return f"{currency} {_plain_money(amount, currency, locale) if full else _short(amount, locale, step)}".strip()


def share(value: Any, locale: str = "en_GB", *, step: Decimal | None = None) -> str:
    """A fraction as a percentage: "41%", "4.1%", "less than 0.1%"; `step` is in percentage points."""
    fraction = _decimal(value)
    if fraction is None:
        return NOT_KNOWN
    points = fraction * 100
    size = abs(points)
    if step is None and 0 < size < Decimal("0.05"):
        return f"less than {_digits(Decimal('0.1'), locale, percent=True)}"
    if step is None and Decimal("99.95") <= points < 100:
        return f"more than {_digits(Decimal('99.9'), locale, percent=True)}"
    fine = size < 10 or Decimal("99") < points < 100
    return _digits(_round(points, step or Decimal("0.1" if fine and size else "1")), locale, percent=True)


def count(value: Any, locale: str = "en_GB") -> str:
    """A whole number with thousands separators: "1,204"."""
    whole = _decimal(value)
    return NOT_KNOWN if whole is None else _digits(_round(whole, Decimal(1)), locale)


def number(value: Any, locale: str = "en_GB", *, step: Decimal | None = None) -> str:
    """A plain number to three significant figures: "0.412", "12.3", "1,230,000"; with `step`, rounded to that."""
    amount = _decimal(value)
    if amount is None:
        return NOT_KNOWN
    if step is None and amount == amount.to_integral_value() and abs(amount) < 10_000:
        step = Decimal(1)
    return _digits(_round(amount, step or _own_step(amount, 3)), locale)


def day(value: Any, locale: str = "en_GB", *, short: bool = False) -> str:
    """A date: "29 November 2013", or "29 Nov 2013" when `short`. Takes dates, timestamps and ISO text."""
    date = _date(value)
    return NOT_KNOWN if date is None else format_date(date, "medium" if short else "long", locale=_locale(locale))


def month(value: Any, locale: str = "en_GB") -> str:
    """The month of a date: "Nov 2013"."""
    date = _date(value)
    return NOT_KNOWN if date is None else format_date(date, "LLL y", locale=_locale(locale))


def counted(value: Any, one: str, many: str = "", locale: str = "en_GB") -> str:
    """A count with its noun: "1 partner", "1,204 partners"."""
    whole = _decimal(value)
    return f"{count(value, locale)} {one if whole == 1 else many or one + 's'}"


def spelled(value: int, locale: str = "en_GB") -> str:
    """A small count as a word for the middle of a sentence: "eleven"; larger ones in figures."""
    return _SPELLED[value] if 0 <= value < len(_SPELLED) else count(value, locale)


def interval(amount: Amount, locale: str = "en_GB") -> str:
    """An amount with its period and 90% range: "EUR 410k a year, 250k to 590k"."""
    middle, low, high = _decimal(amount.amount), _decimal(amount.low), _decimal(amount.high)
    unit, period = amount.unit, _period(amount.period, locale)
    prefix = f"{unit} " if _is_currency(unit) else ""
    if low is None or high is None or (middle is not None and low == high):
        return NOT_KNOWN if middle is None else prefix + _bare(middle, unit, locale, None) + _noun(unit, middle) + period
    step = _step((low, high) if middle is None else (middle, low, high), unit)
    bottom, top = _bare(low, unit, locale, step), _bare(high, unit, locale, step)
    if middle is None:
        return f"between {prefix}{bottom} and {top}{_noun(unit)}{period}"
    return f"{prefix}{_bare(middle, unit, locale, step)}{_noun(unit, middle)}{period}, {bottom} to {top}"


def between(low: Any, high: Any, unit: str, locale: str = "en_GB") -> str:
    """Only the range, rounded to its own width: "250k to 590k", "8% to 16%"."""
    bottom, top = _decimal(low), _decimal(high)
    if bottom is None or top is None:
        return NOT_KNOWN
    step = _step((bottom, top), unit)
    return f"{_bare(bottom, unit, locale, step)} to {_bare(top, unit, locale, step)}"


def plain(text: Any) -> str:
    """Text in one line without control characters or direction marks; "not known" for every kind of missing one."""
    return NOT_KNOWN if _missing(text) else " ".join(_UNSAFE.sub(" ", str(text)).split())


def _missing(value: Any) -> bool:
    if isinstance(value, str):
        return False
    try:
        return value is None or bool(value != value)
    except TypeError:
        return True


def language(locale: str) -> str:
    """The language tag of a page: its words are English, so en-GB for en_GB and plain en for de_DE."""
    known = _locale(locale)
    return "-".join(filter(None, (known.language, known.territory))) if known.language == "en" else "en"


def _bare(value: Decimal, unit: str, locale: str, step: Decimal | None) -> str:
    if unit == "fraction":
        return share(value, locale, step=step)
    if step and value and abs(value) < step / 2:
        step = _own_step(value, 1)
    if _is_currency(unit):
        return _short(value, locale, step)
    return count(value, locale) if unit == "partners" else number(value, locale, step=step)


def _noun(unit: str, value: Decimal | None = None) -> str:
    if unit in {"", "fraction", "number"} or _is_currency(unit):
        return ""
    return f" {unit.removesuffix('s') if value == 1 else unit}"


def _is_currency(unit: str) -> bool:
    return len(unit) == 3 and unit.isascii() and unit.isupper()


def _period(period: str, locale: str) -> str:
    said = _ISO_DAY.sub(lambda found: day(found[0], locale), period.strip())
    if re.match(r"\d+ (days|weeks|months|quarters|years)\b", said):
        said = f"in the {said}"
    elif re.fullmatch(r"\d{4}", said):
        said = f"in {said}"
    return f" {said}" if said else ""


def _step(values: tuple[Decimal, ...], unit: str) -> Decimal | None:
    """One unit to round an amount and its ends to.

    The first figure of the width, so that the ends differ from each other and no more; at least two figures of the
    largest number, which is what is left of a wide interval, and at most four.
    """
    if unit == "fraction":
        values = tuple(value * 100 for value in values)
    width, largest = max(values) - min(values), max(map(abs, values))
    if not width or not largest:
        return None
    step = max(min(_own_step(width, 1), _own_step(largest, 2)), _own_step(largest, 4))
    return max(step, Decimal("0.1")) if unit == "fraction" else step


def _own_step(value: Decimal, figures: int) -> Decimal:
    return Decimal(1).scaleb(value.adjusted() - figures + 1) if value else Decimal(1)


def _round(value: Decimal, step: Decimal) -> Decimal:
    with localcontext(_WIDE):
        rounded = (value / step).to_integral_value(ROUND_HALF_UP) * step
    return rounded if rounded else Decimal(0).quantize(step) if step < 1 else Decimal(0)


def _short(value: Decimal, locale: str, step: Decimal | None) -> str:
    """A number with k, m, bn or tn; without a step to three figures, whole units from 10 up, idle zeros left off."""
    own = step or (max(_own_step(value, 3), Decimal(1)) if abs(value) >= 10 else Decimal("0.01"))
    rounded = _round(value, own)
    for power, suffix in (*_SUFFIXES, (0, "")):
        if abs(rounded) >= Decimal(1).scaleb(power) or not power:
            scaled = rounded.scaleb(-power)
            if step is None and (power or scaled == scaled.to_integral_value()):
                scaled = _round(scaled, Decimal(1)) if scaled == scaled.to_integral_value() else scaled.normalize()
                return _digits(scaled, locale) + suffix
            return _digits(scaled, locale, places=max(0, power - own.adjusted()) if rounded else 0) + suffix
    raise AssertionError("a number has a size")


def _plain_money(value: Decimal, currency: str, locale: str) -> str:
    places = get_currency_precision(currency)
    return _digits(_round(value, Decimal(1).scaleb(-places)), locale, places=places)


def _digits(value: Decimal, locale: str, *, places: int | None = None, percent: bool = False) -> str:
    """A rounded number with the locale's separators and a true minus sign; a percentage comes in points."""
    exponent = value.as_tuple().exponent
    shown = places if places is not None else max(0, -exponent if isinstance(exponent, int) else 0)
    style = _style(percent, locale)
    with localcontext(_WIDE):
        if style.plain:
            said = f"{abs(value):,.{shown}f}".translate(style.separators)
        else:
            said = format_decimal(abs(value), "#,##,##0." + "0" * shown, _locale(locale), decimal_quantization=False)
            said = said.removesuffix(style.point) if not shown else said
    return f"{MINUS if value < 0 else ''}{style.before}{said}{style.after}"


@dataclass(frozen=True, slots=True)
class _Style:
    """How a locale writes numbers: separators, and what stands around them."""

    separators: dict[int, str]
    point: str
    plain: bool
    before: str
    after: str


@lru_cache(maxsize=128)
def _style(percent: bool, locale: str) -> _Style:
    known = _locale(locale)
    pattern = known.percent_formats[None] if percent else known.decimal_formats[None]
    symbols = known.number_symbols["latn"]
    group, point = symbols["group"], symbols["decimal"]
    return _Style({ord(","): group, ord("."): point}, point, pattern.grouping == (3, 3), pattern.prefix[0], pattern.suffix[0])


@lru_cache(maxsize=64)
def _locale(locale: str) -> Locale:
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise PrmkitError(
            f"The locale '{locale}' is not known.", where="engagement.yaml, locale", do="Use one such as en_GB, de_DE or fr_CH."
        ) from error


def _decimal(value: Any) -> Decimal | None:
    """The value as an exact number; None for every kind of missing or endless one."""
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    try:
        plain = float(value)
    except (TypeError, ValueError):
        return None
    return Decimal(value if isinstance(value, int) else repr(plain)) if math.isfinite(plain) else None


def _date(value: Any) -> dt.date | None:
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value[:10])
        except ValueError:
            return None
    if not isinstance(value, dt.date) or value != value:
        return None
    return value.date() if isinstance(value, dt.datetime) else value
