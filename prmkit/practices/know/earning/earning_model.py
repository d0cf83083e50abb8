"""How a partner earns, in one word: by reselling, by services, by what recurs, or by a mixture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio

Array = NDArray[Any]

MODELS = ("resale_led", "services_led", "recurring_led", "mixed", "not_known")
RESALE_LED, SERVICES_LED, RECURRING_LED = 0.6, 0.5, 0.5
CALL = 0.6
STATED_DOUBT = 0.4
"""Standard error of a stated share, on the log-odds scale: a stated half lies between 34% and 66% nine times in ten."""
AGREED, PARTED = 2.0, 1.0
"""What a partner manager's word is worth before it was ever held against partners' own: right in two of three cases."""
ASKS = {
    "resale_led": "margin on the goods: deal registration, protected prices, rebates that reward what they can steer",
    "services_led": "something to sell services around: certification, technical help early, no services of ours against theirs",
    "recurring_led": "terms of subscription: to hold the contract and its renewal, commission that lasts, no renewal taken direct",
    "mixed": "ask which of the two it wants to grow, and agree on one offer for it",
    "not_known": "ask what it earns its money with",
}
_WORDS = {"resale": "resale_led", "services": "services_led", "recurring": "recurring_led", "mixed": "mixed"}
_STATED, _JUDGED = "surveyed", "estimated"


def earning_model(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, model, model_chance, model_basis; of the whole client, as `portfolio` should be.

    Written rule on what a partner states of its own revenue: recurring_led where at least half recurs; else resale_led from 60%
    resale, services_led from half services; else mixed. model_chance: that the model is right, given how far a stated share may be
    off (STATED_DOUBT); below CALL it is not_known. Where it states nothing, what its partner manager judged (`earns_most`) stands in,
    with the chance at which managers agreed with partners that state it.
    """
    chances = _stated(portfolio.partners)
    best, top = chances.argmax(axis=0), chances.max(axis=0)
    told = np.isfinite(top)
    said = np.where(told & (top >= CALL), np.array(MODELS, dtype=object)[best], "not_known")
    judged = _judged(portfolio)
    both = told & (judged != "") & (said != "not_known")
    agreed = int((both & (said == judged)).sum())
    chance = (AGREED + agreed) / (AGREED + PARTED + int(both.sum()))
    use = ~told & (judged != "")
    model = np.where(use & (chance >= CALL), judged, said)
    basis = np.select([told, use], [_STATED, _JUDGED], default="none")
    right = np.select([told & (said != "not_known"), use & (chance >= CALL)], [np.nan_to_num(top), chance], default=np.nan)
    return pd.DataFrame(
        {"partner_id": portfolio.partners["partner_id"], "model": model.astype(str), "model_chance": right, "model_basis": basis}
    )


def _stated(partners: pd.DataFrame) -> Array:
    """Chance of the four models (4, partners) by what partners state; nan where they state too little."""
    from scipy.special import ndtr

    resale, services, recurring = (
        partners[name].astype("float64").to_numpy() for name in ("resale_share", "services_share", "recurring_share")
    )
    services = np.where(np.isfinite(services), services, 1 - resale)
    resale = np.where(np.isfinite(resale), resale, 1 - services)

    def above(share: Array, line: float) -> Array:
        made: Array = ndtr((_logit(share) - _logit(np.asarray(line))) / STATED_DOUBT)
        return made

    # what recurs is asked apart: not stated, it is taken as less than half where resale and services are stated
    recurs = np.where(np.isfinite(recurring), above(recurring, RECURRING_LED), 0.0)
    much, little = above(resale, RESALE_LED), above(services, SERVICES_LED)
    much = np.where(much + little > 1, much / (much + little), much)
    little = np.minimum(little, 1 - much)
    rest = 1 - recurs
    return np.stack([rest * much, rest * little, np.where(np.isfinite(much), recurs, np.nan), rest * (1 - much - little)])


def _logit(share: Array) -> Array:
    from scipy.special import logit

    made: Array = logit(np.clip(share, 0.005, 0.995))
    return made


def _judged(portfolio: Portfolio) -> Array:
    """The model that partner managers chose for each partner; "" where none did or they differ."""
    ids = portfolio.partners["partner_id"]
    if not portfolio.has("estimates"):
        return np.full(len(ids), "", dtype=object)
    rows = portfolio.tables["estimates"]
    rows = rows[(rows["question"] == "earns_most") & rows["answer"].isin(list(_WORDS))]
    grouped = rows.groupby("partner_id")["answer"]
    one = grouped.first()[grouped.nunique() == 1].map(_WORDS)
    made: Array = one.reindex(ids).fillna("").to_numpy(dtype=object)
    return made
