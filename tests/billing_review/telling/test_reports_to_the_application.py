"""Webhook endpoints and event destinations, in golden texts."""

from __future__ import annotations

from tests.billing_review.telling.builders import golden, gone, new, replaced, same, told, updated

ENDPOINT = same(
    "WebhookEndpoint", "app", url="https://app.example.com/stripe", enabled_events=["invoice.paid", "invoice.voided"]
)
DESTINATION = same(
    "EventDestination",
    "errors",
    name="Usage errors",
    enabled_events=["v1.billing.meter.error_report_triggered"],
    webhook_endpoint={"url": "https://app.example.com/errors"},
)


def test_events_and_address() -> None:
    """Which come, which go, where to."""
    later = updated(
        ENDPOINT,
        url="https://new.example.com/stripe",
        enabled_events=["invoice.paid", "customer.created", "customer.deleted"],
    )
    assert told(later) == golden(
        """
        Webhook endpoint app: Stripe reports to https://new.example.com/stripe instead of \
https://app.example.com/stripe, also receives customer.created and customer.deleted, no longer receives invoice.voided.
        | Address: https://app.example.com/stripe → https://new.example.com/stripe
        | Events: invoice.paid, invoice.voided → customer.created, customer.deleted, invoice.paid
        """
    )


def test_the_order_of_events_means_nothing() -> None:
    """A set in another order is the same set."""
    assert told(updated(ENDPOINT, enabled_events=["invoice.voided", "invoice.paid"], description="x")) == golden(
        """
        Webhook endpoint app: description added.
        | Description: ∅ → x
        """
    )


def test_many_events() -> None:
    """The first ones are named, the others counted."""
    more = [*ENDPOINT.args["enabled_events"], *(f"customer.{word}" for word in ("a", "b", "c", "d", "e"))]
    assert told(updated(ENDPOINT, enabled_events=more)).splitlines()[0] == (
        "Webhook endpoint app: also receives customer.a, customer.b, customer.c and 2 more events."
    )


def test_every_event() -> None:
    """A star is every event."""
    assert told(updated(ENDPOINT, enabled_events=["*"])).splitlines()[0] == (
        "Webhook endpoint app: receives every event instead of 2 kinds of events."
    )


def test_switched_off_and_on() -> None:
    """Nothing is reported while it is off."""
    off = updated(ENDPOINT, disabled=True)
    assert told(off) == golden(
        """
        Webhook endpoint app: switched off, nothing is reported.
        | Switched off: no → yes
        """
    )
    assert told(updated(same("WebhookEndpoint", "app", **off.args), disabled=None)).splitlines()[0] == (
        "Webhook endpoint app: switched on again."
    )


def test_a_new_endpoint() -> None:
    """The application needs its secret, which is not shown."""
    assert told(new("WebhookEndpoint", "app", **ENDPOINT.args)) == golden(
        """
        Webhook endpoint app: new webhook endpoint, receives 2 kinds of events at https://app.example.com/stripe.
        - Stripe makes its signing secret: the application needs it to trust what is reported.
        | Address: ∅ → https://app.example.com/stripe
        | Events: ∅ → invoice.paid, invoice.voided
        """
    )


def test_the_next_change_of_the_signing_secret() -> None:
    """After app~2 comes app~3, and then app~2 goes."""
    second = same("WebhookEndpoint", "app~2", **ENDPOINT.args)
    begun = told(new("WebhookEndpoint", "app~3", **ENDPOINT.args), second).splitlines()
    assert begun[0].startswith("Webhook endpoint app, the third one: new webhook endpoint")
    assert begun[1].startswith("- This begins a change of the signing secret")
    third = same("WebhookEndpoint", "app~3", **ENDPOINT.args)
    ended = told(gone("WebhookEndpoint", "app~2", **ENDPOINT.args), third).splitlines()
    assert ended[0].startswith("Webhook endpoint app, the second one: deleted")
    assert ended[1].startswith("- This ends a change of the signing secret")


def test_a_change_of_the_signing_secret_begins() -> None:
    """The second endpoint of rotate: 2 is what it is for."""
    assert told(new("WebhookEndpoint", "app~2", **ENDPOINT.args), ENDPOINT) == golden(
        """
        Webhook endpoint app, the second one: new webhook endpoint, receives 2 kinds of events \
at https://app.example.com/stripe.
        - This begins a change of the signing secret: both endpoints report every event, each with its own secret.
        - The application has to know both secrets until one of the endpoints is removed.
        | Address: ∅ → https://app.example.com/stripe
        | Events: ∅ → invoice.paid, invoice.voided
        """
    )


