"""Invoices: what is owed for which time, from the first line to the last cent."""
