"""The words settings are made of: currencies, locales, tables, columns, periods and names, each checked where it is read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal

from babel import Locale, UnknownLocaleError
from babel.localedata import locale_identifiers
from babel.numbers import list_currencies
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from prmkit.data.tables import table, tables
from prmkit.engagement.faults import MASKED, may_hold_secret, meant, shown

Channel = Literal["direct", "sell_in", "sell_through", "sell_out"]
Severity = Literal["low", "medium", "high", "critical"]
Measure = Literal["revenue", "direct_revenue", "cost", "units", "partners_active", "partners_selling"]

_PERIOD = re.compile(r"((FY|CY)?[0-9]{4}|[0-9]{4}-Q[1-4]|[0-9]{4}-(0[1-9]|1[0-2]))")
_YEARS = range(1900, 2200)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NOT_A_FOLDER = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]|^[. ]|[. ]$')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def refused(why: str, do: str) -> PydanticCustomError:
    """A value that cannot be, with the remedy; its texts are kept apart for the table of faults."""
    return PydanticCustomError("setting", "{why} {do}", {"why": why, "do": do})


def _known(kind: str, names: Callable[[], Iterable[str]]) -> AfterValidator:
    def check(value: str) -> str:
        known = list(names())
        if value not in known:
            raise refused(f"There is no {kind} '{shown(value)}'.", meant(value, known))
        return value

    return AfterValidator(check)


def _currency(value: str) -> str:
    if value not in list_currencies():
        near = value.strip().upper()
        hint = f"Did you mean '{near}'? " if near in list_currencies() else ""
        raise refused(f"'{shown(value)}' is not a currency code.", f"{hint}Give three capital letters of ISO 4217, such as EUR.")
    return value


def _locale(value: str) -> str:
    try:
        return str(Locale.parse(value.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        why = f"The locale '{shown(value)}' is not known."
        near = [name for name in locale_identifiers() if name.casefold() == value.replace("-", "_").casefold()]
        hint = f"Did you mean '{near[0]}'? " if near else ""
        raise refused(why, f"{hint}Give a language and a country, such as en_GB or de_DE.") from None


def _portfolio(value: str) -> str:
    if value.casefold() == "all":
        raise refused("The portfolio 'all' always exists and holds every partner.", "Give yours another name.")
    if not value or len(value) > 64 or _NOT_A_FOLDER.search(value) or _RESERVED.fullmatch(value):
        why = f"'{shown(value)}' cannot be a portfolio's name: it names a folder."
        raise refused(why, "Use up to 64 letters, digits, spaces, - and _.")
    return value


def _variable(value: str) -> str:
    if not _VARIABLE.fullmatch(value):
        why = "This has to be the name of an environment variable, not an address." if "://" in value else "This is no name of a variable."
        raise refused(why, "Keep the address in the environment and give the variable's name here, such as CLIENT_WAREHOUSE_URL.")
    return value


def _sql(value: str) -> str:
    if may_hold_secret(value):
        raise refused(f"The query seems to hold a password {MASKED}.", "Keep secrets in the environment variable that url_env names.")
    return value


def _day(value: Any) -> Any:
    day = _any_day(value)
    if day.year not in _YEARS:
        raise refused(f"The year of '{shown(value)}' cannot be.", f"Give a year from {_YEARS[0]} to {_YEARS[-1]}.")
    return day


def _any_day(value: Any) -> dt.date:
    if isinstance(value, dt.datetime):
        if value.time() != dt.time():
            raise refused(f"'{value}' is a time; a day is wanted.", "Write it like 2026-09-30.")
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        try:
            return dt.datetime.strptime(value.strip(), "%Y-%m-%d").date()
        except ValueError:
            pass
    raise refused(f"'{shown(value)}' is not a date.", "Write the year, month and day like 2026-09-30.")


def _period(value: Any) -> Any:
    written = str(value).strip().upper()
    if not _PERIOD.fullmatch(written):
        do = "Write a year (2025; FY2025 and CY2025 where fiscal and calendar year differ), a quarter (2025-Q3) or a month (2025-03)."
        raise refused(f"'{shown(value)}' is not a period.", do)
    if int(re.sub("^(FY|CY)", "", written)[:4]) not in _YEARS:
        raise refused(f"The year of '{shown(value)}' cannot be.", f"Give a year from {_YEARS[0]} to {_YEARS[-1]}.")
    return written


def as_list(value: Any) -> Any:
    """One thing where a list of them is allowed."""
    return value if isinstance(value, list) or value is None else [value]


Text = Annotated[str, Field(strict=True, min_length=1)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Positive = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0)]
Cost = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0)]
Fraction = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)]
Currency = Annotated[Text, AfterValidator(_currency)]
LocaleName = Annotated[Text, AfterValidator(_locale)]
Day = Annotated[dt.date, BeforeValidator(_day)]
Period = Annotated[str, BeforeValidator(_period)]
PortfolioName = Annotated[str, AfterValidator(_portfolio)]
PartnerColumn = Annotated[str, _known("partner column", lambda: table("partners").names)]
TableName = Annotated[str, _known("canonical table", tables)]
VariableName = Annotated[Text, AfterValidator(_variable)]
Query = Annotated[Text, AfterValidator(_sql)]
