"""What a change costs in requests: the table in docs/requests.md holds, for every kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine
from tests.billing_resources.first_kinds import CASES
from tests.billing_resources.newer_kinds import program
from tests.billing_resources.programs import coupon, price, product

PAGE = Path(__file__).parents[2] / "docs" / "requests.md"
ROW = re.compile(r"\| (\w+)[^|]*\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")
TOLD = {row[0]: row[1:] for row in ROW.findall(PAGE.read_text(encoding="utf-8")) if row[0] in CASES}


def sent(account: EmulatorClient) -> str:
    """Writes + reads since the last look."""
    writes = account.count(method="POST") + account.count(method="DELETE")
    told = f"{writes} + {account.count(method='GET')}"
    account.clear_requests()
    return told


def test_every_kind_is_told() -> None:
    """A new kind gets a row."""
    assert set(TOLD) == set(CASES)


@pytest.mark.parametrize("kind", CASES)
def test_each_operation_costs_what_is_told(kind: str, ours: Engine, account: EmulatorClient) -> None:
    """Created, changed in place, replaced and removed, each in a run of its own."""
    case, (create, update, replace, remove) = CASES[kind], TOLD[kind]
    ours.up(*program(case))
    account.clear_requests()
    ours.up(*program(case, case.declared))
    assert sent(account) == create
    for fields, told in ((case.changed, update), (case.replaced, replace)):
        name = next(iter(fields), None)
        assert (name is None) == (told == "–")
        if name is not None:
            ours.up(*program(case, case.with_(**{name: fields[name]})))
            assert sent(account) == told
    ours.up(*program(case))
    assert sent(account) == remove


def test_a_price_that_is_no_default_is_one_write_and_two(ours: Engine, account: EmulatorClient) -> None:
    """There is no default to move."""
    ours.up(product())
    account.clear_requests()
    ours.up(product(), price())
    assert account.count(method="POST") == 1
    ours.up(product(), price(unit_amount=1300))
    assert account.count(method="POST") == 3


def test_a_preview_sends_nothing(ours: Engine, account: EmulatorClient) -> None:
    """Neither of what is new nor of what changes."""
    ours.up(product())
    account.clear_requests()
    ours.preview(product(name="Crew"), price())
    assert account.requests() == []


def test_a_refresh_reads_pages(ours: Engine, account: EmulatorClient, client: stripe.StripeClient) -> None:
    """A hundred objects to a request, also those of others; and no object by itself."""
    ours.up(coupon("first"), coupon("second"))
    for number in range(248):
        client.v1.coupons.create({"id": f"C{number}", "percent_off": 5, "duration": "forever"})
    account.clear_requests()
    assert set(ours.refresh().values()) == {"same"}
    assert account.counts() == {"GET /v1/account": 1, "GET /v1/coupons": 3}
