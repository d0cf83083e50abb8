"""What each partner receives and what it returns."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, tally
from prmkit.results import Results

PERFORMING = {"yes": "returns what it receives", "no": "returns less than it receives", "cannot_tell": "the data cannot tell"}


@EXHIBITS.register("know.partner_360")
def partner_360(results: Results) -> Exhibit:
    """What each partner receives and what it returns."""

    def title(counts: Mapping[str, int], facts: Facts) -> str:
        every, cannot = sum(counts.values()), counts.get("cannot_tell", 0)
        if cannot == every:
            return f"The data cannot tell which of {facts.count(every, 'partner')} return what they receive"
        return (
            f"{facts.count(counts.get('yes', 0))} of {facts.count(every, 'partner')} return what they receive, "
            f"{facts.count(counts.get('no', 0))} do not; for {facts.count(cannot)} the data cannot tell"
        )

    return tally(results, "know", "partner_360", "performing", title, said=PERFORMING, accent="yes", by="output")
