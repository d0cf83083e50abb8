"""Findings on the way to the recruits: when to sign, whether managers can bring them up, how many prospects it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.phrases import Phrases
from prmkit.practices.reach.count.funnel import signing_rate
from prmkit.practices.reach.count.plan_findings import PlanSays
from prmkit.practices.reach.count.thin_plan import LEARN
from prmkit.practices.result import Action, Amount, Finding

_PLAIN = {
    "yield": "what a partner sells in a year",
    "attrition": "how many partners stop in a year",
    "growth": "how partners that stay grow",
    "ramp_months": "how long new partners take to sell",
    "activation": "how many of those signed ever sell",
}


@dataclass(frozen=True)
class SigningSays(PlanSays):
    """Those findings of one portfolio's plan."""

    def said(self, tables: Mapping[str, pd.DataFrame]) -> list[Finding | None]:
        """All of them, None where there is nothing to say."""
        return [self.sign_early(tables.get("signing")), self.managers(tables.get("onboarding")), self.prospects()]

    def sign_early(self, signing: pd.DataFrame | None) -> Finding | None:
        """How many fewer recruits do where they sign in the first quarter."""
        if signing is None or "recruits_asked" not in signing:
            return None
        rows = signing[signing["kind"] == "pace"].set_index("signing")
        evenly, early = (rows["recruits_asked"].get(name) for name in ("evenly", "first_quarter"))
        if evenly is None or early is None or pd.isna(evenly) or pd.isna(early) or not evenly > early:
            return None
        say, last = self._say, rows["against_first"].get("last_half")
        late = (
            f"; one signed in the second half of the time brings {say.share(last)} of that" if last is not None and pd.notna(last) else ""
        )
        return self._finding(
            "sign_early",
            f"Signed in the first three months, {say.counted(early, 'recruit')} do what {say.count(evenly)} spread evenly do",
            (
                f"A recruit signed now brings {say.money(rows['revenue'].get('first_month'))} by {self._by}{late}. "
                f"The goal takes {say.counted(evenly, 'recruit')} signed evenly and {say.count(early)} signed in the first three months."
            ),
            Amount(float(evenly - early), unit="partners", period=""),
            Amount(None, unit=self.portfolio.currency, period="a year"),
            decides=True,
            action=Action(
                what="Move recruiting to the front of the year before adding to its budget",
                who="head of partner recruiting",
                by="within 30 days",
                measure="partners signed in the first three months",
            ),
            evidence=("reach_signing",),
            table="signing",
        )

    def managers(self, rows: pd.DataFrame | None) -> Finding | None:
        """That the plan asks for more new partners a month than can be brought up, or than ever were signed."""
        if rows is None or "binding" not in rows:
            return None
        bound = rows[rows["binding"].fillna(False).astype(bool) & rows["chance"].notna()]
        if bound.empty:
            return None
        say, first = self._say, bound.iloc[0]
        asked, can = say.count(first["asked_per_month"]), f"{float(first['per_month']):.1f}"
        most_seen = first["basis"] == "most_seen"
        ability = f"no three months so far saw more than {can} a month" if most_seen else f"managers can bring up {can} a month"
        return self._finding(
            "managers",
            f"The plan asks for {asked} new partners a month; {ability}",
            (
                f"At that pace {say.counted(first['reachable'], 'partner')} can be signed until {self._by} instead of the "
                f"{say.count(first['asked'])} planned: the chance of the goal is then {say.share(first['chance'])}, "
                f"not {say.share(self.case.target.confidence)}."
            ),
            Amount(float(first["chance"]), unit="fraction", period=self._period),
            Amount(None, unit=self.portfolio.currency, period="a year"),
            decides=not most_seen,
            action=Action(
                what="Free managers' time for new partners, or lower the goal or move its date",
                who="channel director",
                by="before the plan is agreed",
                measure="new partners a month with a manager who has time for them",
            ),
            evidence=(f"reach_onboarding basis={first['basis']}",),
            table="onboarding",
        )

    def prospects(self) -> Finding | None:
        """How many prospects have to be approached, and since when."""
        found, asked = self.portfolio.fitted(signing_rate), self.case.asked
        if found is None or not asked:
            return None
        say, (low, high) = self._say, found.ends
        many = asked / found.share
        ends = (None, None) if found.seen is None else (asked / high, asked / low)
        wait = f", {found.months:.1f} months before at the median" if found.months == found.months else ""
        cost = f" One signing cost {say.money(found.cost)}, failures paid for." if found.cost == found.cost else ""
        between = "" if ends[0] is None else f" ({say.count(ends[0])} to {say.count(ends[1])})"
        return self._finding(
            "prospects",
            f"{say.counted(asked, 'recruit')} take {say.counted(many, 'prospect')}{between}",
            (
                f"{say.share(found.share)} of prospects contacted sign ({found.basis}). "
                f"To sign {say.count(asked)} until {self._by}, {say.count(many)}{between} have to be contacted{wait}.{cost}"
            ),
            Amount(many, ends[0], ends[1], "prospects", ""),
            Amount(None, unit=self.portfolio.currency, period="a year"),
            decides=True,
            action=Action(
                what="Count the prospects on the list today against this, by territory, and start where the gap is largest",
                who="head of partner recruiting",
                by="within 30 days",
                measure="prospects contacted each month against the calendar",
            ),
            evidence=("reach_funnel group=all", "reach_calendar"),
            table="funnel",
        )


def thin_range(portfolio: Portfolio, plan: pd.DataFrame, inputs: pd.DataFrame | None) -> Finding | None:
    """Where the history is too thin: the range under the engagement's own numbers, and what to learn first."""
    if inputs is None or inputs.empty or "recruits_middle" not in plan or "learn_first" not in inputs:
        return None
    say, row, first = Phrases.of(portfolio), plan.iloc[0], str(inputs.iloc[0]["input"])
    low, middle, high = (float(row[name]) for name in ("recruits_low", "recruits_middle", "recruits_high"))
    return Finding(
        id=f"reach.plan.thin_range:portfolio:{portfolio.name}",
        practice="reach",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"On your own numbers the goal takes {say.count(low)} to {say.count(high)} partners; learn first {_PLAIN.get(first, first)}",
        statement=(
            f"The history is too thin to estimate a plan. With the engagement's activation, attrition and ramp, each taken as a guess, "
            f"eight times in ten {say.count(low)} to {say.count(high)} recruits are needed, {say.count(middle)} in the middle."
        ),
        value=Amount(middle, low, high, unit="partners", period=""),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="estimated", n=int(row["productive_partners"]), decides=False, warnings=1),
        action=Action(
            what=f"Find out {LEARN.get(first, first)}",
            who="whoever looks after the data",
            by="before a number is promised",
            measure="the width of this range",
        ),
        evidence=("reach_plan territory=all", "reach_sensitivity"),
        inputs=("sales", "partners"),
        caveats=("The numbers of the engagement are assumptions, and so is the range.",),
    )
