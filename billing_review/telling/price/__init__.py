"""Prices: what they cost, in every currency, at every quantity, and what comes with them."""
