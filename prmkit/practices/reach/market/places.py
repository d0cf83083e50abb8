"""Where organisations are: coordinates that can be right, and postal areas that the client's own coordinates place."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.estimators.sphere import kilometres, spots_of

FAULTS = {
    "missing": "without coordinates",
    "half": "with only one of the two coordinates",
    "zero": "at 0/0",
    "range": "outside the range of degrees",
    "swapped": "with latitude and longitude the wrong way round",
    "far": "far from all others of their country",
    "shared": "at one place shared by many postal codes",
}
"""Why coordinates are not used, in words that follow a count of organisations."""
_POLE, _DATE_LINE = 90.0, 180.0
_KNOWN = 5
_FAR_KM, _FAR_TIMES = 1_500.0, 8.0
_NEARER = 1 / 3
_MANY_CODES = 5
_PLACED = 3
_WIDE_KM = 150.0


def located(rows: pd.DataFrame) -> pd.DataFrame:
    """latitude, longitude (nan where not known), by ("coordinates", "postal area", ""), fault (a word of FAULTS, "" where they are good).

    rows: country, postal_code, area (`area` of both), latitude, longitude, as stated.
    An organisation without good coordinates is put in the middle of those of
    its postal code, else of its postal area, where at least three organisations with good ones lie close together there.
    """
    lat, lon = (rows[name].to_numpy(dtype=float, na_value=np.nan) for name in ("latitude", "longitude"))
    fault = _faults(rows, lat, lon)
    good = fault == ""
    lat, lon = np.where(good, lat, np.nan), np.where(good, lon, np.nan)
    by = np.where(good, "coordinates", "")
    for key in (_code(rows), rows["area"]) if (by == "").any() else ():
        wanted = np.isin(codes := pd.factorize(key)[0], np.unique(codes[(by == "") & (codes >= 0)]))
        middle = _middles(key, lat, lon, wanted & (by == "coordinates"))
        found = key.map(middle["latitude"]).to_numpy(dtype=float), key.map(middle["longitude"]).to_numpy(dtype=float)
        fill = (by == "") & np.isfinite(found[0])
        lat, lon, by = np.where(fill, found[0], lat), np.where(fill, found[1], lon), np.where(fill, "postal area", by)
    return pd.DataFrame({"latitude": lat, "longitude": lon, "by": by, "fault": fault}, index=rows.index)


def area(country: pd.Series, code: pd.Series) -> pd.Series:
    """The postal area of each code, with its country: "DE 10", "US 981", "GB SW", "CA M5V"; null without a code.

    The first two signs; in the United States three (zeros that a spreadsheet dropped put back), in Canada three, in the United
    Kingdom the letters it begins with.
    """
    land = country.fillna("").astype("str").str.strip().str.upper()
    text = code.astype("str").str.upper().str.replace(r"[\s\-]+", "", regex=True)
    text = text.where(code.notna() & (text != ""))
    states = (land == "US") & text.str.fullmatch(r"\d{3,5}", na=False)
    made = text.str[:2].mask(land == "US", text.str[:3]).mask(states, text.str.zfill(5).str[:3])
    made = made.mask(land == "CA", text.str[:3])
    letters = text.str.extract(r"^([A-Z]{1,2})\d", expand=False)
    made = made.mask(land.isin(["GB", "UK"]) & letters.notna(), letters)
    return (land + " " + made).str.strip().astype("str")


def _code(rows: pd.DataFrame) -> pd.Series:
    land = rows["country"].fillna("").astype("str")
    return (land + "/" + rows["postal_code"].astype("str")).where(rows["postal_code"].notna())


def _faults(rows: pd.DataFrame, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    known = np.isfinite(lat) & np.isfinite(lon)
    fault = np.where(known, "", np.where(np.isfinite(lat) | np.isfinite(lon), "half", "missing")).astype(object)
    fault[known & (lat == 0) & (lon == 0)] = "zero"
    fits = (np.abs(lat) <= _POLE) & (np.abs(lon) <= _DATE_LINE)
    turned = (np.abs(lon) <= _POLE) & (np.abs(lat) <= _DATE_LINE)
    fault[known & ~fits] = "range"
    fault[known & ~fits & turned] = "swapped"
    good = fault == ""
    fault[good] = _off(rows["country"][good], lat[good], lon[good])
    good = fault == ""
    shown = np.flatnonzero(good)
    spot = spots_of(lat[shown], lon[shown])
    crowd = np.bincount(spot)[spot] >= _MANY_CODES
    codes = rows["postal_code"].iloc[shown[crowd]].groupby(spot[crowd]).transform("nunique")
    fault[shown[crowd][codes.to_numpy(dtype=float) >= _MANY_CODES]] = "shared"
    return fault


def _off(country: pd.Series, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Places far from the middle of their country: swapped where turning them round brings them much nearer."""
    points = pd.DataFrame({"country": country.fillna("").to_numpy(), "lat": lat, "lon": lon})
    grouped = points.groupby("country")
    enough = (grouped["lat"].transform("size") >= _KNOWN) & (points["country"] != "")
    middle = grouped[["lat", "lon"]].transform("median")
    apart = kilometres(lat, lon, middle["lat"].to_numpy(), middle["lon"].to_numpy())
    usual = pd.Series(apart).groupby(points["country"]).transform("median").to_numpy()
    turned = kilometres(lon, lat, middle["lat"].to_numpy(), middle["lon"].to_numpy())
    away = enough.to_numpy() & (apart > np.maximum(_FAR_KM, _FAR_TIMES * usual))
    made = np.where(away, "far", "").astype(object)
    made[enough.to_numpy() & (apart > _FAR_KM) & (turned < _NEARER * apart) & (turned < np.maximum(_FAR_KM, usual))] = "swapped"
    return made


def _middles(key: pd.Series, lat: np.ndarray, lon: np.ndarray, good: np.ndarray) -> pd.DataFrame:
    """Middle of the good coordinates of each key, where there are three or more and most lie close together."""
    points = pd.DataFrame({"key": key.to_numpy(), "latitude": lat, "longitude": lon})[good].dropna()
    grouped = points.groupby("key")
    middle = grouped[["latitude", "longitude"]].median()
    own = middle.reindex(points["key"])
    apart = kilometres(points["latitude"].to_numpy(), points["longitude"].to_numpy(), *(own[name].to_numpy() for name in own))
    reach = pd.Series(apart).groupby(points["key"].to_numpy()).quantile(0.8)
    return middle[(grouped.size() >= _PLACED) & (reach.reindex(middle.index) <= _WIDE_KM)]
