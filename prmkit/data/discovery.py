"""Where every canonical table comes from: named in settings, agreed to by a person, named after the table, or recognised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from prmkit.data.faults import FaultLog
from prmkit.data.mapping import near, plain
from prmkit.data.presets import PRESETS
from prmkit.data.proposals import FILE as PROPOSALS
from prmkit.data.proposals import Proposal, accepted, merged, read_proposals
from prmkit.data.recognition import Recognition, recognise
from prmkit.data.returned import filled_forms
from prmkit.data.sealed import SEALED_BY, is_sealed
from prmkit.data.sources import (
    FAMILIAR,
    NOTES,
    READABLE,
    Origin,
    files_in,
    from_settings,
    label,
    named_after,
    stem_of,
    suffix_of,
)
from prmkit.data.tables import tables
from prmkit.engagement import Engagement, SourceSettings
from prmkit.errors import Severity

OWN = frozenset({"matches", "data_request", "assumptions", "readme", "license", "notice"})
"""What lies beside a client's exports and is none: files of these names are passed over."""
_SLIP = 5


def discover(engagement: Engagement, log: FaultLog, assumed: Sequence[Proposal] | None = None) -> tuple[Origin, ...]:
    """Every origin of every canonical table, in the order of the contract; what is missing, open or left over goes to `log`.

    assumed: proposals to work with as if the open ones were agreed to; without it only what proposals.yaml says yes to is used.
    Open ones are errors either way.
    """
    folder = engagement.folder / engagement.data
    lying = files_in(folder)
    _report_unknown_tables(engagement, log)
    decided = read_proposals(engagement.folder) if assumed is None else accepted(assumed)
    found, recognition = _found(engagement, lying, decided, log)
    found = _without_sealed(engagement, found, log)
    asked = [one for one in (merged(decided, recognition.proposals) if assumed is None else assumed) if not one.decision]
    _report_open(engagement, asked, found, log)
    for name, table in tables().items():
        waiting = log.has_errors(name) or any(one.table == name for one in asked)
        if table.required and not any(origin.table == name for origin in found) and not waiting:
            log.add("table_missing", table=name, words={"folder": label(engagement, folder)})
    asked_about = {engagement.folder / path for one in asked for paths in one.files.values() for path in paths}
    _report_unread(engagement, [path for path in lying if path not in asked_about], found, log)
    return tuple(found)


def proposals(engagement: Engagement) -> tuple[Proposal, ...]:
    """What was decided about this engagement's exports and what is open."""
    decided = read_proposals(engagement.folder)
    _, recognition = _found(engagement, files_in(engagement.folder / engagement.data), decided, FaultLog())
    return merged(decided, recognition.proposals)


def _report_open(engagement: Engagement, asked: Iterable[Proposal], found: Iterable[Origin], log: FaultLog) -> None:
    read = {path for origin in found if not origin.preset and not origin.settings.columns for path in origin.all_files}
    for one in asked:
        file = next(iter(one.files.values()), ("",))[0]
        # a file named after its table is read as it is, and says itself what it lacks
        severity: Severity = "warning" if file and engagement.folder / file in read else "error"
        words = {"what": one.what, "why": one.why, "sure": f"{one.sure:.0%}"}
        log.add("proposal_open", table=one.table, file=file, words=words, detail=one.id, severity=severity)


def _found(engagement: Engagement, lying: Sequence[Path], decided: Sequence[Proposal], log: FaultLog) -> tuple[list[Origin], Recognition]:
    agreed = [one for one in decided if one.decision == "yes"]
    found: dict[str, list[Origin]] = {}
    named: dict[str, list[Origin]] = {}
    for name in tables():
        if name in engagement.sources:
            given = [from_settings(engagement, name, source, log) for source in engagement.sources[name]]
            found[name] = [origin for origin in given if origin is not None]
        elif answers := [one for one in agreed if one.table == name and one.is_source]:
            found[name] = [origin for one in answers if (origin := _agreed(engagement, one, log))]
        else:
            named[name] = named_after(engagement, name, lying, log)
    settled = [origin for origins in (*found.values(), *named.values()) for origin in origins]
    forms = filled_forms(lying, {path.resolve() for origin in settled for path in origin.all_files})
    recognition = _recognised(
        engagement, lying, {**found, "": [origin for origins in forms.values() for origin in origins]}, named, decided
    )
    found.update({name: list(origins) for name, origins in named.items()})
    for making in recognition.taken:
        found[making.table] = [_origin(making.table, making.preset, making.raw)]
    for path in dict.fromkeys(path for making in recognition.taken for paths in making.raw.values() for path in paths):
        log.add("recognised", file=label(engagement, path), value=recognition.known[path], words={"what": recognition.known[path]})
    every = [origin for name in tables() for origin in (*found.get(name, ()), *forms.get(name, ()))]
    return [_as_agreed(origin, agreed) for origin in every], recognition


def _recognised(
    engagement: Engagement,
    lying: Sequence[Path],
    found: Mapping[str, Sequence[Origin]],
    named: Mapping[str, Sequence[Origin]],
    decided: Sequence[Proposal],
) -> Recognition:
    """What the files that no source names are; none where a preset reads the whole folder, whose other files are known to it."""
    folder = engagement.folder / engagement.data
    read = [source for sources in engagement.sources.values() for source in sources if source.preset]
    if any((engagement.folder / (source.path or engagement.data)).resolve() == folder.resolve() for source in read):
        return Recognition((), (), {})
    used = {path.resolve() for origins in (*found.values(), *named.values()) for origin in origins for path in origin.all_files}
    # an export that makes one table, as a person agreed, may make others too
    used -= {(engagement.folder / path).resolve() for one in decided if one.preset for paths in one.files.values() for path in paths}
    free = [path for path in lying if path.resolve() not in used and may_be_export(path)]
    alone = {name: origins[0].files[0] for name, origins in named.items() if origins}
    return recognise(engagement.folder, free, alone, list(found))


