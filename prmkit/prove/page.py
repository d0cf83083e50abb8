"""The proving ground as a page for people: what fails first, then every answer, world by world."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.metadata import version

from prmkit import __version__
from prmkit.practices import PRACTICES
from prmkit.prove.columns import COLUMNS, shown
from prmkit.prove.gates import COVERAGE, ENOUGH, SPREAD, STATED, WIDTH, WORLDS
from prmkit.prove.ledger import LIBRARIES
from prmkit.prove.run import Proof
from prmkit.prove.score import Answer

_ABOUT = """Nobody can check an estimator on a client's data: the truth is not in it. So each estimator is run on many made-up programmes
whose truth is known, and what it says is held against that truth. Two others run in the same programmes: the **spreadsheet**, a rule that
people use without statistics, and the **limit**, the best that could be said by someone who is told all the rules by which the programmes
were made, though not what chance did in them. An estimator is good when it is far from the spreadsheet and near the limit.

All data here are made up. What holds in these worlds holds for a client as far as its channel resembles them: the worlds share
assumptions with some of the estimators, and `wrong_model` is there to show what happens when they do not hold. No estimator can see an
unobserved cause, such as managers who pick partners that were rising anyway (`traps`); there the right answer is none."""


def page(proof: Proof, command: str) -> str:
    """The whole page as markdown. The same outcomes make the same text, run times apart; `command` is what made it."""
    parts = [
        "# Proving ground: where the estimators stand",
        _ABOUT,
        "## In short",
        *_summary(proof),
        "## How to read the tables",
        "A line is one kind of world. A column is left out where an answer has nothing of the kind; – means that there is nothing to say. "
        "Errors and widths are in the unit of the answer, or shares of what is usual there. **Bold** is what fails.",
        "\n".join(f"- **{column.name}**: {column.meaning}" for column in COLUMNS),
        _gates_text(),
        "## The worlds",
        _worlds(proof),
    ]
    for name in PRACTICES:
        answers = [answer for answer in proof.answers if answer.practice == name]
        if answers:
            parts += [f"## {PRACTICES.get(name).title}", *(part for answer in answers for part in _answer(proof, answer))]
    versions = ", ".join(f"{library} {version(library)}" for library in LIBRARIES)
    parts += ["## How it was made", f"```\n{command}\n```", f"prmkit {__version__}; {versions}."]
    return "\n\n".join(parts) + "\n"


def _summary(proof: Proof) -> list[str]:
    states = Counter(gate.state for gate in proof.gates)
    judged = states["passed"] + states["failed"]
    parts = [
        f"{len(proof.answers)} answers in {_count(len(proof.plans), 'kind')} of world, {_count(len(proof.seeds), 'programme')} of each. "
        f"Of {_count(judged, 'gate')} that could be judged, **{states['failed']:,} failed**; {states['not judged']:,} could not be judged "
        f"for want of worlds, {states['noted']:,} intervals were noted as wide."
    ]
    if proof.failed:
        rows = [[gate.answer, gate.world, gate.name, gate.why] for gate in proof.failed]
        parts.append(_table(["answer", "world", "gate that fails", "why"], rows))
    if proof.failures:
        worst = Counter((failure.world, failure.what, failure.why) for failure in proof.failures)
        parts.append("What could not be done at all (these programmes are missing below, which may flatter what is left):")
        rows = [[world, what, f"{count} of {len(proof.seeds)}", why] for (world, what, why), count in worst.items()]
        parts.append(_table(["world", "what", "programmes", "why"], rows))
    return parts


def _gates_text() -> str:
    low, high = (f"{100 * end:.0f}%" for end in COVERAGE)
    return (
        f"A gate fails only where chance (1 in 100) does not explain what lies beyond its limit. Coverage: outside {low} to {high}. "
        f"Bias: more than half of the spreadsheet's and more than {100 * SPREAD:.0f}% of the spread of the errors. False claims: more "
        f"than {STATED:g} times what the tool states. Decision: below the share expected of it, the spreadsheet's own if nothing else is "
        f"said. Width above {WIDTH:g} times the limit's is noted, not failed. Partners of one programme are not independent of each other: "
        f"intervals allow for that. Coverage and claims pass on {ENOUGH} independent units at least, and fail on fewer only where "
        f"chance is excluded even so; bias and decision are judged from {WORLDS} programmes on. In `null` every claim is false, so that "
        "what counts there is how many are made."
    )


def _worlds(proof: Proof) -> str:
    rows = [[plan.world.name, f"{plan.partners:,}", str(plan.months), plan.world.about] for plan in proof.plans]
    return _table(["world", "partners", "months", "what is true in it"], rows)


def _answer(proof: Proof, answer: Answer) -> list[str]:
    scores, gates = proof.of(answer)
    about = f"{text(answer.question)} Per {text(answer.unit)}. Spreadsheet: {text(answer.naive_rule)}. Limit: {text(answer.limit_rule)}."
    if not scores:
        return [f"### {text(answer.name)}", about, "The question did not arise in any of these worlds."]
    columns = shown(scores, gates)
    rows = [[_bold(column.show(score, gates[score.world]), column.failed(gates[score.world])) for column in columns] for score in scores]
    return [f"### {text(answer.name)}", about, _table([column.name for column in columns], rows, escaped=True)]


def _bold(shown_text: str, failed: bool) -> str:
    return f"**{text(shown_text)}**" if failed else text(shown_text)


def text(words: str) -> str:
    """Words as markdown shows them, whatever is in them: on one line, no mark of markdown or HTML taken as such."""
    flat = " ".join(words.split())
    safe = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*\[\]|]|(?<!\w)_|_(?!\w))", r"\\\1", safe)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], *, escaped: bool = False) -> str:
    body = [[cell if escaped else text(cell) for cell in row] for row in rows]
    lines = [list(header), ["---"] * len(header), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
