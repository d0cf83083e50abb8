"""One client's settings: what engagement.yaml may say, its types, bounds and defaults.

Every field's description is its documentation: docs/settings.md is made from it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, field_validator, model_validator
from typing_extensions import TypedDict

from prmkit.engagement.words import (
    Channel,
    Cost,
    Currency,
    Day,
    Fraction,
    LocaleName,
    Measure,
    Number,
    PartnerColumn,
    Period,
    PortfolioName,
    Positive,
    Query,
    Severity,
    TableName,
    Text,
    VariableName,
    as_list,
    refused,
)

_CLOSED = ConfigDict(extra="forbid")


class Settings(BaseModel):
    """A section of the settings: closed (an unknown key is an error) and frozen; an empty value is one not given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_not_given(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}


Parameter = StrictBool | StrictInt | StrictFloat | dt.date | str
"""What may be bound to a name in a query, of the type that the settings write it in."""


class SourceSettings(Settings):
    """Where one canonical table comes from when no file is named after it."""

    path: Text | None = Field(None, description="File, folder or pattern (`*`), from the engagement folder.")
    sql: Query | None = Field(None, description="A query on the client's warehouse instead of a file.")
    url_env: VariableName | None = Field(None, description="Environment variable that holds the warehouse's address; `sql` needs it.")
    params: dict[str, Parameter] = Field({}, description="Values bound to `:name` in the query; `:as_of` is the engagement's as_of.")
    timeout_seconds: Annotated[int, Field(strict=True, ge=1, le=86_400)] = Field(
        300, description="How long one statement on the warehouse may take; connecting is given up after at most 30 seconds."
    )
    aggregate: bool = Field(False, strict=True, description="For `sales` with `sql`: lines stay in the warehouse, only sums leave it.")
    preset: Text | None = Field(None, description="The system the export comes from, whose headers prmkit knows.")
    columns: dict[str, Text] = Field({}, description="Canonical column: header in the export.")
    values: dict[str, dict[str, Text]] = Field({}, description="Canonical column: {word in the export: canonical word}.")

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if self.path is None and self.sql is None and self.preset is None:
            raise refused("The source says neither where it is nor how it is read.", "Give path, preset or sql.")
        if self.path is not None and self.sql is not None:
            raise refused("The source has both path and sql.", "Keep one; a table may have a list of sources.")
        if self.sql is not None and self.url_env is None:
            do = "Add url_env: the name of an environment variable that holds the address. Never put the address here."
            raise refused("An sql source needs to know the warehouse.", do)
        if self.url_env is not None and self.sql is None:
            raise refused("url_env is given without a query.", "Add sql, or delete url_env.")
        if self.sql is None and (self.params or self.aggregate):
            raise refused("params and aggregate belong to a query.", "Add sql and url_env, or delete them.")
        return self


class Goal(Settings):
    """Revenue through partners in the 12 months ending on `by`, or growth over the 12 months to as_of; exactly one of them."""

    revenue: Positive | None = Field(None, description="Revenue through partners in the 12 months that end on `by`.")
    growth: Annotated[float, Field(strict=True, gt=-1, le=10)] | None = Field(
        None, description="Instead of revenue: growth over the 12 months to as_of, a fraction (0.25)."
    )
    by: Day | None = Field(None, description="Last day of the goal's 12 months; 12 months after as_of where it is not given.")
    confidence: Annotated[float, Field(strict=True, gt=0, lt=1)] = Field(
        0.8, description="How sure the plan has to be to reach the goal, between 0 and 1."
    )

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.revenue is None) == (self.growth is None):
            both = "Both revenue and growth are given." if self.revenue is not None else "The goal has neither revenue nor growth."
            raise refused(both, "Give exactly one of them.")
        return self


