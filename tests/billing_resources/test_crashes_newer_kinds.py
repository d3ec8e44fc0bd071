"""Runs of the newer kinds that die between Stripe's answer and the state: nothing double, nothing lost."""

from __future__ import annotations

import contextlib
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine, Refused
from tests.billing_resources.hosts import COMMANDS, connected, process
from tests.billing_resources.newer_kinds import CASES, Case, living, program
from tests.billing_resources.wire import is_secret, struct

pytestmark = pytest.mark.usefixtures("first_portal")
KINDS = pytest.mark.parametrize("kind", CASES)
DAY = 24 * 3600
FORGOTTEN = 31 * DAY
"""After this both generations of the API have forgotten an idempotency key."""


def left_by_a_dead_run(engine: Engine, account: EmulatorClient, case: Case) -> None:
    """Create the object, but lose everything about it: the host is killed after Stripe has made it."""
    engine.up(*program(case))
    pause = account.pause_next("after", method="POST")
    urn, inputs = engine.urn(case.declared.kind, case.declared.name), engine.inputs_of(case.declared)
    with process(COMMANDS[engine.start]) as host, connected(host.port) as stub:
        stub.Configure(provider_pb2.ConfigureRequest())
        call = stub.Create.future(provider_pb2.CreateRequest(urn=urn, properties=struct(inputs)))
        pause.wait_until_reached()
        host.kill()
        assert isinstance(call.exception(), grpc.RpcError)
    account.clear_faults()


@pytest.mark.rule("killed", "newer")
@KINDS
def test_killed_after_the_create(kind: str, ours: Engine, account: EmulatorClient, client: Any) -> None:
    """The next run takes what the dead one made, and it stays the only one."""
    case = CASES[kind]
    ours.up(*program(case))
    before = len(living(client, kind))
    left_by_a_dead_run(ours, account, case)
    assert ours.up(*program(case, case.declared))[str(case.declared)] == "create"
    assert len(living(client, kind)) == before + 1
    assert set(ours.refresh().values()) == {"same"}
    assert set(ours.up(*program(case, case.declared)).values()) == {"same"}


@pytest.mark.parametrize(
    "kind", ["Coupon", "PromotionCode", "Feature", "TaxRate", "EventDestination", "PortalConfiguration"]
)
def test_taken_by_its_marks_when_the_key_is_forgotten(
    kind: str, ours: Engine, account: EmulatorClient, client: Any
) -> None:
    """A month later no answer is replayed, and still nothing is made twice."""
    account.clock.set("2026-01-01")
    case = CASES[kind]
    ours.up(*program(case))
    before = len(living(client, kind))
    left_by_a_dead_run(ours, account, case)
    account.clock.advance(FORGOTTEN)
    ours.up(*program(case, case.declared))
    assert len(living(client, kind)) == before + 1
    assert set(ours.up(*program(case, case.declared)).values()) == {"same"}


@pytest.mark.rule("killed", "newer")
@KINDS
def test_cut_off_after_the_create(kind: str, ours: Engine, account: EmulatorClient, client: Any) -> None:
    """A connection that breaks after Stripe made the object: the retry gets the same one."""
    case = CASES[kind]
    ours.up(*program(case))
    before = len(living(client, kind))
    account.cut_next("after", method="POST")
    ours.up(*program(case, case.declared))
    assert len(living(client, kind)) == before + 1
    assert set(ours.up(*program(case, case.declared)).values()) == {"same"}


@pytest.mark.rule("half made", "Coupon", "PromotionCode", "Feature", "ProductFeature", "TaxRate", "EventDestination")
@pytest.mark.parametrize(("kind", "field"), [(kind, one) for kind in CASES for one in list(CASES[kind].replaced)[:1]])
@pytest.mark.parametrize("writes", [1, 2])
def test_replacements_that_break_off(
    kind: str, field: str, writes: int, ours: Engine, account: EmulatorClient, client: Any
) -> None:
    """Cut after each write of a replacement, the next run completes it: one is alive, and nothing is left to do."""
    case = CASES[kind]
    ours.up(*program(case, case.declared))
    before, changed = len(living(client, kind)), case.with_(**{field: case.replaced[field]})
    for method in ("POST", "DELETE"):
        account.cut_next("after", method=method, skip=writes - 1, count=None)
    with contextlib.suppress(Refused):
        ours.up(*program(case, changed))
    account.clear_faults()
    ours.up(*program(case, changed))
    assert len(living(client, kind)) == before
    assert set(ours.refresh().values()) == {"same"}
    assert set(ours.up(*program(case, changed)).values()) == {"same"}


def test_a_destinations_secret_is_not_lost(ours: Engine, account: EmulatorClient) -> None:
    """It is shown once; the next run gets it from the replayed answer, and a refresh keeps it."""
    case = CASES["EventDestination"]
    left_by_a_dead_run(ours, account, case)
    ours.up(*program(case, case.declared))
    secret = ours.of(str(case.declared)).outputs["secret"]
    assert is_secret(secret)
    assert str(secret["value"]).startswith("whsec_")
    ours.refresh()
    assert ours.of(str(case.declared)).outputs["secret"] == secret
