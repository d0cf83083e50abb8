"""Who serves whom: overlaps within a territory, and the vendor's own customers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.simulate import Programme
from prmkit.simulate.records.customers import SHARED, Accounts, make_accounts
from prmkit.simulate.state import State


def served(state: State) -> tuple[Accounts, pd.DataFrame]:
    accounts, network = make_accounts(state), state.network
    partner = np.repeat(np.arange(network.size), network.accounts)
    return accounts, pd.DataFrame({"customer": accounts.number, "partner": partner, "territory": network.territory[partner]})


def test_one_account_in_eight_is_served_by_a_second_partner_of_the_same_territory(wide: Programme) -> None:
    accounts, rows = served(wide.state)
    shared = accounts.sharers[accounts.number] == 2
    # pairs that fall on one partner are left out: a twenty-fifth of them or less
    assert SHARED - 0.01 < shared.mean() <= SHARED
    by_customer = rows.groupby("customer")
    assert (by_customer["territory"].nunique() == 1).all()
    assert (by_customer["partner"].nunique() == by_customer.size()).all()
    assert (by_customer.size() == accounts.sharers[: len(by_customer)]).all()


def test_orders_are_of_the_customers_that_the_partner_serves(wide: Programme) -> None:
    accounts, rows = served(wide.state)
    ids = wide.state.network.partner_id.astype(str)
    pairs = set(zip(ids[rows["partner"]], accounts.customer_id[rows["customer"]], strict=True))
    lines = wide.tables["sales"].query("channel == 'sell_through'")[["partner_id", "customer_id"]].drop_duplicates()
    assert set(zip(lines["partner_id"], lines["customer_id"], strict=True)) <= pairs


def test_direct_sales_go_to_direct_customers_and_to_accounts_of_both(wide: Programme) -> None:
    owner = wide.tables["customers"].set_index("customer_id")["owner"]
    sold = owner[wide.tables["sales"].query("channel == 'direct'")["customer_id"]]
    assert set(sold) == {"direct", "shared"}
    territory = pd.Series(make_accounts(wide.state).territory, index=owner.index)
    lines = wide.tables["sales"].query("channel == 'direct'")
    places = np.array(wide.state.network.places)[territory[lines["customer_id"]]]
    assert (lines["territory"].to_numpy() == places).all()
