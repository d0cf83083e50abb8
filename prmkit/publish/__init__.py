"""Pages, reports, decks and workbooks: made of results, computing nothing."""
