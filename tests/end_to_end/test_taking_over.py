"""A whole account is taken over: read, declared, imported, marked, and then there is nothing to do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import stripe

    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

pytestmark = pytest.mark.end_to_end


def grown_account(client: stripe.StripeClient) -> int:
    """An account as it grows by hand: some 200 objects of every kind, over several pages; how many there are."""
    v1 = client.v1
    meter = v1.billing.meters.create(
        {"display_name": "Tokens", "event_name": "tokens", "default_aggregation": {"formula": "sum"}}
    )
    features = [v1.entitlements.features.create({"name": f"F{n}", "lookup_key": f"f-{n}"}) for n in range(5)]
    made = 1 + len(features)
    for number in range(55):
        product = v1.products.create({"name": f"Plan {number % 50}!", "metadata": {"team": "a"}})
        for price in prices(product.id, number, meter.id):
            v1.prices.create(price)  # type: ignore[arg-type]
        v1.products.features.create(product.id, {"entitlement_feature": features[number % 5].id})
        made += 5 if number % 5 == 0 else 4
        if number % 7 == 0:
            first = v1.prices.list({"product": product.id}).data[-1]
            v1.products.update(product.id, {"default_price": first.id})
    return made + odds_and_ends(client, meter.id)


def prices(product: str, number: int, meter: str) -> list[dict[str, Any]]:
    """Two or three prices of different shapes."""
    month = {"interval": "month"}
    usage = {"interval": "month", "usage_type": "metered", "meter": meter}
    tiers = [{"up_to": 10, "unit_amount_decimal": "0.5"}, {"up_to": "inf", "unit_amount": 3, "flat_amount": 100}]
    tiered = {"billing_scheme": "tiered", "tiers_mode": "graduated", "tiers": tiers, "currency": "usd"}
    found: list[dict[str, Any]] = [
        {"product": product, "currency": "usd", "unit_amount": 100 + number, "recurring": month,
         "lookup_key": f"plan_{number}_monthly"},
        {"product": product, "currency": "jpy", "unit_amount": 5000, "nickname": "Set-up"},
    ]  # fmt: skip
    return [*found, {"product": product, "recurring": usage, **tiered}] if number % 5 == 0 else found


def odds_and_ends(client: stripe.StripeClient, meter: str) -> int:
    """One or two of every other kind."""
    v1 = client.v1
    coupon = v1.coupons.create({"percent_off": 12.5, "duration": "repeating", "duration_in_months": 3})
    v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "SUMMER"})
    v1.tax_rates.create({"display_name": "VAT", "percentage": 19.0, "inclusive": True, "country": "DE"})
    v1.billing.alerts.create(
        {"title": "Many", "alert_type": "usage_threshold",
         "usage_threshold": {"gte": 800, "meter": meter, "recurrence": "one_time"}}
    )  # fmt: skip
    v1.webhook_endpoints.create({"url": "https://app.example.com/stripe", "enabled_events": ["invoice.paid"]})
    v1.billing_portal.configurations.create({"features": {"invoice_history": {"enabled": True}}})
    client.v2.core.event_destinations.create(
        {"name": "Errors", "type": "webhook_endpoint", "event_payload": "thin",
         "enabled_events": ["v1.billing.meter.error_report_triggered"],
         "webhook_endpoint": {"url": "https://app.example.com/thin"}}
    )  # fmt: skip
    return 7


def writes(emulator: EmulatorClient) -> set[str]:
    """The routes that were written to, without updates of what was there: those name an object at their end."""
    routes = {route for route in emulator.counts() if not route.startswith("GET")}
    return {route for route in routes if not (route.startswith("POST") and route.endswith("}"))}


@pytest.mark.rule("adopted", "all")
def test_two_hundred_objects_make_the_round_trip(
    project: Project, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """Nothing is made, replaced or removed at Stripe: the only writes are the marks, once, and then all is quiet."""
    number = grown_account(client)
    project.catalog.unlink()
    imports = project.directory / "imports.json"
    files = ("--catalog", str(project.catalog), "--imports", str(imports))
    shown = project.ok("import", "--account", *files)
    assert "Product (55)\n    plan-0    prod_" in shown
    assert len(json.loads(imports.read_text())["resources"]) == number >= 200
    stripe_emulator.clear_requests()
    project.ok("import", "--file", str(imports), "--no-protect")
    assert stripe_emulator.count(method="POST") == 0
    planned = json.loads(project.run("preview", "--json").stdout)["changeSummary"]
    assert planned.keys() <= {"same", "update"}
    project.ok("up")
    assert writes(stripe_emulator) == set()
    project.ok("preview", "--expect-no-changes")
    project.ok("refresh", "--expect-no-changes")


def test_a_lost_state_is_found_again(provisioned: Project, stripe_emulator: EmulatorClient) -> None:
    """An `up` without state over the stack's own objects is refused; the import by their marks brings all back."""
    provisioned.state_file.unlink()
    stripe_emulator.clear_requests()
    assert provisioned.refused("up") == (said := provisioned.refused("up"))
    assert "billing import --account --mine" in said
    assert stripe_emulator.count(method="POST") == 0
    imports = provisioned.directory / "imports.json"
    provisioned.ok("import", "--account", "--mine", "--imports", str(imports))
    provisioned.ok("up", "--imports", str(imports))
    assert writes(stripe_emulator) == set()
    provisioned.ok("preview", "--expect-no-changes")


def test_files_that_exist_are_not_written_over(provisioned: Project) -> None:
    """The refusal names the file, and neither file is written."""
    before = provisioned.catalog.read_bytes()
    imports = provisioned.directory / "imports.json"
    said = provisioned.refused("import", "--account", "--catalog", str(provisioned.catalog), "--imports", str(imports))
    assert f"{provisioned.catalog} exist" in said
    assert provisioned.catalog.read_bytes() == before
    assert not imports.exists()
