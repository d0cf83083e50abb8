"""Who collides with whom is for our own people: no partner's edition may name another partner."""

from __future__ import annotations

import pandas as pd

from prmkit.practices.result import table
from prmkit.publish.disclosure import view
from prmkit.results import Results
from tests.publish.programme import people, run


def test_a_partner_never_reads_with_whom_it_collides() -> None:
    rows = pd.DataFrame({"partner_id": ["001"], "other_partner_id": ["002"], "territory": ["north"], "shared_customers": [4], "q": [0.01]})
    results = Results(run(), (), {"reach_collision_pairs": table("reach", "collision_pairs", rows)}, people(3))
    assert len(view(results, "001", "internal").rows("reach_collision_pairs")) == 1
    partner = view(results, "001", "partner")
    assert not any(name.startswith("reach_") for name in partner.tables)
    assert "002" not in repr(partner)
