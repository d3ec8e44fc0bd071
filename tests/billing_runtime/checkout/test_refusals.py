"""What cannot be sold: refused by one sentence, before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import (
    AmbiguousPrice,
    Billing,
    InvalidInput,
    SeatsOutOfRange,
    UnknownName,
    WrongAudience,
    WrongCurrency,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
BAD: list[tuple[Json, type[Exception], str]] = [
    ({}, InvalidInput, "either price= or plan="),
    ({"price": "team.monthly", "plan": "team"}, InvalidInput, "either price= or plan="),
    ({"price": []}, InvalidInput, "several different ones"),
    ({"price": "team.montly"}, UnknownName, "did you mean 'team.monthly'"),
    ({"plan": "taem"}, UnknownName, "did you mean 'team'"),
    ({"price": "team.monthly", "quantity": 0}, InvalidInput, "at least 1 seats"),
    ({"price": "team.monthly", "quantity": -1}, InvalidInput, "at least 1 seats"),
    ({"price": "team.monthly", "quantity": 1.0}, InvalidInput, "whole number"),
    ({"price": "team.monthly", "quantity": 51}, SeatsOutOfRange, "at most 50 seats"),
    ({"price": "alpaca-ai.tokens", "quantity": 1}, InvalidInput, "leave quantity out"),
    ({"price": "alpaca-ai.setup"}, InvalidInput, "paid once"),
    ({"price": "alpaca-ai.setup", "mode": "payment", "quantity": 0}, InvalidInput, "1 or more"),
    ({"price": "team.monthly", "mode": "payment"}, InvalidInput, "paid again and again"),
    ({"price": "team.monthly", "mode": "gift"}, InvalidInput, "mode must be one of"),
    ({"price": "team.monthly", "mode": "setup"}, InvalidInput, "saves a card and sells nothing"),
    ({"price": "team.monthly", "currency": "eur"}, WrongCurrency, "not sold in 'eur', only in: usd"),
    ({"plan": "team", "currency": "eur"}, WrongCurrency, "Plan 'team' is not sold in 'eur'"),
    ({"plan": "team", "interval": "year"}, InvalidInput, "Plan 'team' has no year price"),
    ({"price": "team.monthly", "trial_days": -1}, InvalidInput, "must not be negative"),
    ({"price": ["team.monthly", "alpaca-ai.base"]}, InvalidInput, "several plan groups"),
    ({"price": "team.monthly", "success_url": "/done"}, InvalidInput, "absolute http or https URL"),
    ({"price": "team.monthly", "success_url": "javascript:alert(1)"}, InvalidInput, "absolute http or https URL"),
    ({"price": "team.monthly", "metadata": {"billing:entity": "org_2"}}, InvalidInput, "is reserved"),
]


@pytest.mark.parametrize(("asked", "error", "said"), BAD)
def test_bad_input(
    shop: Callable[..., Billing], stripe_emulator: EmulatorClient, asked: Json, error: type[Exception], said: str
) -> None:
    """What cannot be sold must be refused by one sentence before anything is sent."""
    with pytest.raises(error, match=said):
        shop().checkout("org_1", **asked)
    assert stripe_emulator.count() == 0


@pytest.mark.parametrize("entity", ["", " ", "x" * 256, "a\nb", None])
def test_bad_entities(shop: Callable[..., Billing], stripe_emulator: EmulatorClient, entity: Any) -> None:
    """Ids that cannot be one must be refused before anything is sent."""
    with pytest.raises(InvalidInput, match="entity_id must"):
        shop().checkout(entity, price="alpaca-ai.base")
    assert stripe_emulator.count() == 0


def test_the_wrong_audience(shop: Callable[..., Billing]) -> None:
    """A plan for organizations must not be sold to a user, by its own name or by a price's, nor on a user's word."""
    billing = shop()
    billing.customers.ensure("user_1")
    tries: list[Json] = [{"plan": "team"}, {"price": "team.monthly"}, {"price": "team.monthly", "kind": "organization"}]
    for asked in tries:
        with pytest.raises(WrongAudience, match="Plan 'team' is not for a user, only for: organization"):
            billing.checkout("user_1", **asked)


def test_an_ambiguous_plan(shop: Callable[..., Billing], provisioned: Json) -> None:
    """A plan with two prices that fit must be refused with their names, and do once one is singled out."""
    monthly = provisioned["prices"]["team.monthly"]
    prices = provisioned["prices"] | {
        "team.monthly": monthly | {"default": False},
        "team.other": monthly | {"default": False, "id": monthly["id"]},
    }
    plan = provisioned["plans"]["team"] | {"prices": ["team.monthly", "team.other"]}
    billing = shop(manifest=provisioned | {"prices": prices, "plans": provisioned["plans"] | {"team": plan}})
    with pytest.raises(AmbiguousPrice, match=r"Plan 'team' has several prices that fit \(team.monthly, team.other\)"):
        billing.checkout("org_1", plan="team")
    assert billing.checkout("org_1", price="team.other").status == "open"


def test_no_url(open_billing: Callable[..., Billing], provisioned: Json, stripe_emulator: EmulatorClient) -> None:
    """Without a URL to lead to, the error must say where it can be set."""
    billing = open_billing(manifest=provisioned, api_base=stripe_emulator.url)
    with pytest.raises(InvalidInput, match=r"No success_url: pass it, or set it once"):
        billing.checkout("org_1", price="alpaca-ai.base", kind="user")
