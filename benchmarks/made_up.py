"""Made-up tables in the canonical form, of any size, written by DuckDB without holding them in memory."""

from __future__ import annotations

from pathlib import Path

import duckdb

_PARTNERS = """
    SELECT 'P' || lpad(i::VARCHAR, 6, '0') AS partner_id, 'Made-up partner ' || i AS name,
           ['reseller', 'msp', 'var', 'distributor'][1 + (hash(i, 'type') % 4)::BIGINT] AS partner_type,
           'T' || lpad((hash(i, 'place') % 40)::VARCHAR, 2, '0') AS territory,
           ['EMEA', 'AMER', 'APAC'][1 + (hash(i, 'region') % 3)::BIGINT] AS region,
           (1 + hash(i, 'people') % 200) AS employees,
           DATE '2015-01-01' + (hash(i, 'since') % 3000)::INTEGER AS joined_on,
           'M' || (i % 60) AS partner_manager
    FROM range({partners}) t(i)
"""
_LINES = """
    SELECT 'L' || i AS sale_id, 'I' || (i // 3) AS invoice_id,
           (DATE '2026-09-30' - (hash(i // 3, 'day') % {days})::INTEGER) AS date,
           'P' || lpad((floor({partners} * power((hash(i // 3, 'who') % 1000003) / 1000003.0, 2.2)))::BIGINT::VARCHAR, 6, '0')
             AS partner_id,
           'X' || (hash(i, 'what') % 400) AS product_id,
           'sell_through' AS channel, 1 + hash(i, 'units') % 20 AS units,
           ((hash(i, 'money') % 5000000) / 10000.0)::DECIMAL(18, 4) AS revenue,
           ((hash(i, 'money') % 5000000) * (55 + hash(i, 'cost') % 30) / 1000000.0)::DECIMAL(18, 4) AS cost
    FROM range({lines}) t(i)
"""
_PRODUCTS = "SELECT 'X' || i AS product_id, 'Family ' || (i % 12) AS family FROM range(400) t(i)"
_COPY = {
    "csv": "(FORMAT csv, HEADER)",
    "csv.gz": "(FORMAT csv, HEADER, COMPRESSION gzip)",
    "parquet": "(FORMAT parquet, COMPRESSION zstd)",
}


def write(folder: Path, *, partners: int, months: int, lines: int, ending: str = "parquet") -> None:
    """Write partners, products and sales into `folder`/data, sales with the file name ending given."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    sizes = {"partners": partners, "days": int(months * 30.4375), "lines": lines}
    with duckdb.connect() as connection:
        for name, query, kind in (("partners", _PARTNERS, "csv"), ("products", _PRODUCTS, "csv"), ("sales", _LINES, ending)):
            target = data / f"{name}.{kind}"
            connection.execute(f"COPY ({query.format(**sizes)}) TO '{target.as_posix()}' {_COPY[kind]}")
    (folder / "engagement.yaml").write_text(
        "client: Made-up programme\ncurrency: EUR\nas_of: 2026-09-30\ngoal: {growth: 0.2}\neconomics: {gross_margin: 0.3}\n",
        encoding="utf-8",
    )
