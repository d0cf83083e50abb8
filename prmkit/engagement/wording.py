"""A validator's complaints in plain words: which key, which line, what was meant, how to write it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from prmkit.engagement import model
from prmkit.engagement.faults import MASKED, SettingFault, may_hold_secret, meant, nearest, shown
from prmkit.engagement.reading import MOST_FAULTS, Document, Path, dotted

_SECRET_KEYS = frozenset({"url", "password", "user", "token", "secret", "connection", "dsn"})
_SECTIONS: Mapping[str, type] = {
    "sources": model.SourceSettings,
    "goal": model.Goal,
    "economics": model.Economics,
    "prune": model.Prune,
    "privacy": model.Privacy,
    "reach": model.Reach,
    "service_promise": model.Promise,
}
_NUMBER_DO = "Write digits only, like 25_000_000 or 0.35: no currency, no comma, no quotes."
Sentence = Callable[[Any, Mapping[str, Any]], tuple[str, str]]


def _bound(word: str, name: str) -> Sentence:
    def say(value: Any, context: Mapping[str, Any]) -> tuple[str, str]:
        limit = context[name]
        percent = name in {"le", "lt"} and limit <= 10 and limit < value <= 100
        do = f"Rates are fractions: write {value / 100:g} for {value:g} %." if percent else "Correct the value, or delete the line."
        return f"{value} cannot be: it has to be {word} {limit:,g}.", do

    return say


def _one_of(value: Any, context: Mapping[str, Any]) -> tuple[str, str]:
    allowed = [part.strip("'") for part in str(context["expected"]).replace(" or ", ", ").split(", ")]
    return f"'{shown(value)}' is not a word that can stand here.", meant(str(value), allowed)


def _not(kind: str, do: str) -> Sentence:
    return lambda value, context: (
        f"'{shown(value)}' is not {kind}." if value is not None else f"The value is empty; {kind} is wanted.",
        do,
    )


_MAPPING = _not("a list of `key: value` settings", "Indent `key: value` lines below it, or write {key: value}.")
_TEXT = _not("text", "Put quotes around it.")
_SENTENCES: Mapping[str, Sentence] = {
    "setting": lambda value, context: (str(context["why"]), str(context["do"])),
    "float_type": _not("a number", _NUMBER_DO),
    "int_type": _not("a whole number", "Write digits only, like 6 or 24."),
    "bool_type": _not("true or false", "Write true or false, without quotes."),
    "finite_number": _not("a number that can be counted with", _NUMBER_DO),
    "greater_than": _bound("above", "gt"),
    "greater_than_equal": _bound("at least", "ge"),
    "less_than": _bound("below", "lt"),
    "less_than_equal": _bound("at most", "le"),
    "literal_error": _one_of,
    "string_type": _TEXT,
    "string_too_short": lambda value, context: ("The text is empty.", "Fill it in, or delete the line."),
    "too_short": lambda value, context: (
        "Nothing is selected.",
        "Name a partner column and the values it may have, like {region: [EMEA]}.",
    ),
    "too_long": lambda value, context: (f"There are more than {context['max_length']}, which are not read.", "Keep fewer."),
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "list_type": _not("a list", "Write it like [one, two]."),
}


def settings_faults(error: ValidationError, document: Document) -> Iterator[SettingFault]:
    """The first of the model's complaints, each as a fault with its place in the text."""
    for found in error.errors(include_url=False)[:MOST_FAULTS]:
        yield _fault(found["type"], found["loc"], found.get("input"), found.get("ctx", {}), document)


def fault_at(document: Document, path: Path, value: object, why: str, do: str) -> SettingFault:
    """A fault at the line and column where `path` stands."""
    line, column = document.place(path)
    repeated = "" if isinstance(value, dict | list | BaseModel) or value is None else shown(value)
    return SettingFault(dotted(path), line, column, repeated, why, do)


def _fault(kind: str, location: Iterable[str | int], value: Any, context: Mapping[str, Any], document: Document) -> SettingFault:
    path = _written(tuple(part for part in location if part != "[key]"), document)
    if kind == "extra_forbidden":
        why, do = _unknown_key(path)
        hidden = str(path[-1]).casefold() in _SECRET_KEYS or may_hold_secret(str(value))
        return fault_at(document, path, MASKED if hidden else value, why, do)
    if kind == "missing":
        why, do = f"The setting '{path[-1]}' is missing.", f"Add a line `{path[-1]}: ...`; it is the only one that has to be there."
        return fault_at(document, path[:-1], "", why, do)
    if kind not in _SENTENCES:
        return fault_at(document, path, value, f"'{shown(value)}' cannot stand here.", "See docs/settings.md for what can.")
    why, do = _SENTENCES[kind](value, context)
    return fault_at(document, path, value, why, do)


def _written(path: Path, document: Document) -> Path:
    """The path as in the file: a source or value that stands alone has no position in a list."""
    made: Path = ()
    for part in path:
        step = (*made, part)
        if isinstance(part, int) and step not in document.places:
            continue
        made = step
    return made


def _known_keys(path: Path) -> list[str]:
    """The keys that may stand where the last of `path` stands."""
    if len(path) == 1:
        return [name for name in model.Engagement.model_fields if name != "folder"]
    section: Any = _SECTIONS.get(str(path[0]))
    if section is None:
        return []
    return list(section.model_fields if issubclass(section, BaseModel) else section.__annotations__)


def _unknown_key(path: Path) -> tuple[str, str]:
    key, known = str(path[-1]), _known_keys(path)
    why = f"There is no setting '{shown(key)}'" + (f" in {dotted(path[:-1])}." if len(path) > 1 else ".")
    if path[0] == "sources" and key.casefold() in _SECRET_KEYS:
        return why, "Addresses and passwords are never kept in this file: name an environment variable in url_env."
    if not nearest(key, known):
        at_home = [section for section in ("", *_SECTIONS) if key in _known_keys((section, key) if section else (key,))]
        if at_home:
            home = f"It belongs in '{at_home[0]}'. " if at_home[0] else "It belongs at the top level, not indented. "
            return why, f"{home}Known here: {', '.join(known)}."
    return why, meant(key, known)
