"""`billing manifest`: what a stack provisioned, or would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.billing_cli.conftest import Billing
from tests.end_to_end.project import ROOT, Project

SCHEMA = json.loads((ROOT / "billing_resources" / "catalog" / "manifest.schema.json").read_text(encoding="utf-8"))


def planned(billing: Billing, stack: str) -> dict[str, Any]:
    """The manifest of the catalog alone."""
    found: dict[str, Any] = json.loads(billing("manifest", "--from-catalog", "--stack", stack).stdout)
    return found


def test_the_manifest_of_a_provisioned_stack(provisioned: Project) -> None:
    """It is the stack's output, valid by the published schema, and holds no secret."""
    done = provisioned.billing("manifest", "--stack", "local", "--engine", "local")
    assert json.loads(done.stdout) == provisioned.outputs()["manifest"]
    Draft202012Validator(SCHEMA).validate(json.loads(done.stdout))
    assert "whsec_" not in done.stdout


def test_the_manifest_of_the_catalog_alone(billing: Billing) -> None:
    """The same shape, with ids of null; nothing is needed for it."""
    found = planned(billing, "dev")
    Draft202012Validator(SCHEMA).validate(found)
    assert (found["stack"], found["account"]) == ("dev", None)
    assert {price["id"] for price in found["prices"].values()} == {None}


def test_the_catalog_alone_says_what_will_be_provisioned(billing: Billing, provisioned: Project) -> None:
    """Both manifests tell the same of prices, plans and meters, but for the ids."""
    made, plan = provisioned.outputs()["manifest"], planned(billing, "local")
    for part in ("prices", "meters", "alerts"):
        assert {key: {**one, "id": None} for key, one in made[part].items()} == plan[part]
    assert made["plans"] == plan["plans"]


def test_overrides_are_in_it(billing: Billing) -> None:
    """A stack's manifest is that of the catalog as the stack changes it."""
    assert planned(billing, "dev")["webhook_endpoints"]["app"]["url"] == "https://dev.example.com/stripe"
    assert planned(billing, "production")["webhook_endpoints"]["app"]["url"] == "https://app.example.com/stripe"


def test_a_stack_without_a_manifest(billing: Billing) -> None:
    """The sentence says how it gets one."""
    done = billing("manifest", "--stack", "dev")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: stack dev has no manifest yet: run `billing up --stack dev`\n"


def test_a_broken_catalog(billing: Billing, shop: Path) -> None:
    """All its problems are said, and nothing is printed that looks like a manifest."""
    (shop / "stacks" / "catalog.yaml").write_text("version: 1\nplans: {a: {}}\n", encoding="utf-8")
    done = billing("manifest", "--from-catalog", "--stack", "dev")
    assert (done.returncode, done.stdout) == (1, "")
    assert "plans.a" in done.stderr
