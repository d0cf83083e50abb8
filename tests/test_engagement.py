"""engagement.yaml: the contract's example, every key, every bad value named with its line, nothing else read than settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmkit import resources
from prmkit.engagement import (
    Economics,
    Engagement,
    EngagementFaults,
    Goal,
    Privacy,
    Promise,
    Prune,
    Reach,
    SettingFault,
    SourceSettings,
    dump,
    load_engagement,
    parse_engagement,
    settings_page,
)
from prmkit.engagement.faults import nearest
from prmkit.engagement.loading import quoted
from prmkit.engagement.model import Settings
from prmkit.errors import PrmkitError

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = resources.spec("engagement.yaml")


def faults(text: str) -> EngagementFaults:
    with pytest.raises(EngagementFaults) as caught:
        parse_engagement(text)
    return caught.value


def only_fault(text: str) -> tuple[int, str, str, str]:
    """Line, key, why and what to do of the one fault there is."""
    found = faults(text).settings
    assert len(found) == 1, [fault.said() for fault in found]
    return found[0].line, found[0].key, found[0].why, found[0].do


class TestTheContractsExample:
    def test_is_read_as_written(self) -> None:
        read = load_engagement(EXAMPLE)
        assert read.client == "Example Software"
        assert read.as_of == dt.date(2026, 9, 30)
        assert read.portfolios["nordics"] == {"country": ["SE", "NO", "DK", "FI"]}
        assert read.goal == Goal(revenue=25_000_000.0, by=dt.date(2027, 9, 30), confidence=0.8)
        assert read.economics.manager_hours == 1600.0
        assert read.control_totals == {"2025": {"revenue": 41_200_000.0, "partners_active": 612.0}}
        assert read.sources["deals"][0].values == {"outcome": {"Closed Won": "won", "Closed Lost": "lost"}}
        assert read.sources["tickets"] == [SourceSettings(sql="select * from cases", url_env="EXAMPLE_WAREHOUSE_URL")]
        assert read.service_promise == {"critical": {"first_response_hours": 1.0, "resolution_hours": 8.0}}
        assert read.reach == {}
        assert read.folder == EXAMPLE.parent

    def test_survives_being_written_and_read_again(self) -> None:
        read = load_engagement(EXAMPLE)
        assert parse_engagement(dump(read), EXAMPLE) == read

    def test_a_folder_is_as_good_as_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "engagement.yaml").write_bytes(b"\xef\xbb\xbfclient: Example\r\ngoal: {growth: 0.25}\r\n")
        read = load_engagement(tmp_path)
        assert read == load_engagement(tmp_path / "engagement.yaml")
        assert (read.folder, read.goal) == (tmp_path, Goal(growth=0.25))
        assert read.goal is not None
        assert read.goal.by is None


class TestValues:
    def test_yaml_1_2_words_and_numbers(self) -> None:
        read = parse_engagement(
            "client: no\nportfolios: {a: {country: [NO], partner_id: [007, 1_0, 2026-09-30, true, 1e3]}}\n"
            "economics: {hourly_cost: 7_0.5, partner_cost: +2_000, recruit_cost: 1e3}\n"
            "control_totals: {2025-q3: {revenue: -1_000.25}, CY2025: {units: 012}}\nseed: 7\n"
        )
        assert read.client == "no"
        assert read.portfolios == {"a": {"country": ["NO"], "partner_id": ["007", "1_0", "2026-09-30", "true", "1e3"]}}
        assert (read.economics.hourly_cost, read.economics.partner_cost, read.economics.recruit_cost) == (70.5, 2000.0, 1000.0)
        assert read.control_totals == {"2025-Q3": {"revenue": -1000.25}, "CY2025": {"units": 12.0}}
        assert read.seed == 7

    def test_one_source_is_a_list_of_one_and_one_value_a_list_of_one(self) -> None:
        read = parse_engagement(
            "client: A\nsources: {sales: [{path: a.csv}, {path: b.csv}], deals: {path: c.csv}}\nportfolios: {a: {region: EMEA}}\n"
            "prune: {include: tickets}\n"
        )
        assert [source.path for source in read.sources["sales"]] == ["a.csv", "b.csv"]
        assert [source.path for source in read.sources["deals"]] == ["c.csv"]
        assert read.portfolios["a"]["region"] == ["EMEA"]
        assert read.prune.include == ["tickets"]

    def test_a_key_without_a_value_is_not_given(self) -> None:
        assert parse_engagement("client: A\nsources:\nportfolios:\ngoal:\neconomics: {gross_margin: }\nseed:\n") == parse_engagement(
            "client: A\n"
        )

    def test_a_hyphen_in_a_locale_is_read(self) -> None:
        assert parse_engagement("client: A\nlocale: de-CH\n").locale == "de_CH"

    def test_defaults_are_those_of_the_contract(self) -> None:
        read = parse_engagement("client: A\n")
        assert (read.currency, read.locale, read.rates, read.data, read.fiscal_year_start) == ("EUR", "en_GB", "average", "data", 1)
        assert (read.as_of, read.measure, read.goal, read.store_env, read.seed) == (None, None, None, None, 20260930)
        assert read.prune == Prune(hurdle=0.0, horizon_months=24, include=[])
        assert read.privacy == Privacy(min_peers=5, min_peers_money=10)

    @given(st.text(min_size=1))
    def test_any_client_name_survives(self, name: str) -> None:
        made = Engagement(client=name)
        assert parse_engagement(dump(made), Path("x/engagement.yaml")).client == name
        assert parse_engagement(f"client: {quoted(name)}\n").client == name

    @given(
        st.builds(
            Engagement,
            client=st.just("A"),
            as_of=st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)),
            economics=st.builds(Economics, gross_margin=st.floats(-0.99, 1), hourly_cost=st.floats(0, 1e12)),
            portfolios=st.dictionaries(
                st.sampled_from(["emea", "x y", "2025", "null", "true"]), st.just({"tier": ["1", "~", "no"]}), max_size=3
            ),
            control_totals=st.dictionaries(
                st.sampled_from(["2025", "FY2024", "2025-Q1"]), st.dictionaries(st.just("revenue"), st.floats(-1e15, 1e15)), max_size=3
            ),
        )
    )
    @settings(max_examples=50)
    def test_any_engagement_survives(self, made: Engagement) -> None:
        assert parse_engagement(dump(made), Path("engagement.yaml")) == made


BAD_VALUES = [
    ("client:", "client", "'client' is missing", "only one"),
    ("client: ''", "client", "text is empty", "Fill it in"),
    ("client: [a]", "client", "is not text", "quotes"),
    ("currency: eur", "currency", "'eur' is not a currency code", "Did you mean 'EUR'?"),
    ("currency: EURO", "currency", "not a currency code", "ISO 4217"),
    ("locale: en_UX", "locale", "'en_UX' is not known", "en_GB"),
    ("locale: EN_gb_", "locale", "is not known", "en_GB"),
    ("as_of: 2026-02-30", "as_of", "'2026-02-30' is not a date", "2026-09-30"),
    ("as_of: 30/09/2026", "as_of", "is not a date", "2026-09-30"),
    ("as_of: 20260930", "as_of", "is not a date", "2026-09-30"),
    ("as_of: 2026-09-30T10:00:00", "as_of", "is not a date", "2026-09-30"),
    ("as_of: yesterday", "as_of", "is not a date", "2026-09-30"),
    ("fiscal_year_start: 0", "fiscal_year_start", "at least 1", ""),
    ("fiscal_year_start: 13", "fiscal_year_start", "at most 12", ""),
    ("fiscal_year_start: 4.5", "fiscal_year_start", "not a whole number", ""),
    ("fiscal_year_start: true", "fiscal_year_start", "not a whole number", ""),
    ("measure: sellthrough", "measure", "not a word", "Did you mean 'sell_through'?"),
    ("rates: spot", "rates", "not a word", "average, plan"),
    ("data: []", "data", "is not text", ""),
    ("sources: {slaes: {path: a}}", "sources.slaes", "no canonical table 'slaes'", "Did you mean 'sales'?"),
    ("sources: {sales: {}}", "sources.sales", "neither where it is nor how", "path, preset or sql"),
    ("sources: {sales: {columns: {date: Day}}}", "sources.sales", "neither where it is nor how", "path, preset or sql"),
    ("sources: {sales: {path: a, sql: b, url_env: C}}", "sources.sales", "both path and sql", "Keep one"),
    ("sources: {sales: {sql: select 1}}", "sources.sales", "know the warehouse", "url_env"),
    ("sources: {sales: {path: a, url_env: B}}", "sources.sales", "without a query", "sql"),
    ("sources: {sales: a.csv}", "sources.sales", "not a list of `key: value`", "Indent"),
    ("sources: {sales: {path: ''}}", "sources.sales.path", "text is empty", ""),
    ("sources: {sales: {path: a, columns: {dat: Day}}}", "sources.sales.columns.dat", "no column 'dat'", "Did you mean 'date'?"),
    ("sources: {deals: {path: a, values: {outcome: {W: wn}}}}", "sources.deals.values.outcome.W", "'wn' is not a word", "'won'"),
    ("sources: {deals: {path: a, values: {outcom: {W: won}}}}", "sources.deals.values.outcom", "no column", "Did you mean 'outcome'?"),
    ("portfolios: {a: {regio: [x]}}", "portfolios.a.regio", "no partner column 'regio'", "Did you mean 'region'?"),
    ("portfolios: {a: {}}", "portfolios.a", "Nothing is selected", "region"),
    ("portfolios: {a: {region: []}}", "portfolios.a.region", "Nothing is selected", "region"),
    ("portfolios: {a: {country: [Sweden]}}", "portfolios.a.country[0]", "'Sweden' is not a country", "Did you mean 'SE'?"),
    ("portfolios: {a: {country: [SE, UK]}}", "portfolios.a.country[1]", "'UK' is not a country", "Did you mean 'GB'?"),
    ("portfolios: {all: {region: [x]}}", "portfolios.all", "always exists", "another name"),
    ("portfolios: {'../x': {region: [x]}}", "portfolios.../x", "names a folder", "letters"),
    ("portfolios: {'CON': {region: [x]}}", "portfolios.CON", "names a folder", "letters"),
    ("portfolios: {a: {region: [x]}, A: {region: [y]}}", "portfolios.A", "differ in capitals only", "Rename"),
    ("goal: {by: 2027-09-30}", "goal", "neither revenue nor growth", "exactly one"),
    ("goal: {revenue: 1, growth: 0.1}", "goal", "Both revenue and growth", "exactly one"),
    ("goal: {revenue: 0}", "goal.revenue", "above 0", ""),
    ("goal: {growth: 25}", "goal.growth", "at most 10", "write 0.25 for 25 %"),
    ("goal: {growth: -1}", "goal.growth", "above -1", ""),
    ("goal: {revenue: 1, confidence: 1}", "goal.confidence", "below 1", ""),
    ("goal: {revenue: 1, confidence: 0}", "goal.confidence", "above 0", ""),
    ("goal: {revenue: 1, confidence: 80}", "goal.confidence", "below 1", "write 0.8 for 80 %"),
    ("goal: {revenue: '1,000'}", "goal.revenue", "'1,000' is not a number", "25_000_000"),
    ("goal: {revenue: EUR 5m}", "goal.revenue", "'EUR 5m' is not a number", "no currency"),
    ("goal: 25", "goal", "not a list of `key: value`", "Indent"),
    ("goal: {revenue: 1, by: soon}", "goal.by", "'soon' is not a date", "2026-09-30"),
    ("economics: {gross_margin: 35}", "economics.gross_margin", "at most 1", "write 0.35 for 35 %"),
    ("economics: {gross_margin: -1}", "economics.gross_margin", "above -1", ""),
    ("economics: {hourly_cost: -70}", "economics.hourly_cost", "at least 0", ""),
    ("economics: {manager_hours: 9_000}", "economics.manager_hours", "at most 8,784", ""),
    ("economics: {partner_cost: -1}", "economics.partner_cost", "at least 0", ""),
    ("economics: {recruit_cost: .inf}", "economics.recruit_cost", "counted with", ""),
    ("economics: {recruit_cost: .nan}", "economics.recruit_cost", "counted with", ""),
    ("economics: {hourly_cost: yes}", "economics.hourly_cost", "'yes' is not a number", ""),
    ("control_totals: {20x5: {revenue: 1}}", "control_totals.20x5", "'20x5' is not a period", "2025-Q3"),
    ("control_totals: {2025-13: {revenue: 1}}", "control_totals.2025-13", "is not a period", "2025-03"),
    ("control_totals: {2025: {revenu: 1}}", "control_totals.2025.revenu", "not a word", "Did you mean 'revenue'?"),
    ("control_totals: {2025: {revenue: lots}}", "control_totals.2025.revenue", "'lots' is not a number", ""),
    ("service_promise: {urgent: {resolution_hours: 1}}", "service_promise.urgent", "not a word", "critical"),
    ("service_promise: {high: {resolution_hours: 0}}", "service_promise.high.resolution_hours", "above 0", ""),
    ("reach: {activation: 60}", "reach.activation", "at most 1", "write 0.6 for 60 %"),
    ("reach: {ramp_months: -1}", "reach.ramp_months", "at least 0", ""),
    ("prune: {include: [trainings]}", "prune.include[0]", "not a word", "Did you mean 'training'?"),
    ("prune: {horizon_months: 0}", "prune.horizon_months", "at least 1", ""),
    ("prune: {hurdle: high}", "prune.hurdle", "'high' is not a number", ""),
    ("privacy: {min_peers: 2}", "privacy.min_peers", "at least 3", ""),
    ("privacy: {min_peers_money: 1}", "privacy.min_peers_money", "at least 3", ""),
    ("store_env: not-a-name", "store_env", "no name of a variable", "environment"),
    ("seed: -1", "seed", "at least 0", ""),
    ("gross_margin: 0.3", "gross_margin", "no setting 'gross_margin'", "It belongs in 'economics'"),
    ("goal: {revenue: 1, seed: 5}", "goal.seed", "no setting 'seed' in goal", "not indented"),
    ("folder: /", "folder", "no setting 'folder'", "delete the line"),
]


class TestBadValues:
    @pytest.mark.parametrize(("line", "key", "why", "do"), BAD_VALUES, ids=[line for line, *_ in BAD_VALUES])
    def test_each_is_one_error_with_its_line_and_remedy(self, line: str, key: str, why: str, do: str) -> None:
        head = "" if line.startswith("client") else "client: A\n"
        found_line, found_key, found_why, found_do = only_fault(f"# a comment\n{head}{line}\n")
        assert found_line == (2 if not head else 3)
        assert found_key == ("" if line == "client:" else key)
        assert why in found_why
        assert do in found_do

    def test_the_goal_has_to_end_after_as_of(self) -> None:
        line, key, why, _ = only_fault("client: A\nas_of: 2026-09-30\ngoal:\n  revenue: 1\n  by: 2026-09-30\n")
        assert (line, key) == (3, "goal")
        assert "not after as_of" in why

    def test_all_of_them_are_told_at_once_in_the_order_of_lines(self) -> None:
        text = "\n".join(
            ["curency: EUR", "locale: xx", "goal: {growth: 25, confidence: 80}", "sources: {deals: {path: a, columns: {x: y}}}"]
        )
        told = faults(text)
        assert [(fault.line, fault.column, fault.key) for fault in told.settings] == [
            (1, 1, ""),
            (1, 1, "curency"),
            (2, 1, "locale"),
            (3, 8, "goal.growth"),
            (3, 20, "goal.confidence"),
            (4, 38, "sources.deals.columns.x"),
        ]
        assert "6 faults" in told.what
        assert all(fault.why in told.where and fault.do in told.where for fault in told.settings)
        assert told.exit_code == 2

    def test_they_fit_the_one_table_of_faults(self) -> None:
        (fault,) = faults("client: A\nseed: -1\n").faults
        assert (fault.severity, fault.table, fault.file, fault.row, fault.column, fault.value) == (
            "error",
            "engagement",
            "engagement.yaml",
            2,
            "seed",
            "-1",
        )

    def test_a_block_in_a_list_is_named_by_its_place(self) -> None:
        line, key, _, do = only_fault("client: A\nsources:\n  sales:\n  - path: a\n  - paht: b\n    preset: pos\n")
        assert (line, key) == (5, "sources.sales[1].paht")
        assert "Did you mean 'path'?" in do


class TestSecrets:
    @pytest.mark.parametrize(
        "line",
        [
            'sources: {sales: {sql: select 1, url_env: "postgresql://reader:hunter2@host/db"}}',
            "sources: {sales: {sql: \"select * from dblink('host=h password=hunter2')\", url_env: A}}",
            'sources: {sales: {path: a, url: "postgresql://reader:hunter2@host/db"}}',
            "sources: {sales: {path: a, password: hunter2}}",
            'store_env: "postgresql://reader:hunter2@host/db"',
            'locale: "https://reader:hunter2@host"',
        ],
    )
    def test_a_password_is_refused_and_never_repeated(self, line: str) -> None:
        told = faults(f"client: A\n{line}\n")
        assert "hunter2" not in f"{told}{told.faults!r}{told.settings!r}"
        assert told.settings[0].line == 2
        assert len(told.settings) == 1


class TestOtherThanSettings:
    @pytest.mark.parametrize(
        ("text", "line", "why"),
        [
            ("", 0, "holds no settings"),
            ("# only a comment\n", 0, "holds no settings"),
            ("---\n", 0, "holds no settings"),
            ("- a\n- b\n", 1, "not a list of settings"),
            ("client\n", 1, "not a list of settings"),
            ("client: A\ngoal:\n\tgrowth: 0.1\n", 3, "tab"),
            ("client: A\nclient: B\n", 2, "given twice; the first is on line 1"),
            ("client: A\ngoal: {growth: 0.1, growth: 0.2}\n", 2, "'growth' is given twice"),
            ("client: &a A\n", 1, "Anchors and aliases"),
            ("client: *a\n", 1, "Anchors and aliases"),
            ("client: A\n<<: *a\n", 2, "Anchors and aliases"),
            ("client: !!python/object/apply:os.system [ls]\n", 1, "tag"),
            ("!!map\nclient: A\n", 1, "tag"),
            ("client: A\n---\nclient: B\n", 2, "second document"),
            ("%YAML 1.1\n---\nclient: A\n", 2, "another YAML"),
            ("client: A\n? {a: b}\n: c\n", 2, "A key has to be"),
            ("client: a: b\n", 1, "second colon"),
            ('client: "A\ngoal: {growth: 0.1}\n', 3, "quotation mark"),
            ("client: A\nsources: {sales: {path: a}\n", 3, "bracket or brace"),
            ("client: @A\n", 1, "cannot start"),
            ("client: A\n b: c\n", 2, "second colon"),
            ("client: A\x07\n", 1, "does not allow"),
            ("client: A\nreach: " + "{a: " * 50 + "}" * 50 + "\n", 2, "nested too deeply"),
        ],
    )
    def test_is_one_clear_error(self, text: str, line: int, why: str) -> None:
        found_line, _, found_why, _ = only_fault(text)
        assert why in found_why
        assert found_line == line

    def test_a_bomb_of_aliases_is_refused_at_its_first_anchor(self) -> None:
        bomb = "client: A\na: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
        assert only_fault(bomb)[0] == 2

    def test_deep_nesting_and_size_stop_early(self, tmp_path: Path) -> None:
        assert "nested" in only_fault("client: " + "[" * 100_000)[2]
        file = tmp_path / "engagement.yaml"
        file.write_text("client: A\n# " + "x" * 1_000_000, encoding="utf-8")
        with pytest.raises(EngagementFaults, match=r"1,000,012 bytes; settings need no more than 1,000,000"):
            load_engagement(file)

    def test_very_many_values_stop_where_there_are_too_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("prmkit.engagement.reading.MOST", 10)
        assert only_fault("client: A\nportfolios:\n  a:\n    region: [1, 2, 3,\n    4, 5, 6, 7]\n")[:1] == (5,)

    def test_other_encodings_are_named_with_their_line(self, tmp_path: Path) -> None:
        file = tmp_path / "engagement.yaml"
        file.write_bytes("currency: EUR\nclient: Søren\n".encode("cp1252"))
        with pytest.raises(EngagementFaults, match="not UTF-8") as caught:
            load_engagement(file)
        assert caught.value.settings[0].line == 2

    def test_missing_files_and_folders_say_what_to_do(self, tmp_path: Path) -> None:
        with pytest.raises(PrmkitError, match="no such engagement folder"):
            load_engagement(tmp_path / "nowhere")
        with pytest.raises(PrmkitError, match=r"no engagement\.yaml") as caught:
            load_engagement(tmp_path)
        assert caught.value.do == f"Make one with: prmkit new {tmp_path}"
        (tmp_path / "engagement.yml").write_text("client: A\n", encoding="utf-8")
        with pytest.raises(PrmkitError, match=r"Rename engagement\.yml to engagement\.yaml"):
            load_engagement(tmp_path)

    @given(st.text(alphabet="client: Aab[]{},&*!|>%@`\"'#-?\n\t 0.~", max_size=60))
    @settings(max_examples=300)
    def test_any_text_is_read_or_refused_with_faults(self, text: str) -> None:
        told: tuple[SettingFault, ...] = ()
        try:
            parse_engagement(text)
        except EngagementFaults as refused:
            told = refused.settings
        assert all(fault.why and fault.line <= text.count("\n") + 2 for fault in told)


def keys() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(text with {key} in place of a key, the key, its siblings) for every key of the model."""
    top = tuple(name for name in Engagement.model_fields if name != "folder")
    for name in top:
        yield "client: A\n{key}: x\n", name, top
    sections: dict[str, type] = {"goal": Goal, "economics": Economics, "prune": Prune, "privacy": Privacy, "reach": Reach}
    for section, model in sections.items():
        names = tuple(model.model_fields if issubclass(model, Settings) else model.__annotations__)
        for name in names:
            yield f"client: A\n{section}:\n  {{key}}: x\n", name, names
    for name in SourceSettings.model_fields:
        yield "client: A\nsources:\n  sales:\n    {key}: x\n", name, tuple(SourceSettings.model_fields)
    for name in Promise.__annotations__:
        yield "client: A\nservice_promise:\n  high:\n    {key}: 1\n", name, tuple(Promise.__annotations__)


