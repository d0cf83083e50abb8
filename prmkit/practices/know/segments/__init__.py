"""The kinds of partner: by rule, or as found in what they do and need."""
