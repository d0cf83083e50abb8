"""Points to put before counsel."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, missing, tally
from prmkit.results import Results

ISSUES = {
    "exclusivity": "Promised to be the only one",
    "added_neighbour": "New neighbours",
    "dual_distribution": "We sell there ourselves",
    "price_terms": "Prices that partners charge",
    "termination": "Ends, notices, protection",
}
_NOTE = "This is not legal advice. Each row is a question for counsel, with what to bring; nothing here says that anything is unlawful."


@EXHIBITS.register("reach.legal")
def legal(results: Results) -> Exhibit:
    """What the records show that counsel should see before partners are added, moved or let go."""
    frame = results.table("reach", "legal")
    if frame.empty:
        return missing(results, "reach", "legal")
    frame = frame.assign(subject=frame["subject"].map(Facts.of(results).name), issue=frame["issue"].map(ISSUES).fillna(frame["issue"]))
    shown = Results(results.run, results.findings, {**results.tables, "reach_legal": frame}, results.partners)

    def title(counts: Mapping[str, int], facts: Facts) -> str:
        first = next(iter(counts))
        return f"{facts.count(sum(counts.values()), 'point')} to put before counsel, {facts.count(counts[first])} of them: {first.lower()}"

    columns = ("subject", "issue", "why", "bring", "territory", "agreement_id", "at_stake")
    return tally(shown, "reach", "legal", "issue", title, said={}, noun=("point", "points"), shown=columns, note=_NOTE)
