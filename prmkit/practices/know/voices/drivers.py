"""What partners want and miss, and what goes with their loyalty: a row for every need and every driver they were asked about."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.driver_shares import FEWEST, PER_DRIVER, DriverShares
from prmkit.estimators.opportunity import Means, means, opportunity
from prmkit.estimators.reliability import reliability
from prmkit.practices.know.voices.driver_fits import Asked, Fits, asked, fits, loyalty_of
from prmkit.practices.know.voices.respondents import panel

Array = NDArray[Any]

STAND_IN = (
    "share_explained is how answers on a driver go with loyalty, each of several that go together counted by its average part: "
    "an association, not a cause. Importance of a need is what partners state; of a driver, ten times the correlation that its part "
    "stands for"
)
_SURE = 0.05


def drivers(portfolio: Portfolio) -> pd.DataFrame:
    """driver, importance, satisfaction, opportunity, share_explained, share_low, share_high, respondents and more, each with its range.

    kind: need | driver. importance and satisfaction on 0 to 10, weighted to all partners, of this portfolio's respondents (anonymous
    ones count everywhere); importance_basis: stated, each respondent's own level taken out, or derived from the share. opportunity:
    importance + max(importance - satisfaction, 0) where importance is stated. The shares, association (rank correlation),
    probability_top and probability_top_3 come from all partners, drivers and needs apart: shares of each kind add up to 1.
    strength: "thin" below PER_DRIVER respondents a driver; then no chance of being top is given. matters: "yes" where it goes with
    loyalty beside all others of its kind, at all but surely; else "cannot_tell". reason: why something is missing.
    """
    found, questions, fitted = panel(portfolio), asked(portfolio), fits(portfolio)
    owner = found.heard.responses["partner_id"]
    mine = (owner.isna() | owner.isin(portfolio.partners["partner_id"])).to_numpy()
    if not mine.any():
        return pd.DataFrame()
    rows = [
        _rows("need", questions, fitted, found.weights, found.cluster, mine, portfolio.settings.seed),
        _rows("driver", questions, fitted, found.weights, found.cluster, mine, portfolio.settings.seed),
    ]
    made = [frame for frame in rows if len(frame)]
    if not made:
        return pd.DataFrame()
    table = pd.concat(made, ignore_index=True)
    return table.sort_values(["opportunity", "share_explained", "driver"], ascending=[False, False, True], kind="stable", ignore_index=True)


def scales(portfolio: Portfolio) -> pd.DataFrame:
    """scale, items, alpha, alpha_low, alpha_high, omega, respondents: how far the questions of a block measure one thing."""
    found, questions = panel(portfolio), asked(portfolio)
    blocks = {"how we do on the drivers": questions.drivers, "how content with the needs": questions.satisfaction}
    rows = []
    for name, frame in blocks.items():
        answered = frame.notna().any(axis=1).to_numpy()
        cases = float(len(np.unique(found.cluster[answered])))
        kept = frame[[column for column in frame if frame[column].notna().sum() >= FEWEST and frame[column].nunique() > 1]]
        told = reliability(kept.to_numpy(dtype=float), found.weights, cases) if kept.shape[1] >= 2 else None
        if told is not None:
            row = {"scale": name, "items": kept.shape[1], "alpha": told.alpha, "alpha_low": told.low, "alpha_high": told.high}
            rows.append({**row, "omega": told.omega, "respondents": told.n})
    return pd.DataFrame(rows)


def _rows(kind: str, questions: Asked, fitted: Fits, weights: Array, cluster: Array, mine: Array, seed: int) -> pd.DataFrame:
    content = questions.drivers if kind == "driver" else questions.satisfaction
    stated = questions.relative if kind == "need" else content.iloc[:, :0]
    names = sorted(set(content.columns) | set(stated.columns))
    if not names:
        return pd.DataFrame()
    content, stated = content.reindex(columns=names), stated.reindex(columns=names)
    own, groups = weights[mine], np.unique(cluster[mine], return_inverse=True)[1]
    step = questions.step["driver" if kind == "driver" else "satisfaction"]
    pleased = means(content[mine].to_numpy(dtype=float), own, groups, step=step, seed=seed)
    plain = content[mine].mean().to_numpy(dtype=float)
    wanted = means(
        stated[mine].to_numpy(dtype=float), own, groups, step=questions.step["importance"], seed=seed, level=questions.level[mine]
    )
    gap = opportunity(wanted, pleased)
    table = pd.DataFrame({"driver": names, "kind": kind}).astype("str")
    table = table.assign(
        importance=wanted.value,
        **_range("importance", wanted),
        importance_basis=pd.Series(np.where(np.isfinite(wanted.value), "stated", ""), dtype="str").replace("", None),
        satisfaction=pleased.value,
        **_range("satisfaction", pleased),
        satisfaction_unweighted=plain,
        opportunity=gap.score,
        opportunity_low=gap.low,
        opportunity_high=gap.high,
        probability_greatest_gap=gap.greatest,
        probability_unmet=gap.unmet,
        respondents=(content.notna() | stated.notna())[mine].sum().to_numpy(),
    )
    return _with_shares(table, kind, fitted)


def _range(name: str, found: Means) -> dict[str, Array]:
    return {f"{name}_low": found.low, f"{name}_high": found.high}


def _with_shares(table: pd.DataFrame, kind: str, fitted: Fits) -> pd.DataFrame:
    """The rows with what goes with loyalty and with growth beside them."""
    used, fit, growth = fitted.used[kind], fitted.loyalty[kind], fitted.growth[kind]
    place = pd.Index(used).get_indexer(pd.Index(table["driver"]))
    known = place >= 0

    def put(values: Array | None) -> Array:
        return np.where(known, values[place], np.nan) if values is not None and len(used) else np.full(len(table), np.nan)

    told = fit is not None and fit.tells
    shares, rank = (fit if told else None), (fit if told and fit is not None and not fit.thin else None)
    growing = growth if growth is not None and growth.tells and not growth.thin else None
    derived = np.sqrt(fit.explained * fit.share) * 10 if rank is not None and fit is not None else None
    matters = put(rank.positive) >= 1 - _SURE / max(len(used), 1) if rank is not None else np.zeros(len(table), dtype=bool)
    empty = table["importance"].isna()
    made = table.assign(
        importance=table["importance"].where(~empty, put(derived)),
        importance_basis=table["importance_basis"].where(~empty | np.isnan(put(derived)), "derived"),
        share_explained=put(shares.share if shares else None),
        share_low=put(shares.low if shares else None),
        share_high=put(shares.high if shares else None),
        association=put(fit.association if fit else None),
        association_low=put(fit.association_low if fit else None),
        association_high=put(fit.association_high if fit else None),
        probability_top=put(rank.top if rank else None),
        probability_top_3=put(rank.top_three if rank else None),
        matters=np.where(matters, "yes", "cannot_tell"),
        explained=fit.explained if told and fit is not None and not fit.thin else np.nan,
        outcome=pd.Series(fitted.outcome or None, index=table.index, dtype="str"),
        strength="enough" if fit is not None and not fit.thin else "thin",
        growth_share=put(growing.share if growing else None),
        growth_low=put(growing.low if growing else None),
        growth_high=put(growing.high if growing else None),
    )
    return made.assign(reason=_reasons(made, fitted, fit, known))


def _reasons(table: pd.DataFrame, fitted: Fits, fit: DriverShares | None, known: Array) -> pd.Series:
    """Why there is no share, or no rank."""
    if not fitted.outcome:
        said = f"fewer than {FEWEST} respondents said how likely they are to recommend us or how satisfied they are"
    elif fit is None:
        said = f"fewer than {FEWEST} partners answered it together with how loyal they are, or too few such questions were asked"
    elif not fit.tells:
        said = "all answers of its kind together go with loyalty no more than chance would have it"
    elif fit.thin:
        said = f"thin: {fit.n} respondents on {int(known.sum())} questions; {PER_DRIVER} a question are needed before any is ranked"
    else:
        said = ""
    alone = "too few answered it, or all alike"
    made = np.where(known, said, said if fit is None or not fitted.outcome else alone)
    return pd.Series(made, index=table.index, dtype="str").replace("", None)


def weighting_moves(portfolio: Portfolio) -> tuple[str, float, float] | None:
    """The answer that stands for loyalty, its mean on 0 to 10 as answered, and weighted to all partners; None without answers."""
    found = panel(portfolio)
    name, values = loyalty_of(found.heard)
    known = np.isfinite(values)
    if not name or found.raked is None:
        return None
    return name, float(values[known].mean()), float(np.average(values[known], weights=found.weights[known]))
