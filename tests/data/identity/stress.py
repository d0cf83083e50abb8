"""A clean made-up programme spoilt on purpose: references by other names, accounts entered twice, and the truth of both."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from prmkit.simulate import WORLDS, simulate

FORMS = {"DE": "GmbH", "FR": "SARL", "US": "Inc.", "MX": "S.A. de C.V.", "JP": "K.K.", "ES": "S.L.", "AU": "Pty Ltd"}


def misspelt(name: str, chance: random.Random) -> str:
    """One letter wrong, missing, doubled or swapped with the next."""
    place = chance.randrange(1, len(name) - 1)
    ways = [
        name[:place] + name[place + 1 :],
        name[:place] + name[place] + name[place:],
        name[:place] + name[place + 1] + name[place] + name[place + 2 :],
        name[:place] + chance.choice("aeioust") + name[place + 1 :],
    ]
    return next((made for made in chance.sample(ways, 4) if made != name), name + name[-1])


def recased(name: str, chance: random.Random) -> str:
    """All capitals, or none, with spaces as they come."""
    return chance.choice([name.upper(), name.lower(), name.replace(" ", "  ")])


def reformed(name: str, chance: random.Random) -> str:
    """With a legal form that the other system leaves out."""
    return f"{name} {chance.choice([*FORMS.values(), 'Ltd', 'B.V.', 'AB', 'Oy'])}"


def bracketed(name: str, chance: random.Random) -> str:
    """With an id of the other system in brackets."""
    return f"{name} ({chance.randrange(10_000, 99_999)})"


WAYS: Mapping[str, Callable[[str, random.Random], str]] = {
    "misspelt": misspelt,
    "other capitals": recased,
    "legal form": reformed,
    "id in brackets": bracketed,
}


@dataclass(frozen=True)
class Stress:
    """tables: what a client would export. references: text -> (way, id it means). twice: id of the second entry -> (way, the first)."""

    tables: Mapping[str, pd.DataFrame]
    references: Mapping[str, Mapping[str, tuple[str, str]]]
    twice: Mapping[str, Mapping[str, tuple[str, str]]]


def spoil(partners: int, months: int = 24, seed: int = 7, share: float = 0.3, again: float = 0.03) -> Stress:
    """`share` of the partners are called by a name in sales and tickets, of the customers in sales; `again` of both are entered twice."""
    chance = random.Random(seed)
    tables = {name: table.copy() for name, table in simulate(WORLDS.get("reference"), seed, partners, months).tables.items()}
    references: dict[str, dict[str, tuple[str, str]]] = {}
    twice: dict[str, dict[str, tuple[str, str]]] = {}
    for kind, home, named_in in (("partner", "partners", ("sales", "tickets")), ("customer", "customers", ("sales",))):
        rows = tables[home]
        chosen = rows.iloc[chance.sample(range(len(rows)), round(share * len(rows)))]
        calls: dict[str, str] = {}
        references[kind] = {}
        for own, name in zip(chosen[f"{kind}_id"], chosen["name"], strict=True):
            way = chance.choice(list(WAYS))
            calls[own] = WAYS[way](name, chance)
            references[kind][calls[own]] = way, own
        for table in named_in:
            column = tables[table][f"{kind}_id"]
            about = rows.set_index(f"{kind}_id")
            told = {own for own in calls if chance.random() < 0.5}
            for hint in ("postal_code", "country"):
                tables[table][f"{kind}_{hint}"] = column.map(about[hint]).where(column.isin(told))
            tables[table][f"{kind}_id"] = column.map(calls).fillna(column)
        _strangers(tables, kind, named_in, partners, months, seed + 1, share / 3, chance)
        used = {text for table in named_in for text in tables[table][f"{kind}_id"].dropna()}
        references[kind] = {text: meant for text, meant in references[kind].items() if text in used}
        second = rows.iloc[chance.sample(range(len(rows)), round(again * len(rows)))]
        tables[home], twice[kind] = _entered_again(rows, second, kind, chance)
    return Stress(tables, references, twice)


def _strangers(
    tables: Mapping[str, pd.DataFrame],
    kind: str,
    named_in: tuple[str, ...],
    partners: int,
    months: int,
    seed: int,
    share: float,
    chance: random.Random,
) -> None:
    """Some references mean firms of another programme, which nobody listed: whoever is proposed for them is wrong."""
    home = f"{kind}s"
    others = simulate(WORLDS.get("reference"), seed, partners, months).tables[home]["name"]
    others = others[~others.isin(tables[home]["name"])].tolist()
    own = tables[home][f"{kind}_id"].tolist()
    becomes = dict(zip(chance.sample(own, round(share * len(own))), chance.sample(others, min(len(others), len(own))), strict=False))
    for table in named_in:
        column = tables[table][f"{kind}_id"]
        tables[table][f"{kind}_id"] = column.map(becomes).fillna(column)


def _entered_again(
    rows: pd.DataFrame, second: pd.DataFrame, kind: str, chance: random.Random
) -> tuple[pd.DataFrame, dict[str, tuple[str, str]]]:
    """Second entries with another id: the name written otherwise, and the place, the domain or neither."""
    added, twice = [], {}
    for _, row in second.iterrows():
        way = chance.choice(list(WAYS))
        kept = chance.choice([["postal_code"], ["domain"], ["postal_code", "domain"], []])
        kept = [name for name in kept if isinstance(row[name], str)] or ["territory"] * (kind == "partner")
        if way == "misspelt" and kept in (["territory"], []):
            way = "other capitals"  # nobody could tell
        entry = {f"{kind}_id": f"{row[f'{kind}_id']}-B", "name": WAYS[way](row["name"], chance), "country": row["country"]}
        added.append(entry | {name: row[name] for name in kept})
        twice[entry[f"{kind}_id"]] = way, row[f"{kind}_id"]
    return pd.concat([rows, pd.DataFrame(added).astype("str")], ignore_index=True), twice


def write(stress: Stress, folder: Path) -> None:
    """The tables as CSV files of an engagement."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for name in ("partners", "customers", "sales", "tickets", "products", "territories", "rates"):
        stress.tables[name].to_csv(folder / "data" / f"{name}.csv", index=False)
    (folder / "engagement.yaml").write_text("client: Made-up\ncurrency: EUR\nmeasure: sell_through\n", encoding="utf-8")


