"""A notebook as it is served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat


def write_app(notebook: Any, title: str, path: Path) -> None:
    """Write a notebook to be served: its title for the window, this environment's kernel, no output of another run."""
    notebook.metadata["title"] = title
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, path)
    path.chmod(0o600)
