"""What is heard of a partner besides its orders, and what it means that nothing more is heard."""

from __future__ import annotations

import numpy as np
from scipy import optimize, special

from prmkit.prove.limit.record import Record
from prmkit.simulate.actions import FUNDED, SETTLED, TECHNICAL, TRAINED, funded_months, technical_months, waves
from prmkit.simulate.network import level
from prmkit.simulate.state import NEVER, Array, State, Whole


def log_signs(state: State, record: Record, log_level: Array, variance: Array) -> Array:
    """Log chance (n, months + 1) of what was heard of service failures, acts, courses and funds, for each possible last month.

    log_level, variance (n, months + 1): mean and variance of the log of what the partner sells a month, by its orders: better sellers are
    more often chosen. Whoever had left before a course or campaign takes no part, so that taking none makes it likelier to have left.
    """
    last = np.minimum(np.arange(record.months + 1), record.months - 1)
    there = np.maximum(last - record.start[:, None] + 1, 0)
    log = -record.events[:, None] * there
    technical = np.arange(*technical_months(record.months))
    funds = np.arange(*funded_months(record.months))
    log = log + _log_taken(record.course, waves(record.months), record, _chosen(state, TRAINED, log_level, variance))
    log = log + _log_taken(record.technical, technical, record, np.full(log.shape, TECHNICAL))
    return log + _log_taken(record.funds, funds, record, _chosen(state, FUNDED, log_level, variance))


def _log_taken(date: Whole, dates: Whole, record: Record, chosen: Array) -> Array:
    """Of one kind of action: taken in the month it was, or not taken by who was chosen with chance `chosen` (n, months + 1).

    A date lies on any of `dates` alike and counts only from half a year after joining on, while the partner is there.
    """
    open_ = dates[None, :] >= record.joined[:, None] + SETTLED
    passed = (open_[:, :, None] & (dates[:, None] <= np.minimum(np.arange(record.months + 1), record.months - 1))).mean(axis=1)
    taken = (date < NEVER)[:, None]
    made: Array = np.log(np.where(taken, chosen, 1.0 - chosen * passed))
    return made


def _chosen(state: State, share: float, log_level: Array, variance: Array) -> Array:
    """Chance to be among the chosen: where they are chosen by level, those above a line in level plus standard normal luck."""
    if state.world.assignment != "level":
        return np.full(log_level.shape, share)
    known = level(state.network)[state.network.sells]
    logs = (np.log(state.network.rate) + state.network.log_size)[state.network.sells]
    # level is a straight line in the log of what is sold
    slope = np.ptp(known) / max(float(np.ptp(logs)), 1e-9) if len(known) > 1 else 1.0
    centre = float(np.mean(logs)) if len(logs) else 0.0
    line = optimize.brentq(lambda x: float(special.ndtr(known - x).mean()) - share, -20.0, 20.0) if len(known) else 0.0
    above = (slope * (log_level - centre) - line) / np.sqrt(1.0 + slope**2 * variance)
    made: Array = np.clip(special.ndtr(above), 1e-12, 1.0 - 1e-12)
    return made
