"""Territories where the last partners cost more than they bring, and where the next one pays most."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Literal

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.phrases import Phrases
from prmkit.practices.reach.agreed.in_force import exclusive
from prmkit.practices.reach.crowding.checks import doubts
from prmkit.practices.reach.crowding.next_partner import WITHIN
from prmkit.practices.reach.crowding.partner_cost import partner_cost
from prmkit.practices.result import Action, Amount, Confidence, Finding
from prmkit.publish import words

_WORST = 3
_BELOW = 0.5


def crowding_findings(portfolio: Portfolio, rows: pd.DataFrame | None) -> list[Finding]:
    """At most three territories with too many partners, all of them together where there are more than one, and the one with most room
    in which no contract makes somebody exclusive."""
    if rows is None or "saved_by_fewer" not in rows:
        return []
    say = _Says(portfolio)
    full = rows[rows["verdict"] == "too_many"].sort_values(["saved_by_fewer", "territory"], ascending=[False, True], kind="stable")
    made = [say.too_many(row) for row in full.head(_WORST).itertuples()]
    if len(full) > 1:
        made.append(say.too_many_in_all(full, len(rows)))
    free = ~rows["territory"].isin(exclusive(portfolio)["territory"])
    room = rows[(rows["verdict"] == "room_for_more") & free].sort_values(
        ["won_by_more", "territory"], ascending=[False, True], kind="stable"
    )
    return made + [say.room(row) for row in room.head(1).itertuples()]


class _Says:
    def __init__(self, portfolio: Portfolio) -> None:
        self._portfolio = portfolio
        self._say = Phrases.of(portfolio)
        self._cost = portfolio.fitted(partner_cost)
        self._doubts = doubts(portfolio) + (self._cost.basis == "measured")

    def too_many(self, row: Any) -> Finding:
        """The last partners of one territory cost more than they bring."""
        say, name, worth = self._say, words.plain(row.territory), self._money(row, "saved_by_fewer")
        fewer = max(round(WITHIN * row.partners), 1)
        hidden = ", more than its cost, so that the average says add" if row.spreadsheet == "add" else ""
        return self._finding(
            "too_many",
            ("territory", str(row.territory)),
            f"{name}: the last partner brings {say.money(row.next_partner_margin)} of margin a year, for {say.money(row.partner_cost)}",
            (
                f"About {say.counted(round(row.partners), 'partner')} share {name}. One more adds gross margin of "
                f"{say.interval(self._margin(row))}, since it takes part of its sales from the others; an average one brings "
                f"{say.money(row.average_margin)}{hidden}. Up to {say.counted(fewer, 'partner')} fewer would save {say.interval(worth)}, "
                "net of the sales lost."
            ),
            self._margin(row),
            worth,
            self._sure(row),
            Action(
                what=f"Sign nobody new in {name}, and let the smallest partners move to a cheaper way of being served before any is ended",
                who="channel manager of the territory",
                by="next quarter",
                measure="gross margin less cost of partners in the territory, a year",
            ),
            row,
        )

    def too_many_in_all(self, rows: pd.DataFrame, looked: int) -> Finding:
        """All territories with too many partners together."""
        say, names = self._say, ", ".join(words.plain(name) for name in rows["territory"].head(_WORST))
        total = self._money(rows[["saved_by_fewer", "saved_by_fewer_low", "saved_by_fewer_high"]].sum(), "saved_by_fewer")
        return self._finding(
            "too_many_in_all",
            ("portfolio", self._portfolio.name),
            f"{say.count(len(rows))} of {say.counted(looked, 'territory', 'territories')} have more partners than pay, {names} first",
            (
                f"In {say.counted(len(rows), 'territory', 'territories')} the next partner likely costs more than the margin it brings. "
                f"A quarter fewer there at most would save {say.interval(total)}. Ends are added up, so that the range is rather too wide."
            ),
            Amount(float(len(rows)), unit="territories"),
            total,
            confidence(basis="estimated", n=round(rows["partners"].sum()), decides=True, warnings=self._doubts),
            Action(
                what="Stop signing in these territories and point recruiting to those with room",
                who="channel director",
                by="before the next recruiting plan",
                measure="partners signed in territories with too many",
            ),
            rows.iloc[0],
        )

    def room(self, row: Any) -> Finding:
        """The territory where more partners pay most."""
        say, name = self._say, words.plain(row.territory)
        return self._finding(
            "room",
            ("territory", str(row.territory)),
            f"Next partner pays most in {name}: {say.money(row.next_partner_margin)} of margin a year, for {say.money(row.partner_cost)}",
            (
                f"Once grown it adds gross margin of {say.interval(self._margin(row))}, what the {say.count(round(row.partners))} there "
                f"lose to it already taken off. An average partner there brings {say.money(row.average_margin)}."
            ),
            self._margin(row),
            self._money(row, "won_by_more"),
            self._sure(row),
            Action(
                what=f"Recruit in {name} first, up to a quarter more partners, and look again after a year",
                who="partner recruiting",
                by="within 90 days",
                measure="margin that the new partners add beyond what the others lose",
            ),
            row,
        )

    def _finding(
        self,
        claim: str,
        subject: tuple[Literal["portfolio", "territory"], str],
        title: str,
        statement: str,
        value: Amount,
        worth: Amount,
        sure: Confidence,
        action: Action,
        row: Any,
    ) -> Finding:
        return Finding(
            id=f"reach.saturation.{claim}:{subject[0]}:{subject[1]}",
            practice="reach",
            subject_kind=subject[0],
            subject_id=subject[1],
            title=title,
            statement=statement,
            value=value,
            worth=worth,
            confidence=sure,
            action=action,
            evidence=("reach_saturation", "reach_crowding_checks"),
            inputs=("sales", "partners"),
            caveats=tuple(self._caveats(row)),
        )

    def _caveats(self, row: Any) -> Iterator[str]:
        yield self._cost.said
        if row.data_weight < _BELOW:
            yield "How far partners share a market rests more on what is usual than on these data."
        if bool(row.pooled):
            yield "Too few partners for an elasticity of its own: that of all territories together stands in."

    def _sure(self, row: Any) -> Confidence:
        decides = row.next_partner_margin_high < row.partner_cost or row.next_partner_margin_low > row.partner_cost
        return confidence(basis="estimated", n=int(row.partners), decides=bool(decides), warnings=self._doubts)

    def _margin(self, row: Any) -> Amount:
        return self._money(row, "next_partner_margin")

    def _money(self, row: Any, column: str) -> Amount:
        value, low, high = (float(getattr(row, f"{column}{end}")) for end in ("", "_low", "_high"))
        return Amount(value if math.isfinite(value) else None, low, high, self._portfolio.currency, "a year")
