"""A partner's report: page one, trends and evidence, in the edition for us or the edition for the partner."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from prmkit.publish import words
from prmkit.publish.disclosure import PartnerView, view
from prmkit.publish.exhibit import Block
from prmkit.publish.page import TABLE_SCRIPT, document
from prmkit.publish.partner_decision import opening
from prmkit.publish.partner_evidence import evidence
from prmkit.publish.partner_page import confidential, name, page_one
from prmkit.publish.partner_trends import trends
from prmkit.publish.style import scoped_css
from prmkit.results import Results


@dataclass(frozen=True)
class PartnerReport:
    """One edition of one partner's report; `view` is all that it can draw on."""

    view: PartnerView

    @classmethod
    def open(cls, engagement: str, portfolio: str = "all", partner_id: str = "", edition: str = "internal") -> PartnerReport:
        """The report of a partner of an engagement's portfolio, from the results that fit its data and settings.

        engagement: the engagement's folder. edition: "internal" or "partner". PrmkitError, with the nearest names, for
        an unknown portfolio, partner or edition.
        """
        from prmkit.assess import results_for

        return cls.of(results_for(Path(engagement), portfolio), partner_id, edition)

    @classmethod
    def of(cls, results: Results, partner_id: str, edition: str = "internal") -> PartnerReport:
        """The report of a partner from results in hand."""
        return cls(view(results, partner_id, edition))

    def page_one(self) -> Block:
        """The decision (for the partner: the fact), four cards, the practices, peers, three steps.

        It brings the style for JupyterLab along; a page has its own and leaves that one out.
        """
        lab = Markup("<style data-lab>{}</style>").format(Markup(scoped_css()))
        return Block(lab + page_one(self.view), f"{self.name}: {opening(self.view).sentence}")

    def trends(self) -> Block:
        """Revenue and orders by month."""
        return Block(trends(self.view), f"{self.name}: sales by month")

    def evidence(self) -> Block:
        """What the claims rest on, and what the words mean."""
        return Block(evidence(self.view), f"{self.name}: evidence")

    @property
    def name(self) -> str:
        """The partner's name, its id where it has none."""
        return name(self.view)

    def document(self) -> str:
        """The whole report as one HTML page."""
        first = Markup('<div class="prmkit">{}</div>').format(page_one(self.view))
        body = Markup("\n").join((first, self.trends().html(), self.evidence().html()))
        client = words.plain(self.view.facts["client"])
        title = f"{self.name}: {client}, {'internal' if self.view.internal else 'partner'} edition"
        return document(
            title,
            body,
            locale=str(self.view.facts["locale"]),
            script=TABLE_SCRIPT,
            footer=Markup("<p>{}</p>").format(confidential(self.view)),
        )
