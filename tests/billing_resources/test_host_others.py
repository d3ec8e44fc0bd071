"""Dynamic resources of other people's making work on our host as on Pulumi's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from pulumi.dynamic import CreateResult, ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import provider_pb2

from tests.billing_resources.greeting import GreetingProvider
from tests.billing_resources.hosts import connected, in_process, ours, process
from tests.billing_resources.wire import UNKNOWN, plain, secret, struct

URN = "urn:pulumi:dev::billing::pulumi-python:dynamic/greeting:Greeting::a"
DIFF = provider_pb2.DiffResponse


@pytest.fixture(params=[in_process, ours], ids=["in process", "own process"])
def stub(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Our host, configured with a secret greeting."""
    with request.param() as stub:
        stub.Configure(provider_pb2.ConfigureRequest(args=struct({"greeting:hello": secret("Hello")})))
        yield stub


def props(**values: Any) -> Any:
    """Properties with the pickled provider."""
    return struct({"name": "Ada", **values, "__provider": serialize_provider(GreetingProvider())})


def test_check(stub: Any) -> None:
    """Its inputs and failures come through, and the pickled provider stays among the inputs."""
    checked = stub.Check(provider_pb2.CheckRequest(urn=URN, news=props(name="", link=UNKNOWN)))
    assert [(one.property, one.reason) for one in checked.failures] == [("name", "is missing")]
    assert plain(checked.inputs).keys() == {"name", "size", "link", "__provider"}
    assert plain(checked.inputs)["link"] == UNKNOWN


def test_diff(stub: Any) -> None:
    """Its answer comes through; where it says nothing, the engine compares by itself."""
    changed = stub.Diff(provider_pb2.DiffRequest(id="x", urn=URN, olds=props(), news=props(name="Bob")))
    assert (changed.changes, list(changed.replaces), changed.deleteBeforeReplace) == (DIFF.DIFF_SOME, ["name"], True)
    unsaid = stub.Diff(provider_pb2.DiffRequest(id="x", urn=URN, olds=props(), news=props()))
    assert unsaid.changes == DIFF.DIFF_UNKNOWN


def test_create_update_read_delete(stub: Any) -> None:
    """The provider does its work with the stack's configuration."""
    made = stub.Create(provider_pb2.CreateRequest(urn=URN, properties=props()))
    assert (made.id, plain(made.properties)["text"]) == ("greeting-Ada", "Hello Ada")
    updated = stub.Update(provider_pb2.UpdateRequest(id=made.id, urn=URN, olds=made.properties, news=props()))
    assert plain(updated.properties)["text"] == "Hello again"
    read = stub.Read(provider_pb2.ReadRequest(id=made.id, urn=URN, properties=made.properties))
    assert (read.id, plain(read.properties)["text"]) == ("greeting-Ada", "read")
    stub.Delete(provider_pb2.DeleteRequest(id=made.id, urn=URN, properties=made.properties))


def test_gone(stub: Any) -> None:
    """An empty id from its read reaches the engine."""
    assert stub.Read(provider_pb2.ReadRequest(id="x", urn=URN, properties=props(forgotten=True))).id == ""


def test_previews_are_not_its_business(stub: Any) -> None:
    """It was never called in previews: the engine sees the inputs."""
    made = stub.Create(provider_pb2.CreateRequest(urn=URN, properties=props(), preview=True))
    assert (made.id, "text" in plain(made.properties)) == ("", False)
    updated = stub.Update(provider_pb2.UpdateRequest(id="x", urn=URN, olds=props(), news=props(), preview=True))
    assert "text" not in plain(updated.properties)


def test_its_errors_keep_their_traceback(stub: Any) -> None:
    """What went wrong in somebody else's code is shown as the stock host shows it."""
    with pytest.raises(grpc.RpcError) as failed:
        stub.Create(provider_pb2.CreateRequest(urn=URN, properties=props(name="nobody")))
    details: Any = failed.value
    assert "ValueError: there is nobody to greet" in details.details()
    assert "greeting.py" in details.details()


def test_a_provider_of_the_program_itself(stub: Any) -> None:
    """A class that no module has is pickled by value, and loaded all the same."""

    class Local(ResourceProvider):
        """Only this function knows it."""

        def create(self, props: dict[str, Any]) -> CreateResult:
            """Make nothing."""
            return CreateResult("local", {"name": props["name"]})

    pickled = struct({"name": "Ada", "__provider": serialize_provider(Local())})
    assert stub.Create(provider_pb2.CreateRequest(urn=URN, properties=pickled)).id == "local"


def test_no_provider_at_all(stub: Any) -> None:
    """An import of such a resource cannot work, and says why."""
    with pytest.raises(grpc.RpcError, match="not one of billing-resources, and its state holds no provider to ask"):
        stub.Read(provider_pb2.ReadRequest(id="x", urn=URN))


def test_without_a_stripe_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who declares nothing of Stripe needs no key."""
    monkeypatch.delenv("STRIPE_API_KEY", raising=False)
    with process() as host, connected(host.port) as stub:
        stub.Configure(provider_pb2.ConfigureRequest(args=struct({"greeting:hello": "Hi"})))
        assert stub.Create(provider_pb2.CreateRequest(urn=URN, properties=props())).id == "greeting-Ada"
