"""From engagement.yaml to an Engagement and back."""

from __future__ import annotations

import io
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from prmkit.engagement.faults import EngagementFaults, SettingFault
from prmkit.engagement.model import Engagement
from prmkit.engagement.reading import LARGEST, MOST_FAULTS, Document, Unreadable, read
from prmkit.engagement.spanning import complaints
from prmkit.engagement.wording import fault_at, settings_faults
from prmkit.errors import PrmkitError

FILE = "engagement.yaml"


def load_engagement(folder_or_file: Path) -> Engagement:
    """The settings of an engagement folder (or of the file itself), checked.

    Raises EngagementFaults with everything wrong in the file, and PrmkitError when there is no such file.
    """
    file = _settings_file(Path(folder_or_file))
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            content = stream.read(LARGEST + 1)
        size = max(size, len(content))
    except OSError as error:
        raise PrmkitError(f"The settings cannot be read: {error.strerror}.", where=str(file)) from None
    if size > LARGEST:
        why = f"The file has {size:,} bytes; settings need no more than {LARGEST:,}."
        raise EngagementFaults([SettingFault("", 0, 0, "", why, "Move data into the data folder.")], file)
    return parse_engagement(_text(content, file), file)


def parse_engagement(text: str, file: Path = Path(FILE)) -> Engagement:
    """Settings from text as if it stood in `file`; raises EngagementFaults."""
    try:
        document = read(text)
    except Unreadable as unreadable:
        raise EngagementFaults([unreadable.fault], file) from None
    if document.data is None:
        why = "The file holds no settings."
        raise EngagementFaults([SettingFault("", 0, 0, "", why, "At least `client: NAME` has to be there.")], file)
    if not isinstance(document.data, dict):
        line, column = document.place(())
        raise EngagementFaults(
            [SettingFault("", line, column, "", "The file is not a list of settings.", "Write `key: value` lines.")], file
        )
    return _engagement(document, file)


def dump(engagement: Engagement) -> str:
    """The settings as YAML text that loads to an equal Engagement: what was set, defaults left out."""
    yaml = YAML(typ="rt", pure=True)
    yaml.version = (1, 2)
    yaml.explicit_start = False
    yaml.width = 10_000
    stream = io.StringIO()
    yaml.dump(_quoted(engagement.model_dump(exclude_unset=True)), stream)
    lines = stream.getvalue().splitlines(keepends=True)
    return "".join(line for line in lines if line.rstrip() not in {"%YAML 1.2", "---"})


def quoted(text: str) -> str:
    """Any text as one YAML double-quoted word on one line, whatever is in it."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    marked = clean.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(letter if letter.isprintable() else f"\\U{ord(letter):08X}" for letter in marked) + '"'


def _settings_file(given: Path) -> Path:
    if given.is_dir():
        file = given / FILE
        if file.is_file():
            return file
        other = next((given / name for name in ("engagement.yml", "engagement.YAML") if (given / name).is_file()), None)
        do = f"Rename {other.name} to {FILE}." if other else f"Make one with: prmkit new {given}"
        raise PrmkitError(f"There is no {FILE} in this folder.", where=str(given), do=do)
    if not given.exists():
        raise PrmkitError(
            "There is no such engagement folder.", where=str(given), do=f"Check the path, or make it with: prmkit new {given}"
        )
    if not given.is_file():
        raise PrmkitError("This is neither a folder nor a file.", where=str(given))
    return given


def _text(content: bytes, file: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        fault = SettingFault("", line, 1, "", "The file is not UTF-8 text.", "Save it again with the encoding UTF-8.")
        raise EngagementFaults([fault], file) from None


def _engagement(document: Document, file: Path) -> Engagement:
    faults = list(document.faults)
    faults += [fault_at(document, *complaint) for complaint in islice(complaints(document.data), MOST_FAULTS)]
    made: Engagement | None = None
    given: Mapping[str, Any] = document.data
    if "folder" in given:
        faults.append(
            fault_at(document, ("folder",), "", "There is no setting 'folder'.", "The folder is where this file lies; delete the line.")
        )
    try:
        made = Engagement.model_validate({**given, "folder": file.parent})
    except ValidationError as error:
        faults += settings_faults(error, document)
    if made is None or faults:
        raise EngagementFaults(faults, file)
    return made


def _quoted(value: Any) -> Any:
    if isinstance(value, str):
        return DoubleQuotedScalarString(value)
    if isinstance(value, Mapping):
        return {str(key): _quoted(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_quoted(below) for below in value]
    return value
