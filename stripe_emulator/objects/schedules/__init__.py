"""Subscription schedules: what a subscription will be like, phase by phase."""
