"""Many resources that fail for one reason: each says what happened to it, and the explanation stands once."""

from __future__ import annotations

from typing import Any

import pytest

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Declared, Engine, Refused
from tests.billing_resources.programs import endpoint, meter, product

LIMITED = "Stripe's rate limit stayed exceeded over all retries"
REASONS: dict[str, tuple[dict[str, Any], str, str]] = {
    "429": (
        {"status": 429, "headers": {"Stripe-Should-Retry": "false"}},
        LIMITED,
        "; run again later or lower --parallel",
    ),
    "401": ({"status": 401}, "Stripe does not accept the API key", "; check STRIPE_API_KEY"),
}


def refusals(engine: Engine, *program: Declared) -> list[str]:
    """What each of them says when all are created by one process."""
    said = []
    with engine.host() as stub:
        for one in program:
            with pytest.raises(Refused) as refused:
                engine.run(stub, one)
            said.append(str(refused.value))
    return [text.strip().splitlines()[-1].rpartition("Refused: ")[2] for text in said]


@pytest.mark.parametrize("reason", REASONS)
def test_a_lasting_error_is_explained_once(reason: str, engine: Engine, account: EmulatorClient) -> None:
    """Every resource is named with what Stripe answered; what to do about it stands in the first line only."""
    fault, said, advice = REASONS[reason]
    account.fail_next(count=None, method="POST", **fault)
    assert refusals(engine, product(), meter(), endpoint()) == [
        f"could not create Product team: {said}{advice}",
        f"could not create Meter tokens: {said}",
        f"could not create WebhookEndpoint app: {said}",
    ]


def test_each_run_explains_anew(ours: Engine, account: EmulatorClient) -> None:
    """What an earlier run said is no longer on the screen."""
    account.fail_next(429, count=None, method="POST")
    first, second = refusals(ours, product()), refusals(ours, product())
    assert first == second == [f"could not create Product team: {LIMITED}; run again later or lower --parallel"]


def test_another_account_is_explained_once(engine: Engine) -> None:
    """The account of the key and that of the stack are compared for each resource, and told about once."""
    engine.config = {"stripe:account": "acct_production"}
    first, second = (text.rpartition("Error: ")[2] for text in refusals(engine, product(), meter()))
    assert first.endswith(", but stripe:account of the stack says acct_production: use that account's key")
    assert second == "the key belongs to acct_emulator"


def test_half_creates_are_explained_once(ours: Engine, account: EmulatorClient) -> None:
    """The reason that is kept with a half created object is told once as well."""
    account.fail_next(429, count=None, method="POST", path="/v1/webhook_endpoints/*")
    first, second = refusals(ours, endpoint(disabled=True), endpoint("b", disabled=True))
    assert first == f"could not update WebhookEndpoint app: {LIMITED}; run again later or lower --parallel"
    assert second == f"could not update WebhookEndpoint b: {LIMITED}"
