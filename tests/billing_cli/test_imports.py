"""What `billing import` is asked for, and what is said of a line that asks for too much or too little."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from billing_cli.errors import UsageRefused
from billing_cli.imports import Imports, named, whole_type
from local_engine import ImportSpec, read_import_file
from tests.billing_cli.conftest import Billing

if TYPE_CHECKING:
    from pathlib import Path

    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

PRICE = "pulumi-python:dynamic/stripe:Price"
texts = st.text(min_size=1)
parents = st.none() | texts.map("urn:pulumi:{}".format)


@given(st.lists(st.builds(ImportSpec, texts, texts, texts, parents), unique_by=lambda spec: spec.name))
def test_the_file_for_the_cli_says_the_same(tmp_path_factory: pytest.TempPathFactory, specs: list[ImportSpec]) -> None:
    """What is handed to `pulumi import` reads back as what was asked for, parents included."""
    path = tmp_path_factory.mktemp("imports") / "imports.json"
    path.write_text(json.dumps(Imports(tuple(specs), protect=True).document()), encoding="utf-8")
    assert read_import_file(path) == specs


def test_a_kind_may_be_given_by_its_name() -> None:
    """Kinds of this package are found by their last word; a whole type is taken as it is."""
    assert [whole_type(kind) for kind in ("Price", PRICE, "a:b:C")] == [PRICE, PRICE, "a:b:C"]
    with pytest.raises(UsageRefused, match=r"there is no kind 'price': kinds are Alert, .*Price, Product"):
        whole_type("price")


def test_the_kinds_of_a_file_may_be_short(tmp_path: Path) -> None:
    """As on the command line; where the file lies, and what is wrong with it, is told."""
    path = tmp_path / "imports.json"
    path.write_text(json.dumps({"resources": [{"type": "Price", "name": "team.monthly", "id": "price_1"}]}))
    assert named(None, None, None, str(path)) == (ImportSpec(PRICE, "team.monthly", "price_1"),)
    path.write_text("{")
    with pytest.raises(UsageRefused, match=r"could not read import file .*imports\.json: it is not JSON"):
        named(None, None, None, str(path))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((None, None, None, None), "names one object .* or a file of them"),
        (("Price", "x", "y", "imports.json"), "not both"),
        (("Price", None, None, None), "Price lacks the rest"),
        (("Price", "team.monthly", None, None), "Price team.monthly lacks the rest"),
    ],
)
def test_a_line_that_names_too_much_or_too_little(words: tuple[str | None, ...], says: str) -> None:
    """One object or one file."""
    with pytest.raises(UsageRefused, match=says):
        named(*words)


def test_without_a_terminal_it_needs_a_yes(billing: Billing) -> None:
    """As every command that changes the state; a preview needs none."""
    done = billing("import", "Product", "x", "prod_1", "--stack", "local", "--engine", "local")
    assert (done.returncode, done.stderr) == (
        1,
        "error: import needs a yes, and there is no terminal to ask at: pass --yes\n",
    )


def test_an_import_as_json_is_a_stream_of_events(provisioned: Project, stripe_emulator: EmulatorClient) -> None:
    """Standard output holds nothing else, and the object's event names its operation."""
    client = stripe.StripeClient(stripe_emulator.key, base_addresses={"api": stripe_emulator.url})
    product = client.v1.products.create({"name": "By hand"}).id
    done = provisioned.run("import", "Product", "hand", product, "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    ops = [event["resourcePreEvent"]["metadata"]["op"] for event in events if "resourcePreEvent" in event]
    assert (ops.count("import"), set(ops)) == (1, {"same", "import"})
    [summary] = [event["summaryEvent"] for event in events if "summaryEvent" in event]
    assert summary["resourceChanges"] == {"import": 1, "same": 17}
