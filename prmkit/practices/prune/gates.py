"""What stands between a computed exit and a letter: cover, open deals, contracts, time to ramp."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned
from prmkit.publish.words import money

NOT_ON_RESALE = ("referral", "isv")


def gates(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, gates (text), barred (True where an exit must wait), notice_days, for every partner of the client.

    Barred: the only productive partner of its territory; or open deals. Notice, cure and exclusivity
    of its agreement are told, since they delay and do not forbid.
    """
    ids = portfolio.partners["partner_id"]
    alone = _alone(portfolio)
    pipeline = _pipeline(portfolio)
    contract = _contract(portfolio)
    territory = portfolio.partners["territory"].fillna("")
    texts = pd.Series(
        [
            "; ".join(
                part
                for part in (
                    f"only productive partner in {place}" if single else "",
                    f"open deals of {money(amount, portfolio.currency, portfolio.settings.locale)}" if amount > 0 else "",
                    terms,
                )
                if part
            )
            for place, single, amount, terms in zip(territory, alone, pipeline, contract["terms"], strict=True)
        ],
        dtype="str",
    )
    return pd.DataFrame({"partner_id": ids, "gates": texts, "barred": alone | (pipeline > 0), "notice_days": contract["notice_days"]})


def not_judged(portfolio: Portfolio) -> pd.Series:
    """Why a partner is not judged on resale, empty where it is: its kind, a relationship that ended, nothing to go by."""
    partners = portfolio.partners
    kind, status = partners["partner_type"], partners["status"]
    credited = partners["partner_id"].isin(_credited(portfolio))
    reason = pd.Series("", index=partners.index, dtype="str")
    reason = reason.mask(kind.isin(NOT_ON_RESALE), "its kind is not judged on resale")
    reason = reason.mask((kind == "si") & ~credited, "a system integrator without credited deals is not judged on resale")
    reason = reason.mask(status == "prospect", "not yet a partner")
    ended = partners["ended_on"].notna() & (partners["ended_on"] <= portfolio.as_of)
    reason = reason.mask(ended | (status == "terminated"), "the relationship has ended")
    unknown = ~partners["partner_id"].isin(portfolio.orders["partner_id"].unique()) & partners["joined_on"].isna()
    return reason.mask(unknown & (reason == ""), "never bought, and when it joined is not known")


def _credited(portfolio: Portfolio) -> pd.Series:
    parts = portfolio.tables.get("deal_partners")
    return pd.Series(dtype="str") if parts is None else parts["partner_id"].drop_duplicates()


def _alone(portfolio: Portfolio) -> pd.Series:
    partners = portfolio.partners
    active = portfolio.per_partner("revenue", 0, 6).to_numpy() > 0
    home = partners["territory"].where(active)
    crowd = partners["territory"].map(home.value_counts()).fillna(0)
    return pd.Series(active & (crowd == 1).to_numpy(), index=partners.index)


def _pipeline(portfolio: Portfolio) -> pd.Series:
    ids = portfolio.partners["partner_id"]
    if not portfolio.has("deals"):
        return pd.Series(0.0, index=ids.index)
    deals = portfolio.tables["deals"]
    live = deals[(deals["outcome"] == "open") & ~(deals["expires_on"] < portfolio.as_of)]
    return aligned(live.groupby("partner_id")["amount"].sum(), ids).fillna(0.0).astype("float64")


def _contract(portfolio: Portfolio) -> pd.DataFrame:
    ids = portfolio.partners["partner_id"]
    nothing = pd.DataFrame({"terms": pd.Series("", index=ids.index, dtype="str"), "notice_days": np.nan})
    rows = portfolio.tables.get("agreements")
    if rows is None or rows.empty:
        return nothing
    rows = rows[rows["ends_on"].isna() | (rows["ends_on"] > portfolio.as_of)]
    if rows.empty:
        return nothing
    grouped = rows.groupby("partner_id")
    notice = aligned(grouped["notice_days"].max(), ids)
    cure = aligned(grouped["cure_days"].max(), ids)
    exclusive = ids.isin(rows.loc[rows["exclusive"].fillna(False).astype(bool), "partner_id"])
    texts = [
        "; ".join(
            part
            for part in (
                f"{days:.0f} days' notice" if days > 0 else "",
                f"{chance:.0f} days to cure" if chance > 0 else "",
                "exclusive agreement" if alone else "",
            )
            if part
        )
        for days, chance, alone in zip(notice, cure, exclusive, strict=True)
    ]
    return pd.DataFrame({"terms": pd.Series(texts, index=ids.index, dtype="str"), "notice_days": notice.astype("float64")})
