"""What each tier asks and gives, and what each partner held from when to when."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.simulate.records.columns import NO_DAY, frame, names
from prmkit.simulate.records.managers import Managers
from prmkit.simulate.records.partners import STATUSES
from prmkit.simulate.records.presence import Presence
from prmkit.simulate.records.tiers import TIERS, Tiers
from prmkit.simulate.records.trainings import HOURS, VALID_MONTHS
from prmkit.simulate.state import Mask, State, Whole

DISCOUNTS = (0.0, 0.04, 0.08)
ASKED_PEOPLE = {("silver", "sales"): 1.0, ("gold", "sales"): 2.0, ("gold", "technical"): 1.0}
"""Certified people that a tier asks, by role."""
ASKED_CSAT = {"silver": 3.5, "gold": 3.8}
_BENEFITS = ("Listed on our web site", "Marketing funds", "Leads, marketing funds and a named engineer")
_REVIEW_DAY = 0.45


def requirements(tiers: Tiers) -> pd.DataFrame:
    """The canonical table: yearly sales, certified people and satisfaction of end customers, for all kinds of partner alike."""
    rows = []
    for rank, tier in enumerate(TIERS):
        gives = {"tier": tier, "discount": DISCOUNTS[rank], "benefit": _BENEFITS[rank], "window_months": 12.0}
        rows.append({"metric": "revenue", "threshold": tiers.asked[rank], **gives})
        for course, role in enumerate(("sales", "technical")):
            if (tier, role) in ASKED_PEOPLE:
                lasts = {"hours": HOURS[course], "refresh_months": float(VALID_MONTHS)}
                rows.append({"metric": f"certified:{role}", "threshold": ASKED_PEOPLE[tier, role], **lasts, **gives})
        if tier in ASKED_CSAT:
            rows.append({"metric": "csat", "threshold": ASKED_CSAT[tier], **gives})
    table = pd.DataFrame(rows)
    return frame("requirements", len(table), {str(name): table[name].to_numpy() for name in table})


def history(state: State, presence: Presence, managers: Managers, tiers: Tiers, status: Whole) -> pd.DataFrame:
    """The canonical table: tier, partner manager and status of each partner over time, without gaps."""
    partner, value, since, until = _tiers(state, presence, tiers)
    parts = [(partner, names(TIERS, value), since, until, "tier")]
    parts += [(who, text, since, until, "partner_manager") for who, text, since, until in _managers(presence, managers)]
    parts += [(who, text, since, until, "status") for who, text, since, until in _statuses(presence, status)]
    attribute = np.concatenate([np.full(len(part[0]), part[4]) for part in parts])
    partner, since, until = (np.concatenate([part[place] for part in parts]) for place in (0, 2, 3))
    value_text = pd.concat([part[1] for part in parts], ignore_index=True)
    order = np.lexsort((since, attribute, partner))
    return frame(
        "history",
        len(order),
        {
            "partner_id": names(state.network.partner_id, partner[order]),
            "attribute": pd.Series(attribute[order], dtype="str"),
            "value": value_text.iloc[order],
            "valid_from": since[order],
            "valid_to": until[order],
        },
    )


def _tiers(state: State, presence: Presence, tiers: Tiers) -> tuple[Whole, Whole, NDArray[np.datetime64], NDArray[np.datetime64]]:
    """Partner, tier, first and last day of each time a tier was held."""
    ranked = tiers.first >= 0
    steps = np.concatenate([tiers.first[:, None], tiers.held], axis=1)
    changed = np.concatenate([ranked[:, None], (steps[:, 1:] != steps[:, :-1]) & ranked[:, None]], axis=1)
    reviewed = state.calendar.day(np.array(tiers.reviews), np.full(len(tiers.reviews), _REVIEW_DAY))
    partner, step = np.nonzero(changed)
    since = np.where(step == 0, presence.joined_on[partner], np.concatenate([[NO_DAY], reviewed])[step])
    return partner, steps[partner, step], since, _until(partner, since)


def _until(partner: Whole, since: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """The day before the next row of the same partner begins; NaT at its last. Rows in order of partner and day."""
    followed = np.concatenate([partner[1:] == partner[:-1], np.zeros(min(len(partner), 1), dtype=bool)])
    made: NDArray[np.datetime64] = np.where(followed, np.roll(since, -1) - np.timedelta64(1), NO_DAY)
    return made


def _managers(presence: Presence, managers: Managers) -> list[tuple[Whole, pd.Series, NDArray[np.datetime64], NDArray[np.datetime64]]]:
    everyone = np.arange(len(managers.now))
    moved: Mask = ~np.isnat(managers.changed_on)
    before = managers.changed_on - np.timedelta64(1)
    late = everyone[moved]
    return [
        (everyone, managers.named(managers.first), presence.joined_on, before),
        (late, managers.named(managers.now[moved]), managers.changed_on[moved], np.full(len(late), NO_DAY)),
    ]


def _statuses(presence: Presence, status: Whole) -> list[tuple[Whole, pd.Series, NDArray[np.datetime64], NDArray[np.datetime64]]]:
    """Active, or prospect, since joining; terminated from the day after the end that we were told of."""
    everyone = np.arange(len(status))
    ended = np.flatnonzero(presence.told)
    since_then = presence.ended_on[ended] + np.timedelta64(1)
    until = np.where(presence.told, presence.ended_on, NO_DAY)
    first = np.where(presence.told, STATUSES.index("active"), status)
    return [
        (everyone, names(STATUSES, first), presence.joined_on, until),
        (ended, names(STATUSES, np.full(len(ended), STATUSES.index("terminated"))), since_then, np.full(len(ended), NO_DAY)),
    ]
