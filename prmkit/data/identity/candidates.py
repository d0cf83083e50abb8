"""Which organisations are worth comparing: those that share an id, a name but for a letter or a word, a domain, a postal code."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from prmkit.data.engine import Engine
from prmkit.data.identity.names import id_key, plain_text

_RARE = 20
_LARGEST_BLOCK = 60
_SHORTEST, _LONGEST = 5, 40
_SHORTEST_WORD = 4

# A key is what two organisations have to share; one letter in front tells keys of different kinds apart.
_KEYS = f"""
    SELECT n, 'i' || key AS k FROM compared
    UNION ALL SELECT n, 'i' || inside FROM compared WHERE inside <> ''
    UNION ALL SELECT n, 'e' || key FROM compared WHERE NOT listed
    UNION ALL SELECT n, k FROM external
    UNION ALL SELECT n, 'd' || site FROM compared WHERE site <> ''
    UNION ALL SELECT n, 'p' || postal FROM compared WHERE postal <> ''
    UNION ALL SELECT n, 'n' || array_to_string(list_sort(words), ' ') FROM compared WHERE core <> ''
    UNION ALL SELECT n, 't' || words[1] || ' ' || words[2] FROM compared WHERE len(words) > 1
    UNION ALL SELECT n, 'c' || compact FROM compared WHERE compact <> ''
    UNION ALL SELECT n, 'c' || word FROM compared WHERE length(word) >= {_SHORTEST_WORD}
    UNION ALL SELECT n, 'm' || compact FROM compared WHERE length(compact) BETWEEN {_SHORTEST} AND {_LONGEST}
    UNION ALL SELECT n, 'm' || substr(compact, 1, i - 1) || substr(compact, i + 1)
      FROM (SELECT n, compact, unnest(generate_series(1, length(compact))) AS i FROM compared
            WHERE length(compact) BETWEEN {_SHORTEST} AND {_LONGEST})
    UNION ALL SELECT n, 'r' || w FROM each_word SEMI JOIN rare USING (w)
"""


def candidates(engine: Engine, made: pd.DataFrame) -> pd.DataFrame:
    """Pairs of rows of `organisations` worth comparing: left, right (positions), at least one of the two listed, left never listed alone.

    The same pairs in the same order whatever the order of the data. A key that more than 60 share says nothing and is left out.
    """
    connection = engine.connection
    sides = made[["listed", "key", "inside", "site", "word", "postal", "core", "compact"]].assign(n=range(len(made)))
    connection.register("sides", sides)
    connection.register("outside", _external(made))
    try:
        engine.run(
            """CREATE OR REPLACE TEMP TABLE compared AS
            SELECT *, list_filter(string_split(core, ' '), lambda x: x <> '') AS words FROM sides"""
        )
        engine.run("CREATE OR REPLACE TEMP TABLE external AS SELECT * FROM outside")
    finally:
        connection.unregister("sides")
        connection.unregister("outside")
    engine.run("CREATE OR REPLACE TEMP TABLE each_word AS SELECT DISTINCT n, unnest(words) AS w FROM compared")
    rare = f"length(w) >= {_SHORTEST_WORD} GROUP BY w HAVING count(*) BETWEEN 2 AND {_RARE}"
    engine.run(f"CREATE OR REPLACE TEMP TABLE rare AS SELECT w FROM each_word WHERE {rare}")
    engine.run(f"CREATE OR REPLACE TEMP TABLE keyed AS SELECT DISTINCT n, hash(k) AS h FROM ({_KEYS})")
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE blocks AS SELECT k.n, k.h, c.listed FROM keyed k JOIN compared c USING (n)
        SEMI JOIN (SELECT h FROM keyed GROUP BY h HAVING count(*) BETWEEN 2 AND {_LARGEST_BLOCK}) USING (h)"""
    )
    query = """SELECT DISTINCT a.n AS left, b.n AS right FROM blocks a JOIN blocks b USING (h)
        WHERE b.listed AND a.n <> b.n AND (NOT a.listed OR a.n < b.n) ORDER BY 1, 2"""
    pairs = connection.execute(query).df().astype("int64")
    for name in ("compared", "external", "each_word", "rare", "keyed", "blocks"):
        engine.run(f"DROP TABLE {name}")
    return pairs


@lru_cache(maxsize=100_000)
def external_ids(text: str) -> tuple[tuple[str, str], ...]:
    """(system, id as compared) of the ids in other systems."""
    parts = [part.partition("=") for part in text.split("|") if part.strip()]
    return tuple((plain_text(system), id_key(value)) for system, _, value in parts if value.strip())


def _external(made: pd.DataFrame) -> pd.DataFrame:
    """Keys from ids in other systems: one that a reference may be written with, one that another row may share."""
    rows = [
        (place, key)
        for place, text in enumerate(made["external_ids"])
        if text
        for system, value in external_ids(text)
        for key in (f"e{value}", f"x{system}={value}")
    ]
    return pd.DataFrame(rows, columns=["n", "k"]).astype({"n": "int64", "k": "str"})
