"""What is not known, and how sure the rest is."""

from __future__ import annotations

from collections import Counter

from markupsafe import Markup

from prmkit.publish import titles, words
from prmkit.publish.answers import findings_of
from prmkit.publish.exhibit import Block
from prmkit.publish.front.message import RANGE
from prmkit.publish.front.unanswered import gaps
from prmkit.results import Results

RULE = (
    "Confidence starts at high and goes down a step for every weakness: the number was asked or estimated rather than "
    "measured; it rests on fewer than 30 cases (two steps below 10); its range holds the point at which the decision would change; "
    "a warning was raised on the way; a total of ours is more than 2% away from finance's and nothing explains it. "
    "One step down is medium, more is low."
)


def unknown(results: Results, practice: str = "") -> Block:
    """What could not be answered, by the export that would answer it."""
    missing = [item for item in results.not_computed if not practice or item.table.startswith(f"{practice}_")]
    found = gaps(missing)
    if not found:
        said = "Every question of this practice could be answered from the data." if practice else "Every question could be answered."
        return Block(Markup("<p>{}</p>").format(said), said)
    rows, plain = [], []
    for gap in found:
        whole = [titles.result_title(table) for table in gap.tables]
        part = [f"{titles.result_title(table)} ({titles.plain(column).lower()})" for table, column in gap.columns]
        answers = "; ".join(dict.fromkeys([*whole, *part]))
        why = " ".join(f"{reason.rstrip('.')}." for reason in gap.reasons)
        rows.append(
            Markup('<li><p class="claim">{}</p><p>Would answer: {}.</p><p class="sure">{}</p></li>').format(gap.export, answers, why)
        )
        plain.append(f"{gap.export}: {answers}. {why}")
    return Block(Markup('<ul class="findings">{}</ul>').format(Markup("").join(rows)), "\n".join(plain))


def how_sure(results: Results, practice: str = "") -> Block:
    """How to read the ranges and the confidence words, how many findings have which, and what to keep in mind."""
    found = findings_of(results, practice)
    counts = Counter(finding.confidence for finding in found)
    tally = ", ".join(f"{words.count(counts[word])} of {word}" for word in ("high", "medium", "low") if counts[word])
    said = [RANGE, RULE]
    if tally:
        said.append(f"Of {words.counted(len(found), 'finding')} there are {tally} confidence.")
    caveats = list(dict.fromkeys(words.plain(caveat) for finding in found for caveat in finding.caveats))[:8]
    listed = Markup("<p>To keep in mind:</p><ul>{}</ul>").format(
        Markup("").join(Markup("<li>{}</li>").format(caveat) for caveat in caveats)
    )
    markup = Markup("").join(Markup("<p>{}</p>").format(line) for line in said)
    return Block(markup + listed if caveats else markup, "\n".join([*said, *caveats]))
