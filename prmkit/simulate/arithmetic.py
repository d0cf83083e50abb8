"""exp, log and the normal quantile from additions, multiplications, divisions and square roots alone.

Those are exact to the last bit on every machine (IEEE 754); the functions of a system's mathematical
library are not, and differ between processors. Built on these, a world is the same byte for byte wherever it is made.
Each is within a few units in the last place of the true value.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_LOG2_E = 1.4426950408889634
_SQRT_HALF = 0.7071067811865476
_EXP_TERMS = tuple(1.0 / float(f) for f in (6227020800, 479001600, 39916800, 3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1, 1))
_LOG_TERMS = tuple(1.0 / odd for odd in range(23, 0, -2))

# Wichura 1988, Applied Statistics 37:477-484 (algorithm AS 241, PPND16)
_MIDDLE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125,
     1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077,
     687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
_OUTER = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258, 3.64784832476320460504,
     5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459, 0.68976733498510000455,
     1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip
_FAR = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093, 0.29656057182850489123,
     1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4, 0.0148753612908506148525,
     0.13692988092273580531, 0.59983220655588793769, 1.0),
)  # fmt: skip


def _horner(terms: tuple[float, ...], x: Array) -> Array:
    total = np.full_like(x, terms[0])
    for term in terms[1:]:
        total = total * x + term
    return total


def exp(x: Array | float) -> Array:
    """e to the x, for x from -700 to 700; beyond, the value at the end."""
    given = np.clip(np.asarray(x, dtype=np.float64), -700.0, 700.0)
    power = np.rint(given * _LOG2_E)
    rest = (given - power * _LN2_HIGH) - power * _LN2_LOW
    made: Array = np.ldexp(_horner(_EXP_TERMS, rest), power.astype(np.int32))
    return made


def log(x: Array | float) -> Array:
    """Natural logarithm of x above zero."""
    part, power = np.frexp(np.asarray(x, dtype=np.float64))
    low = part < _SQRT_HALF
    part = np.where(low, part * 2.0, part)
    power = power - low
    s = (part - 1.0) / (part + 1.0)
    series = 2.0 * s * _horner(_LOG_TERMS, s * s)
    made: Array = power * _LN2_HIGH + (series + power * _LN2_LOW)
    return made


def logistic(x: Array | float) -> Array:
    """1 / (1 + exp(-x))."""
    made: Array = 1.0 / (1.0 + exp(-np.asarray(x, dtype=np.float64)))
    return made


def normal_quantile(p: Array | float) -> Array:
    """The value a standard normal stays below with chance p, 0 < p < 1."""
    given = np.asarray(p, dtype=np.float64)
    q = given - 0.5
    near = 0.180625 - q * q
    middle = q * _horner(_MIDDLE[0], near) / _horner(_MIDDLE[1], near)
    tail = np.where(q < 0, given, 1.0 - given)
    r = np.sqrt(-log(np.maximum(tail, 1e-300)))
    outer = _horner(_OUTER[0], r - 1.6) / _horner(_OUTER[1], r - 1.6)
    far = _horner(_FAR[0], r - 5.0) / _horner(_FAR[1], r - 5.0)
    out = np.where(r <= 5.0, outer, far)
    made: Array = np.where(np.abs(q) <= 0.425, middle, np.where(q < 0, -out, out))
    return made
