"""Made-up names of firms and people, and the texts they write."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from prmkit.simulate.chance import Chance
from prmkit.simulate.records.columns import joined, names


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_HEADS = _listed(
    "Alb Bran Cald Dorn Elv Farn Gant Hald Ister Jarl Kest Lind Marl Nord Orv Pell Quin Rand Sund Tarn Ulf Vard Wend Yarr "
    "Zell Aster Berk Crest Dell Ember Fjor Glen Holm Iver Jun Kron Loth Mont Nav Ost"
)
_TAILS = _listed(
    "aco adon agen aris avia edo elan enta eris ifex igen imar inda isk ista obar odin olis omar onda opia ora ovan ubis uda "
    "ulan unta ura ysis yx"
)
FIRMS = _listed(
    "Systems Networks IT Consulting Digital Solutions Technologies Services Cloud Data Connect Works Partners Logic Point Line Labs Telecom"
)
TRADES = _listed(
    "Bank Insurance Clinic Hospital Pharma Logistics Freight Foods Bakery Brewery Hotels Retail Fashion Furniture Motors "
    "Machines Tools Steel Chemicals Energy Water Solar School College Media Print Travel Airlines Shipping Construction Homes "
    "Farms Glass Paper Plastics Textiles"
)
_FORMS = ("", " Group", " Holding", " International")
_FIRST = _listed("Ana Ben Carla Dev Elif Finn Greta Hugo Ines Jonas Kaya Luca Mira Nils Olga Paulo Rosa Sven Tara Yuki")
_LAST = _listed("Adler Brandt Castro Dietz Eriksen Fontaine Garcia Hoffmann Ito Jansen Kowalski Lopez Moreau Novak Okafor Petersen")
VERTICALS = ("Health", "Finance", "Manufacturing", "Retail", "Public sector", "Education", "Logistics", "Energy")
DIFFERENTIATORS = (
    "Knows its industry from the inside",
    "On site within two hours",
    "One team from planning to operation",
    "The lowest price in the region",
    "Engineers who stay for years",
    "Runs everything as a service",
    "Certified for regulated trades",
    "Known to everybody in town",
)
WORRIES = {
    "direct sales": (
        "Your direct team turned up at a customer we had registered.",
        "We fear to lose accounts to your own sales force.",
        "Our customer got an offer from you before ours was out.",
    ),
    "margin": (
        "Margins on the base products shrink every year.",
        "Discounts for large projects leave nothing for us.",
        "We can hardly earn on resale any more.",
    ),
    "support": (
        "Our customers wait too long for an answer.",
        "Open cases are handed from one person to the next.",
        "Nobody tells us what happens with escalated cases.",
    ),
    "training": (
        "There is no time for so many courses.",
        "New releases come faster than we can learn them.",
        "Certificates cost days that nobody pays for.",
    ),
    "staff": ("We cannot find engineers.", "Two of our best people left this year.", "Good salespeople are hard to keep."),
    "programme": (
        "The rules of the programme change all the time.",
        "Claims for funds take months.",
        "We no longer know what our tier asks of us.",
    ),
}
"""Worries by theme, in partners' own words."""


def firms(chance: Chance, count: int, trades: Sequence[str]) -> pd.Series:
    """Made-up names of `count` firms, none twice while there are enough (20,000 partners, 170,000 end customers)."""
    forms = ("",) if len(trades) == len(FIRMS) else _FORMS
    sizes = (len(_HEADS), len(_TAILS), len(trades), len(forms))
    total = int(np.prod(sizes))
    place = chance.order(total)[np.arange(count) % total]
    head, rest = place % sizes[0], place // sizes[0]
    tail, rest = rest % sizes[1], rest // sizes[1]
    return joined(names(_HEADS, head), names(_TAILS, tail), " ", names(trades, rest % sizes[2]), names(forms, rest // sizes[2]))


def hosts(name: pd.Series) -> pd.Series:
    """A firm's name as it stands in its internet address."""
    text = pc.utf8_lower(pa.array(name, type=pa.large_string(), from_pandas=True))
    return pd.Series(pc.replace_substring_regex(text, "[^a-z]", "").to_pandas(), dtype="str")


def person(number: int) -> str:
    """The name of the person with a number; 320 differ."""
    return f"{_FIRST[number % len(_FIRST)]} {_LAST[(number // len(_FIRST) + number) % len(_LAST)]}"
