"""Partners and end customers across exports: what may be one is asked, and merged once a person confirms it."""