def may_be_export(path: Path) -> bool:
    """Whether a file may be a client's export, going by its name: neither one of ours nor named after a table."""
    return suffix_of(path) in READABLE and stem_of(path) not in OWN and stem_of(path) not in tables()


def _agreed(engagement: Engagement, one: Proposal, log: FaultLog) -> Origin | None:
    """The origin that a person has said yes to; a file that is gone is a fault."""
    raw = {name: tuple(engagement.folder / path for path in paths) for name, paths in one.files.items()}
    missing = [path for paths in raw.values() for path in paths if not path.is_file()]
    if missing or (one.preset and (one.preset not in PRESETS or one.table not in PRESETS.get(one.preset).tables)):
        value = label(engagement, missing[0]) if missing else one.preset
        log.add("proposal_outdated", table=one.table, file=PROPOSALS, value=value, detail=one.id)
        return None
    if one.preset:
        made = PRESETS.get(one.preset).tables[one.table]
        return _origin(one.table, one.preset, {name: raw.get(name, ()) for name in made.files}, one.values)
    settings = SourceSettings(path=next(iter(one.files.values()))[0], columns=dict(one.columns), values={**one.values})
    return Origin(one.table, files=next(iter(raw.values())), settings=settings)


def _origin(table: str, preset: str, raw: Mapping[str, tuple[Path, ...]], values: Mapping[str, Mapping[str, str]] | None = None) -> Origin:
    known = PRESETS.get(preset)
    settings = SourceSettings(preset=preset, values={name: dict(words) for name, words in (values or {}).items()})
    if known.tables[table].columns:
        return Origin(table, files=next(paths for paths in raw.values() if paths), settings=settings, preset=known)
    return Origin(table, settings=settings, preset=known, raw=raw)


def _as_agreed(origin: Origin, agreed: Iterable[Proposal]) -> Origin:
    """An origin read with the headers and words that a person has agreed to; what settings say goes before."""
    spelled: dict[str, dict[str, str]] = {}
    values = {name: dict(words) for name, words in origin.settings.values.items()}
    for one in agreed:
        if origin.preset and one.preset == origin.preset.name:
            for raw, headers in one.headers.items():
                spelled.setdefault(raw, {}).update(headers)
        if one.table == origin.table and not one.files:
            for name, words in one.values.items():
                values[name] = {**words, **values.get(name, {})}
    partner = origin.settings.columns.get("partner_id")
    if partner and origin.preset and origin.made and origin.made.select:
        for raw in origin.made.files:
            for header in origin.preset.exports[raw].links if raw in origin.preset.exports else ():
                spelled.setdefault(raw, {})[header] = partner
    settings = origin.settings.model_copy(update={"values": values}) if values != origin.settings.values else origin.settings
    return replace(origin, settings=settings, spelled=spelled)


def _report_unknown_tables(engagement: Engagement, log: FaultLog) -> None:
    for name in engagement.sources:
        if name not in tables():
            close = near(name, tables())
            log.add("unknown_table", table=name, value=name, words={"hint": f" Did you mean '{close}'?" if close else ""}, detail=name)


def _without_sealed(engagement: Engagement, found: Iterable[Origin], log: FaultLog) -> list[Origin]:
    """The origins none of whose files is sealed; the others are errors."""
    open_to_all = []
    for origin in found:
        sealed = [path for path in origin.all_files if is_sealed(path)]
        for path in sealed:
            log.add("truth_refused", table=origin.table, file=label(engagement, path), words={"marker": SEALED_BY})
        if not sealed:
            open_to_all.append(origin)
    return open_to_all


def _near_table(stem: str) -> str:
    """The table that a file's name is a slip of, or that is a word of it; `salesforce` is none of `sales`."""
    close = near(stem, tables())
    is_slip = len(plain(stem)) < len(plain(close)) + _SLIP
    return close if close and (is_slip or close in re.split(r"[\W_]+", stem)) else ""


def _in_settings(engagement: Engagement) -> set[str]:
    return {source.preset for sources in engagement.sources.values() for source in sources if source.preset}


def _report_unread(engagement: Engagement, lying: Iterable[Path], found: Iterable[Origin], log: FaultLog) -> None:
    used = {path.resolve() for origin in found for path in origin.all_files}
    by_preset = any(origin.preset and origin.preset.name in _in_settings(engagement) for origin in found)
    left = []
    for path in lying:
        stem, suffix = stem_of(path), suffix_of(path)
        if path.resolve() in used or path.suffix.casefold() in NOTES or stem in OWN:
            continue
        close = _near_table(stem)
        if stem in tables() and suffix not in READABLE:
            there = any(origin.table == stem for origin in found)
            words = {"suffix": path.suffix or "without an ending"}
            severity: Severity = "warning" if there else "error"
            log.add("unreadable_format", table=stem, file=label(engagement, path), severity=severity, words=words)
        elif close and not by_preset and suffix in (*READABLE, *FAMILIAR):
            words = {"file_name": path.name, "near": close, "suffix": suffix if suffix in READABLE else ".csv"}
            log.add("file_near_table", table=close, file=label(engagement, path), words=words)
        else:
            left.append(path)
    if left:
        words = {"files": ", ".join(path.name for path in left)}
        log.add("file_not_read", file=label(engagement, left[0]), count=len(left), words=words)
