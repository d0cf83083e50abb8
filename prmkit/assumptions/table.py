"""All assumptions of a portfolio as one table, with their effect where it was worked out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from prmkit.assumptions.assumption import Assumption
from prmkit.assumptions.effect import Effect, Figure, effect, figure
from prmkit.assumptions.listed import listed
from prmkit.data.portfolio import Portfolio
from prmkit.practices.result import PracticeResult, contract

NAME = "assumptions"
MOST_PARTNERS = 3_000
NOT_ASKED = "Not worked out: this takes long for so many partners; ask for it with prmkit assess DIR --assumptions."
NO_HEADLINE = "No finding has a figure that it could move."
_SAME = 1e-9


def assumptions(portfolio: Portfolio, answered: Mapping[str, PracticeResult], *, effects: bool | None = None) -> pd.DataFrame:
    """One row an assumption, those that move the headline most first; columns as in spec/results.yaml.

    effects: whether to work out what each moves; by default for clients of at most `MOST_PARTNERS` partners. Money is in
    the engagement's currency. The signature's columns are empty: signatures are put on when results are read.
    """
    wanted = len(portfolio.whole.partners) <= MOST_PARTNERS if effects is None else effects
    base = figure((finding for result in answered.values() for finding in result.findings), portfolio.currency)
    rows = [_row(portfolio, answered, assumption, base, wanted) for assumption in listed(portfolio, answered)]
    frame = pd.DataFrame(rows, columns=list(contract()[NAME]))
    spread = (frame["headline_high"].astype("float64") - frame["headline_low"].astype("float64")).fillna(-1.0)
    frame = frame.iloc[(-spread).argsort(kind="stable")].reset_index(drop=True)
    numbers = ("headline", "headline_low", "headline_high")
    return frame.astype({column: "float64" if column in numbers else "Int64" if column == "findings" else "str" for column in frame})


def _row(
    portfolio: Portfolio, answered: Mapping[str, PracticeResult], assumption: Assumption, base: Figure, wanted: bool
) -> dict[str, Any]:
    concerned = [name for name in assumption.practices if name in answered]
    row: dict[str, Any] = {
        "assumption": assumption.name,
        "what": assumption.what,
        "value": assumption.value,
        "unit": assumption.unit,
        "source": assumption.source,
        "practices": ", ".join(concerned),
        "headline": base.amount,
        "headline_unit": base.unit or None,
        "measured_on": base.of or "worth of the ten leading findings",
    }
    if assumption.ends is None or not wanted or base.amount is None:
        rests = [finding.id for name in concerned for finding in answered[name].findings if _rests(finding.inputs, assumption.tables)]
        why = assumption.fixed if assumption.ends is None else NOT_ASKED if not wanted else NO_HEADLINE
        state = "not_varied" if assumption.ends is None or wanted else "not_worked_out"
        return row | {"findings": len(rests), "finding_ids": "; ".join(rests), "effect": state, "why": why or "It has no plausible range."}
    return row | _moved(assumption, effect(portfolio, answered, assumption, base), base)


def _moved(assumption: Assumption, found: Effect, base: Figure) -> dict[str, Any]:
    assert assumption.ends is not None
    ends = {"low_setting": _said(assumption.ends[0]), "high_setting": _said(assumption.ends[1])}
    rests = {"findings": len(found.moved), "finding_ids": "; ".join(found.moved)}
    known = [amount for amount in (found.low, found.high) if amount is not None]
    still = base.amount is not None and all(abs(amount - base.amount) <= _SAME * max(1.0, abs(base.amount)) for amount in known)
    if len(known) < 2:
        return ends | rests | {"effect": "seen", "why": "At an end of the range the headline finding is gone."}
    words = ("seen", "") if not still else ("none", "No effect seen on the headline.")
    return ends | rests | {"headline_low": min(known), "headline_high": max(known), "effect": words[0], "why": words[1]}


def _said(end: Any) -> str:
    return (", ".join(end) or "none") if isinstance(end, list) else f"{float(end):.10g}"


def _rests(inputs: tuple[str, ...], tables: tuple[str, ...]) -> bool:
    return not tables or any(name.split(".")[0] in tables for name in inputs)
