"""How one partner stands in the five practices: only what its own numbers can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from prmkit.charts.canvas import Canvas
from prmkit.practices import PRACTICES
from prmkit.publish import words
from prmkit.publish.disclosure import PartnerView

_WIDTH, _HEIGHT = 128, 16
# What we call a practice is our word; to a partner a bar is named after what it shows.
_TO_PARTNER = {"reach": "Product range", "enable": "Training and requirements", "loyalty": "Our service to you"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One practice: `measure` says what is counted, `share` (0 to 1) how far it goes, with its range where it has one."""

    practice: str
    measure: str
    share: float | None = None
    low: float | None = None
    high: float | None = None


def bars(view: PartnerView) -> tuple[Bar, ...]:
    """Five bars in the practices' order; the partner edition leaves out those that are our own judgement."""
    made = (_know(view), _reach(view), _enable(view), _loyalty(view), _prune(view))
    return made if view.internal else tuple(bar for bar in made if bar.share is not None and bar.practice in _TO_PARTNER)


def html(view: PartnerView) -> Markup:
    """The bars as a list, each with its measure in words."""
    locale = str(view.facts["locale"])
    rows = [
        Markup('<li><span class="practice">{}</span>{}<span class="value">{}</span><span class="measure">{}</span></li>').format(
            _TO_PARTNER[bar.practice] if not view.internal else PRACTICES.get(bar.practice).title,
            _bar(bar, locale),
            words.share(bar.share, locale),
            bar.measure,
        )
        for bar in bars(view)
    ]
    return Markup('<ul class="bars">{}</ul>').format(Markup("").join(rows))


def title(view: PartnerView) -> str:
    """What the bars say together."""
    known = sum(bar.share is not None for bar in bars(view))
    if not view.internal:
        return "Where you stand with us"
    if not known:
        return "None of the five practices can be shown for this partner yet"
    return f"{words.spelled(known).capitalize()} of the five practices can be shown for this partner"


def _bar(bar: Bar, locale: str) -> Markup:
    canvas, y = Canvas(_WIDTH, _HEIGHT), _HEIGHT / 2
    canvas.box(0.75, y - 6, _WIDTH - 1.5, 12, "white", "rule")
    ranged = bar.low is not None and bar.high is not None
    if bar.low is not None and bar.high is not None:
        canvas.box(_WIDTH * bar.low, y - 6, _WIDTH * (bar.high - bar.low), 12, "band")
    if bar.share is not None:
        thick = 3.0 if ranged else 6.0
        canvas.box(0, y - thick, _WIDTH * bar.share, 2 * thick, "accent")
    said = words.share(bar.share, locale) if bar.share is not None else words.NOT_KNOWN
    spread = f", {words.between(bar.low, bar.high, 'fraction', locale)}" if ranged else ""
    return Markup(canvas.svg(f"{bar.measure}: {said}{spread}"))


def _clip(value: Any) -> float | None:
    return None if value is None else min(max(float(value), 0.0), 1.0)


def _know(view: PartnerView) -> Bar:
    row = view.row("know_alignment")
    if "share_of_wallet" not in row:
        return Bar("know", "our share of its business: not known")
    return Bar(
        "know", "our share of its business", _clip(row["share_of_wallet"]), _clip(row.get("share_low")), _clip(row.get("share_high"))
    )


def _reach(view: PartnerView) -> Bar:
    fit = view.rows("know_fit")
    known = fit.dropna(subset=["actual_share"]) if "actual_share" in fit else fit
    if not len(known):
        return Bar("reach", "product families sold: not known")
    sold = int((known["actual_share"] > 0).sum())
    return Bar("reach", f"product families sold: {sold} of {len(known)}", sold / len(known))


def _enable(view: PartnerView) -> Bar:
    asked = view.rows("enable_compliance")
    judged = asked.dropna(subset=["required", "actual"]) if len(asked) else asked
    if not len(judged):
        return Bar("enable", "requirements met: not known")
    met = int((judged["actual"] >= judged["required"]).sum())
    return Bar("enable", f"requirements met: {met} of {len(judged)}", met / len(judged))


def _loyalty(view: PartnerView) -> Bar:
    if not view.internal:
        kept = view.row("loyalty_service").get("promise_met_share")
        return Bar("loyalty", "support cases we solved on time", _clip(kept))
    row = view.row("loyalty_risk")
    if "p_dormant_6m" not in row:
        return Bar("loyalty", "chance that it keeps selling: not known")
    low, high = (None if row.get(name) is None else 1 - row[name] for name in ("p_high", "p_low"))
    return Bar("loyalty", "chance that it sells in the next six months", _clip(1 - row["p_dormant_6m"]), _clip(low), _clip(high))


def _prune(view: PartnerView) -> Bar:
    row = view.row("prune_scorecard")
    if "p_below_hurdle" not in row:
        return Bar("prune", "chance that it brings more than it costs: not known")
    return Bar("prune", "chance that it brings more than it costs", _clip(1 - row["p_below_hurdle"]))
