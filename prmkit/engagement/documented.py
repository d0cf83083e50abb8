"""docs/settings.md, made from the model: every key, its type, default and meaning."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from prmkit.data.tables import tables
from prmkit.engagement.model import Engagement

Row = tuple[str, str, str, str]

_INTRODUCTION = """# Settings: engagement.yaml

One engagement folder is one client. Its `engagement.yaml` is read as YAML 1.2: `NO` is Norway, `1_600` is a number and
`2026-09-30` a day. Only `client` is required. An unknown key or an impossible value is an error that names its line, and
all of them are listed at once. Passwords never stand in this file: name an environment variable instead.

This page is made from the code that reads the file.
"""
# what stands for the keys a client chooses: <table>, <portfolio>, ...
_CHOSEN: Mapping[str, tuple[str, ...]] = {
    "sources": ("<table>",),
    "sources.<table>.columns": ("<column>",),
    "sources.<table>.values": ("<column>", "<word in the export>"),
    "sources.<table>.params": ("<name>",),
    "portfolios": ("<name>", "<partner column>"),
    "control_totals": ("<period>", "<measure>"),
    "service_promise": ("<severity>",),
}


def settings_page() -> str:
    """The page as Markdown."""
    schema = Engagement.model_json_schema()
    rows = [row for row in _rows("", schema, schema["$defs"]) if row[0] != "folder"]
    head = ["| key | type | default | meaning |", "|---|---|---|---|"]
    body = [f"| `{key}` | {kind} | {default} | {meaning} |" for key, kind, default, meaning in rows]
    measures = ", ".join(f"`{word}`" for word in _measures(schema))
    notes = [
        "## Words used as keys",
        f"- `<table>`: a canonical table: {', '.join(f'`{name}`' for name in tables())}.",
        "- `<column>`, `<partner column>`: a column of that table, or of `partners`.",
        "- `<period>`: a fiscal year (`2025` or `FY2025`), a calendar year (`CY2025`), a fiscal quarter (`2025-Q3`) or a calendar"
        " month (`2025-03`). A fiscal year is named after the calendar year it ends in.",
        f"- `<measure>`: {measures}. `revenue` is through partners; `partners_active` had net revenue above zero in the six"
        " months to the period's end, `partners_selling` in the period itself.",
        "- `<severity>`: `low`, `medium`, `high` or `critical`.",
    ]
    return "\n".join([_INTRODUCTION, *head, *body, "", *notes, ""])


def _rows(prefix: str, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[Row]:
    required = schema.get("required", [])
    for name, facts in schema["properties"].items():
        key = f"{prefix}{name}"
        shape = _resolved(facts, definitions)
        default = "required" if name in required else _default(facts)
        section = ".".join((key, *_CHOSEN.get(key, ())))
        inner = _innermost(shape, definitions)
        if inner is not None:
            yield key, "settings", default, facts.get("description", shape.get("description", ""))
            yield from _rows(f"{section}.", inner, definitions)
        else:
            yield section, _kind(_leaf(shape, definitions)), default, facts.get("description", "")


def _resolved(facts: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a value is when it is given: references followed, "or nothing" set aside."""
    if "$ref" in facts:
        found: Mapping[str, Any] = definitions[facts["$ref"].rpartition("/")[2]]
        return _resolved(found, definitions)
    if {"type": "boolean"} in facts.get("anyOf", []):
        return {"type": "any"}
    given = [option for option in facts.get("anyOf", []) if option.get("type") != "null"]
    return _resolved(given[0], definitions) if given else facts


def _below(shape: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The shape of what a mapping with chosen keys, or a list of settings, holds."""
    if "properties" in shape:
        return None
    named = next(iter(shape.get("patternProperties", {}).values()), shape.get("additionalProperties"))
    if isinstance(named, Mapping):
        return _resolved(named, definitions)
    items = shape.get("items")
    return _resolved(items, definitions) if isinstance(items, Mapping) and "$ref" in items else None


def _innermost(shape: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any] | None:
    leaf = _leaf(shape, definitions)
    return leaf if "properties" in leaf else None


def _leaf(shape: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    below = _below(shape, definitions)
    return shape if below is None else _leaf(below, definitions)


def _kind(shape: Mapping[str, Any]) -> str:
    if "enum" in shape:
        return " or ".join(f"`{word}`" for word in shape["enum"])
    if shape.get("type") == "array":
        return f"list of {_kind(shape['items'])}"
    if shape.get("format") == "date":
        return "date"
    words = {"string": "text", "number": "number", "integer": "whole number", "boolean": "`true` or `false`", "any": "value"}[shape["type"]]
    bounds = {"exclusiveMinimum": "above", "minimum": "from", "exclusiveMaximum": "below", "maximum": "to"}
    said = [f"{word} {shape[bound]:g}" for bound, word in bounds.items() if bound in shape and abs(shape[bound]) < 1e12]
    return f"{words} {' '.join(said)}".strip()


def _default(facts: Mapping[str, Any]) -> str:
    default = facts.get("default")
    return "none" if default is None or default in ({}, []) or isinstance(default, dict) else f"`{json.dumps(default).strip(chr(34))}`"


def _measures(schema: Mapping[str, Any]) -> list[str]:
    totals = schema["properties"]["control_totals"]["additionalProperties"]
    return list(totals["propertyNames"]["enum"])
