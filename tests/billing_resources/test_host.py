"""The host as the engine sees it: start, protocol, many calls at once, errors, and a quiet end."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from typing import Any

import grpc
import pytest
import stripe
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2

from billing_resources._engine import lifecycle
from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine, Refused
from tests.billing_resources.hosts import OURS, connected, process
from tests.billing_resources.programs import price, product
from tests.billing_resources.wire import struct

AT_ONCE = 40
DIFF = provider_pb2.DiffResponse


def creates(engine: Engine, count: int) -> list[provider_pb2.CreateRequest]:
    """Requests to create so many products."""
    declared = [product(f"p{number}") for number in range(count)]
    inputs = [(engine.urn("Product", one.name), struct(engine.inputs_of(one))) for one in declared]
    return [provider_pb2.CreateRequest(urn=urn, properties=properties) for urn, properties in inputs]


def test_many_creates_are_under_way_at_once(ours: Engine, account: EmulatorClient) -> None:
    """Forty creates wait for Stripe at the same moment; the stock host would have four."""
    pauses = [account.pause_next(method="POST", path="/v1/products") for _ in range(AT_ONCE)]
    with ours.host() as stub:
        calls = [stub.Create.future(request) for request in creates(ours, AT_ONCE)]
        for pause in pauses:
            pause.wait_until_reached()
        assert [one["status"] for one in account.requests(method="POST")] == [None] * AT_ONCE
        for pause in pauses:
            pause.release()
        assert len({call.result().id for call in calls}) == AT_ONCE
    assert account.count(method="GET") == 2


def test_steps_under_way_finish_beside_a_failing_one(ours: Engine, account: EmulatorClient) -> None:
    """One create that fails does not take the others with it."""
    account.fail_next(403, method="POST", path="/v1/products")
    with ours.host() as stub:
        calls = [stub.Create.future(request) for request in creates(ours, 8)]
        outcomes = [call.exception() is None for call in calls]
    assert sorted(outcomes) == [False, *[True] * 7]


def test_prices_of_one_product_take_turns(ours: Engine, client: stripe.StripeClient) -> None:
    """Two prices that give and take the default at the same moment leave the declared one as default."""
    ours.up(product(), price("a", default=True), price("b"))
    changes = []
    for one in (price("a"), price("b", default=True)):
        urn, entry = ours.urn("Price", one.name), ours.of(str(one))
        news = struct(ours.inputs_of(one))
        changes.append(provider_pb2.UpdateRequest(id=entry.id, urn=urn, olds=struct(entry.outputs), news=news))
    with ours.host() as stub:
        for call in [stub.Update.future(request) for request in changes]:
            call.result()
    assert client.v1.products.retrieve(ours.of("Product.team").id).default_price == ours.of("Price.b").id


def test_the_handshake(ours: Engine) -> None:
    """The calls that the engine makes before any resource are answered."""
    with ours.host() as stub:
        assert stub.Handshake(provider_pb2.ProviderHandshakeRequest()) is not None
        assert stub.GetPluginInfo(empty_pb2.Empty()).version
        config = struct({"stripe:mode": "test"})
        assert stub.CheckConfig(provider_pb2.CheckRequest(news=config)).inputs == config
        assert stub.Configure(provider_pb2.ConfigureRequest(args=config)).supportsPreview
        assert stub.Cancel(empty_pb2.Empty()) is not None


def test_a_changed_configuration_replaces_nothing(ours: Engine) -> None:
    """It updates the provider in place, and an unchanged one is no difference."""
    old, new = struct({"stripe:mode": "test"}), struct({"stripe:mode": "live"})
    with ours.host() as stub:
        changed = stub.DiffConfig(provider_pb2.DiffRequest(old_inputs=old, news=new))
        same = stub.DiffConfig(provider_pb2.DiffRequest(old_inputs=old, news=old))
    assert (changed.changes, list(changed.replaces), same.changes) == (DIFF.DIFF_SOME, [], DIFF.DIFF_NONE)


def test_values_that_were_outputs_are_checked(ours: Engine, account: EmulatorClient) -> None:
    """What the program could not check yet is checked here: every problem, no value, and nothing is written."""
    wrong = {"currency": "dollars", "unit_amount": 12.5, "nickname": 4711, "recurring": {"interval": "fortnight"}}
    ours.up(product())
    account.clear_requests()
    with pytest.raises(Refused) as refused:
        ours.up(product(), price(**wrong))
    said = str(refused.value)
    assert [line.split(" ")[0] for line in said.split("\n")] == [
        "currency",
        "unit_amount",
        "recurring.interval",
        "nickname",
    ]
    assert not any(value in said for value in ("dollars", "12.5", "4711", "fortnight"))
    assert account.requests() == []


def test_whole_numbers_come_back_as_floats(ours: Engine) -> None:
    """Pulumi's numbers are doubles; a whole one is a whole amount."""
    ours.up(product(), price(unit_amount=1200.0))
    assert ours.of("Price.monthly").inputs["unit_amount"] == 1200


