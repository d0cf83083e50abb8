"""Whether what a partner claims shows."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, tally
from prmkit.results import Results

VERDICTS = {"shown": "shown in sales", "not_shown": "not shown in sales", "too_little": "too little data to tell"}


@EXHIBITS.register("know.differentiation")
def differentiation(results: Results) -> Exhibit:
    """Whether a partner's claimed strength shows in its sales."""

    def title(counts: Mapping[str, int], facts: Facts) -> str:
        return f"Of {facts.count(sum(counts.values()), 'claimed strength')}, {facts.count(counts.get('shown', 0))} show in sales"

    return tally(results, "know", "differentiation", "verdict", title, said=VERDICTS, noun=("claim", "claims"), accent="shown", by="lift")
