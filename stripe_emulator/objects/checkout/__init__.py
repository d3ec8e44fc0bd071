"""Checkout sessions: pages on which somebody pays, subscribes or saves a card."""
