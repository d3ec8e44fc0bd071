"""`pulumi import`: what was made by hand at Stripe comes into a stack."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import stripe

    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

pytestmark = [
    pytest.mark.end_to_end,
    pytest.mark.pulumi_cli,
    pytest.mark.parametrize("engine", ["pulumi"], indirect=True),
]

PROGRAM = """
import billing_resources as billing

legacy = billing.Product("legacy", name="Legacy", description="By hand")
billing.Price("legacy.monthly", product=legacy.id, currency="usd", unit_amount=900, recurring={"interval": "month"},
              lookup_key="legacy_monthly", nickname="By hand")
billing.export_manifest()
"""


MARKS = {"op": "update", "diffReasons": ["_key", "_stack"]}


def pulumi_import(project: Project, kind: str, name: str, object_id: str) -> subprocess.CompletedProcess[str]:
    """Run `pulumi import` for one object."""
    line = ["pulumi", "import", f"pulumi-python:dynamic/stripe:{kind}", name, object_id, "--stack", "local"]
    line += ["--yes", "--skip-preview", "--protect=false", "--generate-code=false", "--non-interactive"]
    return subprocess.run(line, cwd=project.directory, env=project.environ, capture_output=True, text=True, check=False)


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
    line = ["pulumi", "stack", "init", project.stack, "--non-interactive"]
    subprocess.run(line, cwd=project.directory, env=project.environ, capture_output=True, check=True)
    return project


def test_objects_made_by_hand_are_imported(
    importing: Project, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """Importing writes nothing; the first up writes the marks, as one visible update of each, and then all is quiet."""
    product, price = made_by_hand(client)
    stripe_emulator.clear_requests()
    assert pulumi_import(importing, "Product", "legacy", product).returncode == 0
    assert pulumi_import(importing, "Price", "legacy.monthly", price).returncode == 0
    assert stripe_emulator.count(method="POST") == 0
    steps = json.loads(importing.run("preview", "--json").stdout)["steps"]
    assert [{name: step[name] for name in MARKS} for step in steps if step["op"] != "same"] == [MARKS, MARKS]
    importing.ok("up")
    assert stripe_emulator.count(method="POST") == 2
    assert client.v1.prices.retrieve(price).to_dict()["metadata"]["billing:key"] == "legacy.monthly"
    importing.ok("preview", "--expect-no-changes")


def test_what_belongs_to_another_stack_is_not_imported(importing: Project, client: stripe.StripeClient) -> None:
    """The owner is named, and so is what is not there at all."""
    marks = {"billing:stack": "billing/production", "billing:key": "legacy"}
    taken = client.v1.products.create({"name": "Legacy", "metadata": marks}).id
    for found, says in ((taken, "billing/production"), ("prod_nowhere", "prod_nowhere")):
        done = pulumi_import(importing, "Product", "legacy", found)
        assert done.returncode == 1
        assert says in done.stdout + done.stderr
    assert not [one for one in importing.resources() if "dynamic/stripe" in one["type"]]
