"""Know your partners: who they are, how they earn, where we stand in their business."""

from prmkit.publish.exhibits.know import (
    alignment,
    differentiation,
    drivers,
    economics,
    engagement,
    fit,
    judgements,
    kinds,
    partner_360,
    revenue,
    segments,
    worries,
)

__all__ = [
    "alignment",
    "differentiation",
    "drivers",
    "economics",
    "engagement",
    "fit",
    "judgements",
    "kinds",
    "partner_360",
    "revenue",
    "segments",
    "worries",
]
