"""The proving ground: estimators run on made-up programmes, and what they say held against what is true."""
