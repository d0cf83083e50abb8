"""Faults in single values: ids, numbers, dates and words."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.data.fault_book.kind import FaultKind, error, warning

READING_VALUES: Mapping[str, FaultKind] = {
    "required_empty": error(
        "'{column}' is empty in {rows}; every row of '{table}' needs it.", "Fill it, or leave the rows out of the export."
    ),
    "id_trimmed": warning("Spaces around '{column}' were taken off in {rows}.", "Nothing; ids are otherwise kept as written."),
    "id_null_word": warning(
        "'{column}' holds a word that may mean nothing ('{value}'); ids are kept as written.",
        'Leave the cell empty where there is no id, or map it to "" under values.',
    ),
    "id_was_number": warning(
        "'{column}' is stored as a number; it was read without decimals, and zeros in front are lost if there were any.",
        "Export ids as text.",
    ),
    "id_lost_digits": error("'{column}' is stored as a number too long to be exact: its last digits are lost.", "Export ids as text."),
    "id_became_date": error(
        "'{column}' was turned into a date by a spreadsheet; what was written is lost.",
        "Format the column as text before the ids are pasted in.",
    ),
    "spreadsheet_error": error("'{column}' holds the error of a spreadsheet ('{value}').", "Correct the formula and export again."),
    "null_character": warning(
        "'{column}' holds a character that is no text (NUL); it is kept as it is.", "Export it again if a name looks cut."
    ),
    "null_word": warning("'{column}' says '{value}'; read as empty.", "Leave the cell empty where there is no value."),
    "bad_number": error(
        "'{value}' in '{column}' is no number.", "Correct it, or map it under sources.{table}.values in engagement.yaml.{others}"
    ),
    "number_too_large": error("'{value}' in '{column}' is too large to be an amount.", "Correct it; the columns may have shifted."),
    "number_ambiguous": error(
        "It is not clear whether '{value}' in '{column}' is a thousand or three decimals: no value in the file shows it.",
        "Export with two decimals, or without thousands separators.",
        apart=True,
    ),
    "number_marks_mixed": error(
        "'{column}' uses both a decimal point and a decimal comma ('{value}').",
        "Export the column with one decimal mark; perhaps two exports were joined.",
        apart=True,
    ),
    "number_by_file": warning(
        "'{value}' in '{column}' was read with '{mark}' as the decimal mark, as other columns or files of the export show.",
        "Check one of them.",
    ),
    "number_groups": warning(
        "'{value}' in '{column}' was read as thousands, since only whole numbers can stand there.", "Check one of them."
    ),
    "decimal_comma": warning("'{column}' is written with a decimal comma and was read so ('{value}').", "Nothing."),
    "currency_sign": warning(
        "Amounts in '{column}' carry a currency sign ('{value}'); the sign is not read.",
        "If amounts are in several currencies, add a column 'currency' with ISO codes.",
    ),
    "percent_read": warning("'{column}' is written in percent ('{value}') and was read as a fraction.", "Nothing."),
    "percent_in_number": error("'{value}' in '{column}' is a percentage, where a number is needed.", "Export the number itself."),
    "many_decimals": warning(
        "'{value}' in '{column}' has more than ten decimals; it was rounded to ten.", "Nothing, if amounts are meant to be that fine."
    ),
    "not_whole": error("'{value}' in '{column}' is not a whole number.", "Correct it."),
    "out_of_bounds": error("'{value}' in '{column}' cannot be: it lies outside {low} to {high}.", "Correct it.{hint}"),
    "bad_date": error("'{value}' in '{column}' is no date.", "Write dates as 2026-09-30."),
    "impossible_date": error("'{value}' in '{column}' is a day that does not exist.", "Correct it; write dates as 2026-09-30."),
    "date_short_year": error(
        "'{value}' in '{column}' has a year of two digits.", "Export dates with four-digit years, best as 2026-09-30."
    ),
    "date_without_day": error("'{value}' in '{column}' has no day.", "Write dates as 2026-09-30."),
    "date_ambiguous": error(
        "It is not clear whether '{value}' in '{column}' has the day or the month first: no value in the column shows it.",
        "Export dates as 2026-09-30, or set locale in engagement.yaml to the country whose way of writing it is.",
        apart=True,
    ),
    "date_order_mixed": error(
        "'{column}' has dates with the day first and dates with the month first ('{value}').",
        "Export dates as 2026-09-30; perhaps two exports were joined, or a spreadsheet swapped some.",
        apart=True,
    ),
    "date_order_by_locale": warning(
        "Dates in '{column}' were read with the {first} first, as {locale} writes them: no value shows it ('{value}').",
        "Check one of them.",
    ),
    "date_order_by_files": warning(
        "Dates in '{column}' were read with the {first} first, as the other files of this export show ('{value}').", "Check one of them."
    ),
    "date_serial": warning(
        "'{column}' holds day numbers of a spreadsheet ('{value}'), read as the days they stand for.",
        "Format the column as a date before exporting.",
    ),
    "date_before_1990": warning(
        "'{value}' in '{column}' is before 1990.", "Correct it if it stands for an unknown date: leave the cell empty."
    ),
    "date_far_off": warning("'{value}' in '{column}' is after 2099.", "Leave the cell empty if it stands for no end."),
    "unknown_word": error(
        "'{value}' in '{column}' is not one of its words.{others}",
        'Use one of: {allowed}. Or map it: values: {{{column}: {{"{value}": {near}}}}}.',
    ),
    "bad_boolean": error(
        "'{value}' in '{column}' is neither yes nor no.{others}", "Write yes or no, true or false, 1 or 0; or map it under values."
    ),
    "currency_unknown": error(
        "'{value}' is no currency code.{others}", 'Use ISO 4217 codes such as EUR; or map it: values: {{currency: {{"{value}": EUR}}}}.'
    ),
    "country_unknown": warning(
        "'{value}' is no country code; it is kept as it is.{others}", "Use ISO 3166 codes such as DE, or map it under values."
    ),
    "country_by_name": warning("Countries are written by name ('{value}') and were read as codes.", "Nothing."),
}
