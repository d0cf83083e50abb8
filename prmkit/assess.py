"""An assessment: load once, answer each practice once per portfolio, leave results for all to read."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pandas as pd

from prmkit import __version__, resources, results
from prmkit.assumptions.signature import with_signatures
from prmkit.assumptions.table import assumptions
from prmkit.data import calendar, load, readiness, reconciliation
from prmkit.data.client import Client
from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.engagement import Engagement, load_engagement
from prmkit.errors import PrmkitError
from prmkit.practices import PRACTICES
from prmkit.practices.doubt import doubted
from prmkit.results import Results
from prmkit.verdicts import store
from prmkit.verdicts.verdict import judged

Step = Callable[[str], None]


def output(engagement: Engagement, portfolio: str = "all") -> Path:
    """Where an engagement's pages and results for one portfolio go."""
    return engagement.folder / "out" / portfolio


def load_client(engagement: Engagement) -> Client:
    """The engagement's data, loaded and checked; DataFaults when something must be mended first."""
    return load.load(engagement, engagement.folder / "out" / ".cache")


def compute(
    client: Client, portfolio: str = "all", practices: Iterable[str] = (), step: Step | None = None, *, effects: bool | None = None
) -> Results:
    """Answer the practices for one portfolio, in memory; findings carry people's verdicts, assumptions their signatures.

    effects: whether to work out what each assumption moves; by default only where that is quick.
    """
    started_at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    names = list(practices) or list(PRACTICES)
    view = open_portfolio(client, portfolio)
    answered = {}
    for name in names:
        practice = PRACTICES.get(name)
        if step:
            step(practice.title)
        answered[name] = practice.assess(view)
    totals = reconciliation.reconcile(view.whole, client.engagement.control_totals)
    if step:
        step("What the assumptions move")
    extra = {
        "assumptions": assumptions(view, answered, effects=effects),
        "partner_months": partner_months(view),
        "readiness": readiness.readiness(client),
        "reconciliation": totals,
    }
    made = results.gather(
        view,
        doubted(answered, totals, client.engagement.locale),
        fingerprint=fingerprint(client.engagement, client.fingerprint, portfolio),
        started_at=started_at,
        extra=extra,
        warnings=readiness.warnings(view.whole),
    )
    return with_answers(made, client.engagement)


def partner_months(portfolio: Portfolio) -> pd.DataFrame:
    """What every partner sold month by month: partner_id, month (0 newest), ends_on, revenue, gross_margin, orders.

    gross_margin is null where no line of the month carries a cost. Months without a line have no row.
    """
    keys = ["partner_id", "month"]
    sums = portfolio.months.groupby(keys, as_index=False)[["revenue", "costed_revenue", "cost"]].sum(min_count=1)
    frame = sums.merge(portfolio.orders[[*keys, "orders"]], on=keys, how="left")
    ends = calendar.month_ends(portfolio.as_of, portfolio.history_months)
    return pd.DataFrame(
        {
            "partner_id": frame["partner_id"],
            "month": frame["month"],
            "ends_on": frame["month"].map(ends),
            "revenue": frame["revenue"],
            "gross_margin": frame["costed_revenue"] - frame["cost"],
            "orders": frame["orders"],
        }
    )


def ensure_results(folder: Path, portfolios: Sequence[str] = ()) -> None:
    """Write results for each portfolio whose results on disk are missing, partial or out of date."""
    engagement = load_engagement(folder)
    inputs = load.fingerprint(engagement)
    names = list(portfolios) or ["all", *engagement.portfolios]
    stale = [name for name in names if _kept(engagement, name, inputs, complete=True) is None]
    if stale:
        client = load_client(engagement)
        for name in stale:
            results.write(compute(client, name), output(engagement, name) / "results")


def read(engagement: Engagement, portfolio: str = "all") -> Results:
    """The results on disk with the verdicts and signatures of today; PrmkitError when there are none. Nothing is computed."""
    return with_answers(results.read(output(engagement, portfolio) / "results"), engagement)


def with_answers(made: Results, engagement: Engagement) -> Results:
    """Results with what people say now: verdicts on findings, signatures under assumptions."""
    judged_now = with_verdicts(made, engagement)
    try:
        return with_signatures(judged_now, engagement.folder)
    except PrmkitError as error:
        return _warned(judged_now, f"Signatures are not shown. {error.what}")


def _warned(made: Results, warning: str) -> Results:
    return dataclasses.replace(made, run={**made.run, "warnings": [*made.run.get("warnings", ()), warning]})


def with_verdicts(made: Results, engagement: Engagement) -> Results:
    """Results with what people say of the findings now.

    Where the answers' database cannot be reached, as from an app that is not given its address, the
    findings keep the verdicts they were written with, and a warning says so.
    """
    try:
        return judged(made, store.latest(engagement))
    except PrmkitError as error:
        return _warned(made, f"Verdicts may be out of date. {error.what}")


def _kept(engagement: Engagement, portfolio: str, inputs: str, *, complete: bool = False) -> Results | None:
    if not (output(engagement, portfolio) / "results" / "run.json").exists():
        return None
    kept = read(engagement, portfolio)
    fits = kept.run["fingerprint"] == fingerprint(engagement, inputs, portfolio)
    whole = not complete or set(PRACTICES) <= set(kept.run["practices"])
    return kept if fits and whole else None


def results_for(folder: Path, portfolio: str = "all") -> Results:
    """The results of an engagement folder: those on disk when they still fit inputs, settings and code, else fresh ones.

    What playbooks open. Fresh results are kept in memory only: `prmkit assess` writes them.
    """
    engagement = load_engagement(folder)
    kept = _kept(engagement, portfolio, load.fingerprint(engagement))
    return kept or compute(load_client(engagement), portfolio)


def fingerprint(engagement: Engagement, inputs: str, portfolio: str) -> str:
    """Inputs, settings and code as one hash: results that carry it need not be computed again."""
    digest = hashlib.sha256()
    for part in (__version__, code_hash(), engagement.model_dump_json(), inputs, portfolio):
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def code_hash() -> str:
    """A hash of what computes; a parent process may hand it to its kernels as PRMKIT_CODE_HASH."""
    handed = os.environ.get("PRMKIT_CODE_HASH")
    if handed:
        return handed
    package = resources.spec("tables.yaml").parent.parent
    digest = hashlib.sha256()
    for room in ("data", "estimators", "practices", "spec"):
        for path in sorted((package / room).rglob("*")):
            if path.suffix in {".py", ".yaml"}:
                digest.update(path.relative_to(package).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
