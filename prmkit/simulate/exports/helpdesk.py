"""Zendesk: end customers' support cases. The partner is an organisation, known by its name; times are in minutes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.simulate.exports.export import Tables, export
from prmkit.simulate.exports.learning import minutes
from prmkit.simulate.exports.organisations import by_id, organisations
from prmkit.simulate.exports.words import PRIORITIES, YES_NO, flagged, spoken


@export("zendesk_tickets", "Zendesk, export of tickets", "tickets", "partners")
def zendesk_tickets(tables: Tables) -> pd.DataFrame:
    """One row a case."""
    tickets = tables["tickets"]
    minute = pd.to_timedelta(7 * 60 + np.arange(len(tickets)) * 53 % 660, unit="m")
    return pd.DataFrame(
        {
            "Id": tickets["ticket_id"],
            "Organization": by_id(tickets["partner_id"], organisations(tables["partners"])),
            "Customer ID": tickets["customer_id"],
            "Product": tickets["product_id"],
            "Status": "Closed",
            "Priority": spoken(tickets["severity"], PRIORITIES),
            "Handled by": spoken(tickets["handled_by"]),
            "Escalated": flagged(tickets["escalated"], YES_NO),
            "Created at": tickets["opened_on"] + minute,
            "First reply time in minutes": minutes(tickets["first_response_hours"]),
            "Full resolution time in minutes": minutes(tickets["resolution_hours"]),
            "Reopens": tickets["reopens"],
            "Satisfaction Score": tickets["csat"],
        }
    )
