"""All canonical tables of a programme, and what is true of the partners that the tables do not say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.data.tables import tables as canonical
from prmkit.practices.know.standing.alignment import CORE, PRIMARY
from prmkit.simulate.arithmetic import exp
from prmkit.simulate.records.agreements import agreements
from prmkit.simulate.records.business import make_business
from prmkit.simulate.records.catalogue import products
from prmkit.simulate.records.customers import customers, make_accounts
from prmkit.simulate.records.deal_tables import deal_partners, deals, with_deals
from prmkit.simulate.records.deals import make_deals
from prmkit.simulate.records.events import events, make_acts
from prmkit.simulate.records.incentives import incentives
from prmkit.simulate.records.line_card import line_card
from prmkit.simulate.records.managers import make_managers
from prmkit.simulate.records.partners import partners, statuses
from prmkit.simulate.records.people import make_people, people_table
from prmkit.simulate.records.plans import plans
from prmkit.simulate.records.presence import make_presence
from prmkit.simulate.records.programme_rules import history, requirements
from prmkit.simulate.records.rates import rates
from prmkit.simulate.records.recruits import recruits
from prmkit.simulate.records.sales import Sold, make_sales
from prmkit.simulate.records.subscriptions import renewal_rates, subscriptions
from prmkit.simulate.records.support import make_effort, support
from prmkit.simulate.records.surveys import attitude, need_group, surveys
from prmkit.simulate.records.territories import goals, territories
from prmkit.simulate.records.tickets import make_cases, tickets
from prmkit.simulate.records.tiers import make_tiers
from prmkit.simulate.records.trainings import trainings
from prmkit.simulate.state import Array, State


@dataclass(frozen=True)
class Records:
    """tables: every canonical table. known: (n,) columns of what is true of the partners. sold: sales lines as numbers."""

    tables: dict[str, pd.DataFrame]
    known: dict[str, Array]
    sold: Sold


def make_records(state: State) -> Records:
    """Write down what happened, as a client's systems have it."""
    accounts, presence, business = make_accounts(state), make_presence(state), make_business(state)
    managers, tiers, acts, cases = (
        make_managers(state, presence),
        make_tiers(state, presence, business),
        make_acts(state),
        make_cases(state),
    )
    status, staff, sold = statuses(state, presence), make_people(state, presence, business), make_sales(state, accounts)
    pipeline = make_deals(state, accounts, presence, acts, sold)
    paid = incentives(state, presence, business, sold)
    known_partners = partners(state, presence, business, managers, tiers, status)
    made = {
        "partners": known_partners,
        "sales": with_deals(sold, pipeline),
        "customers": customers(state, accounts),
        "products": products(state, sold.catalogue),
        "territories": territories(state, accounts),
        "goals": goals(state, managers),
        "deals": deals(state, sold.catalogue, pipeline),
        "deal_partners": deal_partners(state, pipeline),
        "subscriptions": subscriptions(state, accounts, presence, sold.catalogue),
        "people": people_table(state, business, staff),
        "trainings": trainings(state, presence, staff, sold.catalogue),
        "requirements": requirements(tiers),
        "incentives": paid,
        "support": support(state, make_effort(state, cases, paid)),
        "tickets": tickets(state, accounts, sold.catalogue, cases),
        "surveys": surveys(state, accounts, presence, business),
        "line_card": line_card(state, business, presence, known_partners["vendor_count"].to_numpy(dtype=float)),
        "recruits": recruits(state, presence),
        "history": history(state, presence, managers, tiers, status),
        "agreements": agreements(state, presence, status),
        "plans": plans(state, presence, business, managers),
        "events": events(state, accounts, managers, acts),
        "rates": rates(state),
    }
    share = business.share_of_wallet
    known = {
        "share_of_wallet": share,
        "renewal_rate": renewal_rates(state),
        "response_factor": exp(state.network.service),
        "need_group": need_group(state).astype(np.float64),
        "attitude": attitude(state),
        "role": np.select([share >= PRIMARY, share >= CORE], [2.0, 1.0], 0.0),
    }
    return Records({name: made[name] for name in canonical() if name in made}, known, sold)