class Economics(Settings):
    """Used where the data does not say; every use is disclosed."""

    gross_margin: Annotated[float, Field(strict=True, gt=-1, le=1)] | None = Field(
        None, description="Gross margin as a fraction of revenue, where sales lines carry no cost."
    )
    direct_cost_of_sale: Annotated[float, Field(strict=True, ge=0, le=1)] | None = Field(
        None, description="What it costs to sell direct, own sales force and all, as a fraction of direct revenue."
    )
    hourly_cost: Cost | None = Field(None, description="What one hour of own staff costs.")
    manager_hours: Annotated[float, Field(strict=True, gt=0, le=8784)] | None = Field(
        None, description="Hours a year that a partner manager spends in front of partners."
    )
    partner_cost: Cost | None = Field(None, description="What one more partner costs a year.")
    recruit_cost: Cost | None = Field(None, description="What it costs to sign one partner.")
    selling_hours: Annotated[float, Field(strict=True, gt=0, le=8784)] = Field(
        1600.0, description="Hours a year that a salesperson of a partner works."
    )
    services_margin: Annotated[float, Field(strict=True, gt=0, le=1)] = Field(
        0.4, description="Gross margin that partners make on services of their own, a fraction of what they charge."
    )
    passed_on: Fraction | None = Field(
        None,
        description="Which part of their discount off list price partners pass on to customers, where no record shows it; "
        "anything from none to all if not given.",
    )
    partner_margin: Annotated[float, Field(strict=True, gt=0, le=1)] | None = Field(
        None, description="Gross margin that partners make on all they sell, of every vendor and services, a fraction of their revenue."
    )
    partner_hourly_cost: Cost | None = Field(
        None, description="What one hour of a partner's own people costs it; `hourly_cost` stands in if not given."
    )


class Prune(Settings):
    """When a partner is worth its cost."""

    hurdle: Number = Field(0.0, description="Contribution a year that a partner has to bring, in the engagement's currency.")
    horizon_months: Annotated[int, Field(strict=True, ge=1, le=120)] = Field(
        24, description="How many months ahead keep, fix and exit are valued."
    )
    include: Annotated[list[Literal["training", "tickets"]], BeforeValidator(as_list)] = Field(
        [], description="Costs to subtract besides `support`: training, tickets."
    )


class Privacy(Settings):
    """How many peers a figure needs before a partner may see it."""

    min_peers: Annotated[int, Field(strict=True, ge=3)] = Field(5, description="Peers behind any comparison shown to a partner.")
    min_peers_money: Annotated[int, Field(strict=True, ge=3)] = Field(10, description="Peers behind a comparison in money.")


class Reach(TypedDict, total=False):
    """What to use instead of the estimates from the data."""

    __pydantic_config__ = _CLOSED  # type: ignore[misc]
    ramp_months: Annotated[float, Field(strict=True, ge=0, le=120, description="Months from signing until a partner sells as others do.")]
    activation: Annotated[Fraction, Field(description="Share of signed partners that ever sell.")]
    attrition: Annotated[Fraction, Field(description="Share of active partners lost in a year.")]
    conversion: Annotated[Fraction, Field(description="Share of contacted prospects that sign.")]
    elasticity: Annotated[
        float,
        Field(
            strict=True, gt=0, le=1, description="Per cent more revenue of a territory for one per cent more partners; 1: nobody shares."
        ),
    ]
    onboarding_capacity: Annotated[
        float, Field(strict=True, gt=0, le=100_000, description="New partners a month that partner managers can bring up.")
    ]
    budget: Annotated[Cost, Field(description="What may be spent on recruits until the goal's last day.")]
    protection_days: Annotated[
        int, Field(strict=True, ge=1, le=1095, description="Days for which a deal registration protects a partner; 180 if not given.")
    ]
    approval_days: Annotated[
        float, Field(strict=True, ge=0, le=365, description="Days within which partners are promised a decision on a registration.")
    ]
    arbitration_hours: Annotated[
        float, Field(strict=True, ge=0, le=1000, description="Hours of own staff that settling one colliding registration takes.")
    ]


