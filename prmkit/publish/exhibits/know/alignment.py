"""Our place in each partner's business."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, reasons, tally
from prmkit.results import Results

ROLES = {"primary": "our products are its main line", "core": "one of its core lines", "add_on": "an add-on", "unknown": "not known"}


@EXHIBITS.register("know.alignment")
def alignment(results: Results) -> Exhibit:
    """Our place in each partner's business."""

    def title(counts: Mapping[str, int], facts: Facts) -> str:
        known = sum(number for word, number in counts.items() if word != "unknown")
        if not known:
            return f"Our place in the business of {facts.count(sum(counts.values()), 'partner')} is not known"
        return (
            f"We are the main line of {facts.count(counts.get('primary', 0))} and an add-on at {facts.count(counts.get('add_on', 0))} "
            f"of {facts.count(known)} partners whose business we know"
        )

    shown = ("partner_id", "portfolio_role", "role_probability", "share_of_wallet", "share_low", "share_high", "basis")
    note = " ".join(reasons(results, "know", "alignment")) if any(n.table == "know_alignment" for n in results.not_computed) else ""
    return tally(
        results, "know", "alignment", "portfolio_role", title, said=ROLES, accent="primary", by="share_of_wallet", shown=shown, note=note
    )
