"""`billing import`: what was made by hand at Stripe comes into a stack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import stripe

    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

pytestmark = pytest.mark.end_to_end

PROGRAM = """
import billing_resources as billing

legacy = billing.Product("legacy", name="Legacy", description="By hand")
billing.Price("legacy.monthly", product=legacy.id, currency="usd", unit_amount=900, recurring={"interval": "month"},
              lookup_key="legacy_monthly", nickname="By hand")
billing.export_manifest()
"""


OLDER = "2024-06-20"
MARKS = {"op": "update", "diffReasons": ["_key", "_stack"]}


def made_by_hand(client: stripe.StripeClient) -> tuple[str, str]:
    """A product and its price, as the dashboard makes them."""
    product = client.v1.products.create({"name": "Legacy", "description": "By hand"}).id
    price = client.v1.prices.create(
        {
            "product": product,
            "currency": "usd",
            "unit_amount": 900,
            "recurring": {"interval": "month"},
            "lookup_key": "legacy_monthly",
            "nickname": "By hand",
        }
    )
    return product, price.id


@pytest.fixture
def importing(project: Project) -> Project:
    """A new stack whose program declares what was made by hand."""
    (project.directory / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    return project


def objects(project: Project) -> list[dict[str, Any]]:
    """What the stack has of Stripe."""
    return [one for one in project.resources() if "dynamic/stripe" in one["type"]]


def steps_ahead(project: Project) -> list[dict[str, Any]]:
    """What a preview would do."""
    steps = json.loads(project.run("preview", "--json").stdout)["steps"]
    return [{name: step[name] for name in MARKS} for step in steps if step["op"] != "same"]


def test_objects_made_by_hand_are_imported(
    importing: Project, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """Importing writes nothing; the first up writes the marks, as one visible update of each, and then all is quiet."""
    product, price = made_by_hand(client)
    stripe_emulator.clear_requests()
    importing.ok("import", "Product", "legacy", product, "--no-protect")
    importing.ok("import", "pulumi-python:dynamic/stripe:Price", "legacy.monthly", price, "--no-protect")
    assert stripe_emulator.count(method="POST") == 0
    assert steps_ahead(importing) == [MARKS, MARKS]
    importing.ok("up")
    assert stripe_emulator.count(method="POST") == 2
    assert client.v1.prices.retrieve(price).to_dict()["metadata"]["billing:key"] == "legacy.monthly"
    importing.ok("preview", "--expect-no-changes")


def test_many_are_imported_from_a_file(importing: Project, client: stripe.StripeClient) -> None:
    """The file's kinds may be short; a preview of it leaves the stack empty; all of it is protected unless told."""
    names = zip(("Product", "Price"), ("legacy", "legacy.monthly"), made_by_hand(client), strict=True)
    resources = [{"type": kind, "name": name, "id": found} for kind, name, found in names]
    (importing.directory / "legacy.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    shown = json.loads(importing.run("import", "--file", "legacy.json", "--preview-only", "--json").stdout)
    assert shown["changeSummary"] == {"create": 1, "import": 2}
    assert importing.resources() == []
    importing.ok("import", "--file", "legacy.json")
    assert [one["protect"] for one in objects(importing)] == [True, True]
    assert steps_ahead(importing) == [MARKS, MARKS]


def test_what_belongs_to_another_stack_is_not_imported(importing: Project, client: stripe.StripeClient) -> None:
    """The owner is named, and so is what is not there at all."""
    marks = {"billing:stack": "billing/production", "billing:key": "legacy"}
    taken = client.v1.products.create({"name": "Legacy", "metadata": marks}).id
    for found, says in ((taken, "billing/production"), ("prod_nowhere", "prod_nowhere")):
        assert says in importing.refused("import", "Product", "legacy", found)
    assert objects(importing) == []


def test_the_option_imports(importing: Project, client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """A program that names the ids takes the objects over and marks them in one `up`; nothing is made anew."""
    product, price = made_by_hand(client)
    wanted = PROGRAM.replace('"By hand")\nbilling.Price', f'"By hand", opts=RO(import_="{product}"))\nbilling.Price')
    wanted = wanted.replace('nickname="By hand")', f'nickname="By hand", opts=RO(import_="{price}"))')
    (importing.directory / "__main__.py").write_text(f"from pulumi import ResourceOptions as RO\n{wanted}")
    stripe_emulator.clear_requests()
    importing.ok("up")
    assert stripe_emulator.count(method="POST") == 2
    assert {one["importID"] for one in objects(importing)} == {product, price}
    importing.ok("preview", "--expect-no-changes")
    (importing.directory / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    importing.ok("preview", "--expect-no-changes")


ENDPOINT = """
import billing_resources as billing

billing.WebhookEndpoint("app", url="https://app.example.com/stripe", enabled_events=["invoice.paid"])
billing.export_manifest()
"""


@pytest.mark.rule("imported", "WebhookEndpoint")
def test_an_imported_endpoint_is_never_made_anew_and_its_secret_is_asked_for(
    importing: Project, client: stripe.StripeClient
) -> None:
    """The endpoint keeps its id; its secret comes from the stack's settings, and is printed nowhere."""
    (importing.directory / "__main__.py").write_text(ENDPOINT, encoding="utf-8")
    made: Any = {"url": "https://app.example.com/stripe", "enabled_events": ["invoice.paid"], "api_version": OLDER}
    endpoint = client.v1.webhook_endpoints.create(made)
    importing.ok("import", "WebhookEndpoint", "app", endpoint.id, "--no-protect")
    assert steps_ahead(importing) == [MARKS]
    assert "webhookSecrets has no secret of app" in importing.ok("up")
    place = ("--secret", "--path", "billing:webhookSecrets.app", "--stack", importing.stack)
    assert importing.billing("config", "set", *place, str(endpoint.secret)).returncode == 0
    shown = importing.ok("up")
    assert "no secret of app" not in shown
    assert "whsec_" not in shown
    assert [one.id for one in client.v1.webhook_endpoints.list().data] == [endpoint.id]
    (stack,) = (one for one in importing.resources() if one["type"] == "pulumi:pulumi:Stack")
    assert "ciphertext" in json.dumps(stack["outputs"]["webhookSecrets"])
    importing.ok("preview", "--expect-no-changes")
