"""`billing parity --accounts`: what is at Stripe, each account read with a key of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.billing_cli.commands_here import Here
from tests.billing_cli.parity.options import ENGINES, Write, require

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient


def client(emulator: EmulatorClient, key: str) -> stripe.StripeClient:
    """Stripe's SDK on one account."""
    return stripe.StripeClient(key, base_addresses={"api": emulator.url}, max_network_retries=0)


@pytest.fixture
def accounts(stripe_emulator: EmulatorClient, monkeypatch: pytest.MonkeyPatch) -> dict[str, stripe.StripeClient]:
    """Two accounts that sell one plan each at 12.00 USD, marked as their stacks', with a key for each stack."""
    found = {}
    for stack in ("dev", "staging"):
        monkeypatch.setenv(f"STRIPE_API_KEY_{stack.upper()}", f"sk_test_{stack}")
        found[stack] = client(stripe_emulator, f"sk_test_{stack}")
        mine = {"billing:stack": f"billing/{stack}"}
        product = found[stack].v1.products.create({"name": "Team", "metadata": {**mine, "billing:key": "team"}})
        found[stack].v1.prices.create(
            {
                "product": product.id,
                "currency": "usd",
                "unit_amount": 1200,
                "recurring": {"interval": "month"},
                "lookup_key": "team_monthly",
                "metadata": {**mine, "billing:key": "team.monthly", "billing:type": "flat"},
            }
        )
    return found


@pytest.fixture
def both(manifest: Write) -> tuple[str, str]:
    """The options that name both stacks' manifests."""
    return manifest("dev"), manifest("staging")


@pytest.mark.usefixtures("accounts")
def test_equal_accounts(here: Here, both: tuple[str, str]) -> None:
    """What is at Stripe is compared beside the manifests; no key is printed."""
    said = here("parity", *both, "--accounts")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[1] == "dev → staging, at Stripe: equal (2 objects)"
    assert "sk_test" not in said.out


def test_what_somebody_did_by_hand(here: Here, both: tuple[str, str], accounts: dict[str, Any]) -> None:
    """A renamed product and one that was made in the Dashboard are differences of the accounts."""
    staging = accounts["staging"]
    staging.v1.products.update(staging.v1.products.list().data[0].id, {"name": "Crew"})
    staging.v1.products.create({"name": "Mug"})
    said = here("parity", *both, "--accounts", "--json")
    assert said.code == 3
    pairs = json.loads(said.out)["pairs"]
    assert [(pair["compared"], [one["sentence"] for one in pair["differences"]]) for pair in pairs] == [
        ("manifest", []),
        (
            "account",
            [
                "Product Team, name: Team in dev, Crew in staging",
                "Product Mug: in staging, missing in dev",
            ],
        ),
    ]


def test_objects_of_other_stacks_are_left_out(here: Here, both: tuple[str, str], accounts: dict[str, Any]) -> None:
    """They are counted, and are no difference."""
    mark = {"billing:stack": "billing/local", "billing:key": "mug"}
    accounts["staging"].v1.products.create({"name": "Mug", "metadata": mark})
    said = here("parity", *both, "--accounts")
    assert said.code == 0
    assert "Note: account of stack staging: left out 1 object of billing/local\n" in said.out


@pytest.mark.usefixtures("accounts")
def test_only_some_kinds(here: Here, both: tuple[str, str], stripe_emulator: EmulatorClient) -> None:
    """Nothing else is read."""
    stripe_emulator.clear_requests()
    assert here("parity", *both, "--accounts", "--kind", "Meter").code == 0
    assert stripe_emulator.counts() == {"GET /v1/account": 2, "GET /v1/billing/meters": 2}


@pytest.mark.usefixtures("accounts")
def test_every_problem_of_the_accounts_at_once(
    here: Here, both: tuple[str, str], manifest: Write, stripe_emulator: EmulatorClient
) -> None:
    """Permissions by object and verb, a key of another account, a stack without a key; nothing is compared."""
    stripe_emulator.restrict("rk_test_dev", {"account": "read", "products": "read", "prices": "none"})
    said = here(
        "parity",
        *both,
        manifest("production"),
        "--accounts",
        STRIPE_API_KEY_DEV="rk_test_dev",
        STRIPE_API_KEY_STAGING="sk_test_other",
    )
    assert (said.code, said.out) == (1, "")
    told = said.err
    assert "account of stack dev: could not list every price: the API key may not read prices; " in told
    assert "account of stack dev: could not list every meter: the API key may not read meters; " in told
    assert (
        "account of stack staging: the key opens acct_other, but the stack was provisioned in acct_staging: "
        "set STRIPE_API_KEY_STAGING to a key of that account" in told
    )
    assert "no Stripe API key for stack production: set STRIPE_API_KEY_PRODUCTION, or run" in told
    assert "sk_test" not in told
    assert "rk_test" not in told


@pytest.mark.usefixtures("accounts")
def test_a_key_of_the_wrong_mode(here: Here, both: tuple[str, str]) -> None:
    """The guards of provisioning hold: the mode of the stack, and a live key goes to Stripe alone."""
    said = here("parity", *both, "--accounts", STRIPE_API_KEY_DEV="sk_live_dev")
    assert said.code == 1
    assert "account of stack dev: the Stripe API key is a live key, but stripe:mode of this stack is test" in said.err


@pytest.mark.parametrize("engine", ENGINES)
def test_a_key_in_the_settings(
    engine: str, here: Here, both: tuple[str, str], accounts: dict[str, Any], shop: Path
) -> None:
    """What `billing config set --secret stripe:apiKey` keeps is opened, and never printed."""
    require(engine)
    key = ("stripe:apiKey", "sk_test_dev", "--stack", "dev")
    assert here("config", "set", "--secret", *key, "--engine", "local").code == 0
    said = here("parity", *both, "--accounts", "--engine", engine, STRIPE_API_KEY_DEV=None)
    assert (said.code, said.err) == (0, "")
    assert "sk_test" not in said.out
