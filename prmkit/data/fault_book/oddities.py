"""What is odd about tables that are right in themselves: sent twice, counted twice, gaps, slips and snapshots."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.data.fault_book.kind import FaultKind, warning

LOOKING_FOR_ODDITIES: Mapping[str, FaultKind] = {
    "lines_sent_again": warning(
        "Sales lines stand there again with the same partner, invoice, date, product, units and amount, under another sale_id "
        "or none{like}: {rows} with {amount}; all are counted.",
        "Check whether a report was sent twice: leave one of the two out, or give each line its own sale_id if both are sales.",
    ),
    "lines_corrected": warning(
        "Sales lines stand there again with the same partner, invoice, date, product and units but another amount{like}: {rows} "
        "with {amount}; both amounts are counted.",
        "Keep the newer of the two: a report that was sent again replaces the first.",
    ),
    "channel_empty": warning(
        "{rows} of sales name no channel while others do ({channels}); they are counted as {measure}.",
        "Fill channel, so that what a distributor buys and what it sells on are not added up.",
    ),
    "two_tier_twice": warning(
        "The distributor '{value}' has revenue of its own of {own} in the channel that is counted ({measure}), and supplied resellers "
        "there with {through} in the same months: the same goods may be counted twice.{others}",
        "Map channel: sell_in for what a distributor buys, sell_through for what it sells on; measure says which counts.",
    ),
    "report_missing": warning(
        "No line of {values}, where the months around have many: a missing report rather than a month without sales.",
        "Ask for the report; until it comes the month counts as zero, and its partners look as if they had stopped.",
    ),
    "report_incomplete": warning(
        "The last month has far fewer lines than the months before it from {values}: part of the report is still out.",
        "Wait for it, or set as_of to the end of the month before.",
    ),
    "currency_missing": warning(
        "Amounts of '{table}' are in {currencies}, and no currency is named in {rows}: they were read as {target}.",
        "Fill currency in every row.",
    ),
    "currency_slip": warning(
        "{rows} of sales are in another currency than nearly all other lines of the same partner (such as '{value}'): {values}.",
        "Correct the currency of these lines, if the amounts are in the partner's usual one.",
    ),
    "price_off_by_rate": warning(
        "The unit prices of the partner '{value}' are {ratio} times those of others for the same products, about the rate between "
        "{currency} and {target}: its amounts may not be in {target}.",
        "Ask in which currency it reports, and fill currency.",
    ),
    "day_month_swapped": warning(
        "'{value}' in '{column}' stands out of the order that the file keeps, and fits as {swapped}: day and month may be swapped.",
        "Correct it at its source; if there are many, two ways of writing dates were mixed.",
    ),
    "history_begins_late": warning(
        "'{table}' begins on {first}, {months} months after the first sale, and at once in full: the system was brought in later. "
        "What was before is not known, and is not none.",
        "Ask for the export of the system before it, or read nothing into the months before that day.",
    ),
    "snapshot_only": warning(
        "partners holds {columns} as of today, and there is no table 'history': when they changed is not known, so what a change of "
        "{columns} did cannot be tested.",
        "Ask for the dated changes (field history) of these columns.",
    ),
}
