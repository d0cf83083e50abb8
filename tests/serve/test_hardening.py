"""The settings themselves: what passes to a kernel, and what happens when Voila does not know a setting."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.engagement import Engagement, SourceSettings
from prmkit.errors import PrmkitError
from prmkit.serve.environment import KEPT, KEPT_PREFIXES, cleaned, importable, secrets_of
from prmkit.serve.gallery import App, Gallery, Shelf
from prmkit.serve.hardening import check_effective, check_known, hardened
from prmkit.serve.launch import private_root, server_environment
from prmkit.serve.settings import ServerSettings

GALLERY = Gallery("Müller", (Shelf("all", "", (App("Title", "Question?", "", "all/one.ipynb"),)), Shelf("süd", "As of", ())))
SETTINGS = ServerSettings("/r", "/r/apps", "/r/run", "key", None, "css", "en", GALLERY)


def test_settings_survive_the_way_to_the_server():
    assert ServerSettings.load(SETTINGS.dump()) == SETTINGS
    assert "\n" not in SETTINGS.dump()


@given(st.dictionaries(st.text(st.characters(codec="ascii", exclude_characters="=\0"), min_size=1), st.text(), max_size=20))
def test_only_listed_variables_pass(environment):
    passed = cleaned(environment, {"HOME"})
    assert passed.items() <= environment.items()
    assert "HOME" not in passed
    assert all(name.upper() in KEPT or name.upper().startswith(KEPT_PREFIXES) for name in passed)


def test_what_passes_and_what_does_not():
    given_ = {"PATH": "p", "LC_ALL": "C", "PYTHONPATH": "x", "OMP_NUM_THREADS": "1", "PRMKIT_CODE_HASH": "h", "TZ": "UTC"}
    denied = {
        "DB_PASSWORD": "x",
        "JUPYTER_TOKEN": "x",
        "JUPYTER_CONFIG_DIR": "x",
        "AWS_SECRET": "x",
        "SSH_AUTH_SOCK": "x",
        "PGPASSWORD": "x",
    }
    assert cleaned(given_ | denied) == given_
    assert cleaned({"PRMKIT_STORE": "x", "PRMKIT_A": "y"}, {"PRMKIT_STORE"}) == {"PRMKIT_A": "y"}


def test_variables_that_an_engagement_names_as_secret_are_withheld():
    source = SourceSettings(sql="select 1", url_env="PRMKIT_WAREHOUSE")
    engagement = Engagement(client="C", sources={"sales": [source], "partners": [SourceSettings(path="x.csv")]}, store_env="PRMKIT_STORE")
    assert secrets_of(engagement) == {"PRMKIT_WAREHOUSE", "PRMKIT_STORE"}


def test_the_server_finds_this_very_prmkit():
    import prmkit

    home = str(Path(prmkit.__file__).parent.parent)
    assert importable({"PYTHONPATH": os.pathsep.join(["/other", home])})["PYTHONPATH"].split(os.pathsep) == [home, "/other"]


def test_every_jupyter_variable_points_into_the_private_folder():
    with private_root() as root:
        made = server_environment(root, {"PATH": "p"})
        spec = json.loads((root / "share" / "kernels" / "python3" / "kernel.json").read_text(encoding="utf-8"))
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        assert Path(made[name]).parent == root
    assert made["JUPYTER_PATH"].split(os.pathsep)[0] == str(root / "share")
    assert Path(spec["argv"][0]).is_absolute()
    assert not root.exists()


def _voila(missing: str = "") -> dict[str, object]:
    wanted = hardened(SETTINGS, sockets=True)
    return {
        name: SimpleNamespace(class_trait_names=lambda keys=values: [key for key in keys if key != missing])
        for name, values in wanted.items()
    }


def test_a_voila_that_does_not_know_a_setting_is_refused():
    wanted = hardened(SETTINGS, sockets=True)
    check_known(wanted, _voila(), "0.5.13")
    with pytest.raises(PrmkitError) as caught:
        check_known(wanted, _voila("allow_theme_override"), "0.4.0")
    assert "0.4.0" in caught.value.what
    assert "allow_theme_override" in caught.value.what
    assert "requirements.lock" in caught.value.do


def test_a_setting_that_came_out_otherwise_is_refused():
    wanted = hardened(SETTINGS, sockets=True)["VoilaConfiguration"]
    check_effective(wanted, SimpleNamespace(**wanted))
    with pytest.raises(PrmkitError, match=r"file_allowlist is \['.\*'\]"):
        check_effective(wanted, SimpleNamespace(**(wanted | {"file_allowlist": [".*"]})))


def test_the_settings_are_these():
    made = hardened(SETTINGS, sockets=False)
    voila, kernels = made["VoilaConfiguration"], made["CappedKernelManager"]
    assert (voila["file_allowlist"], voila["file_denylist"]) == ([], [".*"])
    assert (voila["strip_sources"], voila["show_tracebacks"], voila["preheat_kernel"]) == (True, False, False)
    assert made["Voila"]["ip"] == "127.0.0.1"
    assert made["Voila"]["autoreload"] is False
    assert 0 < kernels["cull_interval"] < kernels["cull_idle_timeout"] <= 3600
    assert kernels["cull_connected"] is True
    assert kernels["transport_encryption"] == "required", "where kernels are reached by ports, what passes is encrypted"
