"""What a report about one partner may say, by edition: a page is made of a PartnerView and of nothing else.

The internal edition shows everything known of the partner. The partner edition shows what is the
partner's own: no other partner, no cost or margin of ours, no decision, no risk, no judgement. It
is a list of what may be shown, so that a table or a column added later is not shown by accident.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import pandas as pd
from rapidfuzz import fuzz, process

from prmkit.data import calendar
from prmkit.errors import PrmkitError, unknown_name
from prmkit.practices.result import Finding, NotComputed
from prmkit.publish.partner_peers import PeerBand, PeerGroup, peer_band
from prmkit.results import Results

Edition = Literal["internal", "partner"]
EDITIONS: tuple[Edition, ...] = get_args(Edition)

# Results tables about a partner, and the columns of them the partner itself may read.
PARTNER_MAY_READ: Mapping[str, tuple[str, ...]] = {
    "enable_compliance": ("tier_held", "tier_earned", "metric", "required", "actual"),
    "enable_training": ("role", "people", "required_hours", "current_hours", "gap_hours"),
    "know_fit": ("product_family", "actual_share"),
    "loyalty_service": ("tickets", "first_response_hours", "resolution_hours", "csat", "promise_met_share"),
    "partner_months": ("month", "ends_on", "revenue", "orders"),
    "partner_goals": ("period_start", "period_end", "revenue_goal"),
}
PARTNER_MAY_READ_OF_ITSELF = ("partner_id", "name", "partner_type", "tier", "territory", "region", "country", "joined_on")
_FACTS = ("as_of", "client", "currency", "locale", "measure", "prmkit_version", "fingerprint", "finished_at", "seed")
_FACTS_INTERNAL = (*_FACTS, "portfolio", "inputs", "warnings")


@dataclass(frozen=True)
class PartnerView:
    """All that one edition of one partner's report may draw on.

    partner: its own attributes. months: month (0 newest), ends_on, revenue, orders and, internal only,
    gross_margin; every month of the history, oldest first. tables: "<practice>_<table>" -> its own
    rows. facts: fields of run.json. not_computed: what the data could not carry (internal only).
    """

    edition: Edition
    partner: Mapping[str, Any]
    months: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...]
    not_computed: tuple[NotComputed, ...]
    peers: PeerBand | None
    min_peers: int
    facts: Mapping[str, Any]

    @property
    def internal(self) -> bool:
        """Whether this is the edition for the programme's own people."""
        return self.edition == "internal"

    def row(self, table: str) -> Mapping[str, Any]:
        """The partner's one row of a results table, null values left out; empty when there is none."""
        frame = self.tables.get(table)
        if frame is None or frame.empty:
            return {}
        return {str(key): value for key, value in frame.iloc[0].items() if not pd.isna(value)}

    def rows(self, table: str) -> pd.DataFrame:
        """The partner's rows of a results table; without rows when there is none."""
        return self.tables.get(table, pd.DataFrame())


def known_edition(edition: str) -> Edition:
    """The edition of that name; PrmkitError with the known ones when there is none."""
    if edition not in EDITIONS:
        raise PrmkitError(unknown_name("edition", edition, EDITIONS))
    return "partner" if edition == "partner" else "internal"


def view(results: Results, partner_id: str, edition: str = "internal") -> PartnerView:
    """What `edition` may say of a partner; PrmkitError with the nearest names for an unknown partner or edition."""
    chosen = known_edition(edition)
    internal = chosen == "internal"
    own = partner_record(results.partners, partner_id)
    minimum = int(results.run.get("settings", {}).get("privacy", {}).get("min_peers_money", 10))
    return PartnerView(
        edition=chosen,
        partner=own if internal else {key: own[key] for key in PARTNER_MAY_READ_OF_ITSELF if key in own},
        months=_months(results, partner_id, chosen),
        tables={name: _own_rows(name, frame, partner_id, chosen) for name, frame in results.tables.items() if _may(name, frame, chosen)},
        findings=tuple(f for f in results.about(partner_id) if f.status != "hidden") if internal else (),
        not_computed=results.not_computed if internal else (),
        peers=peer_band(_trailing_revenue(results), _groups(results, chosen), partner_id, minimum),
        min_peers=minimum,
        facts={key: results.run[key] for key in (_FACTS_INTERNAL if internal else _FACTS) if key in results.run},
    )


