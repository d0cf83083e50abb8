"""Our place in a partner's business as its partner manager judges it, used only where nothing better is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.combined_share import chance_between

Array = NDArray[Any]

JUDGED = "judged by its partner manager"
STAND_IN = "where neither turnover nor number of vendors is known, share and role are what the partner manager judged: the band chosen"
CLASH = "the judgements of its share and its role do not fit together"
UNCLEAR = "the bands that its partner manager chose do not favour one role clearly enough"
_LEAST = 0.01
"""A band from nothing upwards is read from here on the log scale."""
_Z = 3.29


def filled(portfolio: Portfolio, made: pd.DataFrame, bounds: tuple[float, float], call: float) -> pd.DataFrame:
    """The alignment table `made` with judgements where its basis is "none"; the same table where there are none.

    share_of_wallet is the middle of the band chosen, share_low and share_high its ends. The role is that of the role chosen, read as
    the band of shares between `bounds` (core from, primary from); where only a share was chosen, of that band. Where no share was chosen
    but its size, what it bought in the 12 months over the ends of that band are the ends of the share. The role is called when its
    chance is at least `call`, what it bought in the 12 months is above zero, and all bands chosen touch each other. Of several judgements
    the range from the lowest to the highest counts.
    """
    if not portfolio.has("estimates"):
        return made
    core, primary = bounds
    told = portfolio.tables["estimates"]
    ids = made["partner_id"]
    shares = told[(told["question"] == "share_of_wallet") & told["low"].notna()]
    low, high, shares_apart = _hull(pd.concat([shares, _size_bands(portfolio, told[~told["partner_id"].isin(shares["partner_id"])])]), ids)
    role_low, role_high, roles_apart = _hull(_role_bands(told, core, primary), ids)
    shared, placed = np.isfinite(low), np.isfinite(role_low)
    use = (made["basis"] == "none").to_numpy() & (shared | placed)
    if not use.any():
        return made
    chances = _chances(np.where(placed, role_low, low), np.where(placed, role_high, high), core, primary)
    idle = portfolio.per_partner().to_numpy() <= 0
    clash = shares_apart | roles_apart | (shared & placed & ((role_low > high) | (low > role_high)))
    chances = np.where(idle | clash | ~use, np.nan, chances)
    chance = chances.max(axis=0)
    unknown = idle | clash | ~(chance >= call)
    role = np.where(unknown, "unknown", np.array(["primary", "core", "add_on"], dtype=object)[np.nan_to_num(chances).argmax(axis=0)])
    why = np.select([idle, clash, unknown], ["nothing bought in the 12 months", CLASH, UNCLEAR], default="")
    new = {
        "share_of_wallet": (low + high) / 2,
        "share_low": low,
        "share_high": high,
        "portfolio_role": role,
        "role_probability": np.where(unknown, np.nan, chance),
        "basis": "estimated",
        "probability_primary": chances[0],
        "probability_core": chances[1],
        "probability_add_on": chances[2],
        "reason": ["; ".join(filter(None, (JUDGED, said))) for said in why],
    }
    return made.assign(**{column: made[column].where(~use, values) for column, values in new.items()})


def used(alignment: pd.DataFrame) -> int:
    """For how many partners of the alignment table a judgement was used."""
    return int(alignment["reason"].fillna("").str.startswith(JUDGED).sum())


def _role_bands(told: pd.DataFrame, core: float, primary: float) -> pd.DataFrame:
    """The roles chosen, each as the band of shares it stands for."""
    bands = {"main_line": (primary, 1.0), "one_of_a_few": (core, primary), "add_on": (0.0, core)}
    rows = told[(told["question"] == "portfolio_role") & told["answer"].isin(list(bands))]
    ends = [bands[answer] for answer in rows["answer"]]
    return rows.assign(low=[low for low, _ in ends], high=[high for _, high in ends])


def _size_bands(portfolio: Portfolio, told: pd.DataFrame) -> pd.DataFrame:
    """The sizes chosen, each as the band of shares that what the partner bought in the 12 months is of them."""
    bought = portfolio.per_partner()
    rows = told[(told["question"] == "size_band") & told["low"].notna() & told["partner_id"].map(bought).gt(0)]
    mine = rows["partner_id"].map(bought).astype("float64")
    return rows.assign(low=(mine / rows["high"]).fillna(0.0), high=(mine / rows["low"].where(rows["low"] > 0)).fillna(1.0))


def _hull(rows: pd.DataFrame, ids: pd.Series) -> tuple[Array, Array, Array]:
    """From the lowest to the highest end of each partner's bands, nan without one, and whether they lie apart. An open end is 1."""
    grouped = rows.assign(low=rows["low"].clip(0.0, 1.0), high=rows["high"].fillna(1.0).clip(0.0, 1.0)).groupby("partner_id")
    ends = grouped.agg(low=("low", "min"), high=("high", "max"), top_low=("low", "max"), least_high=("high", "min"))
    ends = ends.reindex(ids).astype("float64")
    return ends["low"].to_numpy(), ends["high"].to_numpy(), (ends["top_low"] > ends["least_high"]).to_numpy()


def _chances(low: Array, high: Array, core: float, primary: float) -> Array:
    """Chance of primary, core and add-on (3, partners) of a share nine times in ten inside the band; nan without one."""
    known = np.isfinite(low) & np.isfinite(high) & (high > 0)
    lower = np.log(np.where(known, np.maximum(low, _LEAST), _LEAST))
    upper = np.maximum(np.log(np.where(known, np.maximum(high, _LEAST), 1.0)), lower + _LEAST)
    add_on, middle, top = chance_between((lower + upper) / 2, (upper - lower) / _Z, (0.0, core, primary, 1.0))
    return np.where(known, np.stack([top, middle, add_on]), np.nan)