def test_the_unforeseen_is_one_line(ours: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug of ours is a sentence with its place; the traceback comes on request, since it may show values."""

    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(lifecycle, "create", broken)
    with pytest.raises(Refused, match=r"^unexpected ZeroDivisionError at test_host.py:\d+; set BILLING_DEBUG=1 for"):
        ours.up(product())
    monkeypatch.setenv("BILLING_DEBUG", "1")
    with pytest.raises(Refused, match="Traceback"):
        ours.up(product())


def test_the_end_is_quiet(account: EmulatorClient) -> None:
    """SIGINT ends the host without a word and without an error."""
    with process() as host, connected(host.port) as stub:
        stub.Configure(provider_pb2.ConfigureRequest())
        assert host.interrupt() == (0, "")


def test_a_retry_says_nothing(ours: Engine, account: EmulatorClient) -> None:
    """The engine shows users every line of a provider, so retries are silent."""
    account.fail_next(503, method="POST")
    with process() as host, connected(host.port) as stub:
        stub.Configure(provider_pb2.ConfigureRequest())
        assert stub.Create(creates(ours, 1)[0]).id
        assert host.interrupt() == (0, "")


def test_what_is_under_way_is_finished(ours: Engine, account: EmulatorClient) -> None:
    """Told to stop, the host still answers the create that Stripe is working on."""
    pause = account.pause_next(method="POST")
    with process() as host, connected(host.port) as stub:
        stub.Configure(provider_pb2.ConfigureRequest())
        call = stub.Create.future(creates(ours, 1)[0])
        pause.wait_until_reached()
        host.process.terminate()
        pause.release()
        assert call.result().id
        assert host.process.wait() == 0


def test_an_orphan_ends(account: EmulatorClient) -> None:
    """An engine that is killed sends nothing; its host ends by itself."""
    engine = (
        "import subprocess, sys; one = subprocess.Popen(sys.argv[1:]); print('pid', one.pid, flush=True); one.wait()"
    )
    with subprocess.Popen([sys.executable, "-c", engine, *OURS], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        lines = [parent.stdout.readline() for _ in range(2)]  # the host's port is the other one
        watched = os.pidfd_open(int(next(line for line in lines if line.startswith("pid")).split()[1]))
        parent.kill()
    assert select.select([watched], [], [], 60)[0] == [watched]
    os.close(watched)


def test_errors_have_no_traceback(ours: Engine) -> None:
    """An expected error is exactly its sentence, also over the wire of a host process."""
    with process() as host, connected(host.port) as stub:
        stub.Configure(provider_pb2.ConfigureRequest(args=struct({"stripe:account": "acct_other"})))
        with pytest.raises(grpc.RpcError) as failed:
            stub.Create(creates(ours, 1)[0])
    details: Any = failed.value
    assert details.details().startswith("the key belongs to acct_emulator, but stripe:account of the stack says")
    assert "\n" not in details.details()