def partner_record(partners: pd.DataFrame, partner_id: str) -> dict[str, Any]:
    """What is on record of a partner; PrmkitError with the nearest ids and names for an unknown one."""
    rows = partners[partners["partner_id"] == partner_id]
    if rows.empty:
        raise PrmkitError(f"There is no partner '{partner_id}' in this portfolio.{_nearest(partners, partner_id)}")
    return {str(key): value for key, value in rows.iloc[0].items() if not pd.isna(value)}


def _nearest(partners: pd.DataFrame, partner_id: str) -> str:
    ids, names = list(partners["partner_id"]), list(partners["name"].fillna(""))
    near = [ids[place] for _, _, place in process.extract(partner_id, ids, scorer=fuzz.ratio, limit=3, score_cutoff=60)]
    near += [ids[place] for _, _, place in process.extract(partner_id, names, scorer=fuzz.WRatio, limit=3, score_cutoff=75)]
    called = dict(zip(ids, names, strict=True))
    words = ", ".join(f"'{known}' ({called[known]})" for known in dict.fromkeys(near))
    return f" Nearest: {words}." if words else f" It has {len(ids)} partners; their ids are the first column of the partners' table."


def _may(name: str, frame: pd.DataFrame, edition: Edition) -> bool:
    return "partner_id" in frame and name != "partner_months" and (edition == "internal" or name in PARTNER_MAY_READ)


def _own_rows(name: str, frame: pd.DataFrame, partner_id: str, edition: Edition) -> pd.DataFrame:
    rows = frame[frame["partner_id"] == partner_id].drop(columns="partner_id").reset_index(drop=True)
    return rows if edition == "internal" else rows[[column for column in PARTNER_MAY_READ[name] if column in rows]]


def _months(results: Results, partner_id: str, edition: Edition) -> pd.DataFrame:
    every = results.tables.get("partner_months")
    if every is None or every.empty:
        return pd.DataFrame({"month": [], "ends_on": [], "revenue": [], "orders": []})
    ends = calendar.month_ends(pd.Timestamp(str(results.run["as_of"])), int(every["month"].max()) + 1).sort_index(ascending=False)
    own = every[every["partner_id"] == partner_id].set_index("month").drop(columns=["partner_id", "ends_on"])
    wanted = own.columns if edition == "internal" else own.columns.intersection(list(PARTNER_MAY_READ["partner_months"]))
    months = own.reindex(ends.index)[list(wanted)].fillna(0.0)
    return months.assign(ends_on=ends).rename_axis("month").reset_index()


def _trailing_revenue(results: Results) -> pd.Series:
    """Revenue of the twelve months to the as-of date, every partner that sold."""
    months = results.tables.get("partner_months")
    if months is None or months.empty:
        return pd.Series(dtype="float64")
    return months[months["month"] < 12].groupby("partner_id")["revenue"].sum()


def _groups(results: Results, edition: Edition) -> list[PeerGroup]:
    """Groups to compare with, nearest first. A segment's name is a judgement of ours and stays internal."""
    segments = results.table("know", "segments").set_index("partner_id")["segment"]
    partners = results.partners.set_index("partner_id")
    of_type = partners["partner_type"] if "partner_type" in partners else pd.Series(dtype="str")
    everyone = pd.Series("all", index=partners.index)
    words = "partners of the same segment" if edition == "internal" else "partners of a similar kind"
    return [PeerGroup(words, segments), PeerGroup("partners of the same type", of_type), PeerGroup("all partners that sold", everyone)]