KEYS = list(keys())


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, str, str, tuple[str, ...]]:
    """A known key with one letter changed, left out, put in or swapped with its neighbour."""
    text, key, siblings = draw(st.sampled_from(KEYS))
    letter, place = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz_")), draw(st.integers(0, len(key) - 1))
    changed = {
        "replace": key[:place] + letter + key[place + 1 :],
        "insert": key[:place] + letter + key[place:],
        "delete": key[:place] + key[place + 1 :],
        "swap": key[:place] + key[place + 1 : place + 2] + key[place] + key[place + 2 :],
    }[draw(st.sampled_from(["replace", "insert", "delete", "swap"]))]
    return text, key, changed, siblings


class TestSlips:
    @given(slips())
    @settings(max_examples=400)
    def test_a_slip_in_a_key_is_answered_with_the_key_meant_and_its_line(self, slip: tuple[str, str, str, tuple[str, ...]]) -> None:
        text, key, changed, siblings = slip
        if changed in siblings:
            return
        written = text.format(key=changed)
        named = [fault for fault in faults(written).settings if fault.key.endswith(changed) and "There is no setting" in fault.why]
        assert len(named) == 1
        assert named[0].line == written.count("\n")
        assert f"Did you mean '{key}'?" in named[0].do
        assert f"'{changed}'" in named[0].why

    @pytest.mark.parametrize(
        ("name", "known", "meant"),
        [
            ("As-Of", ("as_of", "seed"), ("as_of",)),
            ("margin", ("gross_margin", "hourly_cost"), ("gross_margin",)),
            ("ramp", ("ramp_months", "activation"), ("ramp_months",)),
            ("geals", ("deals", "goals"), ("deals", "goals")),
            ("zebra", ("deals", "goals"), ()),
            ("x", (), ()),
        ],
    )
    def test_nearest(self, name: str, known: tuple[str, ...], meant: tuple[str, ...]) -> None:
        assert nearest(name, known) == meant


class TestDocs:
    def test_the_page_is_current(self) -> None:
        assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings_page()

    def test_every_key_of_the_example_is_on_it_with_a_meaning(self) -> None:
        rows = [line.split(" | ") for line in settings_page().splitlines() if line.startswith("| `")]
        told = {row[0].strip("| `"): row[3].strip(" |") for row in rows}
        assert all(told.values())
        example = parse_engagement(EXAMPLE.read_text(encoding="utf-8"))
        assert {key.partition(".")[0] for key in told} == set(type(example).model_fields) - {"folder"}
        assert told["economics.manager_hours"].startswith("Hours a year")
        assert "| `currency` | text | `EUR` |" in settings_page()
        assert "| `goal.confidence` | number above 0 below 1 | `0.8` |" in settings_page()
        assert "| `sources.<table>.url_env` | text | none |" in settings_page()
