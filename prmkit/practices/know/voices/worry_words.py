"""The lists of words that worries are told by: prmkit's own in six languages, and what an engagement adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from prmkit.estimators.texts import folded_pattern

NOTHING = "nothing worries them"


@dataclass(frozen=True, slots=True)
class WordList:
    """themes: name -> patterns of its words. held_back: name -> what a partner manager would call it. nothing: words of none."""

    themes: Mapping[str, tuple[str, ...]]
    held_back: Mapping[str, str]
    nothing: frozenset[str]

    def adding(self, more: Mapping[str, list[str]]) -> WordList:
        """With an engagement's own words, as further words of a theme that there is, or as a theme of its own."""
        themes = dict(self.themes)
        for name, words in more.items():
            themes[name] = (*themes.get(name, ()), *words)
        return WordList(themes, self.held_back, self.nothing)


@cache
def shipped() -> WordList:
    """The list in worries.yaml."""
    told = _read("worries.yaml")
    themes = {one["name"]: tuple(word for line in one["words"] for word in line.split()) for one in told["themes"]}
    held_back = {one["name"]: one["held_back"] for one in told["themes"] if "held_back" in one}
    return WordList(themes, {**held_back, NOTHING: "nothing"}, _plain(told["nothing"]))


@cache
def stop_words() -> frozenset[str]:
    """Words of six languages that say nothing of what a text is about."""
    return frozenset().union(*(_plain(words) for words in _read("stop_words.yaml").values()))


def _plain(words: str) -> frozenset[str]:
    return frozenset(part for word in words.split() for part in folded_pattern(word))


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return loaded
