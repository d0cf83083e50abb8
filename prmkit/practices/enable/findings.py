"""What training and incentives say that someone should act on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.enable.experiment import MONTHS, Experiment, experiment
from prmkit.practices.enable.launch_findings import new_products
from prmkit.practices.enable.training_findings import never_trained, unearned
from prmkit.practices.margin_rate import margin_rate
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.result import Action, Amount, Finding

_NAMED = 3


def findings(portfolio: Portfolio, tables: Mapping[str, pd.DataFrame]) -> tuple[Finding, ...]:
    """Findings about incentives, training, tiers and launches, each with its first step."""
    made = [
        _unjudged(portfolio, tables["incentives"]),
        *_programmes(portfolio, tables["incentives"]),
        unearned(portfolio, tables["compliance"]),
        never_trained(portfolio),
        new_products(portfolio, tables["launches"]),
    ]
    return tuple(finding for finding in made if finding is not None)


def _unjudged(portfolio: Portfolio, incentives: pd.DataFrame) -> Finding | None:
    """Spend of which nobody can say what it brought, and the experiment that would tell."""
    if incentives.empty:
        return None
    rows = incentives[~incentives["identifiable"].astype(bool) & (incentives["spend"] > 0)]
    if rows.empty:
        return None
    say = Phrases.of(portfolio)
    spend = float(rows["spend"].sum())
    part, programmes = round(spend / float(incentives["spend"].sum()), 9), say.counted(len(rows), "programme")
    main = rows.sort_values("spend", ascending=False, kind="stable")["reason"].iloc[0]
    plan = experiment(portfolio)
    return Finding(
        id="enable.incentives.unjudged:portfolio:" + portfolio.name,
        practice="enable",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.money(spend)} of incentives: nobody can know what they brought",
        statement=(
            f"{say.money(spend)}, {say.share(part)} of the incentives of the 12 months, went into {programmes} whose effect "
            f"cannot be told. {main} {_what_would_tell(say, plan)}"
        ),
        value=Amount(spend, unit=portfolio.currency, period=last_year(portfolio)),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=int(portfolio.orders["partner_id"].nunique()), decides=True),
        action=Action(
            what=_draw_lots(say, plan),
            who="channel marketing and finance",
            by="before the next wave",
            measure="revenue of both halves in the six months after, against the six months before",
        ),
        evidence=("enable_incentives identifiable=False",),
        inputs=("incentives", "sales"),
        caveats=("Not priced: at most the spend itself is at stake, and sales it may have brought are not known.",),
    )


def _what_would_tell(say: Phrases, plan: Experiment | None) -> str:
    if plan is None:
        return "There are too few active partners to size an experiment."
    return (
        f"Drawing lots among {say.counted(plan.partners, 'active partner')} for {MONTHS} months would show a lift of "
        f"{say.share(plan.smallest)} or more; a lift of 10% needs {say.counted(plan.needed_10)} in each half."
    )


def _draw_lots(say: Phrases, plan: Experiment | None) -> str:
    if plan is None:
        return "Offer the next wave to partners drawn by lot, and keep the list"
    return f"Offer the next wave to half of the {say.counted(plan.partners, 'active partner')}, drawn by lot, and keep the list"


def _programmes(portfolio: Portfolio, incentives: pd.DataFrame) -> list[Finding]:
    """The programmes with a return that can be stated, the largest sums first."""
    if incentives.empty:
        return []
    rate = margin_rate(portfolio).rate
    rows = incentives[incentives["roi"].notna() & (incentives["spend"] > 0)]
    if rate is None or rows.empty:
        return []
    largest = (rows["roi"] * rows["spend"]).abs().sort_values(ascending=False, kind="stable").index[:_NAMED]
    return [_programme(portfolio, rows.loc[at], rate) for at in largest]


def _programme(portfolio: Portfolio, row: pd.Series[Any], rate: float) -> Finding:
    say, name = Phrases.of(portfolio), str(row["programme"])
    net, low, high = (float(row[column] * row["spend"]) for column in ("roi", "roi_low", "roi_high"))
    effect = Amount(float(row["effect"]), float(row["effect_low"]), float(row["effect_high"]), "fraction", "")
    lift = Amount(float(row["lift"]), float(row["lift_low"]), float(row["lift_high"]), portfolio.currency, last_year(portfolio))
    decides = low > 0 or high < 0
    verdict = "pays back" if low > 0 else "costs more than it brings" if high < 0 else "may or may not pay back"
    sign = -1.0 if net < 0 else 1.0
    ends = sorted((sign * low, sign * high))
    return Finding(
        id="enable.incentives.return:programme:" + name,
        practice="enable",
        subject_kind="programme",
        subject_id=name,
        title=f"{name} {verdict}: {say.money(row['spend'])} spent for {say.money(row['lift'])} of extra revenue",
        statement=(
            f"Partners in {name} sold {say.interval(effect)} more than they would have: {say.interval(lift)}. At a gross margin of "
            f"{say.share(rate)} {_afterwards(say, row['pull_forward_share'])}, that leaves {say.money(net)} after the spend."
        ),
        value=lift,
        worth=Amount(sign * net, ends[0], ends[1], portfolio.currency, "a year"),
        confidence=confidence(basis="estimated", n=int(row["treated"]), decides=decides, warnings=int(row["donut"] > 0)),
        action=_next_step(name, verdict),
        evidence=(f"enable_incentives programme={name}",),
        inputs=("incentives", "sales"),
        caveats=(
            "Partners were not drawn by lot: what made them take part may also have made them sell.",
            *(("Sales were already moving before it began; the three months before are left out.",) if row["donut"] > 0 else ()),
        ),
    )


def _afterwards(say: Phrases, back: float) -> str:
    return "before anything given back afterwards" if np.isnan(back) else f"and with {say.share(back)} of the lift given back afterwards"


def _next_step(name: str, verdict: str) -> Action:
    what = {
        "pays back": f"Keep {name}; widen it to a further group drawn by lot",
        "costs more than it brings": f"Stop {name} at its next end date or cut its rate; move the money",
    }.get(verdict, f"Run the next wave of {name} for half of the partners, drawn by lot")
    return Action(
        what=what, who="channel marketing and finance", by="before the next wave", measure="the same reckoning after the next wave"
    )
