"""What is said of who the partners are, against who they truly are."""

from prmkit.prove.answers.know.alignment import ALIGNMENT_ANSWERS
from prmkit.prove.answers.know.concentration import CONCENTRATION_ANSWERS
from prmkit.prove.answers.know.differentiation import DIFFERENTIATION_ANSWERS
from prmkit.prove.answers.know.discovered import DISCOVERED_ANSWERS
from prmkit.prove.answers.know.drivers import DRIVERS_ANSWERS
from prmkit.prove.answers.know.economics import ECONOMICS_ANSWERS
from prmkit.prove.answers.know.engagement import ENGAGEMENT_ANSWERS
from prmkit.prove.answers.know.fit import FIT_ANSWERS
from prmkit.prove.answers.know.judgements import JUDGEMENTS_ANSWERS
from prmkit.prove.answers.know.partner_360 import PARTNER_360_ANSWERS
from prmkit.prove.answers.know.segments import SEGMENTS_ANSWERS
from prmkit.prove.answers.know.worries import WORRIES_ANSWERS

ANSWERS_OF_KNOW = (
    *CONCENTRATION_ANSWERS,
    *SEGMENTS_ANSWERS,
    *DISCOVERED_ANSWERS,
    *ALIGNMENT_ANSWERS,
    *ECONOMICS_ANSWERS,
    *PARTNER_360_ANSWERS,
    *DRIVERS_ANSWERS,
    *DIFFERENTIATION_ANSWERS,
    *ENGAGEMENT_ANSWERS,
    *WORRIES_ANSWERS,
    *JUDGEMENTS_ANSWERS,
    *FIT_ANSWERS,
)
