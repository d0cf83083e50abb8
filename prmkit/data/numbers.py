"""Numbers as people write them: decimal mark and thousands decided for a whole column from all its values, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from prmkit.data.engine import literal
from prmkit.data.tables import Column
from prmkit.data.words import NOTHING

Mark = Literal[".", ",", ""]

_COMMA_GROUPS = r"([0-9]{1,3}(,[0-9]{3}){1,5}|[0-9]{1,2}(,[0-9]{2}){1,6},[0-9]{3})"
_DOT_GROUPS = r"[0-9]{1,3}(\.[0-9]{3}){1,5}"
# The shapes of a number's body, in the order they are tried. `dot` and `comma` show the decimal mark,
# `either_*` could be thousands or three decimals, `written` comes from a program and means one thing.
SHAPES: Mapping[str, str] = {
    "written": r"[0-9]{1,18}\.[0-9]+e0",
    "whole": r"[0-9]{1,18}",
    "too_large": r"[0-9]{19,}([.,][0-9]*)?(e0)?",
    "either_dot": r"[1-9][0-9]{0,2}\.[0-9]{3}",
    "either_comma": r"[1-9][0-9]{0,2},[0-9]{3}",
    "dot": rf"[0-9]*\.[0-9]+|[0-9]+\.|{_COMMA_GROUPS}\.[0-9]*|[1-9][0-9]{{0,2}}(,[0-9]{{3}}){{2,}}|[0-9]{{1,2}}(,[0-9]{{2}})+,[0-9]{{3}}",
    "comma": rf"[0-9]*,[0-9]+|[0-9]+,|{_DOT_GROUPS},[0-9]*|[1-9][0-9]{{0,2}}(\.[0-9]{{3}}){{2,}}",
    "power": r"[0-9]{1,18}(\.[0-9]+)?[eE][-+]?[0-9]{1,2}",
}
_EITHER = f"{SHAPES['either_dot']}|{SHAPES['either_comma']}"
_VALID: Mapping[Mark, str] = {
    ".": rf"([0-9]{{1,18}}|{_COMMA_GROUPS})?(\.[0-9]*)?([eE][-+]?[0-9]{{1,2}})?",
    ",": rf"([0-9]{{1,18}}|{_DOT_GROUPS})?(,[0-9]*)?([eE][-+]?[0-9]{{1,2}})?",
}
MINUS, APOSTROPHE = "\u2212", "\u2019"
SIGNS = "[€$£¥₹₽₩₺₴₦₱฿₫₪]"
_SPACE = f"[ \u00a0\u2007\u202f'{APOSTROPHE}]"
PLAIN = r"[-+]?[0-9]{1,18}(\.[0-9]+(e0)?)?"
PLAIN_EITHER = r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}"


@dataclass(frozen=True, slots=True)
class Numerals:
    """How one column's numbers are written: decimal mark (empty: not known), and whether every value is plain, as 1234.5."""

    mark: Mark = "."
    plain: bool = False


def is_nothing(text: str) -> str:
    """SQL: whether a text stands for no value."""
    return f"lower({text}) IN ({', '.join(literal(word) for word in sorted(NOTHING))})"


def negative(text: str) -> str:
    """SQL: whether a text is negative by sign, trailing sign or brackets."""
    pattern = rf"({SIGNS} ?)?\(.*\)( ?{SIGNS})?|[-{MINUS}].*|{SIGNS} ?[-{MINUS}].*|.*[-{MINUS}]"
    return f"regexp_full_match({text}, {literal(pattern)})"


def body(text: str) -> str:
    """SQL for digits and marks alone: one sign, one currency or percent sign and spaces between groups taken off."""
    brackets = rf"^({SIGNS} ?)?\(([^()+{MINUS}-]*)\)( ?{SIGNS})?$"
    bare = rf"regexp_replace({text}, {literal(brackets)}, '\1\2\3')"
    trailing = rf"^([^-+{MINUS}()]*[^-+{MINUS}() ]) ?[-{MINUS}]$"
    bare = rf"regexp_replace({bare}, {literal(trailing)}, '\1')"
    core = rf"^(?:[-+{MINUS}] ?(?:{SIGNS} ?)?|{SIGNS} ?[-+{MINUS}]? ?)?([0-9.,].*?) ?(?:{SIGNS}|%)?$"
    bare = f"regexp_extract({bare}, {literal(core)}, 1)"
    grouped = literal(rf"[0-9]{{1,3}}({_SPACE}[0-9]{{3}})+([.,][0-9]*)?")
    return f"CASE WHEN regexp_full_match({bare}, {grouped}) THEN regexp_replace({bare}, {literal(_SPACE)}, '', 'g') ELSE {bare} END"


def shape(body_column: str) -> str:
    """SQL for the shape of a body, a key of SHAPES or `bad`."""
    cases = " ".join(f"WHEN regexp_full_match({body_column}, {literal(pattern)}) THEN '{name}'" for name, pattern in SHAPES.items())
    return f"CASE {cases} ELSE 'bad' END"


def typed(text: str, body_column: str, column: Column, numerals: Numerals, sql_type: str) -> str:
    """SQL for the number that `text` means as `sql_type`; null where it means none. `body_column` holds its body."""
    if numerals.plain:
        return f"TRY_CAST({text} AS {sql_type})"
    clean = f"replace({body_column}, ',', '')" if numerals.mark != "," else f"replace(replace({body_column}, '.', ''), ',', '.')"
    valid = f"regexp_full_match({body_column}, {literal(_VALID[numerals.mark or '.'])}) AND regexp_matches({body_column}, '^[.,]?[0-9]')"
    if not numerals.mark:
        valid = f"{valid} AND NOT regexp_full_match({body_column}, {literal(_EITHER)})"
    written = f"regexp_full_match({body_column}, {literal(SHAPES['written'])})"
    value = f"CASE WHEN {written} THEN TRY_CAST({body_column} AS {sql_type}) WHEN {valid} THEN TRY_CAST({clean} AS {sql_type}) END"
    signed = f"CASE WHEN {negative(text)} THEN -({value}) ELSE {value} END"
    percent = f"({signed}) / 100" if column.is_fraction else "NULL"
    return f"CASE WHEN ends_with({text}, '%') THEN {percent} ELSE {signed} END"


def decide(counts: Mapping[str, int], column: Column) -> tuple[Mark, str]:
    """The decimal mark that the counted shapes show, and a code: why there is none, or what a person should know.

    Codes: number_marks_mixed, number_ambiguous (no mark), number_groups (whole numbers: the mark groups
    thousands). A column that cannot reach a thousand reads 1.234 and 1,234 as decimals.
    """
    dots, commas = counts.get("dot", 0), counts.get("comma", 0)
    if dots and commas:
        return "", "number_marks_mixed"
    if dots or commas:
        return ("." if dots else ","), ""
    either_dot, either_comma = counts.get("either_dot", 0), counts.get("either_comma", 0)
    if not either_dot and not either_comma:
        return ".", ""
    if either_dot and either_comma:
        return "", "number_ambiguous"
    if column.bounds is not None and column.bounds[1] < 1000:
        return ("." if either_dot else ","), ""
    if column.kind == "integer":
        return ("," if either_dot else "."), "number_groups"
    return "", "number_ambiguous"
