"""Pulumi's stock host, and other people's dynamic resources beside ours: same program, same state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import stripe

    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

pytestmark = pytest.mark.end_to_end

DEARER = {"plans": {"team": {"prices": {"monthly": {"unit_amount": 1400}}}}}
OTHERS = '''
import pulumi
from pulumi import dynamic


class NoteProvider(dynamic.ResourceProvider):
    """Somebody else's: keeps a text, nowhere."""

    def create(self, props):
        return dynamic.CreateResult("note-1", {**props, "length": len(props["text"])})

    def diff(self, _id, olds, news):
        return dynamic.DiffResult(changes=olds["text"] != news["text"])

    def update(self, _id, _olds, news):
        return dynamic.UpdateResult({**news, "length": len(news["text"])})


class Note(dynamic.Resource):
    length: pulumi.Output[int]

    def __init__(self, name, text):
        super().__init__(NoteProvider(), name, {"text": text, "length": None})


product = billing.Product("noted", name="Noted")
note = Note("note", product.name.apply(lambda name: f"TEXT {name}"))
pulumi.export("length", note.length)
'''


def stock(project: Project) -> None:
    """Take our host away: Pulumi's own serves the resources then."""
    file = project.directory / "Pulumi.yaml"
    file.write_text(file.read_text(encoding="utf-8").partition("plugins:")[0], encoding="utf-8")


def test_the_stock_host_runs_the_example_catalog(
    project: Project, client: stripe.StripeClient, stripe_emulator: EmulatorClient
) -> None:
    """Made; a price replaced, in three writes and nothing else; unchanged; destroyed."""
    stock(project)
    project.ok("up")
    project.set(billing__overrides=DEARER)
    stripe_emulator.clear_requests()
    project.ok("up")
    assert stripe_emulator.count(method="POST") == 3
    prices = client.v1.prices.list({"lookup_keys": ["team_monthly"], "active": True}).data
    assert [price.unit_amount for price in prices] == [1400]
    project.ok("preview", "--expect-no-changes")
    project.ok("destroy")
    assert not client.v1.products.list({"active": True}).data


def test_a_stack_of_our_host_goes_on_with_the_stock_host(provisioned: Project, stripe_emulator: EmulatorClient) -> None:
    """And back: neither finds anything to do."""
    ours = (provisioned.directory / "Pulumi.yaml").read_text(encoding="utf-8")
    stock(provisioned)
    provisioned.ok("up", "--expect-no-changes")
    (provisioned.directory / "Pulumi.yaml").write_text(ours, encoding="utf-8")
    provisioned.ok("preview", "--expect-no-changes")
    assert stripe_emulator.count(method="POST", path="/v1/*") == 0


def test_other_peoples_dynamic_resources_work_beside_ours(project: Project, client: stripe.StripeClient) -> None:
    """They take values from ours, are made, updated and destroyed; ours are not touched by that."""
    program = project.directory / "__main__.py"
    text = "import billing_resources as billing"
    program.write_text(text + OTHERS.replace("TEXT", "Hello"), encoding="utf-8")
    project.ok("up")
    assert project.outputs()["length"] == len("Hello Noted")
    program.write_text(text + OTHERS.replace("TEXT", "Hello, dear"), encoding="utf-8")
    said = project.ok("up")
    assert "~ 1 updated" in said
    assert "created" not in said
    assert project.outputs()["length"] == len("Hello, dear Noted")
    project.ok("destroy")
    assert not client.v1.products.list({"active": True}).data
