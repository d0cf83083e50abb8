"""Which other partners were at the same customer while a deal ran, and which came only afterwards."""

from __future__ import annotations

import pandas as pd

from prmkit.practices.reach.collisions.contacts import Contacts

MOST_RIVALS = 3
"""More rivals than this count as so many: hardly any deal has them, and they would carry the slope."""


def meetings(contacts: Contacts) -> pd.DataFrame:
    """Every deal beside every other deal of another house at the same customer: their rows' numbers and who the other was.

    deal, other_deal: row numbers in contacts.deals; partner_id is of the deal, other_partner_id and other_house of the other (null
    direct). Deals of our own are met, but meet nobody. Partners that had a part in one deal at the customer do not meet.
    """
    deals = contacts.deals
    if not len(deals):
        return pd.DataFrame(columns=["deal", "other_deal", "partner_id", "other_partner_id", "other_house", "customer_id"])
    rows = deals[["customer_id", "partner_id", "house"]].assign(deal=deals.index)
    busy = rows[rows.duplicated("customer_id", keep=False)]
    others = busy.rename(columns={"deal": "other_deal", "partner_id": "other_partner_id", "house": "other_house"})
    both = busy[busy["partner_id"].notna()].merge(others, on="customer_id")
    both = both[(both["other_house"] != both["house"]).fillna(True)]
    if len(contacts.together):
        both = both.merge(contacts.together, on=["customer_id", "partner_id", "other_partner_id"], how="left", indicator=True)
        both = both[both["_merge"] == "left_only"].drop(columns="_merge")
    return both.reset_index(drop=True)


def with_rivals(contacts: Contacts, met: pd.DataFrame) -> pd.DataFrame:
    """contacts.deals of partners with three counts more.

    rivals: other partners that quoted at the customer while the deal ran (their deal began within the window before its end, and ended
    no earlier than it began). ours: whether our own people did. later: partners that began to only in the window after its end; null
    where that window is not over. At most MOST_RIVALS each.
    """
    deals, window = contacts.deals, pd.Timedelta(days=contacts.days)
    if not len(deals):
        return deals.assign(rivals=0, ours=False, later=0.0)
    began, ended = deals["began"], deals["ended"]
    mine, other = met["deal"].to_numpy(dtype=int), met["other_deal"].to_numpy(dtype=int)
    end, start = ended.to_numpy()[mine], began.to_numpy()[mine]
    others_began, others_ended = began.to_numpy()[other], ended.to_numpy()[other]
    during = (others_began <= end) & (others_began > end - window) & (others_ended >= start)
    after = (others_began > end) & (others_began <= end + window)
    partner = met["other_partner_id"].notna().to_numpy()

    def count(use: pd.Series) -> pd.Series:
        distinct = met.loc[use, ["deal", "other_house"]].drop_duplicates()
        return distinct.groupby("deal").size().reindex(deals.index, fill_value=0).clip(upper=MOST_RIVALS)

    ours = pd.Series(deals.index.isin(met.loc[during & ~partner, "deal"]), index=deals.index)
    later = count(pd.Series(after & partner)).astype(float).where(ended <= contacts.as_of - window)
    made = deals.assign(rivals=count(pd.Series(during & partner)), ours=ours, later=later)
    return made[made["partner_id"].notna()]
