"""Currencies that do not fit: rows without one among several, and lines in another one than all others of their partner."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.data.engine import Engine
from prmkit.data.faults import FaultLog
from prmkit.data.flags import Flag, raise_flags
from prmkit.data.tables import tables
from prmkit.data.typed import typed_table
from prmkit.engagement import Engagement

_ENOUGH = 10
_USUAL = 0.9
_NAMED = 5


def check_currencies(engine: Engine, engagement: Engagement, present: Mapping[str, Mapping[int, str]], log: FaultLog) -> None:
    """Tell both, table by table. `present`: table -> {unit: file}."""
    for name, files in present.items():
        if any(column.is_money for column in tables()[name].columns) and "currency" in {one.name for one in tables()[name].readable}:
            _without(engine, engagement, name, files, log)
    if "sales" in present:
        _slips(engine, present["sales"], log)


def _without(engine: Engine, engagement: Engagement, name: str, files: Mapping[int, str], log: FaultLog) -> None:
    rows = typed_table(name)
    named = [str(row[0]) for row in engine.rows(f"SELECT DISTINCT currency FROM {rows} WHERE currency IS NOT NULL ORDER BY 1")]
    if not [one for one in named if one != engagement.currency]:
        return
    money = [f'"{column.name}"' for column in tables()[name].columns if column.is_money]
    words = {"currencies": " and ".join((", ".join(named[:-1]), named[-1])) if named[1:] else named[0], "target": engagement.currency}
    missing = f"currency IS NULL AND coalesce({', '.join(money)}) IS NOT NULL AND _unit >= 0"
    raise_flags(engine, rows, [Flag("currency_missing", "currency", missing, words=words)], log, table=name, files=files)


def _slips(engine: Engine, files: Mapping[int, str], log: FaultLog) -> None:
    """Lines in a currency that is rare for a partner with at least ten lines, nine in ten of them in another one."""
    found = engine.rows(
        f"""WITH lines AS (SELECT partner_id, coalesce(channel, '') AS channel, currency, _unit, _row FROM {typed_table("sales")}
            WHERE partner_id IS NOT NULL AND currency IS NOT NULL),
        used AS (SELECT partner_id, channel, currency, count(*) AS n FROM lines GROUP BY ALL),
        usual AS (SELECT partner_id, channel, arg_max(currency, n) AS currency, max(n) AS n, sum(n) AS lines FROM used GROUP BY ALL
            HAVING sum(n) >= {_ENOUGH} AND max(n) >= {_USUAL} * sum(n))
        SELECT l.partner_id, l.currency, u.currency, count(*), arg_min(l._unit, l._row), min(l._row, 3) FROM lines l
        JOIN usual u USING (partner_id, channel) WHERE l.currency <> u.currency GROUP BY ALL ORDER BY count(*) DESC, 1, 2"""
    )
    if not found:
        return
    listed = ", ".join(f"'{partner}' {currency} instead of {usual} ({count:,})" for partner, currency, usual, count, *_ in found[:_NAMED])
    more = f" and {len(found) - _NAMED:,} more partners" if len(found) > _NAMED else ""
    for partner, _, _, count, unit, numbers in found:
        log.add(
            "currency_slip",
            table="sales",
            file=files.get(unit, ""),
            column="currency",
            value=partner,
            count=count,
            rows=numbers,
            words={"values": listed + more},
        )