def test_a_change_of_the_signing_secret_ends() -> None:
    """Whichever of the two goes, the other one's secret counts."""
    second = gone("WebhookEndpoint", "app~2", **ENDPOINT.args)
    ends = "- This ends a change of the signing secret: only the remaining endpoint's secret counts from then on."
    assert told(second, ENDPOINT).splitlines()[:2] == [
        "Webhook endpoint app, the second one: deleted, with its signing secret.",
        ends,
    ]
    first = gone("WebhookEndpoint", "app", **ENDPOINT.args)
    assert told(first, same("WebhookEndpoint", "app~2", **ENDPOINT.args)).splitlines()[:2] == [
        "Webhook endpoint app: deleted, with its signing secret.",
        ends,
    ]


def test_an_endpoint_goes() -> None:
    """Nothing is reported there any more."""
    assert told(gone("WebhookEndpoint", "app", **ENDPOINT.args)).splitlines()[:2] == [
        "Webhook endpoint app: deleted, with its signing secret.",
        "- Stripe reports nothing to https://app.example.com/stripe through it any more.",
    ]


def test_both_endpoints_go() -> None:
    """That ends no change of the secret: nobody reports any more."""
    first, second = gone("WebhookEndpoint", "app", **ENDPOINT.args), gone("WebhookEndpoint", "app~2", **ENDPOINT.args)
    nothing = "- Stripe reports nothing to https://app.example.com/stripe through it any more."
    assert told(first, second).splitlines()[1] == nothing
    assert told(second, first).splitlines()[1] == nothing


def test_an_endpoint_is_made_anew() -> None:
    """With another secret."""
    assert told(replaced(ENDPOINT, api_version="2026-10-28.endive")) == golden(
        """
        Webhook endpoint app: API version set to 2026-10-28.endive, \
a new webhook endpoint takes the place of the old one.
        - Stripe makes a new signing secret: until the application has it, it refuses what Stripe reports.
        | API version: ∅ → 2026-10-28.endive
        """
    )


def test_a_new_destination() -> None:
    """Where the newer events go."""
    assert told(new("EventDestination", "errors", **DESTINATION.args)) == golden(
        """
        Event destination Usage errors: new event destination, receives 1 kind of event at https://app.example.com/errors.
        - Stripe makes its signing secret: the application needs it to trust what is reported.
        | Name: ∅ → Usage errors
        | Address: ∅ → https://app.example.com/errors
        | Events: ∅ → v1.billing.meter.error_report_triggered
        """
    )


def test_a_destination_changes() -> None:
    """In place: its address, its name, whether it is on."""
    later = updated(DESTINATION, name="Errors", webhook_endpoint={"url": "https://new.example.com"}, status="disabled")
    assert told(later) == golden(
        """
        Event destination Errors: renamed from “Usage errors” to “Errors”, \
Stripe reports to https://new.example.com instead of https://app.example.com/errors, switched off, nothing is reported.
        | Name: Usage errors → Errors
        | Address: https://app.example.com/errors → https://new.example.com
        | Status: on → off
        """
    )


def test_a_destination_is_made_anew() -> None:
    """Elsewhere, with another secret."""
    later = replaced(
        DESTINATION,
        webhook_endpoint=None,
        type="amazon_eventbridge",
        amazon_eventbridge={"aws_account_id": "123", "aws_region": "eu-west-1"},
        event_payload="snapshot",
    )
    assert told(later) == golden(
        """
        Event destination Usage errors: Stripe reports to no address instead of https://app.example.com/errors, \
sends to Amazon EventBridge instead of a web address, events carry the object as it was, AWS account set to 123, \
AWS region set to eu-west-1, a new event destination takes the place of the old one.
        - Stripe makes a new signing secret: until the application has it, it refuses what Stripe reports.
        | Address: https://app.example.com/errors → ∅
        | Sends to: a web address → Amazon EventBridge
        | Events: only name what happened → carry the object as it was
        | AWS account: ∅ → 123
        | AWS region: ∅ → eu-west-1
        """
    )


def test_a_destination_goes() -> None:
    """Nothing is reported there any more."""
    assert told(gone("EventDestination", "errors", **DESTINATION.args)).splitlines()[0] == (
        "Event destination Usage errors: deleted, Stripe reports nothing there any more."
    )
