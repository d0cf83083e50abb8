"""Faults in finding files and in reading them as tables."""

from __future__ import annotations

from collections.abc import Mapping

from prmkit.data.fault_book.kind import FaultKind, error, warning

FINDING_FILES: Mapping[str, FaultKind] = {
    "table_missing": error(
        "There is no file for the table '{table}', which every engagement needs.",
        "Put {table}.csv (or .xlsx, .parquet) into the folder {folder}, or name the file under sources.{table} in engagement.yaml.",
    ),
    "no_match": error(
        "Nothing matches the path '{value}' given for '{table}'.",
        "Correct sources.{table}.path in engagement.yaml; it starts from the engagement folder.{hint}",
        apart=True,
    ),
    "two_files": error(
        "Two files are named after the table '{table}': {files}.",
        "Keep one of them, or list both under sources.{table} in engagement.yaml.",
    ),
    "folder_without_preset": error(
        "The path '{value}' given for '{table}' is a folder.",
        "Name a file or a pattern such as {value}/*.csv, or say which preset reads the folder.",
    ),
    "unknown_table": error("There is no canonical table '{value}'.{hint}", "Correct the name under sources in engagement.yaml."),
    "file_near_table": warning(
        "The file {file_name} was not read: its name is near the table '{near}', but not the same.",
        "Rename it to {near}{suffix}, or add it under sources.{near} in engagement.yaml.",
        apart=True,
    ),
    "file_not_read": warning(
        "Not read, since no table has such a name: {files}.",
        "If one of them is needed, name it after its table or add it under sources in engagement.yaml.",
    ),
    "recognised": warning(
        "Read as {what}: its headers are theirs.", "Nothing, if it is; else name the file under sources in engagement.yaml.", apart=True
    ),
    "proposal_open": error(
        "{what}? It is {sure} sure.",
        "Answer in proposals.yaml, which prmkit check writes: decision: yes or no; or take all with prmkit check DIR --accept.",
        apart=True,
    ),
    "proposal_outdated": error(
        "An answer in proposals.yaml speaks of {value}, which is not there.",
        "Put it back, or delete the answer and run prmkit check again.",
        apart=True,
    ),
    "unreadable_format": error("Files of the kind {suffix} cannot be read.", "Save it as .csv, .xlsx or .parquet.", apart=True),
    "unreadable_file": error("The file cannot be opened: {reason}.", "Check that it exists and that you may read it.", apart=True),
    "truth_refused": error(
        "The file lies in a folder that holds {marker}: what is true of a made-up programme is never read as data.",
        "Name the exports under sources.{table} in engagement.yaml, not the truth they are judged by.",
        apart=True,
    ),
    "file_changed": error("The file changed while it was being read.", "Wait until nobody writes to it, then run again.", apart=True),
    "preset_unknown": error("There is no preset '{value}'.{hint}", "Correct sources.{table}.preset in engagement.yaml. Known: {known}."),
    "preset_file_missing": error(
        "The preset '{preset}' needs the file {value}, which is not in {folder}.", "Export it too, or correct its name.{hint}", apart=True
    ),
    "preset_header_missing": error(
        "There is no header '{header}', which the preset needs.{hint}",
        "Compare the file with what the preset expects; it may be another version of the export. Found: {headers}.",
        apart=True,
    ),
    "preset_no_table": error(
        "The preset '{preset}' does not make the table '{table}'.",
        "It makes: {tables}. Remove the preset from sources.{table}, or map the columns there.",
    ),
    "preset_failed": error(
        "The preset '{preset}' could not make the table '{table}' from these files: {reason}",
        "Compare the files with what the preset expects; it may be another version of the export.",
        apart=True,
    ),
    "preset_makes_columns": error(
        "The preset '{preset}' makes '{table}' by itself: what the settings say of {columns} would not be read.",
        "Delete it under sources.{table}.columns, or leave out the preset and map every column there.",
    ),
    "preset_needs_folder": error(
        "The preset '{preset}' makes '{table}' from several files: {files}.", "Give the folder that holds them in sources.{table}.path."
    ),
    "preset_currency": warning(
        "Amounts of the preset '{preset}' are in {value}; the engagement counts in {currency} and no line says otherwise.",
        "Set currency: {value} in engagement.yaml.",
    ),
}

