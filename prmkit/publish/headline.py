"""Which findings the front page and the action list lead with: one line for one sum of money.

The rule, in order:
1. Hidden findings are left out. Findings without a price stand after all others.
2. Same subject and overlapping evidence (the same rows of a results table, or the same table
   where either names no rows): they see the same money, the larger is kept.
3. Partner findings of one kind (same practice, table and claim) fold into one line. Its worth is
   the sum; its range adds the ends, as if all came out low or all high together, which is
   wider than the truth, never narrower.
4. A line about the whole portfolio and a folded line of the same practice with overlapping
   evidence see the same money: the larger is kept. Without a price the one about the portfolio is.
5. Equal worth: the surer first, then the order of the ids. Without a price: the surer first, then
   the order of the practices.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from prmkit.practices import PRACTICES
from prmkit.practices.result import Amount, Finding

_SURENESS = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the front page: `lead` speaks for `members` (one, or the partner findings folded into it).

    worth: of all members together. counted_in: ids of findings left out because this line holds their money.
    """

    lead: Finding
    members: tuple[Finding, ...]
    worth: Amount
    counted_in: tuple[str, ...] = ()

    @property
    def folded(self) -> bool:
        """Whether several findings stand behind the line."""
        return len(self.members) > 1

    @property
    def evidence(self) -> frozenset[str]:
        """Where the line's numbers are."""
        return frozenset(place for finding in self.members for place in finding.evidence)


@dataclass(frozen=True, slots=True)
class Headline:
    """priced: lines by worth, double counts removed. unpriced: lines without a price, surest first.

    folded: findings that stand behind a line with others. double: findings left out because a
    larger line holds their money. hidden: findings a person has hidden.
    """

    priced: tuple[Line, ...]
    unpriced: tuple[Line, ...]
    folded: int
    double: int
    hidden: int


def headline(findings: Sequence[Finding]) -> Headline:
    """All findings as lines, by the rule at the head of this module; independent of their order."""
    seen = sorted((f for f in findings if f.status != "hidden"), key=lambda f: f.id)
    priced = _by_worth(_single(f) for f in seen if f.worth.amount is not None)
    unpriced = _by_worth(_single(f) for f in seen if f.worth.amount is None)
    kept = _whole_or_parts(_by_worth(_fold(_once_a_subject(priced))))
    wide_first = sorted(_by_worth(_fold(unpriced)), key=lambda line: line.lead.subject_kind == "partner")
    asides = tuple(sorted(_whole_or_parts(wide_first), key=_without_price))
    return Headline(
        priced=kept,
        unpriced=asides,
        folded=sum(len(line.members) for line in (*kept, *asides) if line.folded),
        double=sum(len(line.counted_in) for line in (*kept, *asides)),
        hidden=len(findings) - len(seen),
    )


def kind(finding: Finding) -> str:
    """<practice>.<table>.<claim>: findings that say the same of different subjects share it."""
    return finding.id.split(":", 1)[0]


def overlap(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two lists of evidence point at common rows; a place that names no rows means the whole table."""
    theirs = [_place(text) for text in other]
    return any(
        table == their_table and (not rows or not their_rows or rows == their_rows)
        for table, rows in (_place(text) for text in one)
        for their_table, their_rows in theirs
    )


def _place(evidence: str) -> tuple[str, str]:
    table, rows = re.fullmatch(r"\s*(\w*)(.*)", evidence, flags=re.DOTALL).groups()  # type: ignore[union-attr]
    return table, rows.strip()


def _single(finding: Finding) -> Line:
    return Line(finding, (finding,), finding.worth)


def _by_worth(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (-(line.worth.amount or 0.0), _SURENESS[line.lead.confidence], line.lead.id)))


def _without_price(line: Line) -> tuple[int, int, str]:
    practices = list(PRACTICES)
    return _SURENESS[line.lead.confidence], practices.index(line.lead.practice), line.lead.id


def _once_a_subject(lines: Sequence[Line]) -> list[Line]:
    """Of lines about one subject with overlapping evidence, the larger; `lines` come largest first."""
    kept: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        _keep(kept[line.lead.subject_kind, line.lead.subject_id], line)
    return [line for of_subject in kept.values() for line in of_subject]


def _keep(kept: list[Line], line: Line) -> None:
    for place, larger in enumerate(kept):
        if overlap(larger.evidence, line.evidence):
            kept[place] = _holding(larger, line)
            return
    kept.append(line)


def _fold(lines: Iterable[Line]) -> list[Line]:
    """Partner findings of one kind as one line; all others as they are."""
    kinds: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        of_partner = line.lead.subject_kind == "partner"
        kinds[kind(line.lead) if of_partner else line.lead.id].append(line)
    return [same[0] if len(same) == 1 else _together(same) for same in kinds.values()]


def _together(lines: Sequence[Line]) -> Line:
    worths = [line.worth for line in lines]
    ends = [[end for worth in worths if (end := getattr(worth, side)) is not None] for side in ("amount", "low", "high")]
    amount, low, high = (sum(known) if len(known) == len(lines) else None for known in ends)
    return Line(
        lead=lines[0].lead,
        members=tuple(member for line in lines for member in line.members),
        worth=replace(worths[0], amount=amount, low=low, high=high),
        counted_in=tuple(sorted(double for line in lines for double in line.counted_in)),
    )


def _whole_or_parts(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Of a portfolio's line and a partners' line of one practice with overlapping evidence, the larger."""
    kept: list[Line] = []
    for line in lines:
        for place, larger in enumerate(kept):
            if _whole_and_part(larger, line) and overlap(_tables(larger), _tables(line)):
                kept[place] = _holding(larger, line)
                break
        else:
            kept.append(line)
    return tuple(kept)


def _whole_and_part(one: Line, other: Line) -> bool:
    kinds = {one.lead.subject_kind, other.lead.subject_kind}
    return one.lead.practice == other.lead.practice and kinds == {"portfolio", "partner"}


def _tables(line: Line) -> frozenset[str]:
    return frozenset(_place(text)[0] for text in line.evidence)


def _holding(larger: Line, double: Line) -> Line:
    out = (*larger.counted_in, *double.counted_in, *(member.id for member in double.members))
    return replace(larger, counted_in=tuple(sorted(out)))
