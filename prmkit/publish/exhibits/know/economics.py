"""How partners earn with us."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, tally
from prmkit.results import Results

BASIS = {"measured": "measured from records", "surveyed": "asked of the partner", "estimated": "estimated", "none": "not known"}


@EXHIBITS.register("know.economics")
def economics(results: Results) -> Exhibit:
    """How partners earn with us, and how we know."""

    def title(counts: Mapping[str, int], facts: Facts) -> str:
        every = sum(counts.values())
        return f"How a partner earns is measured for {facts.count(counts.get('measured', 0))} of {facts.count(every, 'partner')}"

    return tally(results, "know", "economics", "basis", title, said=BASIS, accent="measured", by="resale_margin")
