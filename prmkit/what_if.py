"""The plan's inputs as number boxes in a playbook or app: change one, read the answer.

The page shows what was computed before, and waits for nothing: the engagement's data are read when the first box is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prmkit.errors import PrmkitError
from prmkit.publish.exhibits import EXHIBITS
from prmkit.publish.exhibits.build import Facts
from prmkit.results import Results

if TYPE_CHECKING:
    from prmkit.practices.reach.what_if import WhatIf

STALE = "The data or settings have changed since this page was opened: open it again."


@dataclass
class WhatIfPage:
    """What a playbook shows: boxes where a kernel answers, the tables of inputs and answers where none does.

    engagement: the folder that the results were made from; without it there is nothing to compute with, and the tables are all.
    """

    results: Results
    engagement: Path | None
    _world: WhatIf | None = field(default=None, repr=False)

    @property
    def live(self) -> bool:
        """Whether boxes can be answered."""
        return self.engagement is not None and len(self.results.table("reach", "what_if")) > 0

    def world(self) -> WhatIf:
        """The fitted case to ask, built when it is first needed; PrmkitError where the data are no longer those of the page."""
        if self._world is None:
            assert self.engagement is not None
            self._world = opened(self.engagement, self.results)
        return self._world

    def boxes(self) -> Any:
        """The number boxes and the answer, as one widget."""
        from prmkit.boxes import boxes

        facts = Facts.of(self.results)
        asked, found = (self.results.table("reach", name) for name in ("what_if", "what_if_answers"))
        return boxes(asked, found, self.world, facts, whole=self.results.run["portfolio"] == "all")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Mapping[str, Any]:
        still = EXHIBITS.get("reach.what_if")(self.results)
        shown: dict[str, Any] = {"text/plain": repr(still), "text/html": str(still.html())}
        return shown | _view(self.boxes) if self.live else shown


def _view(make: Callable[[], Any]) -> dict[str, Any]:
    bundle = make()._repr_mimebundle_()
    return {mime: value for mime, value in bundle.items() if "widget-view" in mime}


def opened(engagement: Path, results: Results) -> WhatIf:
    """The case behind results, from the engagement's data as they lie there."""
    from prmkit import assess
    from prmkit.data import load
    from prmkit.data.portfolio import open_portfolio
    from prmkit.engagement import load_engagement
    from prmkit.practices.reach.count.case import build_case
    from prmkit.practices.reach.what_if import WhatIf

    settings, portfolio = load_engagement(engagement), str(results.run["portfolio"])
    if assess.fingerprint(settings, load.fingerprint(settings), portfolio) != results.run["fingerprint"]:
        raise PrmkitError(STALE)
    case = build_case(open_portfolio(assess.load_client(settings), portfolio))
    if case is None:
        raise PrmkitError(STALE)
    return WhatIf(case)
