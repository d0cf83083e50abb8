"""What goes into each kind of partner and what comes out: by segment, by role, and by both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.practices.know.exchange.give_and_take import STRETCH, give_and_take

ALL = "all"
MIXED = "some of its partners' lines carry a cost and others do not: margin and revenue cannot be added"
_PARTS = ("invested", "incentives", "support", "expected_output")
_KEYS: tuple[list[str], ...] = (["segment", "portfolio_role"], ["segment"], ["portfolio_role"], [])


def partner_360_summary(portfolio: Portfolio, partners: pd.DataFrame) -> pd.DataFrame:
    """One row for each segment and role that has partners, each segment and each role ("all" in the other), and all together, last.

    partners: the table partner_360 of this portfolio. invested, incentives, support, output, expected_output: sums. output_per_unit:
    output over invested, in the books. low, high: 90% range of the expected output (luck taken out) over invested, or of the expected
    output itself where nothing was invested, wide enough to hold the books. invested_share, output_share: of all together, output as
    expected where that is known. growth: of revenue over the 12 months before, partners there throughout both years. yes, no,
    cannot_tell: how many partners are called so. reason: why the output is null.
    """
    both = give_and_take(portfolio)
    at = pd.Index(both.rows["partner_id"]).get_indexer(partners["partner_id"])
    books = both.rows.iloc[at].reset_index(drop=True)
    told = partners.reset_index(drop=True).assign(
        now=books["revenue"].where(books["both_years"]), before=books["revenue_before"].where(books["both_years"])
    )
    draws = None if both.draws is None else both.draws[at]
    made = [
        {"segment": segment, "portfolio_role": role, **_row(rows, None if draws is None else draws[rows.index])}
        for segment, role, rows in _groups(told)
    ]
    table = pd.DataFrame(made)
    return table if table.empty else table.assign(invested_share=_share(table["invested"]), output_share=_share(_best(table)))


def _groups(rows: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    for key in _KEYS if len(rows) else ():
        for name, group in rows.groupby(key, sort=True) if key else [((), rows)]:
            said = dict(zip(key, name, strict=True))
            yield str(said.get("segment", ALL)), str(said.get("portfolio_role", ALL)), group


def _row(rows: pd.DataFrame, draws: NDArray[Any] | None) -> dict[str, object]:
    sums = {name: float(rows[name].sum(skipna=False)) for name in _PARTS}
    alike = rows["output_is"].nunique() == 1
    output = float(rows["output"].sum()) if alike else np.nan
    some = sums["invested"] > 0
    unit = sums["invested"] if some else 1.0
    low, high = _range(draws, output) if draws is not None else (np.nan, np.nan)
    before = rows["before"].sum()
    return {
        "partners": len(rows),
        **sums,
        "output": output,
        "output_per_unit": output / unit if some else np.nan,
        "low": low / unit,
        "high": high / unit,
        **{word: int((rows["performing"] == word).sum()) for word in ("yes", "no", "cannot_tell")},
        "growth": rows["now"].sum() / before - 1 if before > 0 else np.nan,
        "output_is": rows["output_is"].iloc[0] if alike else None,
        "reason": None if alike else MIXED,
    }


def _range(draws: NDArray[Any], books: float) -> tuple[float, float]:
    """The range of a group's expected output: its draws stretched as a partner's chance is, and the books inside it.

    A model of single partners errs together on partners of one kind, newcomers above all; where it and the books differ, the truth lies
    between them more often than not (measured in the card).
    """
    sums = draws.sum(axis=0, dtype=float)
    mean, (low, high) = float(sums.mean()), np.quantile(sums, [0.05, 0.95])
    return min(mean - STRETCH * (mean - low), books), max(mean + STRETCH * (high - mean), books)


def _best(table: pd.DataFrame) -> pd.Series:
    """The expected output where it is known of all, else what the books say."""
    return table["expected_output"] if table["expected_output"].notna().all() else table["output"]


def _share(values: pd.Series) -> pd.Series:
    whole = float(values.iloc[-1])
    return values / whole if whole > 0 else values * np.nan
