"""What channel conflict asks somebody to do: only where the data say that something happens."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.reach.collisions.collided import Collided, Encounters
from prmkit.practices.reach.collisions.contacts import OURS
from prmkit.practices.reach.collisions.pairs import NAMED
from prmkit.practices.reach.collisions.registration_findings import LAWYER, direct_at_registered, slow_decisions
from prmkit.practices.reach.pricing import pricing
from prmkit.practices.reach.territories import ALL
from prmkit.practices.result import Action, Amount, Finding

_PAIRS = 2


def conflict_findings(portfolio: Portfolio, found: Collided) -> tuple[Finding, ...]:
    """Findings on the cost, the pairs that collide most, our own people at partners' registered customers, and slow decisions."""
    if found.seen is None:
        return ()
    filed = found.tables.get("registrations", pd.DataFrame()).head(1).to_dict("records")
    made = [_cost(portfolio, found, found.seen), *_pairs(portfolio, found), direct_at_registered(portfolio, found.seen)]
    made += [slow_decisions(portfolio, row) for row in filed]
    return tuple(finding for finding in made if finding is not None)


def _cost(portfolio: Portfolio, found: Collided, seen: Encounters) -> Finding | None:
    """What a second partner takes off the price, and with it the cost of conflict; only where the price surely falls."""
    if isinstance(seen.erosion, str):
        return None
    low, high = seen.erosion.interval()
    parts = found.tables["conflict_cost"]
    parts = parts[parts["territory"] == ALL].set_index("part")
    price = {name: float(parts[name]["price_partners"]) for name in ("cost", "low", "high")}
    if low <= 0 or not price["low"] > 0:
        return None
    say, total = Phrases.of(portfolio), found.cost.iloc[0]
    cost = Amount(float(total["cost"]), float(total["cost_low"]), float(total["cost_high"]), portfolio.currency, "a year")
    rate = Amount(float(seen.erosion.slope[0]), low, high, "fraction")
    given = Amount(price["cost"], price["low"], price["high"], portfolio.currency, "a year")
    contested = int((seen.deals["rivals"] > 0).sum())
    missing = total["cost_missing"]
    assumed = parts["basis"].eq("assumed").any()
    return Finding(
        id=f"reach.conflict_cost.price:portfolio:{portfolio.name}",
        practice="reach",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"Where a second partner quotes, the discount is {say.share(rate.amount)} of list price larger",
        statement=(
            f"For each further partner that quotes to a customer, the same customer gets more off list price: {say.interval(rate)}. On the "
            f"deals won in the 12 months that is {say.interval(given)}; all of conflict that can be priced comes to {say.interval(cost)}. "
            f"The plain difference of discounts, {say.share(seen.erosion.plain)}, mixes this with larger and harder customers."
        ),
        value=rate,
        worth=given,
        confidence=confidence(basis="measured", n=seen.erosion.buyers, decides=True),
        action=Action(
            what="Write rules of engagement: who registers a customer first holds it for a time, and a second quote gets no better price",
            who="head of partner programme",
            by="within 60 days",
            measure="discount on deals with two quoting partners, beside deals with one",
        ),
        evidence=("reach_price_erosion", f"reach_conflict_cost territory={ALL}"),
        inputs=("deals",),
        caveats=(
            f"From {say.counted(contested, 'deal')} with a second partner; a discount counts in full, as the price is taken to be ours.",
            *((f"Not in the cost: {missing}.",) if missing else ()),
            *(("Part of the cost rests on hours that the engagement names.",) if assumed else ()),
            LAWYER,
        ),
    )


def _pairs(portfolio: Portfolio, found: Collided) -> list[Finding]:
    """The pairs of partners that collide most, by the business at stake, among those that chance does not explain."""
    pairs = found.tables.get("collision_pairs", pd.DataFrame())
    if not len(pairs):
        return []
    named = pairs[(pairs["q"] <= NAMED) & (pairs["other_partner_id"] != OURS) & pairs["partner_id"].isin(portfolio.partners["partner_id"])]
    first = named.sort_values(["amount_at_stake", "partner_id"], ascending=[False, True], kind="stable").drop_duplicates("partner_id")
    return [_pair(portfolio, row) for _, row in first.head(_PAIRS).iterrows()]


def _pair(portfolio: Portfolio, row: pd.Series) -> Finding:
    say, rate = Phrases.of(portfolio), pricing(portfolio)
    called = portfolio.whole.partners.drop_duplicates("partner_id").set_index("partner_id")["name"]
    one, other = (str(called.get(row[side], row[side])) for side in ("partner_id", "other_partner_id"))
    shared, size = int(row["shared_customers"]), round(float(row["shared_customers"] / row["containment"]))
    filed = f" They collided in {say.counted(int(row['collisions']), 'registration')} in the year." if row["collisions"] else ""
    return Finding(
        id=f"reach.collision_pairs.worst:partner:{row['partner_id']}",
        practice="reach",
        subject_kind="partner",
        subject_id=str(row["partner_id"]),
        title=f"{one} and {other} work {shared} of the same customers",
        statement=(
            f"{shared} of the {say.counted(size, 'customer')} of {one} are worked by {other} as well; chance would have made it "
            f"{row['expected_by_chance']:.1f}.{filed} The two have {say.money(row['amount_at_stake'])} of business at these customers."
        ),
        value=Amount(float(shared), unit="customers", period=last_year(portfolio)),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=shared, decides=True),
        action=Action(
            what=f"Agree with {one} and {other} who leads at each of these customers, and by which rule the next one is settled",
            who="partner managers of the two",
            by="within 30 days",
            measure="customers that both quote to, and registrations that collide",
        ),
        evidence=(f"reach_collision_pairs partner_id={row['partner_id']}",),
        inputs=("deals", "sales"),
        caveats=(
            "Two partners that share work on purpose, and whose shared deals are not on record, look like rivals.",
            rate.said if rate.rate is None else "What is at stake is what both do there, not what would be lost.",
            LAWYER,
        ),
    )
