"""Test clocks: customers who live in a time of their own."""