READING_FILES: Mapping[str, FaultKind] = {
    "empty_file": error("The file is empty.", "Export it again: even an export without rows has a header.", apart=True),
    "no_rows": warning("The file has a header and no rows.", "If there should be rows, export it again.", apart=True),
    "not_a_table": error(
        "The file is {what}, not a text table.",
        "Export it again as CSV, or give it its real ending (.xlsx, .csv.gz, .parquet).",
        apart=True,
    ),
    "not_a_workbook": error(
        "The file is called .xlsx, but is {what}.",
        "Open it in Excel and save it as an Excel workbook (.xlsx) without a password, or as CSV.",
        apart=True,
    ),
    "broken_gzip": error(
        "The packed file is damaged or cut short: it cannot be unpacked to its end.", "Copy or export it again.", apart=True
    ),
    "unpacks_too_large": error(
        "The packed file unpacks to hundreds of times its size, which no export does.",
        "Check where it comes from; unpack it by hand if it is right.",
        apart=True,
    ),
    "broken_encoding": error("The file says it is {encoding}, but is damaged or cut short.", "Export it again, best as UTF-8.", apart=True),
    "mixed_encoding": error("Part of the file is UTF-8 and part is not: names would be garbled.", "Export it again as UTF-8.", apart=True),
    "transcoded": warning(
        "The file is not UTF-8; it was read as {encoding}.", "Check a few names with accents; export as UTF-8 to be sure."
    ),
    "nul_character": warning(
        "The file holds a character that is no text (NUL); it is kept as it is.", "Export it again if a name looks cut.", apart=True
    ),
    "too_wide": error(
        "The header has {found} columns; no export has more than {most}.",
        "Check that its lines end where rows do, and that it is a table at all; then export it again.",
        apart=True,
    ),
    "header_not_first": warning("There are lines above the header; they were not read.", "Nothing, if the header was found rightly."),
    "column_missing": error(
        "There is no column '{column}', which the table '{table}' needs.{hint}",
        'Rename a header, or map it in engagement.yaml under sources.{table}.columns: {column}: "{near}". Found: {headers}.',
        apart=True,
    ),
    "mapped_column_missing": error(
        "There is no header '{header}', which '{column}' is to come from.{hint}", "Correct the header. Found: {headers}.", apart=True
    ),
    "mapping_unknown_column": error(
        "The table '{table}' has no column '{value}'.{hint}", "Correct the name under sources.{table}.{where} in engagement.yaml."
    ),
    "mapping_unknown_word": error("'{value}' is not a word that '{column}' may hold.{hint}", "Map to one of: {allowed}."),
    "duplicate_header": error(
        "The header of '{column}' stands there more than once.",
        "Rename or delete one of the two, so that it is clear which one counts.",
        apart=True,
    ),
    "header_repeated": warning("A header stands there more than once and is not read: {headers}.", "Nothing, unless it is needed."),
    "columns_unknown": warning(
        "Columns that are no part of '{table}' were not read: {headers}.",
        "If one is needed, map it under sources.{table}.columns in engagement.yaml.",
    ),
    "row_too_long": error(
        "The row has {found} values where the header has {expected}.",
        "Put values that contain the delimiter in quotes, or export again.",
        apart=True,
    ),
    "row_too_short": error(
        "The row has {found} values where the header has {expected}.", "The file may be cut short; export it again.", apart=True
    ),
    "broken_quotes": error(
        "A quote is opened and not closed, or stands where none may be.", "Write a quote inside a value twice, or export again.", apart=True
    ),
    "line_too_long": error(
        "The line is longer than {most} characters, which no row of a table is; it was not read.",
        "Check that lines end where rows do, or export again.",
        apart=True,
    ),
    "footer": warning("Lines below the table were set aside as the footer of a report.", "Nothing, if they are one."),
    "total_row": warning("A row of totals below the table was set aside.", "Nothing, if it is one."),
    "blank_rows": warning("Set aside, since no column that is read holds a value in them: {rows}.", "Nothing."),
    "rows_lost": error(
        "The file has {expected} rows, {found} of them arrived.",
        "Please report this with the file's first lines: no row may be lost silently.",
        apart=True,
    ),
    "broken_workbook": error("The workbook is damaged and cannot be read.", "Open it in Excel and save it again.", apart=True),
    "workbook_too_large": error("The workbook unpacks to more than a workbook of data does.", "Save the sheet as CSV.", apart=True),
    "which_sheet": error(
        "The workbook has several sheets and none is called '{called}': {sheets}.",
        "Name the sheet '{called}', or save it as a file of its own.",
        apart=True,
    ),
    "formula_without_value": error(
        "A cell holds a formula that was never computed, so there is no value to read.",
        "Open the workbook in Excel, save it, and try again.",
        apart=True,
    ),
    "broken_parquet": error("The Parquet file is damaged or is none.", "Export it again.", apart=True),
    "nested_column": error("The column '{column}' holds lists or structures ({type}).", "Export one plain value per row.", apart=True),
}
