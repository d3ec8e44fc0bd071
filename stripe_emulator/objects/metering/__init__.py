"""Meters, the usage they count, and alerts on it."""
