"""Checkout pages, and the way back from them."""
