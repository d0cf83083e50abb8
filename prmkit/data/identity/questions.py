"""The questions to a person: which partner or customer a reference means, and which rows are one organisation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.data.engine import Engine
from prmkit.data.faults import FaultLog
from prmkit.data.identity.candidates import candidates
from prmkit.data.identity.decisions import read_decisions
from prmkit.data.identity.evidence import same_name, why
from prmkit.data.identity.hints import KINDS
from prmkit.data.identity.organisations import organisations
from prmkit.data.identity.placeholders import is_placeholder
from prmkit.data.identity.scoring import score
from prmkit.engagement import Engagement

ENOUGH = 0.95
"""The share of revenue at which a person may stop."""
LEAST_SURE = 0.5
_TAKEN_FOR_ONE = 0.9
_HIGHEST = 30.0
_BESIDE_THE_SAME_NAME = 3.0
"""What a similar name loses where another organisation has the very same: few slips end on a name that is there."""
COLUMNS = (
    "decision", "kind", "question", "given", "given_name", "proposed", "proposed_name", "sure", "why", "tables", "rows", "revenue",
    "revenue_share_so_far", "may_wait",
)  # fmt: skip
TEXTS = tuple(column for column in COLUMNS if column not in {"sure", "rows", "revenue", "revenue_share_so_far"})
EVIDENCE = ("domain", "postal_code", "country", "territory", "external_ids")


@dataclass(frozen=True)
class Matches:
    """What could be one, to be confirmed by a person.

    questions: one row a question, by revenue: the columns of matches.csv (decision "" while nobody took one) and, behind them,
    given_<evidence> and proposed_<evidence> for domain, postal_code, country, territory, external_ids. revenue: net partner revenue, in
    the engagement's currency, of what is given and what is proposed together. revenue_share_so_far: of all such revenue of the kind, what
    no question hangs on, and what is settled when this question and those above it are answered (fraction). may_wait: "yes" where
    the questions above already reach 95%. covered: the share that no question hangs on, by kind. unmatched: references, by
    kind, that name nobody and for whom nobody is proposed.
    """

    questions: pd.DataFrame
    covered: dict[str, float]
    unmatched: dict[str, int]

    @property
    def open(self) -> int:
        """Questions nobody has decided."""
        return int((self.questions["decision"] == "").sum())


def propose(engine: Engine, engagement: Engagement, present: Collection[str]) -> Matches:
    """Everything worth asking about the partners and customers of the typed tables, before any decision is applied to them.

    `present`: the tables that are there. Nothing is changed. The order of rows makes no difference. What was answered with no
    is not proposed again: the next likely one is.
    """
    rejected = [(one.kind, one.given, one.proposed) for one in read_decisions(engagement.folder, FaultLog()) if one.decision == "no"]
    found, covered, unmatched = [], {}, {}
    for kind in KINDS:
        made = organisations(engine, engagement, kind, present)
        if made.empty:
            continue
        if kind == "customer":
            made = made[[not is_placeholder(*row) for row in zip(made["said"], made["site"], strict=True)]].reset_index(drop=True)
        asked = _asked(engine, made, {frozenset((given, proposed)) for of, given, proposed in rejected if of == kind})
        questions, covered[kind] = _by_revenue(_described(made, asked, kind), made)
        found.append(questions)
        unmatched[kind] = int((~made["listed"]).sum() - (questions["question"] == "reference").sum())
    if not found:
        return Matches(empty(), {}, {})
    every = pd.concat(found, ignore_index=True)
    order = ["revenue", "kind", "sure", "given"]
    every = every.sort_values(order, ascending=[False, False, False, True], ignore_index=True, kind="stable")
    return Matches(every, covered, unmatched)


def empty() -> pd.DataFrame:
    """Questions without a row."""
    columns = [*COLUMNS, *(f"{side}_{about}" for side in ("given", "proposed") for about in EVIDENCE)]
    numbers = {"sure", "rows", "revenue", "revenue_share_so_far"}
    return pd.DataFrame({name: pd.Series(dtype="float64" if name in numbers else "str") for name in columns})


def _asked(engine: Engine, made: pd.DataFrame, rejected: Collection[frozenset[str]]) -> pd.DataFrame:
    """left (what is given), right (what is proposed), question, sure, evidence: one row at most for everything that is given."""
    pairs = candidates(engine, made)
    if rejected:
        ids = made["id"].to_numpy(dtype=object)
        both = zip(ids[pairs["left"].to_numpy()], ids[pairs["right"].to_numpy()], strict=True)
        pairs = pairs[[frozenset(pair) not in rejected for pair in both]]
    scored = score(made, pairs)
    listed = made["listed"].to_numpy(dtype=bool)
    reference = ~listed[scored["left"].to_numpy()]
    twice = _duplicates(made, scored[~reference])
    return pd.concat([_references(scored[reference], twice), twice], ignore_index=True)


def _duplicates(made: pd.DataFrame, scored: pd.DataFrame) -> pd.DataFrame:
    """Of two rows the one to keep is that which sales use, then the fuller, then the first id; each other row names its likeliest."""
    sure = 1 / (1 + np.exp(-scored["points"].to_numpy()))
    sure = np.where(scored["certain"], np.maximum(sure, 0.99), sure)
    rank = _rank(made)
    left, right = scored["left"].to_numpy(), scored["right"].to_numpy()
    keeps_left = rank[left] < rank[right]
    pairs = pd.DataFrame(
        {
            "left": np.where(keeps_left, right, left),
            "right": np.where(keeps_left, left, right),
            "question": "duplicate",
            "sure": sure,
            "evidence": scored["evidence"].to_numpy(),
        }
    )
    pairs = pairs[pairs["sure"] >= LEAST_SURE].assign(rank=lambda some: rank[some["right"].to_numpy()])
    best = pairs.sort_values(["left", "sure", "rank"], ascending=[True, False, True], kind="stable")
    return best.drop_duplicates("left").drop(columns="rank")


def _rank(made: pd.DataFrame) -> np.ndarray:
    """The place of each organisation in the order in which rows are kept."""
    sells = (made["tables"].str.contains("sales", regex=False) & made["listed"]).astype(int)
    order = made.assign(sells=sells).sort_values(["sells", "filled", "id"], ascending=[False, False, True], kind="stable").index
    rank = np.empty(len(made), dtype=np.int64)
    rank[order] = np.arange(len(made))
    return rank


def _references(scored: pd.DataFrame, twice: pd.DataFrame) -> pd.DataFrame:
    """A reference means one of its candidates or none: rows that are proposed as one organisation are one candidate."""
    certain = twice[twice["sure"] >= _TAKEN_FOR_ONE]
    keeper = dict(zip(certain["left"], certain["right"], strict=True))
    kept = []
    for place in scored["right"]:
        seen = {place}
        while (further := keeper.get(place)) is not None and further not in seen:
            place = further
            seen.add(place)
        kept.append(place)
    same = pd.Series(same_name(scored["evidence"].to_numpy()), index=scored.index)
    better = same.groupby(scored["left"]).transform("any") & ~same
    points = np.minimum(scored["points"].to_numpy(), _HIGHEST) - np.where(better, _BESIDE_THE_SAME_NAME, 0.0)
    some = scored.assign(right=kept, odds=np.exp(points))
    some = some.sort_values(["left", "odds", "right"], ascending=[True, False, True], kind="stable").drop_duplicates(["left", "right"])
    total = some.groupby("left")["odds"].transform("sum")
    sure = some["odds"] / (1 + total)
    alone = some["certain"] & (some.groupby("left")["certain"].transform("sum") == 1)
    some = some.assign(question="reference", sure=np.where(alone, np.maximum(sure, 0.99), sure))
    return some[some["sure"] >= LEAST_SURE].drop_duplicates("left")[["left", "right", "question", "sure", "evidence"]]


def _described(made: pd.DataFrame, asked: pd.DataFrame, kind: str) -> pd.DataFrame:
    given = made.iloc[asked["left"].to_numpy(dtype=np.int64)].reset_index(drop=True)
    proposed = made.iloc[asked["right"].to_numpy(dtype=np.int64)].reset_index(drop=True)
    described = {
        "decision": "",
        "kind": kind,
        "question": asked["question"].to_numpy(),
        "given": given["id"],
        "given_name": given["name"],
        "proposed": proposed["id"],
        "proposed_name": proposed["name"],
        "sure": np.floor(asked["sure"].to_numpy(dtype=float) * 100) / 100,
        "why": [why(int(code)) for code in asked["evidence"]],
        "tables": given["tables"],
        "rows": given["rows"].astype("int64"),
        "revenue": (given["revenue"] + proposed["revenue"]).round(2),
    }
    sides = {"given": given, "proposed": proposed}
    evidence = {f"{name}_{about}": side[about] for name, side in sides.items() for about in EVIDENCE}
    return pd.DataFrame({**described, **evidence}, index=range(len(asked)))


def _by_revenue(questions: pd.DataFrame, made: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Sorted by revenue, with the share of the kind's revenue that is settled down to each question; the share no question hangs on."""
    own = dict(zip(made["id"], made["revenue"].clip(lower=0), strict=True))
    total = float(sum(own.values()))
    questions = questions.sort_values(["revenue", "sure", "given"], ascending=[False, False, True], ignore_index=True)
    met: set[str] = set()
    settled = []
    for pair in zip(questions["given"], questions["proposed"], strict=True):
        new = set(pair) - met
        met |= new
        settled.append(sum(own[one] for one in sorted(new)))
    free = total - sum(settled)
    share = np.round((free + np.cumsum(settled)) / total, 4) if total else np.ones(len(settled))
    before = np.concatenate([[free / total if total else 1.0], share[:-1]])
    made_up = questions.assign(revenue_share_so_far=share, may_wait=np.where(before >= ENOUGH, "yes", "") if len(settled) else "")
    columns = [*COLUMNS, *(name for name in questions.columns if name not in COLUMNS)]
    return made_up[columns], free / total if total else 1.0
