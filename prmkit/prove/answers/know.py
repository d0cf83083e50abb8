"""What is said of who the partners are, against who they truly are."""

from __future__ import annotations

from functools import cache

import numpy as np

from prmkit.estimators.concentration import ENOUGH_HOLDERS, concentration
from prmkit.practices.know import segment_rules as rules
from prmkit.practices.know.alignment import CORE, PRIMARY
from prmkit.prove.case import Case
from prmkit.prove.limit.segments import segment_chances
from prmkit.prove.score import Answer, Claims, Estimates, Outcome, Stakes
from prmkit.simulate import WORLDS, make_state
from prmkit.simulate.revenue import expected_revenue, realised_revenue
from prmkit.simulate.state import AHEAD, Array, Mask, State, Whole

_POPULATION, _POPULATION_SEED = 20_000, 1_000_003
_MEASURES = ("top_20_share", "gini")
EVEN = 0.01
SETTLED = 18
"""Months since joining after which a year of sales says what a partner sells us once it has ramped up."""


def concentration_of(case: Case) -> Outcome | None:
    """Top-fifth share and Gini against those of very many partners of the same kind."""
    rows = case.table("know", "concentration").set_index("measure").reindex(_MEASURES)
    truth = np.array(_population(case.world.name, case.state.months))
    value, low, high = (rows[name].to_numpy(dtype=float) for name in ("value", "low", "high"))
    given = np.isfinite(low)
    enough = np.full(2, case.state.lives.alive[:, -AHEAD - 1].sum() >= ENOUGH_HOLDERS)
    return Outcome(Estimates.of(truth, np.where(given, value, np.nan), low, high, naive=value, should=enough))


@cache
def _population(world: str, months: int) -> tuple[float, ...]:
    state = make_state(WORLDS.get(world), _POPULATION_SEED, _POPULATION, months)
    bought = realised_revenue(state)[:, months - 12 : months].sum(axis=1)
    found = concentration(bought[bought > 0], seed=1)
    return tuple(found[name].value for name in _MEASURES)


def segment_of(case: Case) -> Outcome | None:
    """Partners placed in their true segment: by what they were expected to sell in each of the two years, luck taken out."""
    rows = case.by_partner("know", "segments")
    full = set(rows["segment"].dropna()) & {segment.name for segment in rules.FULL[1:5]}
    if not full:
        return None
    position, judged = true_segments(case.state)
    truth = np.array([segment.name for segment in rules.FULL], dtype=object)[position]
    tool, naive = (rows[name].to_numpy(dtype=object) == truth for name in ("segment", "by_rule"))
    limit = segment_chances(case.state).argmax(axis=1) == position
    told = Estimates.single(float(tool[judged].mean()), float(rows["membership"][judged].mean()))
    return Outcome(told, Stakes(*(float(right[judged].mean()) for right in (tool, naive, limit))))


def true_segments(state: State) -> tuple[Whole, Mask]:
    """The segment of each partner by expected revenue, as its place in FULL, and of which there is anything to say (they have sold)."""
    months, expected = state.months, expected_revenue(state)
    now, then = (expected[:, max(start, 0) : max(end, 0)].sum(axis=1) for start, end in ((months - 12, months), (months - 24, months - 12)))
    sold = state.orders.counts[:, :months] > 0
    ever: Mask = np.asarray(sold.any(axis=1))
    first = np.where(ever, months - 1.0 - sold.argmax(axis=1), np.nan)[:, None]
    ratio = rules.growth(now, then, first[:, 0])[:, None]
    return rules.classify(now[:, None], ratio, first, rules.half_line(now[:, None]))[:, 0], ever


def share_of_wallet(case: Case) -> Outcome | None:
    """Our share of a partner's business, where anything can be said of it."""
    rows = case.by_partner("know", "alignment")
    truth = case.known("share_of_wallet")
    vendors = case.stated("vendor_count").to_numpy(dtype=float)
    stated = case.stated("annual_revenue").notna().to_numpy()
    bought = case.bought() > 0
    naive = np.where(vendors >= 1, 1 / np.maximum(vendors, 1), np.nan)
    columns = (rows[name].to_numpy(dtype=float) for name in ("share_of_wallet", "share_low", "share_high"))
    given = case.selling() & bought & _settled(case)
    value, low, high = (column[given] for column in columns)
    return Outcome(Estimates.of(truth[given], value, low, high, naive=naive[given], should=stated[given]))


