"""Voila's settings for client data, held against the Voila that is installed: an unknown one is no protection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prmkit.errors import PrmkitError
from prmkit.serve.settings import ServerSettings

WIDGETS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8"]
INSTALL = "Install the versions prmkit was tested with: pip install -r requirements.lock"
FAILED = (
    "This part of the page could not be worked out; the parts above it stand. Whoever started the app sees the cause in their terminal."
)
TOO_LONG = "This part of the page took too long and was stopped."


def hardened(settings: ServerSettings, *, sockets: bool) -> dict[str, dict[str, Any]]:
    """Class -> setting -> value. sockets: kernels are reached by files in the private folder, not by TCP ports."""
    return {
        "VoilaConfiguration": {
            "template": "prmkit",
            "theme": "light",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "file_allowlist": [],
            "file_denylist": [".*"],
            "strip_sources": True,
            "show_tracebacks": False,
            "preheat_kernel": False,
            "progressive_rendering": False,
            "http_header_envs": [],
            "extension_allowlist": WIDGETS,
            "extension_denylist": [],
            "extra_labextensions_path": [],
            "resources": {"prmkit": {"css": settings.css, "lang": settings.lang, "failed": FAILED, "too_long": TOO_LONG}},
            "multi_kernel_manager_class": "prmkit.serve.kernels.CappedKernelManager",
        },
        "Voila": {
            "ip": "127.0.0.1",
            "root_dir": settings.apps,
            "connection_dir_root": settings.runtime,
            "token": settings.token,
            "identity_provider_class": "prmkit.serve.identity.TokenIdentity",
            "open_browser": False,
            "autoreload": False,
            "log_level": "ERROR",
            "log_format": "%(message)s",
        },
        "VoilaExecutor": {
            "timeout": settings.cell_seconds,
            "interrupt_on_timeout": False,
            "startup_timeout": 120,
        },
        "CappedKernelManager": {
            "live_kernels": settings.live_kernels,
            "cull_idle_timeout": settings.idle_seconds,
            "cull_interval": settings.cull_every_seconds,
            "cull_connected": True,
            "cull_busy": True,
            "allow_tracebacks": False,
            "transport_encryption": "required",
        },
        "TokenIdentity": {"cookie_options": {"httponly": True, "samesite": "Lax"}},
        "KernelManager": {"transport": "ipc" if sockets else "tcp", "autorestart": False},
    }


def check_known(wanted: Mapping[str, Mapping[str, Any]], classes: Mapping[str, Any], version: str) -> None:
    """PrmkitError when an installed class does not have one of the settings."""
    for name, values in wanted.items():
        missing = sorted(set(values) - set(classes[name].class_trait_names()))
        if missing:
            raise PrmkitError(
                f"Voila {version} does not have every setting that client data needs; missing: {', '.join(missing)}.",
                where=name,
                do=INSTALL,
            )


def check_effective(wanted: Mapping[str, Any], configured: Any) -> None:
    """PrmkitError when a setting has another value than ours, from whatever file or variable it came."""
    for name, value in wanted.items():
        found = getattr(configured, name)
        if name not in {"resources", "multi_kernel_manager_class", "identity_provider_class", "log_level"} and found != value:
            raise PrmkitError(
                f"The setting {type(configured).__name__}.{name} is {found!r} instead of {value!r}; the apps were not started.",
                do="Look for a Jupyter or Voila configuration on this machine that sets it.",
            )
