"""deploy_catalog: a catalog as the resources and outputs of a program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import billing_resources as billing
from billing_resources.errors import InvalidDeclaration
from tests.billing_resources.program import MADE, run

STACKS = Path(__file__).parents[3] / "stacks"
SMALL = """
version: 1
currency: usd
meters: {tokens: {display_name: T, event_name: tokens, default_aggregation: sum}}
plans: {team: {name: Team, prices: {usage: {unit_amount: 4, recurring: {interval: month, meter: tokens}}}}}
products: {setup: {name: Set-up, prices: {once: {unit_amount: 9900}}}}
alerts: {many: {title: Many, usage_threshold: {meter: tokens, gte: 5}}}
webhook_endpoints: {app: {url: https://app.example.com/s, enabled_events: [invoice.paid], rotate: 2}}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A catalog with one entry of each kind."""
    path = tmp_path / "catalog.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_every_entry_becomes_a_resource(small: Path) -> None:
    """The catalog's keys are the resource names; a plan is a component around its product and prices."""
    stripe = "pulumi-python:dynamic/stripe:"
    assert run(lambda: billing.deploy_catalog(small)).names == {
        (f"{stripe}Meter", "tokens"),
        ("billing:index:Plan", "team"),
        (f"{stripe}Product", "team"),
        (f"{stripe}Price", "team.usage"),
        (f"{stripe}Product", "setup"),
        (f"{stripe}Price", "setup.once"),
        (f"{stripe}Alert", "many"),
        (f"{stripe}WebhookEndpoint", "app"),
        (f"{stripe}WebhookEndpoint", "app~2"),
    }


def test_names_become_ids(small: Path) -> None:
    """Stripe gets the ids of the products and meters that the catalog names."""
    inputs = {one.name: one.inputs for one in run(lambda: billing.deploy_catalog(small)).resources}
    assert inputs["team.usage"]["product"] == "id_team"
    assert inputs["team.usage"]["recurring"]["meter"] == "id_tokens"
    assert inputs["many"]["usage_threshold"]["meter"] == "id_tokens"
    assert "rotate" not in inputs["app~2"]


def test_the_manifest_is_exported_with_ids_and_names(small: Path) -> None:
    """The output has Stripe's ids, and names where entries refer to each other."""
    manifest = run(lambda: billing.deploy_catalog(small)).outputs["manifest"]
    price = manifest["prices"]["team.usage"]
    assert (manifest["project"], manifest["stack"], manifest["account"]) == ("billing", "dev", "acct_test")
    assert (price["id"], price["product"], price["meter"]) == ("id_team.usage", "team", "tokens")
    assert manifest["alerts"]["many"] == {
        "id": "id_many",
        "title": "Many",
        "meter": "tokens",
        "gte": 5,
        "status": "active",
    }
    assert list(manifest["plans"]) == ["team"]


def test_signing_secrets_are_apart_and_secret(small: Path) -> None:
    """Both endpoints of a rotation have their secret in a secret output; the manifest is plain and has none."""
    ran = run(lambda: billing.deploy_catalog(small))
    assert ran.outputs["webhookSecrets"] == {"app": "whsec_made_up", "app~2": "whsec_made_up"}
    assert ran.secrets == {"webhookSecrets"}
    assert "whsec" not in json.dumps(ran.outputs["manifest"])


def test_an_imported_endpoints_secret_is_asked_for_by_name(
    small: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Stripe never shows it again: each endpoint without one is named, with where to write it."""
    monkeypatch.setitem(MADE, "secret", None)
    assert run(lambda: billing.deploy_catalog(small)).outputs["webhookSecrets"] == {}
    asked = [record.getMessage() for record in caplog.records if "webhookSecrets" in record.getMessage()]
    assert [said.partition(":")[0] for said in asked] == [
        "webhookSecrets has no secret of app",
        "webhookSecrets has no secret of app~2",
    ]
    assert "`pulumi config set --secret --path billing:webhookSecrets.app`" in asked[0]


def test_the_stacks_settings_have_what_stripe_does_not_show(
    small: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """They fill in for imported endpoints only, nobody is asked then, and the output stays secret."""
    told = {"billing:webhookSecrets": json.dumps({"app": "whsec_told", "other": "whsec_other"})}
    assert run(lambda: billing.deploy_catalog(small), told).outputs["webhookSecrets"]["app"] == "whsec_made_up"
    monkeypatch.setitem(MADE, "secret", None)
    ran = run(lambda: billing.deploy_catalog(small), told)
    assert (ran.outputs["webhookSecrets"], ran.secrets) == ({"app": "whsec_told"}, {"webhookSecrets"})
    asked = [record.getMessage() for record in caplog.records if "webhookSecrets" in record.getMessage()]
    assert [said.partition(":")[0] for said in asked] == ["webhookSecrets has no secret of app~2"]


def test_secrets_of_another_form_are_refused(small: Path) -> None:
    """One sentence, without what was written."""

    def program() -> None:
        with pytest.raises(InvalidDeclaration, match="takes an object: the signing secrets by their names"):
            billing.deploy_catalog(small)

    assert "webhookSecrets" not in run(program, {"billing:webhookSecrets": '["whsec_x"]'}).outputs


def test_the_stacks_overrides_apply(small: Path) -> None:
    """billing:overrides is merged into the catalog before anything is declared."""
    config = {"billing:overrides": json.dumps({"plans": {"team": {"name": "Dev team"}}, "alerts": {"many": None}})}
    ran = run(lambda: billing.deploy_catalog(small), config)
    assert {one.name: one.inputs for one in ran.resources if one.typ.endswith("Product")}["team"]["name"] == "Dev team"
    assert ran.outputs["manifest"]["alerts"] == {}


@pytest.mark.parametrize(
    ("patch", "sentence"),
    [
        (
            {"plans": {"team": {"rank": "high"}}},
            "billing:overrides of stack dev: plans.team.rank: takes a whole number",
        ),
        ([], "takes an object: a JSON merge patch over the catalog"),
    ],
)
def test_refused_overrides_register_nothing(small: Path, patch: object, sentence: str) -> None:
    """A problem of the overrides is said to be theirs, and no resource is registered."""
    registered = []

    def program() -> None:
        with pytest.raises(InvalidDeclaration) as caught:
            billing.deploy_catalog(small)
        registered.append(str(caught.value))

    assert run(program, {"billing:overrides": json.dumps(patch)}).names == set()
    assert sentence in registered[0]


def test_preview_of_a_new_stack_knows_no_manifest() -> None:
    """Before the first up there are no ids, so the manifest is unknown and nothing is checked against the schema."""
    ran = run(lambda: billing.deploy_catalog(STACKS / "catalog.yaml"), preview=True)
    assert ("billing:index:Plan", "alpaca-ai") in ran.names
