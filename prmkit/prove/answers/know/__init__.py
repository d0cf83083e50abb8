"""What is said of who the partners are, against who they truly are."""

from prmkit.prove.answers.know.alignment import ALIGNMENT_ANSWERS
from prmkit.prove.answers.know.concentration import CONCENTRATION_ANSWERS
from prmkit.prove.answers.know.fit import FIT_ANSWERS
from prmkit.prove.answers.know.partner_360 import PARTNER_360_ANSWERS
from prmkit.prove.answers.know.segments import SEGMENTS_ANSWERS

ANSWERS_OF_KNOW = (
    *CONCENTRATION_ANSWERS,
    *SEGMENTS_ANSWERS,
    *ALIGNMENT_ANSWERS,
    *PARTNER_360_ANSWERS,
    *FIT_ANSWERS,
)
