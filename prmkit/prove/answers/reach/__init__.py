"""What is said of the mathematics of reach, against what would truly come."""

from prmkit.prove.answers.reach.allocation import ALLOCATION_ANSWERS
from prmkit.prove.answers.reach.collisions import COLLISION_ANSWERS
from prmkit.prove.answers.reach.crowding import CROWDING_ANSWERS
from prmkit.prove.answers.reach.market import MARKET_ANSWERS
from prmkit.prove.answers.reach.moves import MOVES_ANSWERS
from prmkit.prove.answers.reach.plan import PLAN_ANSWERS

ANSWERS_OF_REACH = (
    *PLAN_ANSWERS,
    *CROWDING_ANSWERS,
    *COLLISION_ANSWERS,
    *ALLOCATION_ANSWERS,
    *MOVES_ANSWERS,
    *MARKET_ANSWERS,
)
