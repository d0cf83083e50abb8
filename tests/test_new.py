"""`prmkit new`: every key of the contract is offered, nothing is overwritten, names are text whatever they hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from prmkit import resources
from prmkit.data.presets import PRESETS
from prmkit.data.tables import tables
from prmkit.engagement import Engagement, SourceSettings, load_engagement, parse_engagement
from prmkit.errors import PrmkitError
from prmkit.new import new_engagement, note_text, settings_text

TEMPLATE = resources.folder("templates") / "engagement" / "engagement.yaml"


def switched_on(text: str) -> str:
    """The settings text with every setting's # deleted."""
    return re.sub(r"^#(?! )", "", re.sub(r"^#(  )", r"\1", text, flags=re.MULTILINE), flags=re.MULTILINE)


def test_as_made_only_the_client_is_set(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "Acme"
    assert new_engagement(folder) == [folder / "engagement.yaml", folder / "data" / "README.md", folder / "data_request.xlsx"]
    assert load_engagement(folder) == Engagement(client="Acme", folder=folder)
    made = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    assert made == ["data", "data/README.md", "data_request.xlsx", "engagement.yaml"]


def test_the_template_offers_every_key_with_the_contracts_example() -> None:
    offered = parse_engagement(switched_on(TEMPLATE.read_text(encoding="utf-8")))
    example = parse_engagement(resources.spec("engagement.yaml").read_text(encoding="utf-8"))
    assert offered.model_fields_set == set(Engagement.model_fields)
    assert offered.goal == example.goal
    assert offered.economics == example.economics
    assert offered.model_copy(update={"reach": {}}) == example
    assert set(offered.reach) == {"ramp_months", "activation", "attrition", "conversion"}


def test_every_setting_of_the_template_has_words_beside_or_above_it() -> None:
    explained = False
    for line in TEMPLATE.read_text(encoding="utf-8").splitlines():
        if re.match(r"#?[a-z_]+:", line):
            assert explained or "  # " in line, line
        explained = line.startswith("# ") or (explained and bool(line))


def test_a_preset_fills_in_its_defaults_and_a_source_for_each_table(tmp_path: Path) -> None:
    new_engagement(tmp_path / "aw", "adventureworks")
    read = load_engagement(tmp_path / "aw")
    assert (read.client, read.currency, read.locale, read.measure) == ("Adventure Works Cycles", "USD", "en_US", "sell_in")
    assert list(read.sources) == ["partners", "sales", "customers", "products", "territories", "incentives", "goals", "history"]
    assert all(sources == [SourceSettings(path="data", preset="adventureworks")] for sources in read.sources.values())
    text = (tmp_path / "aw" / "engagement.yaml").read_text(encoding="utf-8")
    assert 'currency: "USD"                 # ISO 4217' in text
    assert "#goal:" in text
    note = (tmp_path / "aw" / "data" / "README.md").read_text(encoding="utf-8")
    assert "| goals | `FactSalesQuota` |" in note


@pytest.mark.parametrize("preset", list(PRESETS))
def test_every_preset_makes_settings_that_load(preset: str, tmp_path: Path) -> None:
    new_engagement(tmp_path / "x", preset)
    assert {sources[0].preset for sources in load_engagement(tmp_path / "x").sources.values()} == {preset}


NAMES = ['x": evil\n  y: "', "NO", "null", "2025", "~", "# hash", "*alias", "&anchor", "!!str", "- list", "{a: b}", "Müller 株式会社"]


@pytest.mark.parametrize("name", [*NAMES, "line\u2028break", "\u202eturned"])
def test_a_clients_name_is_text_whatever_it_holds(name: str, tmp_path: Path) -> None:
    new_engagement(tmp_path / name)
    assert load_engagement(tmp_path / name) == Engagement(client=name, folder=tmp_path / name)
    lines = (tmp_path / name / "engagement.yaml").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(TEMPLATE.read_text(encoding="utf-8").splitlines())


def test_a_backslash_and_a_group_reference_stay_text() -> None:
    assert parse_engagement(settings_text(r"a\g<0>\1\n", None)).client == r"a\g<0>\1\n"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "engagement.yaml").write_text("client: Mine\n", encoding="utf-8")
    with pytest.raises(PrmkitError, match="holds an engagement already") as caught:
        new_engagement(tmp_path, "adventureworks")
    assert caught.value.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["engagement.yaml"]
    assert (tmp_path / "engagement.yaml").read_text(encoding="utf-8") == "client: Mine\n"


def test_an_empty_settings_file_is_filled_and_a_note_that_is_there_is_left(tmp_path: Path) -> None:
    (tmp_path / "engagement.yaml").touch()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "README.md").write_text("mine", encoding="utf-8")
    (tmp_path / "data_request.xlsx").write_bytes(b"mine")
    assert new_engagement(tmp_path) == [tmp_path / "engagement.yaml"]
    assert (tmp_path / "data_request.xlsx").read_bytes() == b"mine"
    assert (tmp_path / "data" / "README.md").read_text(encoding="utf-8") == "mine"


def test_wrong_presets_and_places_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(PrmkitError, match="Did you mean 'adventureworks'"):
        new_engagement(tmp_path / "x", "adventurework")
    with pytest.raises(PrmkitError, match="There is no preset"):
        new_engagement(tmp_path / "x", "../presets/adventureworks")
    (tmp_path / "file").touch()
    with pytest.raises(PrmkitError, match="a file of this name"):
        new_engagement(tmp_path / "file")
    with pytest.raises(PrmkitError, match="cannot be made"):
        new_engagement(tmp_path / "file" / "below")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_note_names_every_table_its_grain_and_what_it_needs() -> None:
    note = note_text(None)
    headings = re.findall(r"^### (\w+)$", note, re.MULTILINE)
    assert headings[:2] == ["partners", "sales"]
    assert sorted(headings) == sorted(tables())
    assert "### support\nOne row per partner, month and kind of work (cost to serve); cost or hours, at least one.\n" in note
    assert "- Needed: `partner_id`, `month`." in note
    assert (
        "### tickets\nOne row per end-customer support case.\n- Needed: `ticket_id`, `opened_on`.\n"
        "- Know your partners: economics, differentiation.\n- Partner loyalty: risk, service." in note
    )
    assert (
        "### rates\nOne row per currency and month.\n- Needed: `currency`, `month`, `rate`.\n- Converts amounts in other currencies."
        in note
    )
