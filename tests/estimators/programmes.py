"""Made-up programmes with a known effect, for the tests of the effect of dated actions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class World:
    """Sales of partners x months, when the action was on, and its true average effect on those who took it."""

    sold: np.ndarray
    on: np.ndarray
    effect: float


def world(
    seed: int, *, partners: int = 160, effect: float = 0.25, silent: float = 0.3, surge: float = 0.0, lasts: int = 99, back: float = 0.0
) -> World:
    """Thirty-six months; larger partners take the action, in five waves; demand grows; a share of months is silent.

    surge: extra sales in the three months before; lasts: months it is on; back: change in the three months after its end.
    """
    rng = np.random.default_rng(seed)
    months = 36
    size = rng.normal(0, 0.7, partners)
    takes = np.argsort(-(size + rng.normal(0, 1, partners)))[: partners * 3 // 5]
    first = np.full(partners, months)
    first[takes] = rng.choice([12, 16, 20, 24, 28], len(takes))
    ahead = np.arange(months) - first[:, None]
    on = (ahead >= 0) & (ahead < lasts)
    base = np.exp(size[:, None] + 0.015 * np.arange(months) + 0.1 * np.sin(np.arange(months) / 2))
    own = effect * rng.normal(1, 0.3, partners) if effect else np.zeros(partners)
    change = np.where(on, 1 + own[:, None], 1.0) * np.where((ahead < 0) & (ahead >= -3) & (first < months)[:, None], 1 + surge, 1.0)
    change *= np.where((ahead >= lasts) & (ahead < lasts + 3), 1 + back, 1.0)
    noise = rng.gamma(2, 0.5, (partners, months)) * (rng.random((partners, months)) >= silent) / (1 - silent)
    return World(base * change * noise, on, float((base * on * own[:, None]).sum() / (base * on).sum()))