def portfolio_role(case: Case) -> Outcome | None:
    """Primary, core or add-on: called rightly less called wrongly, per partner; a role left unknown counts nothing."""
    rows = case.by_partner("know", "alignment")
    given = case.selling() & (case.bought() > 0) & _settled(case)
    if not given.any():
        return None
    truth = _roles(case.known("share_of_wallet"))[given]
    tool = rows["portfolio_role"].to_numpy(dtype=object)[given]
    vendors = case.stated("vendor_count").to_numpy(dtype=float)[given]
    turnover = case.stated("annual_revenue").to_numpy(dtype=float)[given]
    rough = np.where(np.isfinite(turnover), case.bought()[given] / turnover, 1 / vendors)
    naive = np.where(np.isfinite(rough), _roles(np.nan_to_num(rough)), "unknown")
    called, wrong = tool != "unknown", (tool != "unknown") & (tool != truth)
    guessed = naive != "unknown"
    stated = 1 - rows["role_probability"].to_numpy(dtype=float)[given]
    claims = Claims(
        made=int(called.sum()),
        false=int(wrong.sum()),
        stated=float(np.nanmean(stated)) if called.any() else np.nan,
        naive_made=int(guessed.sum()),
        naive_false=int((guessed & (naive != truth)).sum()),
    )
    return Outcome(stakes=Stakes(_balance(tool, truth), _balance(naive, truth), 1.0), claims=claims)


def _settled(case: Case) -> Mask:
    made: Mask = case.state.network.joined <= case.state.months - SETTLED
    return made


def _roles(share: Array) -> np.ndarray:
    return np.select([share >= PRIMARY, share >= CORE], ["primary", "core"], "add_on").astype(object)


def _balance(called: np.ndarray, truth: np.ndarray) -> float:
    return float(np.where(called == "unknown", 0.0, np.where(called == truth, 1.0, -1.0)).mean())


def performing(case: Case) -> Outcome | None:
    """Whether a partner returns what is put into it: calls that are wrong, against the books read as they stand.

    Where it truly returns just that, give or take a hundredth, either call is wrong.
    """
    rows = case.by_partner("know", "partner_360")
    invested = case.known("incentives") + case.known("cost_to_serve")
    known = rows["invested"].notna().to_numpy() & case.selling() & (invested > 0)
    margin = case.known("expected_margin")
    good, bad = margin > invested * (1 + EVEN), margin < invested * (1 - EVEN)
    called = rows["performing"].to_numpy(dtype=object)
    made = (called != "cannot_tell") & known
    wrong = made & np.where(called == "yes", ~good, ~bad)
    books = rows["output"].to_numpy(dtype=float) > rows["invested"].to_numpy(dtype=float)
    misread = known & np.where(books, ~good, ~bad)
    count = int(known.sum())
    # a range of nine in ten leaves a twentieth on the side that is claimed
    stated = 0.05 if made.any() else np.nan
    return Outcome(claims=Claims(int(made.sum()), int(wrong.sum()), stated, count, int(misread.sum()), looked=count, naive_looked=count))


ANSWERS_OF_KNOW = (
    Answer(
        "know.concentration",
        "know",
        "How far does revenue hang on a few partners?",
        "top-fifth share and Gini",
        "the figure as it stands",
        "not worked out",
        concentration_of,
    ),
    Answer(
        "know.segment",
        "know",
        "Which segment does a partner truly belong to, and how sure is that?",
        "partner",
        "the rule applied to the books as they stand",
        "the likeliest by its own draws of rate, size and life, told the world's",
        segment_of,
    ),
    Answer(
        "know.share_of_wallet",
        "know",
        "What share of a partner's business is ours?",
        "partner",
        "one over the number of vendors it carries",
        "not worked out",
        share_of_wallet,
    ),
    Answer(
        "know.portfolio_role",
        "know",
        "Are we a partner's primary line, one of several, or an add-on?",
        "partner",
        "our sales over its stated turnover, else one over its vendors",
        "told the true share",
        portfolio_role,
    ),
    Answer(
        "know.performing",
        "know",
        "Does a partner return what is put into it?",
        "partner",
        "margin above money spent, in the books",
        "not worked out",
        performing,
    ),
)
