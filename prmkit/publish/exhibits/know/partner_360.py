"""What each kind of partner receives and what it returns, and every partner below."""

from __future__ import annotations

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import rows_of
from prmkit.charts.scale import finite
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing, rows_html
from prmkit.results import Results

_ALL = "all"
_SHOWN = (
    "partner_id",
    "segment",
    "portfolio_role",
    "main_need",
    "incentives",
    "support",
    "invested",
    "output",
    "output_per_unit",
    "low",
    "high",
    "growth",
    "performing",
    "reason",
)
_BESIDE = {
    **dict.fromkeys(("incentives", "support", "expected_output"), "currency"),
    **dict.fromkeys(("growth", "invested_share", "output_share"), "fraction"),
}
_KIND = (
    "partners",
    "invested",
    "invested_share",
    "output",
    "output_share",
    "output_per_unit",
    "low",
    "high",
    "growth",
    "yes",
    "no",
    "cannot_tell",
)
_NOTE = (
    "The line on a bar is the 90% range of what was to be expected with the luck of the year taken out. A partner returns what it receives "
    "where the chance of that is nine in ten or more, and does not where it is one in twenty or less; for the rest the data cannot tell."
)


@EXHIBITS.register("know.partner_360")
def partner_360(results: Results) -> Exhibit:
    """For each segment what goes in and what comes out; one line a partner in the table."""
    frame, facts = results.table("know", "partner_360"), Facts.of(results)
    if frame.empty:
        return missing(results, "know", "partner_360")
    message = _title(frame, facts)
    rows = frame.sort_values(["invested", "output"], ascending=False, kind="stable", na_position="last")
    kinds = results.table("know", "partner_360_summary")
    kinds = kinds[(kinds["portfolio_role"] == _ALL) & (kinds["segment"] != _ALL)]
    return Exhibit(
        message,
        _picture(kinds, facts, message) or _counts(frame, facts, message),
        rows_html(
            results,
            "know",
            "partner_360",
            rows,
            message,
            [column for column in _SHOWN if column in rows and rows[column].notna().any()],
            _BESIDE,
        ),
        caption(results, "know", "partner_360", facts.count(len(frame), "partner")),
        _note(frame),
    )


@EXHIBITS.register("know.partner_360_summary")
def partner_360_summary(results: Results) -> Exhibit:
    """The same by our place in the partner's business."""
    frame, facts = results.table("know", "partner_360_summary"), Facts.of(results)
    roles = frame[(frame["segment"] == _ALL) & (frame["portfolio_role"] != _ALL)]
    if frame.empty:
        return missing(results, "know", "partner_360_summary")
    roles = roles if len(roles) else frame
    message = _role_title(roles, facts)
    shown = [column for column in ("segment", "portfolio_role", *_KIND) if column in frame and frame[column].notna().any()]
    table = rows_html(results, "know", "partner_360_summary", frame, message, shown, _BESIDE)
    picture = _picture(roles.assign(segment=roles["portfolio_role"].map(_role)), facts, message)
    partners = facts.count(int(roles["partners"].sum()), "partner")
    return Exhibit(message, picture, table, caption(results, "know", "partner_360_summary", partners), _NOTE)


def _title(frame: pd.DataFrame, facts: Facts) -> str:
    counts = frame["performing"].value_counts()
    yes, no = int(counts.get("yes", 0)), int(counts.get("no", 0))
    touched = (frame["output"].fillna(0) != 0) | (frame["invested"].fillna(0) != 0) | frame["performing"].isin(["yes", "no"])
    every = int(touched.sum())
    if yes + no == 0:
        return f"The data cannot tell which of {facts.count(len(frame), 'partner')} return what they receive"
    every_said = facts.count(every, "partner that bought or received something", "partners that bought or received something")
    return (
        f"{facts.count(yes)} of {every_said} return what they receive, {facts.count(no)} do not; "
        f"for {facts.count(every - yes - no)} the data cannot tell"
    )


def _role_title(roles: pd.DataFrame, facts: Facts) -> str:
    given = roles[roles["invested"] > 0] if "invested" in roles else roles
    given = given[given["invested_share"].notna()] if "invested_share" in given else given.head(0)
    if given.empty:
        return "What comes out by our place in the partner's business"
    most = given.sort_values("invested", ascending=False, kind="stable").iloc[0]
    said = (
        f"{facts.share(most['invested_share'])} of what we put in goes to partners {_WHERE.get(str(most['portfolio_role']), 'of one role')}"
    )
    return said if finite(most["output_share"]) is None else f"{said}; they bring {facts.share(most['output_share'])} of what comes out"


_ROLES = {"primary": "We are its main line", "core": "One of its core lines", "add_on": "An add-on", "unknown": "Not known"}
_WHERE = {
    "primary": "whose main line we are",
    "core": "for whom we are one of a few lines",
    "add_on": "for whom we are an add-on",
    "unknown": "whose view of us is not known",
}


def _role(role: str) -> str:
    return _ROLES.get(role, words.plain(role))


def _picture(kinds: pd.DataFrame, facts: Facts, message: str) -> charts.Picture | None:
    """In and out by kind of partner, what receives most first; kinds with nothing in and nothing out are not drawn."""
    kinds = kinds[(kinds["invested"].fillna(0) != 0) | (kinds["output"].fillna(0) != 0)]
    if kinds.empty:
        return None
    kinds = kinds.sort_values(["invested", "output"], ascending=False, kind="stable", na_position="last")
    unit = kinds["invested"].where(kinds["invested"] > 0, 1.0).fillna(1.0)
    drawn = pd.DataFrame(
        {
            "label": kinds["segment"].map(words.plain),
            "put_in": kinds["invested"],
            "comes_out": kinds["output"],
            "low": kinds["low"] * unit,
            "high": kinds["high"] * unit,
            "told": [
                f"{facts.count(row.yes)} return it, {facts.count(row.no)} not, {facts.count(row.cannot_tell)} open"
                for row in rows_of(kinds)
            ],
        }
    )
    axis = f"{facts.currency}, 12 months"
    return charts.balance(drawn, alt=f"{message}.", unit=facts.currency, axis=axis, locale=facts.locale, names=("put in", "comes out"))


def _counts(frame: pd.DataFrame, facts: Facts, message: str) -> charts.Picture | None:
    """How many are called what, where no kinds are on record."""
    said = {"yes": "returns what it receives", "no": "returns less than it receives", "cannot_tell": "the data cannot tell"}
    counts = frame["performing"].value_counts()
    drawn = pd.DataFrame([{"label": said[word], "value": int(counts[word])} for word in said if word in counts])
    return charts.bars(drawn, alt=f"{message}.", axis="partners", locale=facts.locale) if len(drawn) else None


def _note(frame: pd.DataFrame) -> str:
    bare = frame["not_counted"].dropna() if "not_counted" in frame else pd.Series(dtype="str")
    if len(bare) == len(frame) and bare.nunique() == 1:
        return f"{_NOTE} Not in what is put in: {words.plain(bare.iloc[0])}."
    return _NOTE
