"""What this practice could not answer, and which export would."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.result import NotComputed

_LATER = "no method for this is part of prmkit yet"
_TABLES = {
    "compliance": (("requirements",), "what a tier asks, or who holds which tier, is not on record", "requirements, partners.tier"),
    "training": (
        ("requirements", "people"),
        "what a tier asks, or who works at partners, is not on record",
        "requirements (hours), people, trainings",
    ),
    "intensity": (("trainings", "people"), "trainings, or who works at partners, are not on record", "trainings, people"),
    "training_effect": (("trainings",), "no trainings on record", "trainings"),
    "incentives": (("incentives",), "no incentives on record", "incentives"),
    "launches": (("products",), "sales carry no product family", "products.family, sales.product_id"),
    "attention": (("surveys",), "partners were not asked how they spend their selling time", "surveys (new_product_time)"),
    "change_load": (
        ("products", "people"),
        "product versions, or who works at partners, are not on record",
        "products.version, people, trainings",
    ),
    "decay": (("trainings",), "no test scores over time", "trainings.score"),
    "support_link": (("support", "trainings"), "support cost, or trainings, are not on record", "support, trainings"),
    "budget": (("incentives",), "no incentives on record", "incentives with dates of approval"),
}
_COLUMNS = {
    "incentives": (
        "effect",
        "no programme's dates can be told apart from the sales they follow",
        "incentives.approved_on, or a next wave drawn by lot",
    ),
    "training": ("gap_cost", "the cost of an hour is not known", "economics.hourly_cost in engagement.yaml"),
    "intensity": ("hours_per_dedicated_equivalent", "how much of their time people sell our line is not known", "people.sells_us_share"),
    "launches": ("partners_expected_12m", "too few earlier launches to learn from", "a longer sales history"),
    "training_effect": ("effect", "no course's effect can be told apart", "more courses taken at different times"),
}


def not_computed(portfolio: Portfolio, tables: Mapping[str, pd.DataFrame]) -> tuple[NotComputed, ...]:
    """Tables and columns left empty, each with the reason and what would unlock it."""
    missing = []
    for table, (sources, absent, needs) in _TABLES.items():
        if tables[table].empty:
            held = all(portfolio.whole.has(source) for source in sources)
            later = held and table in {"attention", "change_load", "decay", "support_link", "budget"}
            missing.append(NotComputed(table, None, _LATER if later else absent, needs))
    for table, (column, why, needs) in _COLUMNS.items():
        if len(tables[table]) and tables[table][column].isna().all():
            missing.append(NotComputed(table, column, why, needs))
    if len(tables["incentives"]) and tables["incentives"]["effect"].notna().any() and tables["incentives"]["roi"].isna().all():
        missing.append(
            NotComputed("incentives", "roi", "see the reason in each row", "sales.cost or economics.gross_margin; months after the end")
        )
    return tuple(missing)
