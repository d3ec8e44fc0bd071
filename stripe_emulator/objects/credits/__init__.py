"""Billing credits: granted, used, expired, voided."""
