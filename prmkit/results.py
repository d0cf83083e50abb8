"""Results on disk: one Parquet file a table, findings.json and run.json, swapped in whole.

`assess` writes them once; playbooks, pages, reports and apps only read them.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from prmkit import __version__
from prmkit.errors import PrmkitError
from prmkit.practices.result import Action, Amount, Finding, NotComputed, PracticeResult, Verdict, table

if TYPE_CHECKING:
    from prmkit.data.portfolio import Portfolio

RESULTS_VERSION = 1


@dataclass(frozen=True)
class Results:
    """What an assessment of one portfolio left: read from a folder or held in memory.

    run: the fields of run.json. tables: "<practice>_<table>" -> frame, and "readiness" and
    "reconciliation". partners: the portfolio's partners (canonical columns), for names.
    """

    run: Mapping[str, Any]
    findings: tuple[Finding, ...]
    tables: Mapping[str, pd.DataFrame]
    partners: pd.DataFrame

    def table(self, practice: str, name: str) -> pd.DataFrame:
        """One results table; empty and typed when it was not computed."""
        key = f"{practice}_{name}"
        return self.tables[key] if key in self.tables else table(practice, name)

    @cached_property
    def not_computed(self) -> tuple[NotComputed, ...]:
        """What the data could not carry; `table` is "<practice>_<table>"."""
        return tuple(NotComputed(**item) for item in self.run["not_computed"])

    def of(self, practice: str) -> tuple[Finding, ...]:
        """The findings of one practice, highest worth first."""
        return tuple(finding for finding in self.findings if finding.practice == practice)

    def about(self, partner_id: str) -> tuple[Finding, ...]:
        """The findings about one partner."""
        return tuple(f for f in self.findings if f.subject_kind == "partner" and f.subject_id == partner_id)


def by_worth(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Highest worth first; findings without a price last, in the order of their id."""
    return tuple(sorted(findings, key=lambda f: (f.worth.amount is None, -(f.worth.amount or 0.0), f.id)))


def gather(
    portfolio: Portfolio,
    answered: Mapping[str, PracticeResult],
    *,
    fingerprint: str,
    started_at: str,
    extra: Mapping[str, pd.DataFrame] | None = None,
    warnings: tuple[str, ...] = (),
) -> Results:
    """Put the practices' answers for one portfolio together, with the facts of the run."""
    tables: dict[str, pd.DataFrame] = dict(extra or {})
    missing: list[dict[str, Any]] = []
    said = list(warnings)
    for name, result in answered.items():
        tables |= {f"{name}_{key}": frame for key, frame in result.tables.items()}
        missing += [asdict(item) | {"table": f"{name}_{item.table}"} for item in result.not_computed]
        said += list(result.warnings)
    client, settings = portfolio.client, portfolio.settings
    run = {
        "results_version": RESULTS_VERSION,
        "prmkit_version": __version__,
        "started_at": started_at,
        "finished_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "seed": settings.seed,
        "as_of": str(portfolio.as_of.date()),
        "client": settings.client,
        "currency": portfolio.currency,
        "locale": settings.locale,
        "measure": portfolio.measure,
        "portfolio": portfolio.name,
        "fingerprint": fingerprint,
        "inputs": {name: _source(source) for name, source in client.sources.items()},
        "settings": settings.model_dump(mode="json"),
        "practices": list(answered),
        "not_computed": missing,
        "warnings": said + [f"{f.table}: {f.why}" if f.table else f.why for f in client.faults],
    }
    findings = by_worth([finding for result in answered.values() for finding in result.findings])
    return Results(run, findings, tables, portfolio.partners)


def _source(source: Any) -> dict[str, Any]:
    day = {key: None if getattr(source, key) is None else str(getattr(source, key).date()) for key in ("first", "last")}
    return {"files": list(source.files), "rows": source.rows, "preset": source.preset, **day}


def finding_record(finding: Finding) -> dict[str, Any]:
    """A finding as findings.json keeps it."""
    record = asdict(finding)
    subject = {"kind": record.pop("subject_kind"), "id": record.pop("subject_id")}
    return {"id": record.pop("id"), "practice": record.pop("practice"), "subject": subject, **record}


def _finding(record: Mapping[str, Any]) -> Finding:
    plain = dict(record)
    subject = plain.pop("subject")
    plain |= {"value": Amount(**plain["value"]), "worth": Amount(**plain["worth"]), "action": Action(**plain["action"])}
    plain |= {key: tuple(plain[key]) for key in ("evidence", "inputs", "caveats")}
    if said := plain.pop("verdict", None):
        plain["verdict"] = Verdict(**said | {"seen": Amount(**said["seen"]), "computed": Amount(**said["computed"])})
    return Finding(subject_kind=subject["kind"], subject_id=subject["id"], **plain)


def write(results: Results, folder: Path) -> None:
    """Write all of it beside `folder`, then put each file in its place: a reader sees the old file or the new one.

    run.json, which carries the fingerprint, comes last: until then readers find the old one.
    """
    with staging(folder) as staged:
        for name, frame in results.tables.items():
            frame.to_parquet(staged / f"{name}.parquet", index=False)
        results.partners.to_parquet(staged / "partners.parquet", index=False)
        (staged / "findings.json").write_text(_findings_text(results.findings), encoding="utf-8")
        (staged / "run.json").write_text(json.dumps(results.run, indent=1, ensure_ascii=False), encoding="utf-8")


def write_findings(findings: Iterable[Finding], folder: Path) -> None:
    """Put findings.json alone in its place: the same findings, with what people now say of them."""
    with replacing(folder / "findings.json") as draft:
        draft.write_text(_findings_text(findings), encoding="utf-8")


def _findings_text(findings: Iterable[Finding]) -> str:
    return json.dumps([finding_record(finding) for finding in findings], indent=1, ensure_ascii=False)


@contextmanager
def staging(folder: Path, last: str = "run.json") -> Iterator[Path]:
    """A private folder on the same disk; when all went well its files replace those of `folder`, `last` at the end.

    Files of `folder` that were not made again belong to an older run and go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as name:
        staged = Path(name)
        yield staged
        made = sorted((path for path in staged.rglob("*") if path.is_file()), key=lambda path: (path.name == last, path))
        for old in folder.iterdir():
            if old.is_file() and not (staged / old.name).exists():
                old.unlink()
        for path in made:
            target = folder / path.relative_to(staged)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A private name beside `path` to write to; when all went well it takes the place of `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".write-", dir=path.parent) as name:
        draft = Path(name) / path.name
        yield draft
        draft.replace(path)


def read(folder: Path) -> Results:
    """Read what `write` left; PrmkitError when there is nothing whole to read."""
    try:
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        findings = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
        frames = {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
    except (OSError, ValueError) as error:
        raise PrmkitError("There are no results to read yet.", where=str(folder), do="Run: prmkit assess DIR") from error
    if run.get("results_version") != RESULTS_VERSION:
        raise PrmkitError("The results were left by another version of prmkit.", where=str(folder), do="Run: prmkit assess DIR")
    return Results(run, tuple(_finding(record) for record in findings), frames, frames.pop("partners"))
