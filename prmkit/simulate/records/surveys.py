"""What partners and their customers say when asked: with a style of their own, and mostly from those that are content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.simulate.arithmetic import exp
from prmkit.simulate.chance import Chance
from prmkit.simulate.records.business import Business
from prmkit.simulate.records.columns import frame, joined, names, numbered
from prmkit.simulate.records.customers import Accounts
from prmkit.simulate.records.presence import Presence
from prmkit.simulate.records.words import WORRIES
from prmkit.simulate.state import Array, Mask, State, Whole

WAVES = (16, 4)
"""How many months before the as-of date each survey was held."""
NEEDS = ("margin", "leads", "technical help", "training", "simple ordering")
IMPORTANCE = ((4.6, 3.4, 3.0, 2.8, 3.6), (3.2, 4.5, 3.6, 3.4, 2.8), (3.0, 3.0, 4.6, 4.2, 3.2))
"""Mean importance of each need in the three true groups of partners."""
DRIVERS = ("fair dealing", "support", "products", "portal")
WEIGHTS = (0.9, 0.7, 0.4, 0.0)
"""What a step in each driver truly does to the recommendation (0 to 10)."""
_ANSWERS, _LEAVING, _CUSTOMERS = 0.55, 0.5, 0.12
_STYLE, _ROLES = 0.5, ("sales", "technical", "executive")
_NEW_TIME = 0.15


@dataclass(frozen=True)
class Voice:
    """Rows of answers: response (index), question (index into `questions`), score, text (index into `texts`, -1 without)."""

    response: Whole
    question: Whole
    score: Array
    text: Whole


def need_group(state: State) -> Whole:
    """Which of the three groups of needs each partner truly belongs to (n,)."""
    return Chance("prmkit", state.seed, "needs").pick((0.45, 0.35, 0.2), state.network.size)


def attitude(state: State) -> Array:
    """How content a partner truly is (n,): worse service makes it less so."""
    return 0.7 * Chance("prmkit", state.seed, "attitude").normal(state.network.size) - 0.8 * state.network.service


def questions() -> tuple[str, ...]:
    """The questions put to partners, in order."""
    needs = [f"need:{name}:{part}" for name in NEEDS for part in ("importance", "satisfaction")]
    drivers = [f"driver:{name}" for name in DRIVERS]
    return ("nps", "csat", *needs, *drivers, "share_of_wallet", "vendor_rank", "portfolio_role", "ease_rank", "new_product_time", "worry")


def surveys(state: State, accounts: Accounts, presence: Presence, business: Business) -> pd.DataFrame:
    """The canonical table: partners wave by wave, then end customers."""
    waves = [state.months - 1 - back for back in WAVES if state.months - 1 - back >= 0]
    partner, month = _respondents(state, presence, waves)
    own = _partners(state, business, partner)
    asked, worries = questions(), [text for texts in WORRIES.values() for text in texts]
    roles = Chance("prmkit", state.seed, "survey roles").integers(0, len(_ROLES), len(partner))
    days = state.calendar.day(month, Chance("prmkit", state.seed, "survey days").uniform(len(partner)))
    ids = numbered("R", len(partner), 6)
    theirs = frame(
        "surveys",
        len(own.response),
        {
            "response_id": ids.iloc[own.response],
            "respondent": "partner",
            "partner_id": names(state.network.partner_id, partner[own.response]),
            "role": names(_ROLES, roles[own.response]),
            "date": days[own.response],
            "question_id": names(asked, own.question),
            "score": own.score,
            "text": names(worries, own.text),
        },
    )
    return pd.concat([theirs, _customers(state, accounts, waves)], ignore_index=True)


def _respondents(state: State, presence: Presence, waves: Sequence[int]) -> tuple[Whole, Whole]:
    """Who answers in which wave: those about to leave half as often, those badly served less."""
    chance = Chance("prmkit", state.seed, "who answers")
    who, when = [], []
    for wave in waves:
        there = (state.network.joined <= wave) & presence.here(np.full(state.network.size, wave))
        leaving = presence.gone & (presence.last <= wave + 6)
        rate = _ANSWERS * np.where(leaving, _LEAVING, 1.0) * exp(-0.5 * state.network.service)
        answers = np.flatnonzero(there & chance.chosen(np.minimum(rate, 0.95), state.network.size))
        who.append(answers)
        when.append(np.full(len(answers), wave))
    return np.concatenate([*who, np.zeros(0, np.int64)]).astype(np.int64), np.concatenate([*when, np.zeros(0, np.int64)]).astype(np.int64)


def _partners(state: State, business: Business, partner: Whole) -> Voice:
    """Every answer of every respondent; one in twelve is left out."""
    n, chance = len(partner), Chance("prmkit", state.seed, "answers")
    content, style = attitude(state)[partner], _STYLE * chance.normal(n)
    felt = content[:, None] * 0.6 + 0.7 * chance.normal(n, len(DRIVERS))
    nps = 6.6 + _weighted(felt) + 1.0 * chance.normal(n)
    importance = np.array(IMPORTANCE)[need_group(state)[partner]] + 0.6 * chance.normal(n, len(NEEDS)) + style[:, None]
    pleased = 3.3 + 0.5 * content[:, None] + 0.8 * chance.normal(n, len(NEEDS)) + style[:, None]
    share = np.clip(business.share_of_wallet[partner] * exp(0.35 * chance.normal(n)), 0.0, 1.0)
    needs = np.stack([_scale(importance, 5), _scale(pleased, 5)], axis=2).reshape(n, -1)
    rank = np.clip(np.rint(1 + 5 * (1 - share) * chance.uniform(n)), 1, 8)
    role = np.where(share >= 0.5, 1.0, np.where(share >= 0.2, 2.0, 3.0))
    ease = np.clip(np.rint(3.0 - content + 0.8 * chance.normal(n)), 1, 6)
    fresh = np.clip(np.rint((_NEW_TIME + 0.08 * chance.normal(n)) * 100) / 100, 0.0, 1.0)
    columns = [np.clip(np.rint(nps), 0, 10), _scale(3.6 + 0.6 * content + 0.7 * chance.normal(n) + style, 5)]
    table = np.column_stack(
        [*columns, needs, _scale(3.4 + felt + style[:, None], 5), np.rint(share * 100) / 100, rank, role, ease, fresh, np.full(n, np.nan)]
    )
    asked = table.shape[1]
    told = ~chance.chosen(1 / 12, n, asked)
    told[:, asked - 1] = chance.chosen(np.where(content < 0, 0.6, 0.3), n)
    text = np.full((n, asked), -1)
    text[:, asked - 1] = chance.integers(0, sum(len(texts) for texts in WORRIES.values()), n)
    response, question = np.nonzero(told)
    return Voice(response, question, table[response, question], text[response, question])


def _weighted(felt: Array) -> Array:
    total = np.zeros(len(felt))
    for column, weight in enumerate(WEIGHTS):
        total = total + weight * felt[:, column]
    return total


def _scale(values: Array, top: int) -> Array:
    made: Array = np.clip(np.rint(values), 1, top)
    return made


def _customers(state: State, accounts: Accounts, waves: Sequence[int]) -> pd.DataFrame:
    """End customers of partners that are there: how satisfied they are and whether they would recommend us."""
    chance = Chance("prmkit", state.seed, "customers answer")
    parts = []
    for wave in waves:
        present: Mask = state.lives.alive[:, wave]
        slot = np.repeat(np.arange(state.network.size), state.network.accounts)
        chosen = np.flatnonzero(present[slot] & chance.chosen(_CUSTOMERS, len(slot)))
        partner = slot[chosen]
        pleased = 3.9 - 0.9 * state.network.service[partner] + 0.7 * chance.normal(len(partner))
        parts.append((chosen, partner, np.full(len(partner), wave), pleased))
    chosen, partner, month, pleased = (np.concatenate([part[place] for part in parts] or [np.zeros(0)]) for place in range(4))
    chosen, partner, month = chosen.astype(np.int64), partner.astype(np.int64), month.astype(np.int64)
    count = len(chosen)
    csat, nps = _scale(pleased, 5), np.clip(np.rint(2.2 * pleased - 1.2 + chance.normal(count)), 0, 10)
    row = np.repeat(np.arange(count), 2)
    second = np.arange(2 * count) % 2 == 1
    days = state.calendar.day(month, chance.uniform(count))
    customer = pd.Series(accounts.customer_id[accounts.number[chosen]], dtype="str")
    return frame(
        "surveys",
        2 * count,
        {
            "response_id": joined("C", numbered("R", count, 6)).iloc[row],
            "respondent": "customer",
            "partner_id": names(state.network.partner_id, partner[row]),
            "customer_id": customer.iloc[row],
            "date": days[row],
            "question_id": names(("csat", "nps"), second.astype(np.int64)),
            "score": np.where(second, nps[row], csat[row]),
        },
    )
