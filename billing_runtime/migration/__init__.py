"""Moving subscriptions from one price to another: planned, journaled, resumable, undoable.

One explicit act, never part of provisioning. `billing_runtime` does not import it: an application that moves nobody
pays nothing for it.

    with open_migrations(manifest, …) as migrations:
        plan = migrations.plan(source, target, Policy())
        outcome = migrations.run(plan, "migration.jsonl")

https://docs.stripe.com/billing/subscriptions/change-price
"""

from billing_runtime.migration.facts import PriceFacts
from billing_runtime.migration.journal import VERSION, journal_schema
from billing_runtime.migration.migrations import Migrations, open_migrations
from billing_runtime.migration.plan import Plan, Totals
from billing_runtime.migration.policy import Pacing, Policy
from billing_runtime.migration.report import Report, report_schema
from billing_runtime.migration.steps import Line, Move, Skip

__all__ = [
    "VERSION",
    "Line",
    "Migrations",
    "Move",
    "Pacing",
    "Plan",
    "Policy",
    "PriceFacts",
    "Report",
    "Skip",
    "Totals",
    "journal_schema",
    "open_migrations",
    "report_schema",
]
