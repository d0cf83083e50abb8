"""Ways to the goal: three mixes of levers side by side, each with its chance, its cost and what must be true."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from prmkit import charts
from prmkit.charts.frames import rows_of
from prmkit.charts.scale import finite
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing, rows_html
from prmkit.results import Results

LEVERS = {
    "present": "Today's partners",
    "activation": "More of those signed sell",
    "ramp": "New partners sell sooner",
    "retention": "Keep who would stop",
    "yield": "Sell more through each",
    "new_family": "A further family",
    "price_leak": "Smaller discounts",
    "recruits": "Recruits",
}
_WITHIN = "within_reach"
_PERIOD = "12 months to the goal's date"
_MONEY = {"cost": "Known cost a year", "margin": "Margin on what it adds", "left": "Left after known cost"}
_NOTE = (
    "Bars add up on average; the chance counts how often a mix comes to the goal or beyond. Levers are taken to be in force within "
    "three months. Cost is the part that settings and records tell."
)


@EXHIBITS.register("reach.mixes")
def mixes(results: Results) -> Exhibit:
    """One card a mix; the goal beside what each mix is expected to bring."""
    frame, parts, facts = results.table("reach", "mixes"), results.table("reach", "mix_levers"), Facts.of(results)
    rows = frame[frame["revenue"].notna()]
    if rows.empty:
        return missing(results, "reach", "mixes")
    message = _message(rows, facts)
    cards = Markup("").join(_card(row, parts[parts["mix"] == row.mix], facts) for row in rows_of(rows))
    table = rows_html(results, "reach", "mix_levers", parts, f"what each lever brings: {message}")
    n = facts.count(len(rows), "mix", "mixes")
    return Exhibit(
        message,
        _picture(rows, facts, message),
        Markup('<ol class="ways">{}</ol><details><summary>{}</summary>{}</details>').format(cards, "Every lever of every mix", table),
        caption(results, "reach", "mixes", n, _PERIOD),
        f"{_plain(rows, facts)}{_NOTE}",
        open_table=True,
    )


def _plain(rows: pd.DataFrame, facts: Facts) -> str:
    """What plain division says, and what its chance really is."""
    row = rows.iloc[0]
    if finite(row["naive_recruits"]) is None or finite(row["naive_probability"]) is None:
        return ""
    cost = f" at {facts.money(row['naive_cost'])}" if finite(row["naive_cost"]) is not None else ""
    counted = facts.count(row["naive_recruits"], "recruit")
    chance = facts.share(row["naive_probability"])
    return f"The spreadsheet rule, gap over average partner, says {counted}{cost}; the chance with those is {chance}. "


def _message(rows: pd.DataFrame, facts: Facts) -> str:
    ways = rows[rows["reaches"].fillna(False).astype(bool) & (rows["mix"] != _WITHIN)]
    if ways.empty:
        most = rows.sort_values("goal_in_reach", ascending=False, kind="stable", na_position="last").iloc[0]
        return f"No mix of levers reaches the goal; {facts.money(most['goal_in_reach'])} is within reach"
    counts = [facts.count(value) for value in ways["recruits"].fillna(0)]
    numbers = counts[0] if len(counts) == 1 else f"{', '.join(counts[:-1])} or {counts[-1]}"
    return f"{words.spelled(len(ways)).capitalize()} {'way' if len(ways) == 1 else 'ways'} to the goal, with {numbers} recruits"


def _picture(rows: pd.DataFrame, facts: Facts, message: str) -> charts.Picture:
    """Revenue to be expected of each mix with its 90% range, against the goal."""
    drawn = pd.DataFrame({"label": rows["title"].map(words.plain), "value": rows["revenue"], "low": rows["low"], "high": rows["high"]})
    goal = finite(rows["goal"].iloc[0])
    return charts.dot_interval(
        drawn,
        alt=f"{message}.",
        unit=facts.currency,
        axis=f"Revenue expected with 90% range, {facts.currency}, {_PERIOD}",
        locale=facts.locale,
        accent=[str(drawn["label"].iloc[0])],
        reference=goal,
        reference_name="goal",
        zero=False,
    )


def _card(row: Any, parts: pd.DataFrame, facts: Facts) -> Markup:
    changed = Markup("").join(Markup("<li>{}</li>").format(_line(part)) for part in rows_of(parts[parts["lever"] != "present"]))
    told = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, said) for name, said in _told(row, facts))
    return Markup('<li><h4>{}</h4><p><span class="status {}">{}</span></p>{}<ul>{}</ul><dl>{}</dl></li>').format(
        words.plain(row.title), *_chance(row, facts), _steps(row, parts, facts), changed, told
    )


def _line(part: Any) -> Markup:
    text = words.plain(part.words)
    unseen = part.within_range_seen is not pd.NA and part.within_range_seen == False  # noqa: E712
    return Markup("{}{}").format(f"{text[:1].upper()}{text[1:]}", Markup(" <em>(not seen here before)</em>") if unseen else "")


def _chance(row: Any, facts: Facts) -> tuple[str, str]:
    """Status and words of the chance: "Four chances in five" reads as "80% sure of the goal"."""
    if finite(row.probability) is None:
        return "none", "The chance of the goal is not known"
    reaches = row.reaches is not pd.NA and bool(row.reaches)
    said = f"{_in_words(float(row.probability))}: {facts.share(row.probability)} sure of the goal"
    if not reaches and finite(row.goal_in_reach) is not None:
        return "bad", f"{said}; {facts.money(row.goal_in_reach)} is reached as surely as asked"
    seen = row.within_range_seen is not pd.NA and row.within_range_seen
    return ("good", said) if seen else ("watch", said)


def _in_words(chance: float) -> str:
    tenths = round(10 * chance)
    if tenths in (0, 10):
        return "Next to no chance" if tenths == 0 else "All but certain"
    return "An even chance" if tenths == 5 else f"{words.spelled(tenths).capitalize()} {'chance' if tenths == 1 else 'chances'} in ten"


def _told(row: Any, facts: Facts) -> list[tuple[str, str]]:
    made = [
        ("Recruits", facts.count(row.recruits) if finite(row.recruits) is not None else words.NOT_KNOWN),
        ("Revenue", facts.amount(row, "revenue", "low", "high")),
    ]
    money = {name: finite(getattr(row, name)) is not None for name in _MONEY}
    made += [(_MONEY[name], facts.amount(row, name, f"{name}_low", f"{name}_high")) for name, known in money.items() if known]
    unknown = [_MONEY[name][:1].lower() + _MONEY[name][1:] for name, known in money.items() if not known]
    if unknown:
        made.append(("Not known", f"{'; '.join(unknown)}."))
    if isinstance(row.cost_missing, str):
        made.append(("Not in the cost", f"{words.plain(row.cost_missing)}."))
    if isinstance(row.must_be_true, str):
        made.append(("What must be true", words.plain(row.must_be_true)))
    return made


def _steps(row: Any, parts: pd.DataFrame, facts: Facts) -> Markup:
    """From today's partners to what the mix brings, a lever at a time."""
    known = parts[parts["revenue"].notna()]
    if known.empty or finite(row.revenue) is None:
        return Markup("")
    labels = [*known["lever"].map(LEVERS).fillna(known["lever"]), "Expected with this mix"]
    drawn = pd.DataFrame(
        {
            "label": labels,
            "value": [*known["revenue"].astype(float), float(row.revenue)],
            "total": [*(known["lever"] == "present"), True],
        }
    )
    said = "; ".join(
        f"{label} {words.money(value, facts.currency, facts.locale)}" for label, value in zip(labels, drawn["value"], strict=True)
    )
    picture = charts.waterfall(
        drawn, alt=f"{words.plain(row.title)}: {said}.", unit=facts.currency, axis=facts.currency, locale=facts.locale
    )
    return Markup('<div class="picture small">{}</div>').format(Markup(picture.narrow))
