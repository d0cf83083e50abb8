"""The pictures of worries and judgements: what their titles say, what is drawn, what is never shown."""

from __future__ import annotations

import pandas as pd

from prmkit.practices.result import table
from prmkit.publish.exhibits.build import EXHIBITS
from prmkit.results import Results
from tests.publish.programme import people, run


def shown(name: str, **tables: pd.DataFrame) -> str:
    made = Results(run(not_computed=[]), (), tables, people(3))
    return str(EXHIBITS.get(name)(made).html())


WORRIES = table(
    "know",
    "worries",
    pd.DataFrame(
        {
            "theme": ["margin and price", "<b>tail</b>", "other"],
            "respondents": [9, 6, 12],
            "share": [0.33, 0.22, 0.44],
            "share_low": [0.2, 0.12, 0.3],
            "share_high": [0.48, 0.36, 0.59],
            "partners": [9, 6, 12],
            "words": ["margin, price", None, None],
            "found_by": ["word list", "found in the texts", None],
            "strength": "thin",
            "wrote": 27,
            "asked": 38,
            "rank": [1, 2, 3],
        }
    ),
)


def test_worries_lead_with_the_first_and_never_with_other() -> None:
    page = shown("know.worries", know_worries=WORRIES)
    assert "Margin and price worries the most partners: 33% (20% to 48%) name it" in page
    assert "27 respondents of 38 wrote something. A thin first answer." in page
    assert "<b>tail</b>" not in page
    assert "&lt;b&gt;tail&lt;/b&gt;" in page
    assert page.index("margin and price") < page.rindex("other")


JUDGED = table(
    "know",
    "judgements",
    pd.DataFrame(
        {
            "question": ["relationship"] * 2 + ["held_back"] * 2,
            "answer": ["two_or_more", "one", "skills", "not_known"],
            "partners": [30, 10, 12, 28],
            "revenue": [3e6, 1e6, 1e6, 3e6],
            "share": [0.75, 0.25, 1.0, None],
            "share_low": [0.6, 0.15, 0.8, None],
            "share_high": [0.85, 0.4, 1.0, None],
            "large": [4, 2, 0, 0],
            "large_revenue": [2e6, 8e5, 0.0, 0.0],
            "said_share": [None, None, 0.4, None],
            "said_low": [None, None, 0.3, None],
            "said_high": [None, None, 0.5, None],
        }
    ),
)


def test_judgements_lead_with_revenue_that_hangs_on_one_person() -> None:
    page = shown("know.judgements", know_judgements=JUDGED)
    assert "2 large partners hang on one person or none: EUR 800k a year" in page
    assert "Open ring: the partners that name it themselves" in page
    safe = JUDGED.assign(large=0, large_revenue=0.0)
    assert "Relationship: " not in shown("know.judgements", know_judgements=safe).split("</h3>")[0]
    assert "What holds them back: &#39;skills&#39; for 100% of the partners judged" in shown("know.judgements", know_judgements=safe)
