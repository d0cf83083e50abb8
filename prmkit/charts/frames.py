"""Rows of a table, one by one."""

from __future__ import annotations

from typing import Any

import pandas as pd


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """The rows as tuples with the columns' names."""
    return list(frame.itertuples())


def first_of(frame: pd.DataFrame) -> Any:
    """The first row; the frame must have one."""
    return next(frame.itertuples())