class Promise(TypedDict, total=False):
    """What end customers were promised for one severity of case."""

    __pydantic_config__ = _CLOSED  # type: ignore[misc]
    first_response_hours: Annotated[Positive, Field(description="Hours until the first answer.")]
    resolution_hours: Annotated[Positive, Field(description="Hours until the case is solved.")]


Sources = Annotated[list[SourceSettings], BeforeValidator(as_list)]
Selection = Annotated[list[Text], BeforeValidator(as_list), Field(min_length=1)]


class Engagement(Settings):
    """engagement.yaml; `folder` is where it lies."""

    folder: Path = Field(default=Path(), exclude=True)
    client: Text = Field(description="The client's name, as pages show it.")
    currency: Currency = Field("EUR", description="ISO 4217 code of every amount; other currencies are converted into it at load.")
    locale: LocaleName = Field("en_GB", description="How dates and numbers are written.")
    as_of: Day | None = Field(None, description="The day seen from; rows dated later are not read. The last partner sale if not given.")
    fiscal_year_start: Annotated[int, Field(strict=True, ge=1, le=12)] = Field(
        1, description="Month in which the fiscal year starts; labels periods, never moves a window."
    )
    measure: Channel | None = Field(
        None, description="The one channel of sales lines counted as revenue; the one with most revenue if not given."
    )
    rates: Literal["average", "plan"] = Field("average", description="Which exchange rates convert other currencies.")
    data: Text = Field("data", description="Folder of the exports; a file named after a canonical table needs no source.")
    sources: dict[TableName, Sources] = Field({}, description="Canonical table: where it comes from, one source or a list.")
    portfolios: dict[PortfolioName, Annotated[dict[PartnerColumn, Selection], Field(min_length=1)]] = Field(
        {}, max_length=500, description="Views on the one client: name: {partner column: [values]}. `all` always exists."
    )
    goal: Goal | None = Field(None, description="What the channel is to bring.")
    economics: Economics = Field(Economics(), description="Used where the data does not say; each use is disclosed.")
    control_totals: dict[Period, dict[Measure, Number]] = Field(
        {}, description="Finance's own figures to reconcile with: {period: {measure: number}}."
    )
    service_promise: dict[Severity, Promise] = Field({}, description="Response and resolution promised for a severity of case.")
    reach: Reach = Field(default_factory=Reach, description="Overrides what the plan of reach estimates from the data.")
    prune: Prune = Field(Prune(), description="When a partner is worth its cost.")
    worries: dict[Text, Annotated[list[Text], BeforeValidator(as_list), Field(min_length=1)]] = Field(
        {}, max_length=50, description="Words that tell what partners worry about, added to those prmkit knows: {theme: [words]}."
    )
    privacy: Privacy = Field(Privacy(), description="How many peers a figure needs before a partner may see it.")
    store_env: VariableName | None = Field(
        None, description="Environment variable that holds the address of the answers' database, if it is not answers.db."
    )
    seed: Annotated[int, Field(strict=True, ge=0, lt=2**63)] = Field(
        20260930, description="Starts every random draw; the same seed, the same numbers."
    )

    @field_validator("sources")
    @classmethod
    def _lines_stay_whole(cls, sources: dict[str, list[SourceSettings]]) -> dict[str, list[SourceSettings]]:
        for name, given in sources.items():
            if any(source.aggregate for source in given) and (name != "sales" or len(given) > 1):
                raise refused("aggregate is for the one query that all sales come from.", "Give it for sales only, as their only source.")
        return sources

    @field_validator("goal")
    @classmethod
    def _goal_after_as_of(cls, goal: Goal | None, info: Any) -> Goal | None:
        as_of: dt.date | None = info.data.get("as_of")
        if goal is not None and goal.by is not None and as_of is not None and goal.by <= as_of:
            raise refused(f"The goal's last day, {goal.by}, is not after as_of, {as_of}.", "Give a later day in goal.by.")
        return goal
