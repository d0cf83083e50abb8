"""Faults within and between whole tables, and in converting money."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.data.fault_book.kind import FaultKind, error, warning

CHECKING_TABLES: Mapping[str, FaultKind] = {
    "duplicate_row": warning(
        "Repeated word for word under the same {column} ('{value}'): {rows} of '{table}'; each is counted once.",
        "Check whether a file was exported twice.",
    ),
    "same_row_twice": warning(
        "Equal to another, with nothing to tell a line exported twice from two equal lines: {rows} of '{table}'; all are counted.",
        "Check whether a file was exported twice.",
    ),
    "duplicate_key": error(
        "The same {column} ('{value}') stands in rows that differ.{where}", "Keep one of them: {column} has to be unique in '{table}'."
    ),
    "duplicate_open_key": warning(
        "The same {column} ('{value}') stands in several rows, with a part of it empty.", "Fill the empty part, or keep one of them."
    ),
    "partner_in_two_territories": error(
        "The partner '{value}' stands there once for each of several territories: {where}.",
        "Keep one row a partner, with its home territory; a sale elsewhere carries its own territory.",
    ),
    "partner_added": warning(
        "Sales name partners that are not in '{target}': {values}. They were added under their id.",
        "Add them to the partners' export.{hint}",
    ),
    "orphan": warning("'{column}' names what is not in '{target}': {values}.", "Complete '{target}', or correct the ids.{hint}"),
    "parent_cycle": error("The partners {values} own each other in a circle.", "Correct parent_partner_id: the top of a group has none."),
    "own_parent": warning(
        "Partners are named as their own parent ('{value}'); read as having none.", "Leave parent_partner_id empty at the top of a group."
    ),
    "ended_before_began": error("'{column}' lies before '{other}' ({value}).", "Correct one of the two dates."),
    "future_date": warning("'{value}' in '{column}' lies in the future.", "Correct it, or leave planned rows out of the export."),
    "negative_with_units": warning(
        "Revenue is negative while units are above zero in {rows} of sales.", "Check how returns are exported: both should be negative."
    ),
    "many_returns": warning("{value} of all sales lines have negative revenue.", "Check that the sign of revenue was exported rightly."),
    "no_partner_sale": error(
        "No sale goes through a partner{where}.",
        "Check partner_id in sales, and that measure in engagement.yaml is a channel that is there.",
    ),
    "name_case": warning(
        "Partners' names differ in capitals only: {values}.", "If they are one partner, give them one id; they are kept apart."
    ),
    "credit_above_one": error(
        "The credit of the deal '{value}' in the role {role} adds up to {total}, above 1.",
        "Correct credit in deal_partners: 1 is the whole deal.",
    ),
    "goal_subject": error(
        "A goal needs exactly one of partner_id, territory and partner_manager; {rows} of goals have {value} or another number of them.",
        "Split the row, or leave two of the three empty.",
    ),
    "no_cost_or_hours": error("Neither cost nor hours in {rows} of support.", "Fill one of the two, or leave the rows out."),
    "schema": error("'{column}' does not hold what the table '{table}' says: {check}.", "Correct the value."),
}

CONVERTING_MONEY: Mapping[str, FaultKind] = {
    "rate_missing": error(
        "There is no {kind} rate from {currency} for {month}, needed by {rows} of '{table}'.",
        "Add it to rates (currency, month, rate: {target} for one {currency}); amounts are never counted unconverted.",
    ),
    "rate_not_positive": error("The rate '{value}' cannot be: a rate is above zero.", "Correct it in rates."),
    "rate_newest": warning(
        "No date says which rate of {currency} applies in {rows} of '{table}'; the newest was used.", "Nothing, if today's value is meant."
    ),
    "rate_rounded": warning(
        "Rates have more decimals than can be multiplied exactly with these amounts; they were rounded to {decimals}.",
        "Nothing; what is lost is less than a hundred-millionth of an amount.",
    ),
    "amount_too_large": error(
        "An amount in '{table}' is too large once converted.",
        "Check the amounts and the rates: the rate is {target} for one unit of the other currency.",
    ),
}
