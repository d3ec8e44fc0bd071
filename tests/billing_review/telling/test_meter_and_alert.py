"""Meters and alerts, in golden texts with every number written by hand."""

from __future__ import annotations

from tests.billing_review.telling.builders import USAGE, golden, gone, new, replaced, same, told, updated

METER = same(
    "Meter", "tokens", display_name="AI tokens", event_name="ai_tokens", default_aggregation={"formula": "sum"}
)
ALERT = same("Alert", "eighty", title="80,000 AI tokens used", usage_threshold={"meter": "tokens", "gte": 80000})


def test_a_new_meter() -> None:
    """What it counts, and under what name."""
    assert told(
        new("Meter", "calls", **{**METER.args, "display_name": "API calls", "event_name": "api_calls"})
    ) == golden(
        """
        Meter API calls: new meter, counts the sum of the reported values as “api_calls”.
        | Name: ∅ → API calls
        | Usage is reported as: ∅ → api_calls
        | Bills: ∅ → the sum of the reported values
        """
    )


def test_a_meter_gets_another_name() -> None:
    """Only a name changes in place."""
    assert told(updated(METER, display_name="LLM tokens")) == golden(
        """
        Meter LLM tokens: renamed from “AI tokens” to “LLM tokens”.
        | Name: AI tokens → LLM tokens
        """
    )


def test_a_meter_counts_otherwise() -> None:
    """A new meter begins with nothing, and prices hang on the old one."""
    later = replaced(METER, event_name="llm_tokens", default_aggregation={"formula": "count"}, event_time_window="day")
    assert told(later, USAGE) == golden(
        """
        Meter AI tokens: usage is reported as “ai_tokens” → “llm_tokens”, \
bills the number of reports instead of the sum of the reported values, reports are set to one total a day, \
a new meter takes the place of the old one.
        - Stripe cannot change how a meter counts: the new one begins with nothing.
        - The application has to report its usage as “llm_tokens” from then on; \
what is reported as “ai_tokens” is refused.
        - The deployment is refused while a price on sale bills by the old meter: add a second meter instead.
        - Today “Assistant, monthly usage of AI tokens” bills by it.
        | Usage is reported as: ai_tokens → llm_tokens
        | Bills: the sum of the reported values → the number of reports
        | Reports are: ∅ → one total a day
        """
    )


def test_a_meter_goes() -> None:
    """What is still reported is refused."""
    assert told(gone("Meter", "calls", display_name="API calls", event_name="api_calls")) == golden(
        """
        Meter API calls: deactivated, it counts nothing any more.
        - Usage that is still reported as “api_calls” is refused from then on.
        | Name: API calls → ∅
        | Usage is reported as: api_calls → ∅
        """
    )


def test_a_new_alert() -> None:
    """What an alert is, and what it is not."""
    assert told(new("Alert", "eighty", **ALERT.args)) == golden(
        """
        Alert “80,000 AI tokens used”: new alert, fires when a customer's usage of AI tokens reaches 80,000.
        - It fires once for each customer, not every month, and only reports: it limits and bills nothing.
        - It counts only usage that is reported after it was made.
        | Title: ∅ → 80,000 AI tokens used
        | Watches: ∅ → AI tokens
        | Fires at: ∅ → 80,000
        """
    )


def test_an_alert_fires_later() -> None:
    """Every change but switching it off makes a new one, which counts from nothing."""
    later = replaced(ALERT, title="90,000 AI tokens used", usage_threshold={"meter": "tokens", "gte": 90000})
    assert told(later) == golden(
        """
        Alert “90,000 AI tokens used”: renamed from “80,000 AI tokens used” to “90,000 AI tokens used”, \
fires at 90,000 instead of 80,000, a new alert takes the place of the old one.
        - It fires once for each customer, not every month, and only reports: it limits and bills nothing.
        - It counts only usage that is reported after it was made.
        - Stripe cannot change an alert: customers who set off the old one can set off the new one again.
        | Title: 80,000 AI tokens used → 90,000 AI tokens used
        | Fires at: 80,000 → 90,000
        """
    )


def test_an_alert_is_switched_off_and_on() -> None:
    """In place, and back."""
    off = updated(ALERT, status="inactive")
    assert told(off) == golden(
        """
        Alert “80,000 AI tokens used”: switched off, it watches nothing until it is switched on again.
        | Status: watches → off
        """
    )
    assert told(updated(same("Alert", "eighty", **off.args), status=None)).splitlines()[0] == (
        "Alert “80,000 AI tokens used”: watches again."
    )


def test_an_alert_goes() -> None:
    """For good."""
    assert told(gone("Alert", "eighty", **ALERT.args)) == golden(
        """
        Alert “80,000 AI tokens used”: archived for good, nobody hears of this usage any more.
        - An archived alert never comes back; one that is written again counts from nothing.
        | Title: 80,000 AI tokens used → ∅
        | Watches: AI tokens → ∅
        | Fires at: 80,000 → ∅
        """
    )
