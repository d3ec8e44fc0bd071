"""Lists: order, limits and cursors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from stripe_emulator import EmulatorClient


def customers(client: stripe.StripeClient, count: int) -> list[str]:
    """Create customers, and return their ids newest first."""
    return [client.v1.customers.create({}).id for _ in range(count)][::-1]


def test_ten_newest_by_default(client: stripe.StripeClient) -> None:
    """A list begins with the newest and says whether there is more."""
    ids = customers(client, 11)
    page = client.v1.customers.list()
    assert ([one.id for one in page.data], page.has_more, page.url) == (ids[:10], True, "/v1/customers")


@pytest.mark.belief("lists: newest first, 10 by default, at most 100, cursors exclusive", "D R")
@settings(max_examples=15, deadline=None)
@given(count=st.integers(0, 12), limit=st.integers(1, 13))
def test_pages_forwards_make_the_whole(new_account: Callable[[], Any], count: int, limit: int) -> None:
    """Page by page every object comes exactly once, in order."""
    client = new_account()
    ids = customers(client, count)
    assert [one.id for one in client.v1.customers.list({"limit": limit}).auto_paging_iter()] == ids


@settings(max_examples=15, deadline=None)
@given(count=st.integers(2, 12), limit=st.integers(1, 13))
def test_pages_backwards_make_the_whole(new_account: Callable[[], Any], count: int, limit: int) -> None:
    """From the last object back, every other one comes exactly once."""
    client = new_account()
    ids = customers(client, count)
    page = client.v1.customers.list({"limit": limit, "ending_before": ids[-1]})
    assert [one.id for one in page.auto_paging_iter()] == ids[:-1][::-1]


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"limit": "abc"}, "parameter_invalid_integer", "limit"),
        ({"limit": 0}, "parameter_invalid_integer", "limit"),
        ({"limit": 101}, "parameter_invalid_integer", "limit"),
        ({"starting_after": "cus_nope"}, "resource_missing", "starting_after"),
        ({"ending_before": "cus_nope"}, "resource_missing", "ending_before"),
        ({"starting_after": "cus_a", "ending_before": "cus_b"}, None, None),
        ({"nope": 1}, "parameter_unknown", "nope"),
    ],
)
def test_bad_page_is_refused(client: stripe.StripeClient, params: dict[str, Any], code: str, param: str) -> None:
    """Limits and cursors are checked."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.raw_request("get", "/v1/customers", **params)
    assert (refused.value.code, refused.value.param) == (code, param)


def test_created_filters_by_time(client: stripe.StripeClient, stripe_emulator: EmulatorClient) -> None:
    """A second, or a range with open or closed ends."""
    made = []
    for moment in (100, 200, 300):
        stripe_emulator.clock.set(moment)
        made.append(client.v1.customers.create({}).id)
    found = client.v1.customers.list
    assert [one.id for one in found({"created": 200}).data] == [made[1]]
    assert [one.id for one in found({"created": {"gte": 200}}).data] == [made[2], made[1]]
    assert [one.id for one in found({"created": {"gt": 100, "lt": 300}}).data] == [made[1]]


@pytest.mark.belief("a list says how many there are at all where `total_count` is expanded", "M")
@pytest.mark.parametrize("path", ["/v1/customers", "/v1/products"])
def test_lists_are_counted_on_request(client: stripe.StripeClient, path: str) -> None:
    """Beyond the page, with the filters."""
    customers(client, 3)
    client.v1.products.create({"name": "Team"})
    client.v1.products.create({"name": "Solo", "active": False})
    wanted = {"/v1/customers": ({}, 3), "/v1/products": ({"active": "true"}, 1)}[path]
    answer = client.raw_request("get", path, limit=1, expand=["total_count"], **wanted[0])
    assert client.deserialize(answer, api_mode="V1").to_dict()["total_count"] == wanted[1]
