"""A programme opened straight from its tables is the client that its exports make: cell by cell, and line by line."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from prmkit.data.client import Client
from prmkit.data.portfolio import open_portfolio
from prmkit.prove.opening import from_exports, from_tables, open_programme
from prmkit.simulate.programme import simulate
from prmkit.simulate.worlds import WORLDS


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory) -> tuple[Client, Client]:
    """The reference with 40 partners and 15 months, opened straight and through its exports."""
    programme = simulate(WORLDS.get("reference"), 11, 40, 15)
    return from_tables(programme, tmp_path_factory.mktemp("straight")), from_exports(programme, tmp_path_factory.mktemp("exports"))


def test_every_table_is_the_same_whichever_road(roads: tuple[Client, Client]) -> None:
    straight, exported = roads
    assert set(straight.tables) == set(exported.tables)
    assert len(straight.tables) == 22
    for name, rows in straight.tables.items():
        keys = list(rows.columns)
        ours, theirs = (frame.sort_values(keys, ignore_index=True) for frame in (rows, exported.tables[name]))
        pd.testing.assert_frame_equal(ours, theirs, check_exact=True, obj=name)


def test_every_sales_line_is_the_same_whichever_road(roads: tuple[Client, Client]) -> None:
    straight, exported = (pd.read_parquet(client.sales).sort_values("sale_id", ignore_index=True) for client in roads)
    assert (straight["currency"] == "USD").sum() > 20
    pd.testing.assert_frame_equal(straight, exported, check_exact=True)
    assert roads[0].channels == roads[1].channels
    assert roads[0].last_partner_sale == roads[1].last_partner_sale


def test_settings_are_the_same_whichever_road(roads: tuple[Client, Client]) -> None:
    straight, exported = (client.engagement.model_dump(exclude={"folder"}) for client in roads)
    assert straight == exported
    assert open_portfolio(roads[0]).years.equals(open_portfolio(roads[1]).years)


def test_a_world_with_dirt_goes_through_its_exports(tmp_path: Path) -> None:
    dirty = simulate(WORLDS.get("dirty"), 11, 40, 15)
    client = open_programme(dirty, tmp_path)
    assert {fault.severity for fault in client.faults} == {"warning"}
    assert client.sources["sales"].files
