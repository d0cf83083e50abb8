"""What sets a partner apart: what it claims, held against the records; and what the records show that it does not claim."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.lift import false_share
from prmkit.practices.know.strengths.claims import Measure, measures, read, themes
from prmkit.practices.know.strengths.compare import ENOUGH, Compared, compared

MOST_FALSE = 0.10
MARKET = "end market"
_COLUMNS = ("lift", "lift_low", "lift_high", "chance_none", "seen", "usual", "cases")


def differentiation(portfolio: Portfolio) -> pd.DataFrame:
    """One row a partner, claim and measure; then what nobody claimed and the records show.

    claimed: the partner's own words, "" where `found` (it claims no such thing). evidence: the measure in words; measure its name.
    lift: proportional change against the like, positive is better in the sense of the claim: of a share, a level, a count, or of the
    like's hours or days, saved. verdict: shown where the 90% interval lies above zero, and among all rows shown the expected share of
    false ones (`chance_none` is each row's) stays at or below a tenth; not_shown where the interval lies below `worthwhile`; else
    too_little, and `reason` says what is missing. seen, usual: its own level and that of its like for its own cases, in the
    measure's unit.
    """
    every = compared(portfolio)
    rows = pd.concat([_claimed(portfolio, every), _found(portfolio, every)], ignore_index=True)
    return rows.sort_values(["partner_id", "found", "claimed", "theme", "measure"], kind="stable", ignore_index=True)


def _claimed(portfolio: Portfolio, every: dict[str, Compared]) -> pd.DataFrame:
    asked = _asked(portfolio)
    parts = [_judged(rows, every.get(str(name)), measures().get(str(name))) for name, rows in asked.groupby("measure", sort=True)]
    made = pd.concat(parts, ignore_index=True) if parts else _judged(asked, None, None)
    return _held_to_rate(made)


def _asked(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, claimed, theme, measure: one row for every measure that a claim calls for; measure "" where none can show it."""
    partners = portfolio.partners
    said = read(partners["differentiator"])
    ids = partners["partner_id"]
    wanted = pd.DataFrame(
        [(theme.name, name) for theme in themes() for name in (theme.evidence or ("",))] + [("", "")], columns=["theme", "measure"]
    )
    texts = pd.DataFrame({"partner_id": ids.loc[said["partner"]].to_numpy(), "claimed": said["claimed"], "theme": said["theme"]})
    texts = texts.merge(wanted, on="theme", how="left")
    told = partners["vertical"].notna() & ~ids.isin(texts.loc[texts["theme"] == "industry", "partner_id"])
    market = pd.DataFrame(
        {"partner_id": ids[told].to_numpy(), "claimed": partners["vertical"][told].to_numpy(), "theme": MARKET, "measure": "vertical_mix"}
    )
    asked = pd.concat([texts, market], ignore_index=True).astype("str")
    # a claim about its end market needs one on record
    return asked.assign(homeless=asked["measure"].str.startswith("vertical") & asked["partner_id"].isin(ids[partners["vertical"].isna()]))


def _judged(rows: pd.DataFrame, found: Compared | None, measure: Measure | None) -> pd.DataFrame:
    """Rows of one measure with its numbers and a verdict."""
    if found is None or measure is None:
        empty = dict.fromkeys(_COLUMNS[:-1], np.nan) | {"cases": 0}
        reason = rows["theme"].map({theme.name: f"nothing in the exports could show it; what would: {theme.needs}" for theme in themes()})
        reason = reason.fillna("a text that none of our words fits: read it as it stands")
        return rows.drop(columns="homeless").assign(
            **empty, evidence="", worthwhile=np.nan, verdict="too_little", reason=reason, found=False
        )
    numbers = found.rows.reindex(rows["partner_id"])[list(_COLUMNS)].set_axis(rows.index)
    made = rows.assign(**{name: numbers[name] for name in _COLUMNS}, evidence=measure.said, worthwhile=measure.worthwhile, found=False)
    verdict = np.select([made["lift_low"] > 0, made["lift_high"] < measure.worthwhile], ["shown", "not_shown"], "too_little")
    return made.assign(verdict=verdict, reason=_reason(made, found, measure, verdict)).drop(columns="homeless")


def _reason(rows: pd.DataFrame, found: Compared, measure: Measure, verdict: np.ndarray) -> pd.Series:
    count = rows["cases"].fillna(0).astype(int).astype(str)
    few = count + " " + found.noun[1] + f", {ENOUGH} are needed"
    if found.missing:
        why = f"{found.missing}; what would tell: {measure.needs}"
        return pd.Series(why, index=rows.index, dtype="str")
    few = few.mask(rows["homeless"], "its end market is not on record; what would tell: partners (vertical)")
    unsure = "its " + count + " " + found.noun[1] + " leave both open: better than its like, or not"
    return few.where(rows["lift"].isna(), unsure).where(pd.Series(verdict == "too_little", index=rows.index))


def _held_to_rate(rows: pd.DataFrame) -> pd.DataFrame:
    """Take back the least sure verdicts `shown` while the expected share of false ones among them is above `MOST_FALSE`."""
    shown = (rows["verdict"] == "shown").to_numpy()
    kept, _ = false_share(rows["chance_none"].to_numpy(float), shown, MOST_FALSE)
    back = shown & ~kept
    return rows.assign(
        verdict=rows["verdict"].mask(back, "too_little"),
        reason=rows["reason"].mask(back, "not sure enough beside the many that were looked at"),
    )


def _found(portfolio: Portfolio, every: dict[str, Compared]) -> pd.DataFrame:
    """Partners that a measure shows to be better than their like though they claim nothing that calls for it."""
    asked = _asked(portfolio)
    parts = []
    for name, measure in measures().items():
        if measure.claimed_only or every[name].missing:
            continue
        claimed = set(asked.loc[asked["measure"] == name, "partner_id"])
        ids = portfolio.partners["partner_id"]
        rows = pd.DataFrame({"partner_id": ids[~ids.isin(claimed)].to_numpy(), "claimed": "", "theme": "", "measure": name}).astype("str")
        rows = rows.assign(homeless=False)
        judged = _judged(rows, every[name], measure)
        parts.append(judged[judged["verdict"] == "shown"])
    if not parts:
        return _judged(asked.iloc[:0], None, None).assign(found=pd.Series(dtype="bool"))
    made = _held_to_rate(pd.concat(parts, ignore_index=True))
    return made[made["verdict"] == "shown"].assign(found=True)
