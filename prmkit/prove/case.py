"""One made-up programme: made, opened as a client's data, and assessed."""

from __future__ import annotations

import tempfile
import time
import traceback
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices import PRACTICES
from prmkit.practices.result import PracticeResult
from prmkit.prove.opening import open_programme
from prmkit.prove.score import Array, Mask
from prmkit.simulate.programme import Programme, simulate
from prmkit.simulate.state import State
from prmkit.simulate.truth import Truth
from prmkit.simulate.worlds import World

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, eq=False)
class Case:
    """A programme with its truth, and what the practices say of it.

    portfolio: all partners, as the estimators see them. results: practice -> its answer; failures: practice -> why it gave none.
    seconds: practice -> how long it took.
    """

    world: World
    seed: int
    programme: Programme
    portfolio: Portfolio
    results: Mapping[str, PracticeResult]
    seconds: Mapping[str, float]
    failures: Mapping[str, str] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """Everything that happened."""
        return self.programme.state

    @property
    def truth(self) -> Truth:
        """What is true."""
        return self.programme.truth

    def table(self, practice: str, name: str) -> pd.DataFrame:
        """A results table of a practice, with the contract's columns; without rows where it could not be computed."""
        return self.results[practice].tables[name]

    def by_partner(self, practice: str, name: str) -> pd.DataFrame:
        """A results table with one row for each partner of the truth, in its order; null where the table has none."""
        ids = pd.Index(self.truth.partners["partner_id"])
        return self.table(practice, name).set_index("partner_id").reindex(ids).reset_index(names="partner_id")

    def stated(self, column: str) -> pd.Series:
        """A column of the partners as the client states it, in the order of the truth; null for partners that its exports lack."""
        rows = self.portfolio.partners.drop_duplicates("partner_id").set_index("partner_id")
        return rows[column].reindex(pd.Index(self.truth.partners["partner_id"])).reset_index(drop=True)

    def bought(self) -> Array:
        """Revenue of the last 12 months by the books, (n,), in the order of the truth."""
        ids = pd.Index(self.truth.partners["partner_id"])
        made: Array = self.portfolio.per_partner().groupby(level=0).sum().reindex(ids, fill_value=0.0).to_numpy(dtype=float)
        return made

    def known(self, column: str) -> Array:
        """A column of numbers of what is true of the partners, (n,)."""
        made: Array = self.truth.partners[column].to_numpy(dtype=float)
        return made

    def selling(self) -> Mask:
        """Partners that are truly there and selling on the as-of date, (n,)."""
        made: Mask = self.truth.partners["there_now"].to_numpy(dtype=bool)
        return made


@contextmanager
def make_case(
    world: World, seed: int, partners: int | None = None, months: int | None = None, practices: Iterable[str] = ()
) -> Iterator[Case]:
    """Make a programme, open it as a client in a temporary folder, and answer the practices (all where none is named).

    partners, months: the world's own where None. A practice that raises, or warns, stands in `failures`; it does not stop the
    others. The case is good while the context is open: its sales lines lie in the folder.
    """
    with tempfile.TemporaryDirectory(prefix="prmkit-", ignore_cleanup_errors=True) as folder:
        programme = simulate(world, seed, partners, months)
        portfolio = open_portfolio(open_programme(programme, Path(folder)))
        results: dict[str, PracticeResult] = {}
        seconds: dict[str, float] = {}
        failures: dict[str, str] = {}
        for name in practices or PRACTICES:
            practice, began = PRACTICES.get(name), time.perf_counter()
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    results[name] = practice.assess(portfolio)
            except Exception as error:
                failures[name] = cause(error)
            seconds[name] = time.perf_counter() - began
        yield Case(world, seed, programme, portfolio, results, seconds, failures)


def cause(error: BaseException) -> str:
    """An error in a line: what it is, what it says, and the place in this package that it comes from."""
    said = " ".join(str(error).split())
    inside = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).resolve().is_relative_to(_PACKAGE)]
    place = f" ({Path(inside[-1].filename).resolve().relative_to(_PACKAGE).as_posix()}, line {inside[-1].lineno})" if inside else ""
    return f"{type(error).__name__}: {said}{place}"