def judged(stress: Stress, questions: pd.DataFrame, least: float = 0.0) -> pd.DataFrame:
    """One row a question or missed truth: kind, question, way, sure, asked, right (whether what is proposed is true)."""
    rows = []
    for kind in ("partner", "customer"):
        of_kind = questions[(questions["kind"] == kind) & (questions["sure"] >= least)]
        asked = {(row.question, row.given): row for row in of_kind.itertuples()}
        second = {entry: first for entry, (_, first) in stress.twice[kind].items()}
        first_of = second | {first: first for first in second.values()}
        truths = {("reference", text): meant for text, meant in stress.references[kind].items()}
        met = set()
        for key, row in asked.items():
            if key[0] == "reference":
                way, meant = truths.get(key, ("none", ""))
                right = first_of.get(row.proposed, row.proposed) == meant
            else:
                pair = next((entry for entry in (row.given, row.proposed) if entry in second), "")
                way = stress.twice[kind][pair][0] if pair else "none"
                right = bool(pair) and first_of.get(row.given) == first_of.get(row.proposed) is not None
                met.add(pair)
            rows.append((kind, key[0], way, row.sure, True, right, row.given, row.proposed))
        missed = [
            (kind, "reference", way, 0.0, False, False, text, meant)
            for (_, text), (way, meant) in truths.items()
            if ("reference", text) not in asked
        ]
        missed += [
            (kind, "duplicate", way, 0.0, False, False, entry, first)
            for entry, (way, first) in stress.twice[kind].items()
            if entry not in met
        ]
        rows += missed
    return pd.DataFrame(rows, columns=["kind", "question", "way", "sure", "asked", "right", "given", "proposed"])
