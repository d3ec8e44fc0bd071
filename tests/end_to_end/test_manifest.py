"""The manifest that a stack puts out: complete, without secrets, and what the runtime opens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from billing_runtime import Billing

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

pytestmark = pytest.mark.end_to_end


def test_the_manifest_names_what_stripe_has(provisioned: Project) -> None:
    """Every id of the manifest is the id in the state, and the account is the key's."""
    manifest = provisioned.outputs()["manifest"]
    ids = {one["urn"].rpartition("::")[2]: one.get("id") for one in provisioned.resources() if one.get("custom")}
    assert manifest["account"] == "acct_emulator"
    assert manifest["prices"]["team.monthly"]["id"] == ids["team.monthly"]
    assert manifest["meters"]["alpaca-ai-tokens"]["id"] == ids["alpaca-ai-tokens"]
    assert manifest["webhook_endpoints"]["app"]["id"] == ids["app"]


def test_secrets_are_encrypted_and_apart(project: Project, stripe_emulator: EmulatorClient) -> None:
    """No signing secret and no key can be read from the state or from anything printed."""
    printed = project.ok("up", "--json") + project.ok("preview", "--diff")
    state = project.state_file.read_text(encoding="utf-8")
    assert "whsec_" not in printed + state
    assert stripe_emulator.key not in printed + state
    assert "ciphertext" in json.dumps(project.outputs()["webhookSecrets"])


def opened(project: Project, tmp_path: Path) -> Billing:
    """The runtime, opened by the stack's name."""
    store = f"sqlite:///{tmp_path}/runtime.db"
    return Billing.open(stack="local", environ=project.environ, project_dir=project.directory, store=store)


def test_the_runtime_works_on_what_was_provisioned(provisioned: Project, tmp_path: Path) -> None:
    """Opened by the stack's name, it makes a customer, counts usage and follows seats."""
    with opened(provisioned, tmp_path) as billing:
        first, second = (billing.customers.ensure("acme", kind="organization") for _ in range(2))
        assert first.id == second.id
        subscription = billing.subscribe("acme", price="team.monthly", quantity=3)
        assert subscription.status == "trialing"
        assert billing.seats.sync("acme", 5).after == 5
        assert billing.seats.sync("acme", 5).changed is False


def test_the_runtime_serves_a_subscriber_of_a_replaced_price(provisioned: Project, tmp_path: Path) -> None:
    """After a price change the old subscription's seats are still found, by the marks on the old price."""
    with opened(provisioned, tmp_path) as billing:
        billing.customers.ensure("acme", kind="organization")
        billing.subscribe("acme", price="team.monthly", quantity=3)
    provisioned.set(billing__overrides={"plans": {"team": {"prices": {"monthly": {"unit_amount": 1400}}}}})
    provisioned.ok("up")
    with opened(provisioned, tmp_path) as billing:
        assert billing.seats.sync("acme", 7).after == 7
