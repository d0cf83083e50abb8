"""What partners' strengths say that someone should act on."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.know.strengths.differentiation import MARKET
from prmkit.practices.margin_rate import margin_rate
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.result import Action, Amount, Finding

_FEWEST = 10
_INPUTS = ("partners", "deals", "tickets", "subscriptions")


def claims(portfolio: Portfolio, rows: pd.DataFrame) -> tuple[Finding, ...]:
    """How many claimed strengths hold, which cannot be told and why, and where our leads would be won more often."""
    made = (_held(portfolio, rows), _leads(portfolio, rows), _untold(portfolio, rows))
    return tuple(finding for finding in made if finding is not None)


def by_claim(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a partner and claim with its verdict: shown where one of its measures is, not shown where all that can be told are not."""
    mine = rows[~rows["found"].astype(bool)]
    keys = ["partner_id", "claimed", "theme"]
    told = (
        mine.assign(shown=mine["verdict"] == "shown", told=mine["verdict"] != "too_little")
        .groupby(keys, sort=True)[["shown", "told"]]
        .any()
    )
    verdict = np.select([told["shown"], told["told"]], ["shown", "not_shown"], "too_little")
    return told.assign(verdict=verdict).reset_index()


def _held(portfolio: Portfolio, rows: pd.DataFrame) -> Finding | None:
    said = by_claim(rows)
    said = said[said["theme"] != MARKET]
    told, shown = int((said["verdict"] != "too_little").sum()), int((said["verdict"] == "shown").sum())
    if told < _FEWEST:
        return None
    say = Phrases.of(portfolio)
    false = float(rows.loc[(rows["verdict"] == "shown") & ~rows["found"].astype(bool), "chance_none"].mean()) if shown else 0.0
    beyond = int(rows["found"].astype(bool).sum())
    doubt = f" Of those said to show, {say.share(false)} are expected to be luck." if shown else ""
    others = f" {say.counted(beyond, 'further strength')} that nobody claims {_verb(beyond)} in the records." if beyond else ""
    return Finding(
        id="know.differentiation.held:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.count(shown)} of {say.counted(told, 'claimed strength')} that can be tested {_verb(shown)} in the records",
        statement=(
            f"Partners make {say.counted(len(said), 'claim')}; {say.count(told)} can be held against deals, cases or contracts, beside "
            f"partners of the same type and size. {say.count(shown)} show, {say.count(told - shown)} do not.{doubt}{others}"
        ),
        value=Amount(float(shown), unit="claims", period=last_year(portfolio)),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=told, decides=True),
        action=Action(
            what="Use the strengths that show in joint marketing and in the partner finder; take those that do not off both",
            who="partner marketing",
            by="next campaign",
            measure="every strength printed beside a partner's name is one that shows",
        ),
        evidence=("know_differentiation",),
        inputs=tuple(name for name in _INPUTS if name == "partners" or portfolio.has(name)),
        caveats=(
            "A claim that does not show is no lie: it is no stronger than at its like, or not in what is on record.",
            "Not priced: what a true claim is worth in a campaign is not known.",
        ),
    )


