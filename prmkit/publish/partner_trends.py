"""Page two of a partner report: how its sales moved."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from prmkit import charts
from prmkit.publish import words
from prmkit.publish.disclosure import PartnerView
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.page import Format, table_html
from prmkit.publish.partner_decision import change, sales_of

_YEARS = 36  # months of trailing sums drawn


def trends(view: PartnerView) -> Markup:
    """Revenue and orders, as sums of twelve months where the history is long enough; one sentence where there is none."""
    if view.months.empty or not view.months["revenue"].any():
        return Markup('<section class="partner-trends"><h2>There are no sales to show a trend of</h2></section>')
    currency = str(view.facts["currency"])
    beside = ("gross_margin", "Gross margin") if "gross_margin" in view.months and view.months["gross_margin"].any() else None
    drawn = [_exhibit(view, ("revenue", "Revenue"), currency, beside)]
    if "orders" in view.months and view.months["orders"].any():
        drawn.append(_exhibit(view, ("orders", "Orders"), ""))
    shown = Markup("").join(exhibit.html() for exhibit in drawn)
    return Markup('<section class="partner-trends"><h2>{}</h2>{}</section>').format(_title(view), shown)


def trailing(months: pd.DataFrame, column: str) -> pd.Series[float]:
    """The sum of the twelve months to each month; months come oldest first."""
    return months[column].rolling(12).sum().iloc[11:]


def _title(view: PartnerView) -> str:
    now, before = sales_of(view.months, 0), sales_of(view.months, 12)
    who, locale = "Its" if view.internal else "Your", str(view.facts["locale"])
    said = f"{who} sales of 12 months: {words.money(now, str(view.facts['currency']), locale)}"
    return f"{said}, {change(now, before, locale)}" if view.months["month"].max() >= 23 else said


def _exhibit(view: PartnerView, shown: tuple[str, str], unit: str, beside: tuple[str, str] | None = None) -> Exhibit:
    """One column over time, another beside it in grey; each given as (column, name)."""
    locale, name = str(view.facts["locale"]), shown[1]
    months, long = view.months.sort_values("month", ascending=False, kind="stable"), len(view.months) >= 24
    both = [shown, beside] if beside else [shown]
    drawn = pd.concat([_line(months, key, title, long) for key, title in both], ignore_index=True)
    own = drawn[drawn["series"] == name]
    top = own.loc[own["value"] == own["value"].max()].iloc[-1]
    most = words.money(top["value"], unit, locale) if unit else words.count(top["value"], locale)
    month = words.month(top["at"], locale)
    message = f"{name} {'was' if unit else 'were'} highest at {most} in {'the 12 months to ' if long else ''}{month}"
    axis = f"{name}, {'sum of the 12 months to each month' if long else 'by month'}" + (f", {unit}" if unit else "")
    picture = charts.lines(drawn, alt=f"{message}.", unit=unit, axis=axis, locale=locale, accent=[name])
    formats = {key: Format.money(title, unit, locale) if unit else Format.count(title, locale) for key, title in both}
    by_month = f"{name} by month"
    table = table_html(months.iloc[::-1], {"ends_on": Format.day("Month to", locale), **formats}, by_month, by_month, locale=locale)
    count = f"{words.counted(len(months), 'month')} to {words.day(view.facts['as_of'], locale)}, from booked sales."
    return Exhibit(message, picture, table, count)


def _line(months: pd.DataFrame, column: str, name: str, long: bool) -> pd.DataFrame:
    values = trailing(months, column) if long else months[column]
    return pd.DataFrame({"at": months["ends_on"].loc[values.index], "series": name, "value": values}).tail(_YEARS)
