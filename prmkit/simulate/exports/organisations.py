"""How systems that do not know our partner ids call a partner: by a name no other has, or by its e-mail domain."""

from __future__ import annotations

import pandas as pd

OWN_DOMAIN, OWN_BRANCH = "vendor.example", "Employees"


def organisations(partners: pd.DataFrame) -> pd.Series:
    """partner_id -> the partner's name, with its id behind where several share it: a help desk keeps names apart."""
    shared = partners["name"].duplicated(keep=False)
    told = partners["name"].mask(shared, partners["name"] + " (" + partners["partner_id"] + ")")
    return pd.Series(told.to_numpy(), index=partners["partner_id"], dtype="str")


def domains(partners: pd.DataFrame) -> pd.Series:
    """partner_id -> the domain of its people's addresses: its own, else a public one that says nothing of it."""
    known = partners["domain"].fillna("mail.example")
    return pd.Series(known.to_numpy(), index=partners["partner_id"], dtype="str")


def by_id(ids: pd.Series, names: pd.Series) -> pd.Series:
    """The name of each id, missing where there is no id; an id that is not among them stays as it is."""
    return ids.map(names).fillna(ids).astype("str")
