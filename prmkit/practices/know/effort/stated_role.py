"""Our place in a partner's business as somebody says it, without a look at what the partner bought from us."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned
from prmkit.practices.know.standing.alignment import CORE, PRIMARY
from prmkit.practices.survey import voices

NOT_STATED = "not stated"
_ROLES = ("primary", "core", "add_on")
_JUDGED = {"main_line": "primary", "one_of_a_few": "core", "add_on": "add_on"}


def stated_role(portfolio: Portfolio) -> pd.Series:
    """primary, core, add_on or "not stated", for every partner, named "role".

    What the partner answered (portfolio_role of the survey: 1 primary, 2 core, 3 add-on), else what its manager judged, else what the
    number of vendors it carries says. A role worked out from our own sales would explain those sales by themselves: it is not used here.
    """
    ids = portfolio.partners["partner_id"]
    vendors = portfolio.partners["vendor_count"].astype("float64")
    share = 1 / vendors.where(vendors >= 1)
    counted = np.select([share >= PRIMARY, share >= CORE, share > 0], list(_ROLES), NOT_STATED)
    made = pd.Series(counted, index=ids.index, dtype="str")
    for better in (_judged(portfolio, ids), _answered(portfolio, ids)):
        made = made.where(better.isna(), better)
    return made.rename("role")


def _judged(portfolio: Portfolio, ids: pd.Series) -> pd.Series:
    if not portfolio.has("estimates"):
        return pd.Series(None, index=ids.index, dtype="str")
    told = portfolio.tables["estimates"]
    told = told[(told["question"] == "portfolio_role") & told["answer"].isin(list(_JUDGED))]
    roles = told.assign(role=told["answer"].map(_JUDGED)).groupby("partner_id")["role"].agg(["first", "nunique"])
    return aligned(roles["first"].where(roles["nunique"] == 1), ids).astype("str")


def _answered(portfolio: Portfolio, ids: pd.Series) -> pd.Series:
    said = voices(portfolio)
    if "portfolio_role" not in said.scores:
        return pd.Series(None, index=ids.index, dtype="str")
    mean = said.by_partner(said.scores[["portfolio_role"]])["portfolio_role"].round()
    return aligned(mean.map(dict(enumerate(_ROLES, start=1))), ids).astype("str")
