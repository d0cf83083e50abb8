"""What the partner base says that someone should act on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.know.earning.economics_findings import economics_findings
from prmkit.practices.know.effort.engagement_findings import does_less
from prmkit.practices.know.exchange.partner_360_findings import give_and_take_findings
from prmkit.practices.know.range.fit_findings import fit_findings
from prmkit.practices.know.segments.fading import fading
from prmkit.practices.know.segments.segments import Segmentation
from prmkit.practices.know.standing.alignment_findings import alignment_findings
from prmkit.practices.know.standing.role_findings import only_us, role
from prmkit.practices.know.strengths.differentiation_findings import claims
from prmkit.practices.know.voices.driver_findings import driver_findings
from prmkit.practices.know.voices.judgements_findings import judgement_findings
from prmkit.practices.know.voices.worries_findings import groups_of, worry_findings
from prmkit.practices.margin_rate import margin_rate
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.result import Action, Amount, Finding

_WANTED = {
    "joined_on": "date of joining",
    "tier": "tier",
    "status": "status",
    "partner_type": "type",
    "territory": "territory",
    "partner_manager": "partner manager",
    "annual_revenue": "own yearly turnover",
    "vendor_count": "number of vendors carried",
    "sales_headcount": "sales headcount",
    "services_share": "share of services",
    "differentiator": "claimed strength",
}


def findings(portfolio: Portfolio, tables: Mapping[str, pd.DataFrame], segmentation: Segmentation) -> tuple[Finding, ...]:
    """Findings about the portfolio and the few partners that matter, each with its first step."""
    made = [
        _concentration(portfolio, tables["concentration"], tables["segments"]),
        _never_bought(portfolio, tables["segments"]),
        *fading(portfolio, tables["segments"], segmentation.noise, margin_rate(portfolio)),
        role(portfolio, tables["alignment"]),
        only_us(portfolio, tables["alignment"]),
        *economics_findings(portfolio, tables["economics"]),
        *claims(portfolio, tables["differentiation"]),
        does_less(portfolio, tables["engagement"]),
        *alignment_findings(portfolio, tables["alignment"], margin_rate(portfolio)),
        *fit_findings(portfolio, tables["fit"]),
        *give_and_take_findings(portfolio, tables),
        _gaps(portfolio, tables["profile"]),
        *driver_findings(portfolio, tables),
        *worry_findings(portfolio, tables["worries"], groups_of(portfolio, tables["segments"])),
        *judgement_findings(portfolio),
    ]
    return tuple(finding for finding in made if finding is not None)


def _concentration(portfolio: Portfolio, measures: pd.DataFrame, segments: pd.DataFrame) -> Finding | None:
    """How few partners bring half of the revenue."""
    falling = np.sort(segments["revenue_12m"].to_numpy())[::-1]
    falling = falling[falling > 0]
    if len(falling) < 10:
        return None
    say = Phrases.of(portfolio)
    half = int(np.searchsorted(np.cumsum(falling), falling.sum() / 2)) + 1
    value, low, high = measures.loc[measures["measure"] == "top_10_share", ["value", "low", "high"]].to_numpy(dtype=float)[0]
    number = measures.loc[measures["measure"] == "effective_partners", "value"].iloc[0]
    ranged = bool(np.isfinite(low))
    top = Amount(value, low if ranged else None, high if ranged else None, "fraction", last_year(portfolio))
    return Finding(
        id="know.concentration.top_tenth:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.count(half)} of {say.counted(len(falling), 'buying partner')} bring half of the revenue",
        statement=(
            f"The top tenth, {say.counted(int(np.ceil(len(falling) / 10)))}, brought {say.interval(top)}. "
            f"Revenue is as concentrated as if {say.count(number)} equal partners shared it."
        ),
        value=top,
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=len(falling), decides=True),
        action=Action(
            what=f"Name an owner and a second contact for each of the {say.counted(half)} behind half of the revenue",
            who="channel director",
            by="within 30 days",
            measure="each of them has a named owner, a deputy and a plan for the year",
        ),
        evidence=("know_concentration", "know_segments"),
        inputs=("sales", "partners"),
        caveats=("Not priced: this is a risk to be spread, not a sum to be won.",),
    )


def _never_bought(portfolio: Portfolio, segments: pd.DataFrame) -> Finding | None:
    never, listed = int((segments["momentum"] == "never bought").sum()), len(segments)
    if not never:
        return None
    say = Phrases.of(portfolio)
    joined = portfolio.partners["joined_on"].notna().any()
    young = () if joined else ("When they joined is not known: some may be too young to have bought.",)
    return Finding(
        id="know.segments.never_bought:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.counted(never)} on the list {'has' if never == 1 else 'have'} never bought",
        statement=(
            f"{say.count(never)} of {say.counted(listed)} ({say.share(never / listed)}) have no purchase in the "
            f"{say.counted(portfolio.whole.history_months, 'month')} on record."
        ),
        value=Amount(float(never), unit="partners", period=""),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=listed, decides=True),
        action=Action(
            what="Ask each once whether it still wants to sell for us: a first-order offer for those that do, off the list for the rest",
            who="partner managers",
            by="within 60 days",
            measure="every one of them has ordered or is off the list",
        ),
        evidence=("know_segments momentum=never bought",),
        inputs=("sales", "partners"),
        caveats=("Not priced: what they would bring once active is not known.", *young),
    )


def _gaps(portfolio: Portfolio, profile: pd.DataFrame) -> Finding | None:
    """Attributes worth knowing that are known for less than half of the partners."""
    rows = profile.set_index("attribute")
    shares = rows["filled_share"]
    lacking = [attribute for attribute in _WANTED if attribute in shares and shares[attribute] < 0.5]
    if not lacking:
        return None
    gaps = [_WANTED[attribute] for attribute in lacking]
    say = Phrases.of(portfolio)
    blank = 1 - rows["filled_revenue_share"].fillna(shares)
    first = max(lacking, key=lambda attribute: float(blank[attribute] * rows["unlocks"][attribute]))
    opens = rows["unlocked"][first]
    why = f" Without it: {opens}" if isinstance(opens, str) and opens else ""
    return Finding(
        id="know.profile.gaps:portfolio:" + portfolio.name,
        practice="know",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.count(len(gaps))} of {say.count(len(_WANTED))} facts needed to steer partners are not on record",
        statement=(
            f"Known for fewer than half of the partners: {', '.join(gaps)}. First the {_WANTED[first]}, "
            f"missing for {say.share(blank[first])} of revenue.{why}"
        ),
        value=Amount(float(len(gaps)), unit="attributes", period=""),
        worth=Amount(None, unit=portfolio.currency, period="a year"),
        confidence=confidence(basis="measured", n=len(portfolio.partners), decides=True),
        action=Action(
            what=f"Have managers fill in the {_WANTED[first]} first, for the partners behind half of the revenue",
            who="channel operations",
            by="within 90 days",
            measure="each of these facts is known for nine tenths of revenue",
        ),
        evidence=("know_profile",),
        inputs=("partners",),
        caveats=("Not priced: what it unlocks stands under what could not be answered.",),
    )
