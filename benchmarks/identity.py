"""Matching partners and customers: precision and recall beside the spreadsheet rule, and time beside loading."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from tests.data.identity.stress import Stress, judged, spoil, write


def spreadsheet_rule(stress: Stress) -> pd.DataFrame:
    """What VLOOKUP on the exact name answers (capitals aside, as spreadsheets do), in the columns that `judged` reads."""
    found = []
    for kind in ("partner", "customer"):
        rows = stress.tables[f"{kind}s"][[f"{kind}_id", "name"]].set_axis(["id", "name"], axis=1)
        first = rows.assign(name=rows["name"].str.lower()).drop_duplicates("name").set_index("name")["id"]
        known = set(rows["id"])
        named = pd.concat([stress.tables[table][f"{kind}_id"] for table in ("sales", "tickets")]).dropna().drop_duplicates()
        for text in named[~named.isin(known)]:
            if (proposed := first.get(text.strip().lower())) is not None:
                found.append((kind, "reference", text, proposed, 1.0))
        twice = rows.assign(first=rows["name"].str.lower().map(first))
        found += [(kind, "duplicate", row.id, row.first, 1.0) for row in twice[twice["id"] != twice["first"]].itertuples()]
    return pd.DataFrame(found, columns=["kind", "question", "given", "proposed", "sure"])


def figures(found: pd.DataFrame, least: float = 0.0) -> tuple[float, float, int]:
    """Precision, recall and number of the questions at least so sure."""
    asked = found[found["asked"] & (found["sure"] >= least)]
    true = max(1, int((found["way"] != "none").sum()))
    return float(asked["right"].mean()) if len(asked) else 1.0, float(asked["right"].sum()) / true, len(asked)


def main(arguments: list[str]) -> None:
    """Make a programme, spoil it, match it; print scores and the ratio of times."""
    from prmkit.data.identity import names
    from prmkit.data.identity.candidates import external_ids
    from prmkit.data.identity.placeholders import is_placeholder
    from prmkit.data.load import inspect, load
    from prmkit.engagement import load_engagement

    parser = argparse.ArgumentParser(prog="bench identity")
    parser.add_argument("--partners", type=int, default=20_000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    stress = spoil(given.partners, given.months, given.seed)
    with tempfile.TemporaryDirectory() as name:
        write(stress, Path(name))
        engagement = load_engagement(Path(name))
        loading = _seconds(lambda: load(engagement, Path(name) / "out", strict=False))
        for kept in (names.name_of, names.plain_text, is_placeholder, external_ids):
            kept.cache_clear()
        start = time.process_time()
        matches = inspect(engagement, Path(name) / "out").matches
        asking = time.process_time() - start - loading
    assert matches is not None
    sizes = ", ".join(f"{len(stress.tables[table]):,} {table}" for table in ("partners", "customers", "sales", "tickets"))
    print(f"{sizes}; {sum(map(len, stress.references.values())):,} references and {sum(map(len, stress.twice.values())):,} rows to match")
    print(f"processor seconds: loading {loading:.1f}, matching {asking:.1f}, ratio {asking / loading:.2f}\n")
    _show(judged(stress, matches.questions), judged(stress, spreadsheet_rule(stress)))


def _seconds(work: Callable[[], object]) -> float:
    """Processor seconds, of all threads: others work on the machine too."""
    start = time.process_time()
    work()
    return time.process_time() - start


def _show(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    print(f"{'':38} {'precision':>9} {'recall':>7} {'asked':>8}")
    rows = [("sure 0.9 or more", figures(ours, 0.9)), ("all that is proposed", figures(ours)), ("exact name (VLOOKUP)", figures(theirs))]
    for said, (precision, recall, asked) in rows:
        print(f"{said:38} {precision:9.4f} {recall:7.4f} {asked:8,}")
    print(f"\n{'recall by what differs':38} {'sure 0.9':>9} {'all':>7} {'VLOOKUP':>8}")
    for (kind, question, way), group in ours[ours["way"] != "none"].groupby(["kind", "question", "way"]):
        same = theirs[(theirs["kind"] == kind) & (theirs["question"] == question) & (theirs["way"] == way)]
        sure = (group["right"] & (group["sure"] >= 0.9)).mean()
        print(f"{f'{kind}, {question}, {way}':38} {sure:9.4f} {group['right'].mean():7.4f} {same['right'].mean():8.4f}")
