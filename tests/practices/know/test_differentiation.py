"""What partners claim against what is on record: hand-made clients, and worlds whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices import know
from prmkit.practices.know.strengths.claims import folded, measures, read, themes, themes_of
from prmkit.practices.know.strengths.compare import MAKERS, compared
from prmkit.practices.know.strengths.differentiation import differentiation
from prmkit.practices.know.strengths.differentiation_findings import by_claim, claims
from tests.data.handmade import client, line

DAY = pd.Timestamp("2025-10-15")
HOSTILE = "<script>alert('cheap')</script> {{7*7}} =cmd|' /C calc'!A0"


def programme(
    folder: Path,
    win: Sequence[float],
    deals: int,
    seed: int = 1,
    partners: Sequence[dict[str, Any]] | None = None,
    settings: dict[str, Any] | None = None,
    **more: Any,
) -> Portfolio:
    """Partners that win their deals with these chances, by luck; each sells once."""
    rng = np.random.default_rng(seed)
    listed = [{"partner_id": f"P{number:03}", "name": f"P{number}", "territory": f"T{number % 3}"} for number in range(len(win))]
    for number, extra in enumerate(partners or []):
        listed[number] |= extra
    rows = []
    for number, chance in enumerate(win):
        for deal in range(deals):
            won = rng.random() < chance
            rows.append(
                {
                    "deal_id": f"D{number}-{deal}",
                    "partner_id": f"P{number:03}",
                    "outcome": "won" if won else "lost",
                    "lost_to": None if won else "competitor",
                    "closed_on": DAY,
                    "opened_on": DAY - pd.Timedelta(days=int(rng.integers(20, 90))),
                    "amount": float(rng.lognormal(9, 0.5)),
                    "source": "vendor" if deal % 3 == 0 else "partner",
                }
            )
    lines = [line("2025-12-31", one["partner_id"], "1000", cost="700") for one in listed]
    return open_portfolio(client(folder, lines, settings, partners=listed, deals=rows, **more))


def test_a_claim_is_read_in_several_languages_and_not_where_it_is_denied() -> None:
    assert themes_of("The lowest price in the region") == ("price",)
    assert themes_of("Günstig und schnell") == ("price", "speed")
    assert themes_of("Zertifizierte Techniker VOR ORT") == ("technical", "local")
    assert themes_of("La mejor atención al cliente") == ("service",)
    assert themes_of("Satisfaction client, à proximité") == ("service", "local")
    assert themes_of("Not the cheapest, but managed services") == ("managed",)
    assert themes_of("Nicht billig") == ()
    assert themes_of("") == ()
    assert themes_of("We sell boxes") == ()
    assert themes_of("uncertified") == ()  # beginnings of words only


def test_every_claim_of_the_made_up_programmes_is_read_and_no_theme_is_without_an_end() -> None:
    from prmkit.simulate.records.words import DIFFERENTIATORS

    assert all(themes_of(text) for text in DIFFERENTIATORS)
    for theme in themes():
        assert set(theme.evidence) <= set(measures())
        assert bool(theme.evidence) != bool(theme.needs)
    assert set(measures()) == set(MAKERS)


@given(st.text(max_size=300))
def test_any_text_is_only_text(text: str) -> None:
    assert set(themes_of(text)) <= {theme.name for theme in themes()}
    assert folded(folded(text)) == folded(text)
    rows = read(pd.Series([text, None, text]))
    assert set(rows["partner"]) == ({0, 2} if text.strip() else set())


def test_a_true_strength_shows_a_false_claim_does_not_and_the_spreadsheet_is_fooled(tmp_path: Path) -> None:
    """Sixty partners with eighty deals each: five truly win 75%, the others 40%; ten claim to win, five of them truly."""
    win = [0.75] * 5 + [0.4] * 55
    told = [{"differentiator": "High win rate"}] * 10
    rows = differentiation(programme(tmp_path, win, 80, partners=told))
    claimed = rows[~rows["found"] & (rows["measure"] == "win_rate")].set_index("partner_id")
    assert (claimed.loc["P000":"P004", "verdict"] == "shown").all()
    assert not (claimed.loc["P005":"P009", "verdict"] == "shown").any()
    assert (claimed.loc["P000":"P004", "lift"] > 0.25).all()
    assert (claimed.loc["P000":"P004", "lift_low"] > 0).all()
    assert claimed["chance_none"].loc["P000":"P004"].max() < 0.05
    found = rows[rows["found"] & (rows["measure"] == "win_rate")]
    assert len(found) <= 1
    assert (found["claimed"] == "").all()
    seen = compared(programme(tmp_path, win, 80, partners=told))["win_rate"].rows["seen"]
    assert (seen.iloc[5:] > seen.mean()).sum() >= 5  # a raw average above the mean names partners that are like all others


def test_where_all_are_alike_nothing_shows(tmp_path: Path) -> None:
    shown = 0
    for seed in range(4):
        rows = differentiation(programme(tmp_path, [0.45] * 60, 20, seed, partners=[{"differentiator": "We win more: high win rate"}] * 60))
        shown += int((rows["verdict"] == "shown").sum())
    assert shown <= 2  # of 4 x 60 claims and as many measures nobody claims


def test_a_claim_no_better_than_its_like_is_told_so_where_there_is_enough(tmp_path: Path) -> None:
    rows = differentiation(programme(tmp_path, [0.5] * 30, 400, partners=[{"differentiator": "best win rate"}]))
    mine = rows[rows["partner_id"].eq("P000") & rows["measure"].eq("win_rate")].iloc[0]
    assert mine["verdict"] == "not_shown"
    assert mine["lift_high"] < 0.1
    assert mine["reason"] is None or pd.isna(mine["reason"])
    assert mine["seen"] == pytest.approx(0.5, abs=0.06)


def test_deals_nobody_won_and_deals_we_took_are_no_losses(tmp_path: Path) -> None:
    made = programme(tmp_path, [0.5] * 25, 12)
    before = compared(made)["win_rate"].rows["cases"]
    assert (before == 12).all()
    deals = made.tables["deals"]
    lost = deals.index[(deals["outcome"] == "lost") & (deals["partner_id"] == "P003")]
    extra = [
        {**deals.loc[lost[0]].to_dict(), "deal_id": f"X{number}", "lost_to": why}
        for number, why in enumerate(["no_decision", "direct", "other_partner"])
    ]
    rows = deals.to_dict("records") + extra
    listed = made.partners.to_dict("records")
    again = open_portfolio(client(tmp_path, [line("2025-12-31", "P000", "10")], partners=listed, deals=rows))
    after = compared(again)["win_rate"].rows["cases"]
    assert after["P003"] == 13  # only the one that another partner won


def test_adjusted_for_what_a_partner_bids_for(tmp_path: Path) -> None:
    """Two kinds of deals, won at 80% and 20%: who takes only the easy ones is no better than who takes only the hard ones."""
    rng = np.random.default_rng(3)
    rows = []
    for number in range(60):
        for deal in range(60):
            easy = (number % 2 == 0) if deal % 10 else (number % 2 == 1)
            won = rng.random() < (0.8 if easy else 0.2)
            rows.append(
                {
                    "deal_id": f"{number}-{deal}",
                    "partner_id": f"P{number:03}",
                    "outcome": "won" if won else "lost",
                    "closed_on": DAY,
                    "source": "vendor" if easy else "partner",
                }
            )
    partners = [{"partner_id": f"P{number:03}", "name": "x"} for number in range(60)]
    made = open_portfolio(client(tmp_path, [line("2025-12-31", "P000", "10")], partners=partners, deals=rows))
    found = compared(made)["win_rate"].rows
    assert found["seen"].iloc[::2].mean() > 0.7
    assert found["seen"].iloc[1::2].mean() < 0.3
    assert found["usual"].iloc[::2].mean() == pytest.approx(found["seen"].iloc[::2].mean(), abs=0.02)
    assert (found["lift_low"] > 0).sum() <= 1
    assert found["lift"].abs().mean() < 0.05


def test_service_is_read_from_the_cases_it_handles_itself(tmp_path: Path) -> None:
    """Thirty partners; one answers in a quarter of the time, but only where it is the one that answers."""
    rng = np.random.default_rng(5)
    tickets = [
        {
            "ticket_id": f"{number}-{case}",
            "partner_id": f"P{number:03}",
            "opened_on": DAY,
            "severity": "low",
            "handled_by": who,
            "first_response_hours": float(rng.lognormal(2 - (1.4 if number == 0 and who == "partner" else 0), 0.8)),
            "csat": float(rng.integers(3, 6)),
        }
        for number in range(30)
        for case, who in enumerate(["partner", "vendor"] * 15)
    ]
    rows = differentiation(
        programme(tmp_path, [0.5] * 30, 6, partners=[{"differentiator": "Responds the same day"}] * 2, tickets=tickets)
    ).set_index(["partner_id", "measure"])
    mine, other = rows.loc[("P000", "response_time")], rows.loc[("P001", "response_time")]
    assert (mine["verdict"], mine["cases"]) == ("shown", 15)
    assert mine["lift"] == pytest.approx(1 - np.exp(-1.4), abs=0.12)
    assert other["verdict"] != "shown"
    assert other["lift"] < 0.3


def test_win_rate_and_mix_in_its_end_market(tmp_path: Path) -> None:
    """Partner 0 says it sells to health, sells to nobody else and wins there; partner 1 says so and sells like everybody."""
    rng = np.random.default_rng(6)
    markets = ["Health", "Retail", "Energy", "Public sector"]
    customers, deals = [], []
    for number in range(40):
        for deal in range(30):
            market = "Health" if number == 0 else markets[int(rng.integers(4))]
            identity = f"C{number}-{deal}"
            customers.append({"customer_id": identity, "vertical": market})
            won = rng.random() < (0.9 if number == 0 else 0.4)
            deals.append(
                {
                    "deal_id": identity,
                    "customer_id": identity,
                    "partner_id": f"P{number:03}",
                    "closed_on": DAY,
                    "outcome": "won" if won else "lost",
                }
            )
    partners = [{"partner_id": f"P{number:03}", "name": "x", "vertical": "héalth" if number < 25 else "Retail"} for number in range(40)]
    partners[0]["differentiator"] = partners[1]["differentiator"] = "Knows its industry from the inside"
    partners[39]["vertical"] = None
    partners[39]["differentiator"] = "industry experts"
    made = open_portfolio(client(tmp_path, [line("2025-12-31", "P000", "10")], partners=partners, customers=customers, deals=deals))
    rows = differentiation(made).set_index(["partner_id", "measure"])
    assert rows.loc[("P000", "vertical_mix"), "verdict"] == "shown"
    assert rows.loc[("P000", "vertical_mix"), "seen"] == 1.0
    assert rows.loc[("P000", "vertical_win_rate"), "verdict"] == "shown"
    assert rows.loc[("P000", "vertical_win_rate"), "lift"] > 0.5
    assert rows.loc[("P001", "vertical_mix"), "verdict"] != "shown"
    assert rows.loc[("P002", "vertical_mix"), "theme"] == "end market"
    assert "its end market is not on record" in rows.loc[("P039", "vertical_mix"), "reason"]


def test_small_clients_abstain_in_words(tmp_path: Path) -> None:
    texts = ["Lowest price", "Own software", HOSTILE, "  ", "Nice people", "certified engineers"]
    partners = [{"partner_id": f"P{number}", "name": "x", "differentiator": text} for number, text in enumerate(texts)]
    lines = [line("2025-06-30", f"P{number}", "100") for number in range(10)]
    listed = partners + [{"partner_id": f"P{number}", "name": "x"} for number in range(6, 10)]
    made = open_portfolio(client(tmp_path, lines, partners=listed))
    found = know.assess(made)
    rows = found.tables["differentiation"]
    assert (rows["verdict"] == "too_little").all()
    assert rows["lift"].isna().all()
    assert rows["reason"].str.len().min() > 10
    why = rows.set_index("claimed")["reason"]
    assert "sales.kind" in why["Own software"]
    assert "deals (discount, list_amount)" in why["Lowest price"]
    assert "none of our words" in why["Nice people"]
    assert HOSTILE in set(rows["claimed"])
    assert "  " not in set(rows["claimed"])
    named = {(missing.table, missing.column) for missing in found.not_computed}
    assert ("differentiation", "lift") in named
    assert not [finding for finding in found.findings if finding.id.startswith("know.differentiation")]


def test_no_claims_no_records_no_rows(tmp_path: Path) -> None:
    found = know.assess(open_portfolio(client(tmp_path, [line("2025-06-30", "P0", "100")])))
    assert found.tables["differentiation"].empty
    assert ("differentiation", None) in {(missing.table, missing.column) for missing in found.not_computed}


def test_a_view_shows_the_same_numbers(tmp_path: Path) -> None:
    win = [0.8] * 4 + [0.4] * 40
    told = [{"differentiator": "wins against the big ones", "region": "north"}] * 20
    made = programme(tmp_path, win, 30, partners=told, settings={"portfolios": {"north": {"region": ["north"]}}})
    whole, part = differentiation(made), differentiation(open_portfolio(made.client, "north"))
    assert 0 < part["partner_id"].nunique() <= 20
    there = whole[whole["partner_id"].isin(part["partner_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, there)


def test_findings_say_what_holds_and_what_leads_would_bring(tmp_path: Path) -> None:
    win = [0.8] * 6 + [0.4] * 54
    made = programme(tmp_path, win, 45, partners=[{"differentiator": "High win rate"}] * 30)
    rows = differentiation(made)
    found = {finding.id.split(":")[0]: finding for finding in claims(made, rows)}
    held, leads = found["know.differentiation.held"], found["know.differentiation.leads"]
    shown = int((by_claim(rows)["verdict"] == "shown").sum())
    assert held.value.amount == shown >= 6
    assert leads.worth.amount is not None
    best = rows[(rows["measure"] == "win_rate") & (rows["verdict"] == "shown")]
    deals = made.tables["deals"]
    others = deals[~deals["partner_id"].isin(best["partner_id"]) & (deals["source"] == "vendor")]
    room = best["partner_id"].map(made.partners.set_index("partner_id")["territory"]).value_counts() * 45
    free = others["partner_id"].map(made.partners.set_index("partner_id")["territory"]).value_counts()
    moved = int(np.minimum(room, free.reindex(room.index)).sum())
    by_hand = moved * best["usual"].mean() * best["lift_low"].mean() * others["amount"].median() * 0.3
    assert leads.worth.amount == pytest.approx(by_hand)
    assert leads.value.low is not None
    assert leads.value.amount is not None
    assert 0 < leads.value.low < leads.value.amount
