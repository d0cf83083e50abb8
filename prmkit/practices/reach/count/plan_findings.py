"""Findings that rest on the plan: recruits needed, chance now, what the present partners bring, the best lever."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.phrases import Phrases
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.count.sharing import shared
from prmkit.practices.reach.forecast.backtest import Backtest
from prmkit.practices.reach.moves.levers import signed_last_year
from prmkit.practices.reach.notes import warnings
from prmkit.practices.reach.pricing import pricing
from prmkit.practices.result import Action, Amount, Finding
from prmkit.publish import words

_PULLED = {
    "activation": "Getting more of those signed to sell",
    "ramp": "Getting recruits up to speed sooner",
    "retention": "Losing fewer partners",
    "yield": "Selling more through each partner",
    "new_family": "Having partners take up a further family",
    "price_leak": "Stopping discounts that nothing explains",
}
_STEPS = {
    "activation": "ten points more of those signed sell",
    "ramp": "a quarter less is lost while ramping",
    "retention": "a fifth fewer partners stop",
    "yield": "each partner sells 5% more",
    "new_family": "a tenth of the partners lacking a family take one up",
    "price_leak": "a quarter of the discount that nothing explains is not given",
}


@dataclass(frozen=True)
class PlanSays:
    """The findings of one portfolio's plan; `row` is its "all" row of reach_plan."""

    portfolio: Portfolio
    case: Case
    row: pd.Series
    tested: Backtest | None

    @property
    def _say(self) -> Phrases:
        return Phrases.of(self.portfolio)

    @property
    def _period(self) -> str:
        return f"12 months to {self.case.target.by.date().isoformat()}"

    @property
    def _by(self) -> str:
        return words.day(self.case.target.by, self.portfolio.settings.locale)

    @property
    def _expected(self) -> Amount:
        return _amount(self.row, "baseline", self.portfolio.currency, self._period)

    @property
    def _needed(self) -> tuple[float | None, float | None]:
        """90% interval of the number that turns out to be needed; None where even the largest number looked at is not enough."""
        low, high = (self.case.count(level) for level in (0.05, 0.95))
        return (None, None) if low is None or high is None else (float(low), float(high))

    @property
    def _range(self) -> str:
        low, high = self._needed
        if low is None or high is None:
            return ""
        return f"; nine times in ten the number that turns out to be needed lies between {self._say.count(low)} and {self._say.count(high)}"

    def recruits_needed(self) -> Finding | None:
        """How many partners the goal needs against the spreadsheet's count."""
        asked, naive, goal = self.row.get("recruits_asked"), self.row.get("recruits_naive"), self.case.target.revenue
        if goal is None or pd.isna(asked) or pd.isna(naive) or asked <= 0:
            return None
        say, aim = self._say, self.case.target
        hit = self.case.chance(round(naive)) or 0.0
        return self._finding(
            "recruits_needed",
            f"The goal needs {say.counted(asked, 'new partner')}, not the {say.count(naive)} the spreadsheet says",
            (
                f"Partners signed today should bring {say.interval(self._expected)}; the goal is {say.money(goal)}. The gap over what an "
                f"active partner sells gives {say.counted(naive, 'recruit')}: the chance with those is {say.share(hit)}. "
                f"A chance of {say.share(aim.confidence)} takes {say.counted(asked, 'recruit')} signed evenly until {self._by}"
                f"{self._range}."
            ),
            Amount(float(asked), *self._needed, "partners", ""),
            Amount(goal - float(self.row["baseline"]), unit=self.portfolio.currency, period="a year"),
            decides=hit < 0.5,
            action=Action(
                what=f"Plan the recruiting of {say.counted(asked, 'partner')}, or change goal, date or lever, before the budget is fixed",
                who="channel director",
                by="before the next budget round",
                measure="partners signed and selling each month against the calendar",
            ),
            evidence=("reach_plan territory=all", "reach_waterfall", "reach_calendar"),
        )

    def chance_now(self) -> Finding | None:
        """The chance of the goal without recruits, and at last year's pace."""
        goal = self.case.target.revenue
        if goal is None:
            return None
        say, now = self._say, float(self.row["probability_now"])
        pace = signed_last_year(self.case)
        at_pace = self.case.chance(pace) or 0.0
        return self._finding(
            "probability_now",
            f"Without recruits the chance of the goal is {say.share(now)}; at last year's pace of recruiting it is {say.share(at_pace)}",
            (
                f"The goal is {say.money(goal)} in the 12 months to {self._by}. "
                f"Present partners alone reach it with a chance of {say.share(now)}; "
                f"with {say.counted(pace, 'recruit')}, as many as in the last 12 months, spread evenly, with {say.share(at_pace)}."
            ),
            Amount(now, unit="fraction", period=self._period),
            Amount(None, unit=self.portfolio.currency, period="a year"),
            decides=True,
            action=Action(
                what="Tell whoever set the goal what its chance is, and agree on one that is meant",
                who="channel director",
                by="within 30 days",
                measure="goal, date and confidence agreed in writing",
            ),
            evidence=("reach_plan territory=all",),
        )

    def baseline(self) -> Finding | None:
        """Without a goal: what the present partners should bring."""
        if self.case.target.revenue is not None or self.case.revenue <= 0:
            return None
        say, change = self._say, float(self.row["baseline"]) / self.case.revenue - 1
        lost = self.case.revenue - float(self.row["baseline"]) if change < 0 else None
        turn = f"{say.share(abs(change))} {'less' if change < 0 else 'more'} than in the last"
        return self._finding(
            "baseline",
            f"Without recruits, partners should bring {turn} 12 months",
            f"Partners signed today should bring {say.interval(self._expected)}, "
            f"after {say.money(self.case.revenue)} in the last 12 months.",
            self._expected,
            Amount(lost, unit=self.portfolio.currency, period="a year"),
            decides=not float(self.row["baseline_low"]) <= self.case.revenue <= float(self.row["baseline_high"]),
            action=Action(
                what="Set a goal with a date, so that the number of recruits can be worked out",
                who="channel director",
                by="within 30 days",
                measure="goal in engagement.yaml",
            ),
            evidence=("reach_plan territory=all",),
        )

    def biggest_lever(self, levers: pd.DataFrame | None) -> Finding | None:
        """Which lever besides recruits, date and goal saves most recruits (adds most revenue, without a goal) by its small step."""
        if levers is None or levers.empty:
            return None
        pulled = levers[levers["lever"].isin(_PULLED)]
        by = "recruits_saved" if "recruits_saved" in pulled and pulled["recruits_saved"].notna().any() else "revenue"
        if pulled.empty or not pulled[by].max() > 0:
            return None
        best = pulled.sort_values(by, ascending=False, kind="stable").iloc[0]
        say, name = self._say, str(best["lever"])
        money = _amount(best, "revenue", self.portfolio.currency, self._period)
        saves = f" and saves {say.counted(best[by], 'recruit')}" if by == "recruits_saved" else ""
        return self._finding(
            "biggest_lever",
            f"{_PULLED[name]} {'saves' if saves else 'brings'} most"
            + (f": {say.counted(best[by], 'recruit')}" if saves else f": {say.money(best['revenue'])}"),
            f"If {_STEPS[name]}, this adds {say.interval(money)}{saves}: "
            f"the most of the levers in the table, moved by the steps shown there. How far it goes here: {best['seen_in']}.",
            money,
            Amount(money.amount, money.low, money.high, self.portfolio.currency, "a year"),
            decides=bool(best["revenue_low"] > 0),
            action=Action(
                what=f"Name an owner and a first step for this: {_PULLED[name][0].lower()}{_PULLED[name][1:]}",
                who="channel director",
                by="within 60 days",
                measure=_STEPS[name],
            ),
            evidence=(f"reach_levers lever={name}",),
            table="levers",
        )

    def _finding(
        self,
        claim: str,
        title: str,
        statement: str,
        value: Amount,
        stake: Amount,
        *,
        decides: bool,
        action: Action,
        evidence: tuple[str, ...],
        table: str = "plan",
    ) -> Finding:
        rate, guessed = pricing(self.portfolio), bool(self.case.fit.told) or not self.case.fit.activated.dated
        cautions = len(warnings(self.portfolio, self.case, self.tested))
        return Finding(
            id=f"reach.{table}.{claim}:portfolio:{self.portfolio.name}",
            practice="reach",
            subject_kind="portfolio",
            subject_id=self.portfolio.name,
            title=title,
            statement=statement,
            value=value,
            worth=rate.worth(stake),
            confidence=confidence(basis="estimated" if guessed else "measured", n=self.case.productive, decides=decides, warnings=cautions),
            action=action,
            evidence=evidence,
            inputs=("sales", "partners"),
            caveats=(rate.said, *self._caveats()),
        )

    def _caveats(self) -> tuple[str, ...]:
        fit, said = self.case.fit, list(self.case.fit.told)
        said.append(f"Activation was counted on {fit.activated.basis}.")
        if self.case.channel.lives.clock == "first_sale":
            said.append("Signing dates are not known: the time from signing to a first sale is not in the count, which is then too low.")
        said.append(shared(self.portfolio, len(self.case.trend)).said)
        if self.tested is not None:
            say, told = self._say, "inside" if self.tested.inside else "outside"
            said.append(
                f"The same forecast a year ago: {say.money(self.tested.expected)} expected, "
                f"{say.money(self.tested.seen)} came, {told} its interval."
            )
        return tuple(said)


def _amount(row: pd.Series, column: str, unit: str, period: str) -> Amount:
    return Amount(float(row[column]), float(row[f"{column}_low"]), float(row[f"{column}_high"]), unit, period)
