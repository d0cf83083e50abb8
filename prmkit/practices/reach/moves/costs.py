"""What a lever costs a year as far as settings and records tell, and in words what is not known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.cost_to_serve import cost_to_serve
from prmkit.practices.reach.moves.response import Pull, Response
from prmkit.practices.reach.territories import active

Array = NDArray[np.float64]

_ENOUGH = 10
_NO_PROGRAMME = {
    "ramp": "what better onboarding costs",
    "retention": "what keeping a partner costs beyond looking after it",
    "yield": "what selling more through each partner costs",
    "price_leak": "what tighter discounts cost in people's time",
    "activation": "what bringing a signed partner to sell costs beyond training and looking after it",
    "new_family": "what winning partners for a further family costs beyond training",
}


@dataclass(frozen=True, slots=True)
class UnitCosts:
    """Money for one partner: to sign it, to look after it a year, to train it; None where not known. said: where each comes from."""

    signing: float | None
    serving: float | None
    training: float | None
    said: tuple[str, ...]

    def of(self, lever: str, pull: Pull, response: Response) -> Array | None:
        """Draws (D,) of the known cost a year of a lever moved as in `pull`, which moves no other; None where nothing of it is known."""
        draws = len(response.lost)
        if lever == "recruits":
            return _sum(draws, (self.signing, pull.recruits), (self.serving, pull.recruits))
        if lever == "activation":
            more = response.partners_more(pull) - response.partners_more(Pull(recruits=pull.recruits))
            return _sum(draws, (self.training, more), (self.serving, more))
        if lever == "retention":
            return _sum(draws, (self.serving, response.partners_kept(pull.retention)))
        if lever == "new_family":
            return _sum(draws, (self.training, pull.families * response.lacking))
        return None

    def unknown(self, lever: str) -> str:
        """What of a lever's cost is not known, in words."""
        if lever == "recruits":
            parts = [(self.signing, "what it costs to sign a partner"), (self.serving, "what looking after one costs a year")]
            return " and ".join(words for value, words in parts if value is None)
        return _NO_PROGRAMME.get(lever, "")


def unit_costs(portfolio: Portfolio) -> UnitCosts:
    """From economics.*, else from the records of recruiting, support and training of the whole client."""
    money, whole, said = portfolio.settings.economics, portfolio.whole, []
    signing, serving = money.recruit_cost, money.partner_cost
    if signing is None:
        signing = _signed_for(whole)
        if signing is not None:
            said.append("The cost of signing a partner is that of all prospects over those that signed.")
    if serving is None:
        serving = _served_for(whole)
        if serving is not None:
            said.append("A partner's cost a year is what is spent on looking after an active one.")
    training = _trained_for(whole)
    if training is not None:
        said.append("Training is priced at what the trainings of the last two years cost for each partner that had any.")
    return UnitCosts(signing, serving, training, tuple(said))


def _sum(draws: int, *parts: tuple[float | None, Array | float]) -> Array | None:
    known = [np.broadcast_to(price * np.asarray(count, dtype=float), (draws,)) for price, count in parts if price is not None]
    return np.sum(known, axis=0) if known else None


def _signed_for(whole: Portfolio) -> float | None:
    recruits = whole.tables.get("recruits")
    if recruits is None or recruits["cost"].notna().sum() < _ENOUGH:
        return None
    signed = int(recruits["signed_on"].notna().sum())
    known = recruits["cost"].notna().mean()
    return float(recruits["cost"].sum()) / (signed * float(known)) if signed else None


def _served_for(whole: Portfolio) -> float | None:
    rows = cost_to_serve(whole).set_index("partner_id")
    own = rows[active(whole).reindex(rows.index).fillna(False) & ~rows["missing"]]
    return float(own["cost_to_serve"].mean()) if len(own) >= _ENOUGH and own["cost_to_serve"].sum() > 0 else None


def _trained_for(whole: Portfolio) -> float | None:
    rows = whole.tables.get("trainings")
    if rows is None or rows.empty:
        return None
    recent = rows[rows["partner_id"].notna() & (rows["completed_on"] > calendar.month_end(whole.as_of, 24))]
    rate = whole.settings.economics.hourly_cost
    price: pd.Series = recent["cost"].astype("float64")
    if rate is not None:
        price = price.fillna(recent["hours"].astype("float64") * rate)
    known = recent[price.notna()]
    partners = known["partner_id"].nunique()
    return float(price.sum()) / partners if partners >= _ENOUGH else None
