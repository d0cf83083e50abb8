"""Themes found in short texts by the words they share, kept only where they come back when some texts are left out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, stats

from prmkit.estimators.texts import Words

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

ENOUGH_TEXTS = 40
STABLE = 0.6
_STEM, _SHORTEST = 6, 3
_MOST, _READ, _AGAIN = 8, 800, 6
_NEARLY = 0.9
_KEPT, _CLEAR, _MARK, _CHANCE, _NEAR = 0.8, 0.5, 0.2, 1e-4, 0.02


@dataclass(frozen=True)
class Themes:
    """theme: (distinct,) the theme of each distinct text, -1 where it fits none. words: of each theme the two or three that mark it.

    stability: of each theme, how alike its texts are when a fifth of all texts is left out: mean Jaccard index of six trials.
    tried: how many numbers of themes were tried, 0 where there were too few texts.
    """

    theme: Whole
    words: tuple[tuple[str, ...], ...]
    stability: tuple[float, ...]
    tried: int


def themes(words: Words, left_out: Collection[str], seed: int, least: int = 5) -> Themes:
    """Look for themes among distinct texts of `words`; none below ENOUGH_TEXTS.

    Words are cut to their first six letters (crude, and the same in every language), weighted by tf-idf, and split by non-negative
    factors; a text belongs to a factor that carries at least half of it. For every number of factors from 2 to 8 a theme stands if
    it has `least` texts, comes back in subsamples (mean Jaccard index at least 0.6: Hennig 2007), and has two words that stand together
    more often than chance would have it. Texts in themes that stand are counted by what the stability has above 0.6; of the numbers of
    factors that come within a tenth of the highest count, the one with the most themes that stand is taken.

    left_out: words that say nothing or must not be shown. At most 800 texts are learned from (evenly spread over all of them),
    and the others are placed by what was learned. The same texts in any order give the same themes.
    """
    nothing = Themes(np.full(words.distinct, -1, dtype=np.int64), (), (), 0)
    if words.distinct < ENOUGH_TEXTS:
        return nothing
    table, stems = _table(words, left_out)
    usable = np.flatnonzero(np.diff(table.indptr) > 0)
    if len(usable) < ENOUGH_TEXTS or table.shape[1] < 4:
        return nothing
    learned = usable[np.unique(np.linspace(0, len(usable) - 1, min(_READ, len(usable))).astype(np.int64))]
    inner = table[learned]
    inner = inner[:, np.flatnonzero(np.diff(inner.tocsc().indptr) > 1)]
    rng = np.random.default_rng(seed)
    rounds = [np.sort(rng.permutation(len(learned))[: int(_KEPT * len(learned))]) for _ in range(_AGAIN)]
    tried: list[tuple[float, Whole, list[int], list[float]]] = []
    most = min(_MOST, len(learned) // (2 * least), min(inner.shape) - 1)
    for count in range(2, most + 1):
        found = _split(inner, count, seed)
        stable = _stability(inner, found, count, rounds, seed)
        stand = [one for one in range(count) if (found == one).sum() >= least and stable[one] >= STABLE and _coheres(inner, found == one)]
        held = float(sum((found == one).sum() * (stable[one] - STABLE) for one in stand))
        tried.append((held, found, stand, [stable[one] for one in stand]))
    most_held = max((one[0] for one in tried), default=0.0)
    if most_held <= 0:
        return Themes(nothing.theme, (), (), max(most - 1, 0))
    best = max((one for one in tried if one[0] >= _NEARLY * most_held), key=lambda one: (len(one[2]), one[0]))
    return _placed(words, table, stems, learned, best, max(most - 1, 0))


def _table(words: Words, left_out: Collection[str]) -> tuple[csr_array, NDArray[Any]]:
    """Weights of stems in texts, rows of length one; and the stem of each word of the vocabulary, -1 for those left out."""
    kinds = words.vocabulary.astype(str)
    out = np.isin(kinds, list(left_out)) | np.array([len(kind) < _SHORTEST or kind.isnumeric() for kind in kinds])
    cut = np.array([kind[:_STEM] for kind in kinds])
    names, stem = np.unique(cut, return_inverse=True)
    stem = np.where(out, -1, stem)
    running = stem[words.code]
    told = running >= 0
    ones = sparse.csr_array((np.ones(told.sum()), (words.of[told], running[told])), shape=(words.distinct, len(names)))
    ones.data = np.minimum(ones.data, 1.0)
    texts_with = np.bincount(ones.indices, minlength=len(names))
    common = (texts_with >= 2) & (texts_with <= words.distinct / 2)
    kept = np.flatnonzero(common)
    place = np.full(len(names), -1)
    place[kept] = np.arange(len(kept))
    ones = ones[:, kept]
    weights = ones @ sparse.diags_array(np.log((1 + words.distinct) / (1 + texts_with[kept])) + 1)
    lengths = np.sqrt(np.asarray((weights * weights).sum(axis=1)).ravel())
    made = sparse.csr_array(sparse.diags_array(1 / np.where(lengths > 0, lengths, 1.0)) @ weights)
    made.sort_indices()
    return made, np.where(stem >= 0, place[stem], -1)


def _split(table: csr_array, count: int, seed: int) -> Whole:
    """The factor that carries at least half of each text, -1 where none does."""
    from sklearn.decomposition import non_negative_factorization

    shares, _, _ = non_negative_factorization(
        table, n_components=count, init="nndsvda", tol=1e-3, max_iter=2_000, random_state=seed % 2**32, alpha_W=0.0
    )
    total = shares.sum(axis=1)
    clear = shares.max(axis=1) >= _CLEAR * total
    return np.where(clear & (total > 0), shares.argmax(axis=1), -1).astype(np.int64)


def _stability(table: csr_array, found: Whole, count: int, rounds: list[Whole], seed: int) -> Array:
    """Of each theme the mean, over the rounds, of its best Jaccard index with a theme found in the texts that were kept."""
    made = np.zeros((len(rounds), count))
    for number, kept in enumerate(rounds):
        again = _split(table[kept], count, seed)
        one, other = (labels[:, None] == np.arange(count) for labels in (found[kept], again))
        both = one.astype(float).T @ other
        either = one.sum(axis=0)[:, None] + other.sum(axis=0) - both
        made[number] = (both / np.maximum(either, 1.0)).max(axis=1)
    mean: Array = made.mean(axis=0)
    return mean


def _coheres(table: csr_array, inside: Mask) -> bool:
    """Whether the two stems that most of its texts share stand together, in all texts, more often than chance would have it."""
    held = table > 0
    mine = np.asarray(held[inside].sum(axis=0)).ravel()
    first, second = np.argsort(-mine, kind="stable")[:2]
    if mine[second] < max(2.0, _MARK * inside.sum()):
        return False
    one, other = (np.asarray(held[:, [place]].todense()).ravel() for place in (first, second))
    together, total = int((one & other).sum()), table.shape[0]
    chance = float(stats.hypergeom.sf(together - 1, total, int(one.sum()), int(other.sum())))
    return chance < _CHANCE


def _placed(
    words: Words, table: csr_array, stems: NDArray[Any], learned: Whole, best: tuple[float, Whole, list[int], list[float]], tried: int
) -> Themes:
    """Every text placed with the theme whose mean it is nearest to, if it is as near as those learned from; and each theme's words."""
    _, found, stand, stable = best
    order = sorted(range(len(stand)), key=lambda one: -int((found == stand[one]).sum()))
    theme = np.full(words.distinct, -1, dtype=np.int64)
    means = sparse.vstack([sparse.csr_array(table[learned[found == stand[one]]].mean(axis=0)[None, :]) for one in order])
    near = np.asarray((table @ means.T).todense())
    for rank, one in enumerate(order):
        theme[learned[found == stand[one]]] = rank
    others = np.setdiff1d(np.arange(words.distinct), learned)
    if len(others):
        reach = np.array([np.quantile(near[theme == rank, rank], _NEAR) for rank in range(len(order))])
        best_fit = near[others].argmax(axis=1)
        enough = near[others, best_fit] >= reach[best_fit]
        theme[others] = np.where(enough & (near[others, best_fit] > 0), best_fit, -1)
    named = tuple(_marks(words, stems, theme == rank) for rank in range(len(order)))
    return Themes(theme, named, tuple(stable[one] for one in order), tried)


def _marks(words: Words, stems: NDArray[Any], inside: Mask) -> tuple[str, ...]:
    """Up to six words that mark a theme, clearest first: of each stem the commonest word, by share of its texts less that of all others."""
    pairs = np.unique(np.stack([words.of, words.code]), axis=1)
    usable = stems[pairs[1]] >= 0
    of, code = pairs[0][usable], pairs[1][usable]
    size = len(words.vocabulary)
    mine = np.bincount(code[inside[of]], minlength=size) / max(int(inside.sum()), 1)
    rest = np.bincount(code[~inside[of]], minlength=size) / max(int((~inside).sum()), 1)
    made: list[str] = []
    seen: set[int] = set()
    for place in np.argsort(-(mine - rest), kind="stable")[:60]:
        if mine[place] - rest[place] <= 0 or mine[place] * inside.sum() < 2 or int(stems[place]) in seen:
            continue
        seen.add(int(stems[place]))
        made.append(str(words.vocabulary[place]))
    return tuple(made[:6])
