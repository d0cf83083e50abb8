"""Page one of a partner report: the decision, four cards, the practices, one picture of peers, three steps."""

from __future__ import annotations

from markupsafe import Markup

from prmkit.charts.canvas import Canvas
from prmkit.charts.picture import Picture, draw
from prmkit.charts.scale import Scale, domain, said, tick_step
from prmkit.publish import partner_actions, partner_practices, words
from prmkit.publish.disclosure import PartnerView
from prmkit.publish.front.message import measure_words
from prmkit.publish.partner_cards import Card, cards
from prmkit.publish.partner_decision import Opening, opening, sales_of
from prmkit.publish.partner_peers import PeerBand

_RANGE = "Nine times in ten the truth lies in a range."


def page_one(view: PartnerView, level: str = "h1") -> Markup:
    """The page as HTML; it fits one printed A4 or Letter page. level: the heading that the decision is."""
    start, below = opening(view), Markup(f"h{int(level[1]) + 1}")
    return Markup(
        '<section class="page-one"><p class="partner-name">{name}</p>\n<p class="kicker">{kicker}</p>\n'
        '<{level} class="opening">{sentence}</{level}>\n<p class="why">{why}</p>\n'
        '<div class="cards">{cards}</div>\n<div class="two">{practices}'
        '<div><{below} class="sub">{peers_title}</{below}>{peers}</div></div>\n<{below} class="sub">{steps_title}</{below}>{steps}{sign}\n'
        '<p class="provenance">{provenance}</p></section>'
    ).format(
        level=Markup(level),
        below=below,
        name=name(view),
        kicker=kicker(view),
        sentence=start.sentence,
        why=start.why,
        cards=Markup("").join(_card(card, below) for card in cards(view)),
        practices=_practices(view, below),
        peers_title=peers_title(view),
        peers=_peers(view),
        steps_title=partner_actions.title(view),
        steps=partner_actions.html(view),
        sign=_sign(start),
        provenance=provenance(view),
    )


def _practices(view: PartnerView, level: Markup) -> Markup:
    if not partner_practices.bars(view):
        return Markup("")
    return Markup('<div><{level} class="sub">{}</{level}>{}</div>').format(
        partner_practices.title(view), partner_practices.html(view), level=level
    )


def name(view: PartnerView) -> str:
    """The partner's name, its id where it has none."""
    return words.plain(view.partner.get("name") or view.partner["partner_id"])


def kicker(view: PartnerView) -> str:
    """Who it is beside its name: id, kind, tier, place and manager, as far as known."""
    partner = view.partner
    facts = [words.plain(partner[key]) for key in ("partner_type", "tier", "territory", "country") if partner.get(key)]
    manager = f"manager {words.plain(partner['partner_manager'])}" if partner.get("partner_manager") else ""
    return " · ".join([words.plain(partner["partner_id"]), *facts, *filter(None, [manager])])


def provenance(view: PartnerView) -> str:
    """Where the numbers come from, and who may read them."""
    facts, locale = view.facts, str(view.facts["locale"])
    counted = f"revenue is {measure_words(str(facts['measure']))}, in {facts['currency']}"
    parts = [
        f"Data as of {words.day(facts['as_of'], locale)}; {counted}. {_RANGE}",
        f"Method prmkit {facts['prmkit_version']}, run {str(facts['fingerprint'])[:12]}.",
    ]
    if view.internal:
        short = len({item.table for item in view.not_computed if item.column is None})
        parts.append(f"{words.counted(short, 'question')} could not be answered from the data." if short else "")
    return " ".join(filter(None, (*parts, confidential(view))))


def confidential(view: PartnerView) -> str:
    """Who may read this edition."""
    client = words.plain(view.facts["client"])
    return f"Internal to {client}: not for the partner." if view.internal else f"Prepared by {client} for {name(view)} only."


def peers_title(view: PartnerView) -> str:
    """What the picture of peers says."""
    band, own = view.peers, sales_of(view.months, 0)
    who, lies = ("Its sales", "lie") if view.internal else ("Your sales", "lie")
    if band is None:
        return "Too few peers to show"
    if own <= 0:
        return f"{who} are nil; most peers {_verb(view)} more"
    place = "within" if band.lower <= own <= band.upper else "above" if own > band.upper else "below"
    return f"{who} {lies} {place} the middle half of peers"


def _verb(view: PartnerView) -> str:
    return "bought" if view.facts["measure"] == "sell_in" else "sold"


def _card(card: Card, level: Markup) -> Markup:
    if card.missing:
        return Markup('<div class="card"><{level} class="sub">{}</{level}><p class="empty">{}</p></div>').format(
            card.title, card.missing, level=level
        )
    spark = card.spark.html() if card.spark else Markup("")
    lines = Markup("").join(Markup("<li>{}</li>").format(line) for line in card.lines)
    return Markup('<div class="card"><{level} class="sub">{}</{level}><p class="figure">{}</p>{}<ul>{}</ul></div>').format(
        card.title, card.number, spark, lines, level=level
    )


def _peers(view: PartnerView) -> Markup:
    if view.peers is None:
        need = f"Peers are shown from {words.spelled(view.min_peers)} others on, none of which dominates, so that no one can be told apart."
        return Markup('<p class="missing">{}</p>').format(need)
    locale, currency = str(view.facts["locale"]), str(view.facts["currency"])
    band = view.peers
    group = f"the middle half of at least {band.at_least} {band.words}"
    note = f"Revenue of 12 months. Band: {group}; line: the middle one. Both are rounded to a coarse grid."
    return strip(band, sales_of(view.months, 0), currency, locale, peers_title(view)).html() + Markup('<p class="note">{}</p>').format(note)


def strip(band: PeerBand, own: float, currency: str, locale: str, message: str) -> Picture:
    """The partner's own point against the band of its peers; no other partner is drawn."""
    low, high = domain([own, band.lower, band.upper])
    alt = f"{message}: {words.money(own, currency, locale)} against {words.between(band.lower, band.upper, currency, locale)}"

    def paint(width: float) -> Canvas:
        canvas = Canvas(width, 104)
        scale = Scale(low, high * 1.05 if high > 0 else high, 16, width - 16)
        canvas.box(scale(band.lower), 36, scale(band.upper) - scale(band.lower), 24)
        canvas.line([(scale(band.middle), 36), (scale(band.middle), 60)], "ink", 2)
        for edge in (band.lower, band.upper):
            canvas.line([(scale(edge), 36), (scale(edge), 60)], "context", 1)
        at = scale(own)
        canvas.dot(at, 48, "accent", 7)
        canvas.text(min(max(at, 48), width - 48), 24, words.money(own, currency, locale), colour="accent", anchor="middle", bold=True)
        canvas.line([(scale.start, 68), (scale.end, 68)], "rule")
        step = tick_step(scale.low, scale.high, 4)
        for tick in scale.ticks(4):
            canvas.text(scale(tick), 84, said(tick, currency, locale, step), colour="muted", anchor="middle")
        canvas.text(16, 101, f"Revenue, 12 months, {currency}", colour="muted", room=width - 32)
        return canvas

    return draw(paint, alt)


def _sign(start: Opening) -> Markup:
    if not start.needs_person:
        return Markup("")
    return Markup('<p class="sign">Decided by a person: <span></span> on: <span></span> reason: <span class="long"></span></p>')
