"""Playbooks executed with papermill, wrapped: typed parameters, private working copies, whole files published.

Papermill warns about a misspelt parameter, turns the id 007 into 7 on its command line, runs
parameter *names* as code, writes straight to the final path, and leaves a clean-looking file
behind a dead kernel. So names and types are checked here against what the playbook declares, the
outcome is what the run raised and never what the file says, and a file is published only whole.
"""

from __future__ import annotations

import logging
import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

from prmkit import resources
from prmkit.errors import PrmkitError, unknown_name

Parameter = str | int | float | bool
_TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
CELL_SECONDS = 600
KERNEL_STARTS = 3
_NEVER_STARTED = "RuntimeError: Kernel died before replying"


@dataclass(frozen=True, slots=True)
class Job:
    """One playbook to execute: `notebook` and `page` are where the results go, `cwd` where it runs.

    `key` is the caller's own name for the job, handed back with its outcome.
    """

    playbook: str
    parameters: Mapping[str, Parameter]
    notebook: Path
    page: Path
    cwd: Path
    title: str
    locale: str = "en_GB"
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job; `cause` is one line for a person when it failed."""

    job: Job
    status: Literal["ok", "failed"]
    cause: str = ""


def playbook_path(name: str) -> Path:
    """The shipped notebook called `name`; a wrong name lists the known ones."""
    known = {path.stem: path for path in resources.folder("playbooks").glob("*.ipynb")}
    if name not in known:
        raise PrmkitError(unknown_name("playbook", name, known))
    return known[name]


@cache
def declared(name: str) -> dict[str, str]:
    """Parameter -> type word, as the playbook's parameters cell declares them."""
    import papermill

    found = papermill.inspect_notebook(str(playbook_path(name)))
    return {key: str(value["inferred_type_name"]) for key, value in found.items()}


def checked(name: str, parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """The parameters, if the playbook declares each of them with that type; PrmkitError otherwise."""
    known = declared(name)
    for key, value in parameters.items():
        if key not in known:
            raise PrmkitError(unknown_name("parameter", key, known), where=f"playbook {name}")
        wanted = _TYPES.get(known[key])
        if wanted and type(value) is not wanted:
            raise PrmkitError(f"The parameter '{key}' takes {known[key]}, not {type(value).__name__}.", where=f"playbook {name}")
    return dict(parameters)


def parameterised(name: str, parameters: Mapping[str, Parameter]) -> Any:
    """The playbook as a notebook node with the parameters in it, ready to be opened or served."""
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    return parameterize_notebook(load_notebook_node(str(playbook_path(name))), checked(name, parameters), report_mode=False)


@contextmanager
def _quiet() -> Iterator[None]:
    logging.getLogger("papermill").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def execute(job: Job) -> Outcome:
    """Execute one job and publish its notebook and page; a failure is an outcome, not an exception."""
    job.notebook.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".run-", dir=job.notebook.parent) as name, _quiet():
        draft = Path(name) / "playbook.ipynb"
        cause = _execute(job, draft)
        _publish(job, draft, cause)
    return Outcome(job, "failed" if cause else "ok", cause)


def _execute(job: Job, draft: Path) -> str:
    """Run the playbook into `draft`; a kernel that never came up (ports taken by another) is started again."""
    for _ in range(KERNEL_STARTS):
        with tempfile.TemporaryDirectory(prefix="prmkit-") as sockets:
            cause = _attempt(job, draft, sockets)
        if not cause.startswith(_NEVER_STARTED):
            break
    return cause


def _attempt(job: Job, draft: Path, sockets: str) -> str:
    import papermill
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    # sockets of its own: kernels that start side by side cannot take each other's port
    private = Config() if os.name == "nt" else Config(KernelManager={"transport": "ipc", "ip": f"{sockets}/kernel"})
    try:
        papermill.execute_notebook(
            str(playbook_path(job.playbook)),
            str(draft),
            parameters=checked(job.playbook, job.parameters),
            cwd=str(job.cwd),
            kernel_name="python3",
            progress_bar=False,
            log_output=False,
            execution_timeout=CELL_SECONDS,
            start_timeout=120,
            config=private,
            # the kernel's own log says nothing that the outcome does not
            extra_arguments=["--IPKernelApp.log_level=50"],
        )
    except PapermillExecutionError as error:
        return f"{error.ename}: {error.evalue}".splitlines()[0]
    except PrmkitError:
        raise
    except Exception as error:
        return f"{type(error).__name__}: {error}".splitlines()[0]
    return ""


def _publish(job: Job, draft: Path, cause: str) -> None:
    import nbformat

    from prmkit.publish.export import export_notebook, failed_page

    if draft.exists() and draft.stat().st_size:
        notebook = nbformat.read(draft, as_version=4)
        for key in ("input_path", "output_path"):
            notebook.metadata.get("papermill", {}).pop(key, None)
        nbformat.write(notebook, draft)
        draft.replace(job.notebook)
    page = draft.with_suffix(".html")
    text = failed_page(job.title, cause, locale=job.locale) if cause else export_notebook(notebook, title=job.title, locale=job.locale)
    page.write_text(text, encoding="utf-8")
    job.page.parent.mkdir(parents=True, exist_ok=True)
    page.replace(job.page)


def execute_all(jobs: Sequence[Job], workers: int | None = None) -> Iterator[Outcome]:
    """Execute jobs side by side, each with a kernel of its own; outcomes come as they are done."""
    count = min(len(jobs), workers or max(1, os.cpu_count() or 1))
    if count <= 1:
        yield from map(execute, jobs)
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        waiting: dict[Future[Outcome], Job] = {pool.submit(execute, job): job for job in jobs}
        try:
            for future in as_completed(waiting):
                error = future.exception()
                yield Outcome(waiting[future], "failed", f"{type(error).__name__}: {error}") if error else future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
