"""The two sides of every question: the rows of partners or customers, and the references that name none of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd

from prmkit.data.engine import Engine, identifier, literal
from prmkit.data.faults import FaultLog
from prmkit.data.identity.hints import KINDS, read_hints
from prmkit.data.identity.names import bracketed, domain_of, domain_word, id_key, name_of, plain_text, postal_key
from prmkit.data.rates import converted
from prmkit.data.tables import tables
from prmkit.data.typed import typed_table
from prmkit.data.words import read_country
from prmkit.engagement import Engagement

REFERENCES = {"partner": ("partner_id", "distributor_id", "parent_partner_id"), "customer": ("customer_id", "parent_customer_id")}
"""The columns that name a partner, and those that name a customer."""
_SHORTEST_NAME = 4


def references(kind: str, present: Collection[str]) -> Iterator[tuple[str, str]]:
    """(table, column) of everything that refers to a partner or customer, in the tables that are there."""
    for name in tables():
        for column in REFERENCES[kind]:
            if name in present and column in tables()[name].names and (name, column) != (KINDS[kind], f"{kind}_id"):
                yield name, column


def organisations(engine: Engine, engagement: Engagement, kind: str, present: Collection[str]) -> pd.DataFrame:
    """One row an organisation as listed or named, in the order of their ids; empty where the table of the kind is not there.

    id: as written. listed: whether it is a row of the table (else a reference that names none). name, domain, postal_code, country,
    territory, external_ids: as given. tables, rows: where it is named, and how often. revenue: its net partner revenue in the engagement's
    currency. filled: cells of its row that are filled. What is compared, "" where unknown: said (the name it goes by), core, compact and
    form of it, site (its domain), word (of the domain), postal, land, key (of the id), inside (the id in the name's brackets).
    """
    if KINDS[kind] not in present:
        return pd.DataFrame()
    listed, named = _listed(engine, kind), _named(engine, kind, present)
    made = listed.merge(named, on="id", how="outer")
    made["listed"] = made["listed"].eq(True)
    made = made.merge(_revenue(engine, engagement, kind, present), on="id", how="left")
    hints = read_hints(engine, kind).rename(columns={"given": "id"}).set_index("id")
    for about in hints.columns:
        made[about] = made[about].where(made["listed"], made["id"].map(hints[about]))
    texts = ["name", "domain", "postal_code", "country", "territory", "external_ids", "tables"]
    made[texts] = made[texts].fillna("").astype("object")
    made["id"] = made["id"].astype("object")
    made[["rows", "filled", "revenue"]] = made[["rows", "filled", "revenue"]].fillna(0)
    return _compared(made.sort_values("id", ignore_index=True))


def _listed(engine: Engine, kind: str) -> pd.DataFrame:
    home = tables()[KINDS[kind]]
    texts = [
        f"min({identifier(name)}) AS {identifier(name)}" if name in home.names else f"CAST(NULL AS VARCHAR) AS {identifier(name)}"
        for name in ("name", "domain", "postal_code", "country", "territory", "external_ids")
    ]
    filled = " + ".join(f"CAST({identifier(name)} IS NOT NULL AS INTEGER)" for name in home.names)
    query = f"SELECT {kind}_id AS id, true AS listed, {', '.join(texts)}, max({filled}) AS filled FROM {typed_table(home.name)}"
    return engine.connection.execute(f"{query} GROUP BY {kind}_id ORDER BY 1").df().astype({"id": "str"})


def _named(engine: Engine, kind: str, present: Collection[str]) -> pd.DataFrame:
    """Everything that is named anywhere: id, tables (joined by a comma), rows."""
    each = [
        f"SELECT {identifier(column)} AS id, {literal(name)} AS t, count(*) AS n FROM {typed_table(name)} GROUP BY ALL"
        for name, column in references(kind, present)
    ]
    if not each:
        return pd.DataFrame({"id": pd.Series(dtype="str"), "tables": pd.Series(dtype="str"), "rows": pd.Series(dtype="int64")})
    query = f"""SELECT id, string_agg(DISTINCT t, ', ' ORDER BY t) AS tables, sum(n)::BIGINT AS rows
        FROM ({" UNION ALL ".join(each)}) WHERE id IS NOT NULL GROUP BY id ORDER BY id"""
    return engine.connection.execute(query).df().astype({"id": "str"})


def _revenue(engine: Engine, engagement: Engagement, kind: str, present: Collection[str]) -> pd.DataFrame:
    if "sales" not in present:
        return pd.DataFrame({"id": pd.Series(dtype="str"), "revenue": pd.Series(dtype="float64")})
    source, _ = converted(engine, tables()["sales"], engagement, {}, FaultLog())
    query = f"""SELECT {kind}_id AS id, CAST(sum(revenue) AS DOUBLE) AS revenue FROM {source}
        WHERE partner_id IS NOT NULL AND {kind}_id IS NOT NULL AND {counted(engine, engagement)} GROUP BY ALL ORDER BY ALL"""
    return engine.connection.execute(query).df().astype({"id": "str", "revenue": "float64"})


def counted(engine: Engine, engagement: Engagement) -> str:
    """SQL: whether a sales line is in the channel that counts as revenue: that of the settings, else the largest through partners."""
    query = f"SELECT channel FROM {typed_table('sales')} WHERE partner_id IS NOT NULL AND channel IS NOT NULL GROUP BY 1"
    largest = engine.rows(f"{query} ORDER BY sum(revenue) DESC, 1 LIMIT 1")
    measure = engagement.measure or (largest[0][0] if largest else None)
    return f"coalesce(channel = {literal(str(measure))}, true)" if measure else "true"


def _compared(made: pd.DataFrame) -> pd.DataFrame:
    """The columns that are compared; a reference's own text stands in for a name or domain that nothing else gives."""
    made = made.assign(said=[_said(*row) for row in zip(made["listed"], made["name"], made["id"], strict=True)])
    found = [name_of(text) for text in made["said"]]
    addresses = [domain or ("" if listed else id) for listed, domain, id in zip(made["listed"], made["domain"], made["id"], strict=True)]
    made["core"], made["compact"] = [name.core for name in found], [name.compact for name in found]
    made["form"] = [name.form for name in found]
    made["site"] = [domain_of(text) for text in addresses]
    made["word"] = [domain_word(site) for site in made["site"]]
    made["postal"] = [postal_key(text) for text in made["postal_code"]]
    made["key"] = [id_key(text) for text in made["id"]]
    made["land"] = [(read_country(text).meaning or "").casefold() if text else "" for text in made["country"]]
    made["inside"] = [id_key(inside) if (inside := bracketed(said)) else "" for said in made["said"]]
    return made


def _said(listed: bool, name: str, text: str) -> str:
    """The name, or a reference's text where it reads like one: letters enough, and no address."""
    if name or listed or domain_of(text) or "@" in text:
        return name
    letters = sum(letter.isalpha() for letter in text)
    digits = sum(letter.isdigit() for letter in text)
    reads = letters >= _SHORTEST_NAME and (digits <= 1 or " " in text.strip())
    return text if reads and plain_text(text) else ""
