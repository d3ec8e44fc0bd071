"""Actions that cost units of a limit, or of several."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import InvalidInput, UnknownName
from billing_runtime.limits.terms import LimitSettings
from tests.billing_runtime.consuming.test_consume import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from billing_runtime import Billing
    from tests.billing_runtime.consuming.conftest import Time

Json = dict[str, Any]
COSTS: dict[str, dict[str, int | Decimal]] = {
    "image": {"credits": 5},
    "video": {"credits": 20, "limits:seconds": Decimal("2.5")},
}


@pytest.fixture
def billing(
    open_billing: Callable[..., Billing], limited: Json, any_store_url: str, clock: Time, leased: Json
) -> Billing:
    """The example's billing, with a table of costs."""
    limits = LimitSettings(costs=COSTS)
    return open_billing(manifest=limited, store=any_store_url, clock=clock, limits=limits, **leased)


def days(billing: Billing) -> dict[tuple[str, str], str]:
    """What the history has, by name and action."""
    return {(row["name"], row["action"]): row["amount"] for row in rows(billing, "usage_day")}


def test_an_action_uses_what_it_costs(billing: Billing) -> None:
    """Its cost must be taken from each limit, exactly, and the history must tell what for."""
    made = billing.consume("org_1", "image", 2)
    assert (made.parts[0].name, made.usage, made.remaining) == ("credits", 10, 90)
    made = billing.consume("org_1", "video", 3)
    assert (made.of("credits").usage, made.of("seconds").usage) == (70, Decimal("7.5"))
    assert days(billing) == {("credits", "image"): "10", ("credits", "video"): "60", ("seconds", "video"): "7.5"}


def test_a_cost_is_all_or_nothing(billing: Billing) -> None:
    """Where one limit has too little nothing must be taken of any; several actions of one limit add up."""
    refused = billing.consume_all("org_1", {"image": 1, "video": 5})
    assert (bool(refused), refused.of("credits").amount) == (False, 105)
    assert billing.consume_all("org_1", {"image": 4, "video": 4}).of("credits").usage == 100
    assert not billing.consume("org_1", "image")


def test_actions_are_given_back_by_their_number(billing: Billing) -> None:
    """A refund of one of two must give back what one costs, of every limit."""
    receipt = str(billing.consume("org_1", "video", 2).receipt)
    assert billing.refund(receipt, 1) == {"credits": 20, "seconds": Decimal("2.5")}
    assert days(billing) == {("credits", "video"): "20", ("seconds", "video"): "2.5"}
    held = billing.reserve("org_1", "video", 3)
    held.commit(1)
    assert days(billing) == {("credits", "video"): "40", ("seconds", "video"): "5.0"}


def test_an_action_has_no_other_action(billing: Billing) -> None:
    """It is its own action: another one must be refused."""
    with pytest.raises(InvalidInput, match="leave `action` out"):
        billing.consume("org_1", "image", action="chat")


@pytest.mark.parametrize(
    ("costs", "said"),
    [
        ({"image": {}}, "'image': they name at least one limit"),
        ({"image": {"credits": 0}}, "what it costs of 'credits' must be more than 0"),
        ({"image": {"credits": 0.5}}, "must be an int or a Decimal"),
        ({"a": {"b": 1}, "b": {"credits": 1}}, "'b' has a cost itself"),
        ({"image": {"credits": 1, "limits:credits": 2}}, "named twice"),
    ],
)
def test_tables_that_are_wrong(costs: Any, said: str) -> None:
    """What is wrong must be told when the settings are made."""
    with pytest.raises(InvalidInput, match=said):
        LimitSettings(costs=costs)


def test_tables_that_do_not_fit_the_catalog(open_billing: Callable[..., Billing], limited: Json) -> None:
    """A limit that nobody sells, and an action that is a limit, must be refused at the opening."""
    with pytest.raises(UnknownName, match="credits"):
        open_billing(manifest=limited, limits=LimitSettings(costs={"image": {"credit": 1}}))
    with pytest.raises(InvalidInput, match="needs a name of its own"):
        open_billing(manifest=limited, limits=LimitSettings(costs={"images": {"credits": 1}}))
