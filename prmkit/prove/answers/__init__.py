"""What is held against what: the answers of each practice, found by name."""

from __future__ import annotations

from prmkit.prove.answers.enable import ANSWERS_OF_ENABLE
from prmkit.prove.answers.know import ANSWERS_OF_KNOW
from prmkit.prove.answers.loyalty import ANSWERS_OF_LOYALTY
from prmkit.prove.answers.prune import ANSWERS_OF_PRUNE
from prmkit.prove.answers.reach import ANSWERS_OF_REACH
from prmkit.prove.score import Answer
from prmkit.registry import Registry

ANSWERS: Registry[Answer] = Registry("answer")
for _answer in (*ANSWERS_OF_KNOW, *ANSWERS_OF_REACH, *ANSWERS_OF_ENABLE, *ANSWERS_OF_LOYALTY, *ANSWERS_OF_PRUNE):
    ANSWERS.add(_answer.name, _answer)
