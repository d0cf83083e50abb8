"""What is odd about the sales as a whole: a last month that looks incomplete, months without a line, thin margins."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio

FEWEST_MONTHS = 6
WELL_BELOW = 0.5
THIN_MARGIN = 0.05
SHOWN = 6


def warnings(portfolio: Portfolio) -> tuple[str, ...]:
    """Sentences about the portfolio's partner sales as a whole, and answers they leave behind; empty when nothing is odd."""
    if portfolio.months.empty:
        return ("There is no partner sale up to the as-of date: nothing can be said of sales.",)
    return (*incomplete_last_month(portfolio), *silent_months(portfolio), *thin_margin(portfolio), *late_answers(portfolio))


def incomplete_last_month(portfolio: Portfolio) -> tuple[str, ...]:
    """Whether the month to as_of looks cut short, in revenue or in order days (partner x day with a sale).

    Months are counted back from as_of, so each of them ends at the same point as the last. The
    rule: the last month is below half of the median of the up to twelve months before it, below the
    lowest of them, and, where there is one, below half of the same month a year earlier. Months without
    any line are left out; fewer than six are too few to say.
    """
    sums = portfolio.orders.groupby("month")[["revenue", "order_days"]].sum().reindex(range(13))
    said = []
    for column, words in (("revenue", f"revenue of {portfolio.currency} {{:,.0f}}"), ("order_days", "{:,.0f} order days")):
        last, before = float(sums[column].fillna(0.0).iloc[0]), sums[column].iloc[1:].dropna()
        if len(before) < FEWEST_MONTHS:
            continue
        typical, year_before = float(before.median()), sums[column].iloc[12]
        seasonal = bool(pd.notna(year_before)) and last >= WELL_BELOW * float(year_before)
        if last < WELL_BELOW * typical and last < float(before.min()) and not seasonal:
            said.append(f"{words.format(last)} ({typical:,.0f} in a usual month)")
    if not said:
        return ()
    day = portfolio.as_of.date()
    return (f"The month to {day} looks incomplete: {', and '.join(said)}. Wait for the missing lines, or set as_of earlier.",)


def silent_months(portfolio: Portfolio) -> tuple[str, ...]:
    """Calendar months between the first and the last partner sale in which no partner of the client has a line."""
    seen = portfolio.client.lines.months_seen(portfolio.as_of.date(), portfolio.measure)
    every = [str(month) for month in pd.period_range(seen[0], seen[-1], freq="M")] if seen else []
    silent = [month for month in every if month not in set(seen)]
    if not silent:
        return ()
    listed = ", ".join(silent[:SHOWN]) + (f" and {len(silent) - SHOWN} more" if len(silent) > SHOWN else "")
    number = "a month" if len(silent) == 1 else f"{len(silent)} months"
    return (f"No partner has a line in {number} between the first sale and the last: {listed}. Check whether a file is missing.",)


def thin_margin(portfolio: Portfolio) -> tuple[str, ...]:
    """Whether the sales lines' own cost leaves less than 5% of revenue over the 12 months to as_of."""
    year = portfolio.months[portfolio.months["month"] < 12]
    revenue, cost = float(year["costed_revenue"].sum()), float(year["cost"].sum())
    if revenue <= 0 or year["cost"].notna().sum() == 0:
        return ()
    margin = (revenue - cost) / revenue
    if margin >= THIN_MARGIN:
        return ()
    words = "below cost" if margin < 0 else "with hardly any margin"
    return (
        f"Partner sales of the 12 months to {portfolio.as_of.date()} were made {words}: gross margin is {margin:.1%} of revenue."
        " Check what the cost column holds before trusting contribution.",
    )


def late_answers(portfolio: Portfolio) -> tuple[str, ...]:
    """Whether answers of surveys came in after as_of, as those of a partner pulse do where the last sale is older."""
    surveys = portfolio.client.tables.get("surveys")
    late = 0 if surveys is None else int((surveys["date"] > portfolio.as_of).sum())
    if surveys is None or not late:
        return ()
    return (
        f"{late:,} of {len(surveys):,} survey answers are dated after {portfolio.as_of.date()}, the day the data are seen from, and are not"
        " read. Set as_of in engagement.yaml to a later day if they are to count.",
    )
