"""`prmkit verdict`: judge a finding, or list the findings with what was said of them."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from prmkit import assess, results
from prmkit.engagement import Engagement, load_engagement
from prmkit.errors import PrmkitError
from prmkit.practices.result import Amount, Finding, Status
from prmkit.publish import verdicts as in_words
from prmkit.publish import words
from prmkit.results import Results
from prmkit.verdicts.store import Store, open_store
from prmkit.verdicts.verdict import Judgement, judged, plain

WORDS: Mapping[str, Status] = {"accept": "accepted", "dispute": "disputed", "correct": "corrected", "hide": "hidden", "reopen": "open"}
NEED_A_REASON = ("dispute", "correct", "hide")
MOST_REASON = 20_000
_NEAREST = 3


def run(
    folder: Path,
    finding: str | None,
    word: str | None,
    console: Console,
    *,
    reason: str = "",
    figure: tuple[float | None, float | None, float | None] = (None, None, None),
    by: str | None = None,
) -> int:
    """List the findings, or judge one; returns 0.

    finding: its id or an unambiguous beginning of it. word: one of `WORDS`. figure: the corrected figure and the ends of
    its range. Raises PrmkitError for bad usage and where nothing was assessed yet; then nothing is kept.
    """
    engagement = load_engagement(folder)
    made = assessed(engagement)
    if finding is None:
        listing(made, console)
        return 0
    known = {found.id: found for one in made.values() for found in one.findings}
    chosen = known[find(finding, known)]
    said = judgement(plain(chosen), word, _kept_text(reason), figure, _kept_text(by or _user()))
    with open_store(engagement) as store:
        store.add(said)
        _show(engagement, {name: one for name, one in made.items() if any(found.id == chosen.id for found in one.findings)}, store)
    console.print(f"{escape(words.plain(chosen.id))}: {said.word}", soft_wrap=True, highlight=False)
    console.print("Playbooks show it at once; the front page, workbook and reports when they are made again.", soft_wrap=True)
    return 0


def _show(engagement: Engagement, made: Mapping[str, Results], store: Store) -> None:
    """Write findings.json with the verdicts that stand; once more where somebody else judged meanwhile."""
    standing: dict[str, Judgement] | None = None
    while standing != (now := store.latest()):
        standing = now
        for portfolio, one in made.items():
            results.write_findings(judged(one, standing).findings, assess.output(engagement, portfolio) / "results")


def assessed(engagement: Engagement) -> dict[str, Results]:
    """Portfolio -> the results on disk, with today's verdicts; PrmkitError when there are none."""
    names = [name for name in ("all", *engagement.portfolios) if (assess.output(engagement, name) / "results" / "run.json").exists()]
    if not names:
        raise PrmkitError("There are no findings to judge yet.", where=str(engagement.folder), do="Run: prmkit assess DIR")
    return {name: assess.read(engagement, name) for name in names}


def find(wanted: str, known: Mapping[str, Finding]) -> str:
    """The id that is `wanted`, or the only one that begins so; PrmkitError that lists those that may be meant."""
    begin = [wanted] if wanted in known else [name for name in known if name.startswith(wanted)]
    if len(begin) == 1:
        return begin[0]
    shown = words.plain(wanted)
    if begin:
        more = f" and {len(begin) - 10} more" if len(begin) > 10 else ""
        listed = ", ".join(words.plain(name) for name in begin[:10])
        raise PrmkitError(f"{len(begin)} findings begin with '{shown}'.", do=f"Give more of the id. Known: {listed}{more}.")
    near = get_close_matches(wanted, list(known), n=_NEAREST, cutoff=0.3)
    nearest = f"The nearest: {', '.join(words.plain(name) for name in near)}. " if near else ""
    raise PrmkitError(f"There is no finding '{shown}'.", do=f"{nearest}List all with: prmkit verdict DIR")


def judgement(
    finding: Finding, word: str | None, reason: str, figure: tuple[float | None, float | None, float | None], by: str
) -> Judgement:
    """A verdict on a finding as computed, as of today; PrmkitError where it is not whole."""
    choices = ", ".join(WORDS)
    if word is None or word not in WORDS:
        raise PrmkitError(
            f"'{words.plain(word or '')}' is no verdict." if word else "The verdict is missing.", do=f"Give one of: {choices}."
        )
    if word in NEED_A_REASON and not reason.strip():
        raise PrmkitError(f"To {word} a finding needs a reason.", where="--reason", do="Say why, so that the next reader knows.")
    if len(reason) > MOST_REASON:
        raise PrmkitError(f"The reason has more than {MOST_REASON:,} characters.", where="--reason", do="Say it shorter.")
    value, low, high = figure
    if (word == "correct") != (value is not None) or (value is None and (low, high) != (None, None)):
        raise PrmkitError("--value, --low and --high belong to 'correct', which needs --value.", where="--value", do="Mend the command.")
    return Judgement(
        finding_id=finding.id,
        word=WORDS[word],
        reason=reason,
        by=by,
        on=dt.date.today().isoformat(),
        seen=finding.figure,
        corrected=None if value is None else _corrected(finding.figure, value, low, high),
    )


def _corrected(figure: Amount, value: float, low: float | None, high: float | None) -> Amount:
    if figure.amount is None:
        raise PrmkitError("This finding has no figure that could be corrected.", do="Dispute it instead.")
    ends = (value if low is None else low, value, value if high is None else high)
    if not all(abs(end) < 1e15 for end in ends) or not ends[0] <= value <= ends[2] or (low is None) != (high is None):
        raise PrmkitError("The corrected figure does not lie in its range.", where="--low, --high", do="Give both, around --value.")
    return replace(figure, amount=value, low=low, high=high)


def listing(made: Mapping[str, Results], console: Console) -> None:
    """Every finding once: its id, title and verdict, worth most first."""
    shown: set[str] = set()
    for one in made.values():
        for finding in one.findings:
            if finding.id not in shown:
                shown.add(finding.id)
                said = in_words.said(finding, str(one.run["locale"]))
                text = f"[bold]{escape(words.plain(finding.id))}[/]\n  {escape(words.plain(finding.title))}\n  {escape(said or 'open')}"
                console.print(text, soft_wrap=True, highlight=False)
    console.print(f"{words.counted(len(shown), 'finding')}.")


def _kept_text(text: str) -> str:
    """Text that every database takes: whole characters, no zero byte."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "somebody"
