"""What a playbook calls: one practice's answer for one portfolio, piece by piece.

Nothing here computes: results are read, or made fresh by `assess.results_for` where none fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from prmkit.practices import PRACTICES
from prmkit.publish import answers, assumed, doubts, sources, style, titles, words
from prmkit.publish.exhibit import Block, Exhibit, together
from prmkit.publish.exhibits import EXHIBITS
from prmkit.publish.exhibits.build import reasons, rows_html
from prmkit.results import Results
from prmkit.what_if import WhatIfPage


@dataclass(frozen=True)
class Playbook:
    """One practice of one portfolio; with no practice, all of them together.

    Every method returns something a notebook, an app and an exported page show alike, and that reads as plain
    text elsewhere. Shown by itself a playbook says whose numbers these are.
    """

    results: Results
    practice: str = ""
    engagement: Path | None = None

    @classmethod
    def open(cls, engagement: str | Path = ".", portfolio: str = "all", practice: str = "") -> Playbook:
        """The playbook of a practice ("know", "reach", "enable", "loyalty", "prune") for an engagement folder.

        PrmkitError for an unknown practice, portfolio or folder.
        """
        from prmkit.assess import results_for

        if practice:
            PRACTICES.get(practice)
        return cls(results_for(Path(engagement), portfolio), practice, Path(engagement))

    def answer(self) -> Block:
        """The finding to lead with, its worth and how sure it is."""
        return answers.answer(self.results, self.practice)

    def findings(self) -> Exhibit:
        """The findings worth most, on one scale of money, each with its first step."""
        return answers.findings(self.results, self.practice)

    def exhibit(self, name: str) -> Exhibit:
        """One exhibit by its name, such as "whale"; of another practice as "prune.whale"."""
        return EXHIBITS.get(name if "." in name or not self.practice else f"{self.practice}.{name}")(self.results)

    def exhibits(self, *names: str) -> Block:
        """Several exhibits that belong together; what is missing in more than one for the same reason is said once."""
        return together([self.exhibit(name) for name in names])

    def table(self, name: str) -> Block:
        """One results table of the practice, such as "segments", to sort and search; of another as "prune.whale"."""
        practice, _, own = name.rpartition(".")
        practice = practice or self.practice
        frame, title = self.results.table(practice, own), titles.result_title(f"{practice}_{own}")
        if frame.empty:
            said = " ".join(reasons(self.results, practice, own))
            return Block(Markup('<div class="missing"><p>{}</p></div>').format(f"{title}: not known yet. {said}"), f"{title}: {said}")
        return Block(rows_html(self.results, practice, own, frame, title), f"{title}: {len(frame)} rows")

    def what_if(self) -> WhatIfPage:
        """The inputs of the plan of reach as number boxes, and what a change of them makes; without a kernel, all of them as a table."""
        return WhatIfPage(self.results, self.engagement)

    def unknown(self) -> Block:
        """What could not be answered, and the export that would answer it."""
        return doubts.unknown(self.results, self.practice)

    def how_sure(self) -> Block:
        """How to read ranges and confidence words, and what to keep in mind."""
        return doubts.how_sure(self.results, self.practice)

    def next_steps(self) -> Block:
        """All findings as actions, worth most first: what, who, by when, how one sees that it worked."""
        return answers.next_steps(self.results, self.practice)

    def made_of(self) -> Block:
        """What the numbers are made of: enough to make them again."""
        return sources.made_of(self.results)

    def data_read(self) -> Block:
        """The exports read: rows, dates, files."""
        return sources.data_read(self.results)

    def readiness(self) -> Exhibit:
        """Which answers the data can carry."""
        return sources.readiness(self.results)

    def ask_next(self) -> Block:
        """The exports to ask for next, most useful first."""
        return sources.ask_next(self.results)

    def reconciliation(self) -> Block:
        """Our totals beside finance's."""
        return sources.reconciliation(self.results)

    def assumptions(self) -> Block:
        """What the results rest on besides the data, what each assumption moves, and who agreed to it."""
        return assumed.assumptions(self.results)

    def data_warnings(self) -> Block:
        """What is wrong with the data and matters."""
        return sources.warnings(self.results)

    def _whose(self) -> str:
        run = self.results.run
        portfolio = "all partners" if run["portfolio"] == "all" else words.plain(run["portfolio"])
        day = words.day(run["as_of"], run["locale"])
        return f"{words.plain(run['client'])} · {portfolio} · as of {day} · money in {run['currency']}"

    def _repr_html_(self) -> str:
        sheet = Markup("<style data-lab>{}</style>").format(Markup(style.scoped_css()))
        return str(sheet + Block(Markup('<p class="kicker">{}</p>').format(self._whose()), "").html())

    def __repr__(self) -> str:
        return self._whose()
