"""Numbers in findings follow the engagement's currency and locale."""

from __future__ import annotations

from pathlib import Path

from prmkit.data.portfolio import open_portfolio
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.result import Amount
from tests.data.handmade import client, line


def test_currency_locale_and_period(tmp_path: Path) -> None:
    made = open_portfolio(client(tmp_path, [line("2025-06-30", "A", "1")], {"currency": "CHF", "locale": "de_DE"}))
    say = Phrases.of(made)
    assert say.money(1_234_567) == "CHF 1,23m"
    assert say.share(0.4123) == "41\N{NO-BREAK SPACE}%"
    assert say.count(12_345) == "12.345"
    assert say.counted(1) == "1 partner"
    assert say.counted(2, "family", "families") == "2 families"
    assert last_year(made) == "12 months to 2025-06-30"
    assert "CHF" in say.interval(Amount(1000.0, 500.0, 2000.0, "CHF", last_year(made)))