def _leads(portfolio: Portfolio, rows: pd.DataFrame) -> Finding | None:
    """Our own leads of a year that a partner of the same territory shown to win more would have won more often."""
    best = rows[(rows["measure"] == "win_rate") & (rows["verdict"] == "shown")].drop_duplicates("partner_id").set_index("partner_id")
    if best.empty or not portfolio.has("deals"):
        return None
    deals = portfolio.tables["deals"]
    year = deals[(deals["opened_on"] > calendar.month_end(portfolio.as_of, 12)) & deals["partner_id"].notna()]
    year = year.assign(territory=year["territory"].fillna(year["partner_id"].map(_home(portfolio))), ours=year["source"] == "vendor")
    year = year[year["territory"].notna()].assign(best=year["partner_id"].isin(best.index))
    # a partner takes at most as many leads more as it has deals now, all from its own territory
    room = year[year["best"]].groupby("territory").size()
    free = year[year["ours"] & ~year["best"]].groupby("territory").size()
    moved = np.minimum(room, free.reindex(room.index, fill_value=0))
    leads, rate = int(moved.sum()), margin_rate(portfolio)
    if leads < _FEWEST:
        return None
    lift = best.reindex(year.loc[year["best"], "partner_id"].unique())
    usual, low, mean, high = (float(lift[name].mean()) for name in ("usual", "lift_low", "lift", "lift_high"))
    amount = float(year.loc[year["ours"] & ~year["best"], "amount"].median())
    each = leads * usual * amount
    revenue = Amount(each * mean, each * low, each * high, portfolio.currency, "a year")
    worth = rate.worth(Amount(revenue.low, None, None, portfolio.currency, "a year"))
    say = Phrases.of(portfolio)
    return Finding(
        id="know.differentiation.leads:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.counted(leads, 'lead')} of ours a year go past {say.counted(len(lift), 'partner')} that win more often",
        statement=(
            f"{say.counted(len(lift), 'partner')} win {say.share(mean)} more of their deals ({say.share(low)} to {say.share(high)}) than "
            f"partners of their type and size do of deals of the same amount, source and market. In the same territories "
            f"{say.counted(leads, 'lead')} that we passed on in 12 months went to others.{_at_home(rows, say)}"
        ),
        value=revenue,
        worth=worth,
        confidence=confidence(basis="estimated", n=len(lift), decides=bool(low > 0)),
        action=Action(
            what="Offer our leads in these territories to them first, half of them, drawn at random, to prove it",
            who="channel operations",
            by="next quarter",
            measure="win rate of leads offered to them against the other half",
        ),
        evidence=("know_differentiation measure=win_rate verdict=shown",),
        inputs=("deals", "partners", "sales"),
        caveats=(
            "Priced at the low end of each lift and the median lead; it holds if they win leads from us as they win their other deals.",
            "They may win more because they choose what to bid for: that is why half goes out at random first.",
            rate.said,
        ),
    )


def _verb(count: int) -> str:
    return "shows" if count == 1 else "show"


def _at_home(rows: pd.DataFrame, say: Phrases) -> str:
    """Partners shown to win more in their own end market."""
    count = rows.loc[(rows["measure"] == "vertical_win_rate") & (rows["verdict"] == "shown"), "partner_id"].nunique()
    return f" {say.counted(count, 'partner')} win more in their own end market: leads from that market are theirs first." if count else ""


def _home(portfolio: Portfolio) -> Mapping[str, str]:
    home = portfolio.partners.drop_duplicates("partner_id").set_index("partner_id")["territory"].dropna()
    return {str(one): str(place) for one, place in home.items()}


def _untold(portfolio: Portfolio, rows: pd.DataFrame) -> Finding | None:
    """Claims for want of whose evidence an export is the cure: which one, and how many it would tell. None where none is in own words."""
    said = by_claim(rows)
    if (said["theme"].isin(["", MARKET])).all():
        return None
    open_claims = said[(said["verdict"] == "too_little") & (said["theme"] != "")]
    if len(open_claims) < _FEWEST:
        return None
    keys = open_claims[["partner_id", "claimed", "theme"]]
    mine = rows[~rows["found"].astype(bool)].merge(keys, on=list(keys.columns))
    needs = mine["reason"].fillna("").str.extract(r"what would(?: tell)?: (.+)$")[0]
    wanted = needs.groupby(needs).size().sort_values(ascending=False, kind="stable")
    say = Phrases.of(portfolio)
    first = (
        f" The export that would tell most of them: {wanted.index[0]}."
        if len(wanted)
        else " More deals and cases a partner would tell, nothing else."
    )
    tables = sorted(set(re.findall(r"\b(deals|tickets|customers|subscriptions|trainings|people|surveys)\b", " ".join(wanted.index))))
    return Finding(
        id="know.differentiation.untold:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.share(len(open_claims) / len(said))} of partners' claims cannot be told either way",
        statement=(
            f"For {say.count(len(open_claims))} of {say.counted(len(said), 'claim')} there is too little to say; "
            f"{say.count(len(mine.loc[needs.notna(), ['partner_id', 'theme']].drop_duplicates()))} of them for want of an export.{first}"
        ),
        value=Amount(float(len(open_claims)), unit="claims", period=last_year(portfolio)),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=len(said), decides=True),
        action=Action(
            what=f"Fetch {wanted.index[0]}" if len(wanted) else "Wait for more cases before a claim is printed",
            who="channel operations",
            by="before the next run",
            measure="claims that cannot be told fall by half",
        ),
        evidence=("know_differentiation verdict=too_little",),
        inputs=("partners", *tables),
        caveats=("Not priced: what it unlocks is not known before it is there.",),
    )
