"""What people call the tables: the results by the question they answer, the exports by what is in them."""

from __future__ import annotations

RESULTS: dict[str, str] = {
    "know_revenue": "Revenue by year, territory and route",
    "know_profile": "How complete the partner records are",
    "know_concentration": "How concentrated revenue is",
    "know_segments": "Each partner's segment",
    "know_segment_probabilities": "How sure each segment is",
    "know_segment_summary": "What the segments are and how to treat them",
    "know_economics": "How partners earn",
    "know_alignment": "Our place in each partner's business",
    "know_fit": "Which product families fit which partner",
    "know_drivers": "What drives partners' satisfaction",
    "know_worries": "What worries partners",
    "know_differentiation": "Whether claimed strengths show in sales",
    "know_engagement": "Whether partners engage as expected",
    "know_partner_360": "What each partner receives and returns",
    "know_partner_360_summary": "What each kind of partner receives and returns",
    "reach_plan": "How many partners the goal needs",
    "reach_waterfall": "From the naive count to the sound one",
    "reach_calendar": "How many to sign, month by month",
    "reach_levers": "What would save recruits",
    "reach_sensitivity": "Which inputs the plan hangs on",
    "reach_saturation": "Where there are too many partners",
    "reach_coverage": "Market covered and white space",
    "reach_conflict": "Channel conflict and what it costs",
    "reach_routes": "What each route to market brings",
    "reach_legal": "Points to put before a lawyer",
    "enable_compliance": "Tiers held against tiers earned",
    "enable_training": "Training required and done",
    "enable_intensity": "Training hours a head",
    "enable_attention": "Time on new against mature products",
    "enable_change_load": "How much product change must be relearned",
    "enable_decay": "How fast training fades",
    "enable_training_effect": "What each course adds to sales",
    "enable_support_link": "Support cost against certification",
    "enable_incentives": "What each incentive programme adds",
    "enable_budget": "How to spend the incentive budget",
    "enable_launches": "How new products spread",
    "loyalty_risk": "Who is about to go silent",
    "loyalty_index": "Attitude and behaviour",
    "loyalty_renewals": "What is kept at renewal",
    "loyalty_service": "The service partners' customers get",
    "loyalty_undermining": "What our own acts cost",
    "loyalty_undermined_partners": "Partners our own acts touched",
    "loyalty_backtest": "How well the risk was foretold",
    "prune_scorecard": "What each partner brings and costs",
    "prune_whale": "Where contribution is made and given back",
    "prune_decisions": "Grow, keep, fix or part ways",
    "prune_consistency": "Whether like partners are treated alike",
    "prune_performers": "The time our best partners get",
    "prune_manager_load": "Where managers' time goes",
    "prune_reallocation": "What moving time would bring",
    "prune_backtest": "How well the contribution was foretold",
    "assessment_answers": "What people answered",
    "assessment_scores": "Position claimed and position shown",
    "assessment_contradictions": "Where belief and data part",
    "assessment_perception": "How we and partners see it",
    "decisions_taken": "Decisions people have taken",
    "readiness": "What the data can answer",
    "reconciliation": "Our totals against finance's",
    "partner_months": "Sales month by month",
}

EXPORTS: dict[str, str] = {
    "partners": "Partner list",
    "sales": "Sales lines",
    "customers": "End customers",
    "products": "Product list",
    "territories": "Sales territories",
    "goals": "Revenue goals",
    "deals": "Opportunities and deal registrations",
    "deal_partners": "Partners' parts in deals",
    "subscriptions": "Contracts and renewals",
    "people": "Partners' people",
    "trainings": "Completed trainings",
    "requirements": "What each tier asks and gives",
    "incentives": "Incentives and claims paid",
    "support": "Cost to serve by partner",
    "tickets": "Support tickets",
    "surveys": "Partner survey",
    "estimates": "What partner managers judge",
    "line_card": "Vendor lines partners carry",
    "recruits": "Recruitment funnel",
    "history": "Dated changes of partner attributes",
    "agreements": "Partner agreements",
    "plans": "Promises made with partners",
    "events": "Dated events at partners",
    "rates": "Exchange rates",
}

# Columns whose name says too little; the others read well as they are.
COLUMNS: dict[str, str] = {
    "csat": "Satisfaction",
    "cannot_tell": "Cannot be told",
    "fair_contribution": "Fair contribution",
    "fair_low": "Fair, low",
    "fair_high": "Fair, high",
    "p_below_hurdle": "Chance below the hurdle",
    "p_decision_right": "Chance that it is right",
    "p_dormant_6m": "Chance of silence in six months",
    "p_high": "Chance, high",
    "p_low": "Chance, low",
    "pretrend_p": "Placebo p-value",
    "probability_alive": "Chance that it is still active",
    "recruits_p50": "Recruits, even chance",
    "recruits_p80": "Recruits, 80% sure",
    "recruits_p90": "Recruits, 90% sure",
    "revenue_p10": "Revenue, low",
    "revenue_p50": "Revenue, middle",
    "revenue_p90": "Revenue, high",
    "roi": "Return on spend",
    "roi_low": "Return, low",
    "roi_high": "Return, high",
    "output_per_unit": "Output per unit put in",
    "value_exit": "Worth of parting",
    "value_fix": "Worth of fixing",
    "value_keep": "Worth of keeping",
}


def result_title(table: str) -> str:
    """The title of "<practice>_<table>"; the name in plain words where it has none."""
    return RESULTS.get(table) or table.split("_", 1)[-1].replace("_", " ").capitalize()


def export_title(table: str) -> str:
    """What people call a canonical table; "" for a name that is none."""
    return EXPORTS.get(table, "")


def plain(name: str) -> str:
    """A column or a word of a list as a heading: "fair_contribution" -> "Fair contribution"."""
    said = name.replace("_", " ").strip()
    return COLUMNS.get(name) or said[:1].upper() + said[1:]
