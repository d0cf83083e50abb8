"""Group effects taken out: the same numbers as with every dummy written down."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from prmkit.estimators.absorbed import absorbed_regression


def rows(n: int = 300, nested: bool = False) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    made = pd.DataFrame({"one": rng.integers(0, 15, n), "two": rng.integers(0, 9, n), "cluster": rng.integers(0, 40, n)})
    if nested:
        made["one"] = made["cluster"]
    made["x"], made["z"] = rng.normal(size=n) + 0.2 * made["one"], rng.normal(size=n)
    return made.assign(y=2 * made["x"] - made["z"] + 0.5 * made["one"] - 0.3 * made["two"] + rng.normal(size=n))


def fitted(data: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    codes = [data[name].to_numpy() for name in ("one", "two")]
    made = absorbed_regression(data["y"].to_numpy(), data[["x", "z"]].to_numpy(), codes, data["cluster"].to_numpy())
    return made.slope, np.sqrt(np.diag(made.covariance))


def written_out(data: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    fit = smf.ols("y ~ x + z + C(one) + C(two)", data).fit(cov_type="cluster", cov_kwds={"groups": data["cluster"]}, use_t=True)
    return fit.params[["x", "z"]].to_numpy(), fit.bse[["x", "z"]].to_numpy()


def test_slopes_and_errors_are_those_of_statsmodels_with_all_dummies() -> None:
    data = rows()
    for ours, theirs in zip(fitted(data), written_out(data), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-7)


def test_effects_inside_clusters_cost_no_degrees_of_freedom() -> None:
    data = rows(nested=True)
    (slope, error), (same, larger) = fitted(data), written_out(data)
    np.testing.assert_allclose(slope, same, rtol=1e-7)
    # statsmodels counts 40 effects of clusters and 8 more; only the 9 of the other factor count here
    n, every, own = len(data), 2 + 40 + 8, 2 + 9
    np.testing.assert_allclose(error, larger * np.sqrt((n - every) / (n - own)), rtol=1e-7)


def test_what_an_effect_explains_is_seen() -> None:
    data = rows().assign(x=lambda made: made["one"] * 1.0)
    codes = [data["one"].to_numpy()]
    made = absorbed_regression(data["y"].to_numpy(), data[["z", "x"]].to_numpy(), codes, data["cluster"].to_numpy())
    assert made.within[0] > 0.9
    assert made.within[1] < 1e-9
    assert np.isnan(made.slope[1])
    alone = absorbed_regression(data["y"].to_numpy(), data[["z"]].to_numpy(), codes, data["cluster"].to_numpy())
    assert made.slope[0] == pytest.approx(alone.slope[0], rel=1e-9)
    assert made.covariance[0, 0] == pytest.approx(alone.covariance[0, 0], rel=1e-9)


def test_too_few_rows_or_clusters() -> None:
    data = rows(8).assign(one=[0, 0, 1, 1, 2, 2, 3, 3], two=[0, 1, 1, 2, 2, 3, 3, 0], cluster=[0, 1] * 4)
    with pytest.raises(ValueError, match="8 rows are too few for 2 columns and 7 effects"):
        fitted(data)
    with pytest.raises(ValueError, match="two clusters"):
        fitted(data.assign(cluster=1))


def test_one_cluster_left_out_at_a_time_is_the_jackknife() -> None:
    data = rows(120)
    codes = [data["cluster"].to_numpy()]
    given = (data["y"].to_numpy(), data[["x", "z"]].to_numpy(), codes, data["cluster"].to_numpy())
    found = absorbed_regression(*given, jackknife=True)
    kept = [data[data["cluster"] != one] for one in data["cluster"].unique()]
    slopes = np.array([smf.ols("y ~ x + z + C(cluster)", each).fit().params[["x", "z"]] for each in kept])
    away = slopes - found.slope
    count = len(kept)
    expected = (count - 1) / count * away.T @ away * (len(data) - 2) / (len(data) - 3)
    np.testing.assert_allclose(found.covariance, expected, rtol=1e-7)
