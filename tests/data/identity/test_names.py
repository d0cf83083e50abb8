"""Names, domains, postal codes and ids as compared: what is written differently by two systems is the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.data.identity import names

LETTERS = st.text(st.characters(categories=["L", "M", "N", "P", "Z", "S"]), max_size=40)
SHORTS = st.text("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=15, max_size=15)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller & Söhne GmbH & Co. KG", "MULLER UND SOHNE"),
        ("A.B.C. Limited", "ABC Ltd."),
        ("S.A. Dupont", "Dupont S.A."),
        ("Beta S.p.A.", "beta"),
        ("Delta Sp. z o.o.", "DELTA"),
        ("Peña y Cía S.L.", "Pena & Cia"),
        ("Oy Alfa Ab", "Alfa Oy"),
        ("Nordlys A/S", "Nordlys Aktieselskab"),
        ("Kestimar Partners (P00058)", "Kestimar  Partners"),
        ("O'Neil and Sons, Inc.", "ONeil & Sons"),
        ("Straße AG", "STRASSE"),
    ],
)
def test_the_same_firm_has_the_same_core(one: str, other: str) -> None:
    assert names.name_of(one).core == names.name_of(other).core


@pytest.mark.parametrize(
    ("one", "other"),
    [("Alpha North", "Alpha South"), ("E.ON SE", "On AG"), ("3M", "4M"), ("Stockmann", "Stock"), ("Alpha Group", "Alpha")],
)
def test_other_firms_keep_other_cores(one: str, other: str) -> None:
    assert names.name_of(one).core != names.name_of(other).core


def test_the_legal_form_is_kept_apart() -> None:
    assert names.name_of("Foo (UK) Ltd") == names.Name("foo uk", ("foo", "uk"), "ltd")
    assert names.name_of("GmbH").core == "gmbh"
    assert names.bracketed("Foo Ltd [0042]") == "0042"
    assert names.bracketed("(0042)") == ""


@given(LETTERS)
def test_a_core_is_its_own_core(text: str) -> None:
    core = names.name_of(text).core
    assert names.name_of(core).core == core
    assert names.name_of(text.upper()).core == names.name_of(text.upper().lower()).core


@pytest.mark.parametrize(
    ("text", "domain", "word"),
    [
        ("https://www.Foo-Bar.co.uk/x?y", "foo-bar.co.uk", "foobar"),
        ("ana@mail.foo.de", "mail.foo.de", "foo"),
        ("ana@gmail.com", "", ""),
        ("Alpha Inc.", "", ""),
        ("", "", ""),
    ],
)
def test_domains(text: str, domain: str, word: str) -> None:
    assert names.domain_of(text) == domain
    assert names.domain_word(domain) == word


@given(LETTERS)
def test_a_domain_is_its_own_domain(text: str) -> None:
    assert names.domain_of(names.domain_of(text)) == names.domain_of(text)
    assert names.postal_key(names.postal_key(text)) == names.postal_key(text)


def test_postal_codes() -> None:
    assert names.postal_key("01211") == names.postal_key("1211")
    assert names.postal_key("SW1A 1AA") == names.postal_key("sw1a1aa")
    assert names.postal_key("94105-1234") == "94105"


@given(SHORTS)
def test_long_and_short_salesforce_ids_are_one(short: str) -> None:
    long = names.salesforce_long(short)
    assert names.salesforce_short(long) == short
    assert names.id_key(long) == names.id_key(short)
    wrong = long[:17] + ("A" if long[17] != "A" else "B")
    assert names.salesforce_short(wrong) == ""


def test_a_known_salesforce_id() -> None:
    assert names.salesforce_long("001D000000IqhSL") == "001D000000IqhSLIAZ"
    assert names.id_key("00042") == names.id_key("42")
    assert names.id_key("001D000000IqhSL") != names.id_key("001D000000IqhSl")
    assert names.id_key("ab-1") == names.id_key("AB-1")
