"""What is said of channel conflict, against deals made up with a known price erosion and customers shared by luck alone."""

from __future__ import annotations

import numpy as np

from prmkit.estimators.price_erosion import Erosion, price_erosion
from prmkit.practices.reach.collisions.contacts import OURS
from prmkit.practices.reach.collisions.encounters import meetings, with_rivals
from prmkit.practices.reach.collisions.erosion import quotes_of
from prmkit.practices.reach.collisions.pairs import NAMED
from prmkit.prove.case import Case
from prmkit.prove.made_quotes import EROSION, MadeQuotes, contacts_of, made_quotes
from prmkit.prove.score import Answer, Claims, Estimates, Outcome

_MADE = "reference"
_SETS, _CUSTOMERS, _HIDDEN = 4, 120, 0.04


def erosion_told(case: Case) -> Outcome | None:
    """Points of discount for one partner more at a customer, in deals made up for it; the spreadsheet takes the difference of means."""
    if case.world.name != _MADE:
        return None
    rows = []
    for number in range(_SETS):
        made = made_quotes(case.seed * _SETS + number, customers=_CUSTOMERS)
        found, plain = told(made)
        ends = found.interval() if isinstance(found, Erosion) else (np.nan, np.nan)
        rows.append((made.erosion, found.slope[0] if isinstance(found, Erosion) else np.nan, *ends, plain))
    truth, tool, low, high, naive = np.array(rows, dtype=float).T
    return Outcome(Estimates.of(truth, tool, low, high, naive=naive, scale=EROSION))


def erosion_hidden(case: Case) -> Outcome | None:
    """Claims of erosion where partners come when prices fall for another reason, and none of it is their doing."""
    if case.world.name != _MADE:
        return None
    made = [told(made_quotes(case.seed * _SETS + number, erosion=0.0, hidden=_HIDDEN)) for number in range(_SETS)]
    claimed = sum(isinstance(found, Erosion) and found.interval()[0] > 0 for found, _ in made)
    said = sum(plain > 0 for _, plain in made)
    return Outcome(
        claims=Claims(made=claimed, false=claimed, stated=0.0, naive_made=said, naive_false=said, looked=len(made), naive_looked=len(made))
    )


def told(made: MadeQuotes) -> tuple[Erosion | str, float]:
    """What is said of made-up deals, and the plain difference of mean discounts."""
    seen = contacts_of(made)
    quotes = quotes_of(with_rivals(seen, meetings(seen)))
    contested = quotes.rivals > 0
    return price_erosion(quotes), float(quotes.discount[contested].mean() - quotes.discount[~contested].mean())


def pairs_named(case: Case) -> Outcome | None:
    """Pairs of partners said to collide: in a programme that deals shared customers out by luck, every one of them is false.

    The spreadsheet names every pair with two customers or more in common.
    """
    rows = case.table("reach", "collision_pairs")
    if rows.empty:
        return None
    rows = rows[rows["other_partner_id"] != OURS]
    named = int((rows["q"] <= NAMED).sum())
    listed = case.portfolio.partners["territory"].value_counts().to_numpy()
    looked = max(int((listed * (listed - 1) // 2).sum()), len(rows))
    return Outcome(
        claims=Claims(
            made=named,
            false=named,
            stated=NAMED if named else np.nan,
            naive_made=len(rows),
            naive_false=len(rows),
            looked=looked,
            naive_looked=looked,
        )
    )


COLLISION_ANSWERS = (
    Answer(
        "reach.price_erosion",
        "reach",
        "What does one partner more at a customer take off the price?",
        "set of deals",
        "mean discount with two partners less mean discount with one",
        "not worked out",
        erosion_told,
    ),
    Answer(
        "reach.price_erosion_hidden",
        "reach",
        "Is a price said to erode where partners only come when prices fall?",
        "set of deals",
        "mean discount with two partners less mean discount with one",
        "not worked out",
        erosion_hidden,
    ),
    Answer(
        "reach.collision_pairs",
        "reach",
        "Which pairs of partners work more of the same customers than luck makes them?",
        "pair of partners",
        "every pair with two customers in common",
        "nobody: customers are shared by luck",
        pairs_named,
    ),
)
