"""Know your partners: who they are, how they earn, and where we stand in their business."""

from __future__ import annotations

from prmkit.data.portfolio import Portfolio
from prmkit.practices import result
from prmkit.practices.know import (
    alignment,
    concentration,
    economics,
    engagement,
    findings,
    judged,
    partner_360,
    partner_360_summary,
    profile,
    revenue,
    segments,
    unknown,
)
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
        "economics": economics.economics(portfolio),
        "engagement": engagement.engagement(portfolio),
    }
    made["alignment"] = alignment.alignment(portfolio, made["economics"])
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
            "share_of_wallet": alignment.STAND_IN,
            **({"share_judged": judged.STAND_IN} if judged.used(tables["alignment"]) else {}),
            "resale_margin": economics.STAND_IN,
            "invested": partner_360.STAND_IN,
            "year_luck": {"spacing": segmentation.noise.spacing, "size": segmentation.noise.size, "partners": segmentation.noise.buyers},
        },
    )
