"""Know your partners: who they are, how they earn, and where we stand in their business."""

from __future__ import annotations

from prmkit.data.portfolio import Portfolio
from prmkit.practices import result
from prmkit.practices.know import concentration, findings, profile, revenue, unknown
from prmkit.practices.know.earning import economics
from prmkit.practices.know.effort import engagement
from prmkit.practices.know.exchange import partner_360, partner_360_summary
from prmkit.practices.know.range import fit
from prmkit.practices.know.segments import segments
from prmkit.practices.know.standing import alignment, judged, role_moves
from prmkit.practices.know.strengths import differentiation
from prmkit.practices.know.voices import drivers, judgements, respondents, worries
from prmkit.practices.result import PracticeResult


def assess(portfolio: Portfolio) -> PracticeResult:
    """Answer the first practice for one portfolio; tables of results.yaml, `know`."""
    segmentation = segments.segmentation(portfolio)
    made = {
        "revenue": revenue.revenue(portfolio),
        "profile": profile.profile(portfolio),
        "concentration": concentration.concentration(portfolio),
        "segments": segments.members(portfolio, segmentation),
        "segment_probabilities": segments.probabilities(portfolio, segmentation),
        "segment_summary": segments.summary(portfolio, segmentation),
        "segment_choice": segmentation.choice,
        "economics": economics.economics(portfolio),
        "differentiation": differentiation.differentiation(portfolio),
        "engagement": engagement.engagement(portfolio),
        "drivers": drivers.drivers(portfolio),
        "respondents": respondents.respondents(portfolio),
        "scales": drivers.scales(portfolio),
    }
    made["earning_models"] = economics.earning_models(portfolio, made["economics"])
    made["worries"] = worries.worries(portfolio)
    made["judgements"] = judgements.judgements(portfolio)
    made["alignment"] = alignment.alignment(portfolio)
    made["alignment_moves"] = role_moves.table(made["alignment"])
    if (fitting := fit.fit(portfolio)) is not None:
        made["fit"] = fitting
    made["partner_360"] = partner_360.partner_360(portfolio, made["segments"], made["alignment"])
    made["partner_360_summary"] = partner_360_summary.partner_360_summary(portfolio, made["partner_360"])
    tables = result.complete("know", made)
    return PracticeResult(
        practice="know",
        tables=tables,
        findings=findings.findings(portfolio, tables, segmentation),
        not_computed=unknown.not_computed(portfolio, tables),
        warnings=unknown.warnings(portfolio, tables),
        notes={
            "segments": segmentation.kind,
            "segment_choice": segmentation.why,
            "share_of_wallet": alignment.STAND_IN,
            **({"share_judged": judged.STAND_IN} if judged.used(tables["alignment"]) else {}),
            "resale_margin": economics.STAND_IN,
            "invested": partner_360.STAND_IN,
            **({"drivers": drivers.STAND_IN} if len(tables["drivers"]) else {}),
            "year_luck": {"spacing": segmentation.noise.spacing, "size": segmentation.noise.size, "partners": segmentation.noise.buyers},
        },
    )
