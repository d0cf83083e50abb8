"""The named worlds: what is true in each, as numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from prmkit.registry import Registry

Assignment = Literal["level", "rising", "none"]


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is true of a made-up programme and that chance then plays with.

    Rates are per month, log-odds natural, money in the programme's currency. `rate_shape`: gamma shape of order rates between partners of
    one type (None: all equal). `size_spread`, `order_spread`: standard deviation of the log order between partners, and
    within one. `tail`: normal or heavy (Student's t, 4 degrees of freedom) logs. `elasticity`: of a territory's revenue
    to its selling partners. `hazard`: chance to leave in a month, before what raises it (`failure`, `encroachment`) or
    lowers it (`training_stays`). `sales_effect` of the sales course at its start, halved every `half_life` months; `mdf_effect` while
    it runs and `mdf_back` in the three months after it. `surge`: extra sales in the three months before an action
    of a partner that will take it. `assignment`: who takes part: the better sellers, the rising ones, or anyone.
    `drift`: monthly growth of rising partners. `cost`: scale of the hours spent on a partner. `dirt`: 0 none, 1 as clients have it.
    """

    name: str
    about: str
    partners: int = 500
    months: int = 36
    rates: tuple[float, float, float] = (0.8, 1.1, 1.5)
    log_sizes: tuple[float, float, float] = (7.2, 7.6, 6.9)
    rate_shape: float | None = 1.3
    size_spread: float = 0.6
    order_spread: float = 0.9
    tail: Literal["normal", "heavy"] = "normal"
    margin: float = 0.34
    margin_spread: float = 0.04
    growth: float = 0.06
    shock: float = 0.02
    place_shock: float = 0.08
    season: float = 1.0
    ramp: float = 6.0
    activation: float = 0.75
    hazard: float = 0.012
    failure: float = 0.5
    encroachment: float = 0.7
    training_stays: float = -0.4
    elasticity: float = 0.85
    sales_effect: float = 0.30
    half_life: float = 18.0
    effect_spread: float = 0.3
    mdf_effect: float = 0.20
    mdf_back: float = -0.07
    encroachment_sales: float = -0.10
    surge: float = 0.0
    assignment: Assignment = "level"
    drift: float = 0.0
    cost: float = 1.0
    mixture: float = 0.0
    regime: float = 0.0
    lumpy: float = 0.0
    regular: float = 0.0
    dirt: int = 0

    @property
    def equal(self) -> bool:
        """Whether all partners of a world are truly the same."""
        return self.rate_shape is None


WORLDS: Registry[World] = Registry("world")

REFERENCE = World("reference", "A programme as they usually are: every layer at work, nothing odd about it.")

_EQUAL = replace(
    REFERENCE,
    rates=(1.0, 1.0, 1.0),
    log_sizes=(7.2, 7.2, 7.2),
    rate_shape=None,
    size_spread=0.0,
    margin_spread=0.0,
    failure=0.0,
    encroachment=0.0,
    training_stays=0.0,
    elasticity=1.0,
    sales_effect=0.0,
    mdf_effect=0.0,
    mdf_back=0.0,
    encroachment_sales=0.0,
)

for _world in (
    REFERENCE,
    replace(
        REFERENCE,
        name="thin",
        about="Few partners, short history, an order a quarter: most questions cannot be answered.",
        partners=80,
        months=15,
        rates=(0.25, 0.35, 0.45),
        log_sizes=(8.4, 8.8, 8.1),
    ),
    replace(
        REFERENCE,
        name="heavy_tail",
        about="A few partners and a few orders bring most of the money.",
        rate_shape=0.8,
        size_spread=0.9,
        order_spread=1.1,
        tail="heavy",
    ),
    replace(
        _EQUAL,
        name="null",
        about="No programme has an effect, and all partners are equal and just break even.",
        assignment="none",
        cost=0.0,
    ),
    replace(
        _EQUAL,
        name="traps",
        about="Programmes seem to work because rising partners are chosen for them; whoever makes a loss only had bad luck.",
        assignment="rising",
        drift=0.04,
    ),
    replace(
        REFERENCE, name="surge", about="Partners that will be trained or funded sell a quarter more in the three months before.", surge=0.25
    ),
    replace(
        REFERENCE,
        name="wrong_model",
        about="What no model here assumes: two kinds of partner, a break in demand, rare very large deals, buyers with a fixed rhythm.",
        mixture=0.25,
        regime=-0.35,
        lumpy=0.01,
        regular=0.5,
    ),
    replace(REFERENCE, name="dirty", about="The reference as its exports would really look: late, double, wrong and missing rows.", dirt=1),
):
    WORLDS.add(_world.name, _world)
