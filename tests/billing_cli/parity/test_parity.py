"""`billing parity`: whether stacks sell the same, from outputs, files, the catalog and accounts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from billing_review.parity.document import schema
from tests.billing_cli.commands_here import Here
from tests.billing_cli.parity.options import ENGINES, Write, require
from tests.end_to_end.project import Project


def settings(shop: Path, stack: str, text: str) -> None:
    """Add lines to the configuration of a stack."""
    path = shop / "stacks" / f"Pulumi.{stack}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_the_example_sells_the_same_everywhere(here: Here) -> None:
    """By the catalog, without network and without a key; addresses that overrides declare are each stack's own."""
    said = here("parity", "dev", "staging", "production", "--from-catalog", STRIPE_API_BASE="http://127.0.0.1:1")
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "dev → staging, by the catalog: equal (13 objects)\nstaging → production, by the catalog: equal (13 objects)\n"
    )


def test_the_catalog_tells_more_than_a_manifest(here: Here, shop: Path) -> None:
    """The events of an endpoint and the text of a product are compared as well."""
    settings(shop, "dev", "    plans: {team: {description: Other}}\n")
    said = here("parity", "dev", "staging", "--from-catalog")
    assert said.code == 3
    assert (
        "  Product Team, description: Other in dev, For teams that work on alpacas together. in staging\n" in said.out
    )
    assert "  What dev would change in staging: 1 to update\n    Team: description " in said.out


def test_manifests_from_files(here: Here, manifest: Write) -> None:
    """A difference ends with 3, in words and with what promoting would do; a file's stack need not be named again."""
    files = (
        manifest("staging"),
        manifest("production", ('"unit_amount_decimal": "1200"', '"unit_amount_decimal": "1400"')),
    )
    said = here("parity", *files)
    assert (said.code, said.err) == (3, "")
    assert said.out == (
        "staging → production, as provisioned: 1 difference\n"
        "  Team monthly: 12.00 USD in staging, 14.00 USD in production\n"
        "  What staging would change in production: 1 to replace\n"
        "    Team, monthly seat: 14.00 → 12.00 USD a seat and month (-14.3 %), new price, "
        "lookup key team_monthly moves to it.\n"
    )


def test_files_need_no_project(here: Here, manifest: Write, tmp_path: Path) -> None:
    """Manifests are enough; without settings an address is a difference like any other."""
    files = manifest("dev"), manifest("staging")
    elsewhere = Here(tmp_path)
    said = elsewhere("parity", *files)
    assert said.code == 3
    assert "Webhook endpoint app, address: https://dev.example.com/stripe in dev" in said.out


def test_the_order_and_the_first(here: Here, manifest: Write) -> None:
    """Named stacks say the order; each can be compared with the first instead of with the one before."""
    dearer = ('"unit_amount_decimal": "1200"', '"unit_amount_decimal": "1400"')
    files = manifest("production", dearer), manifest("staging", dearer), manifest("dev")
    in_order = here("parity", "dev", "staging", "production", *files).out
    assert [line for line in in_order.splitlines() if line.startswith(("dev", "staging"))] == [
        "dev → staging, as provisioned: 1 difference",
        "staging → production, as provisioned: equal (13 objects)",
    ]
    assert "dev → production, as provisioned: 1 difference" in here("parity", "dev", *files, "--against-first").out


def test_json_follows_the_published_schema(here: Here, manifest: Write) -> None:
    """Everything is on standard output; the exit code is the same."""
    said = here("parity", manifest("dev"), manifest("staging", ('"rank": 2', '"rank": 3')), "--json")
    found = json.loads(said.out)
    assert said.code == 3
    assert list(Draft202012Validator(schema()).iter_errors(found)) == []
    [difference] = found["pairs"][0]["differences"]
    assert (difference["path"], difference["first"], difference["second"]) == ("plans.team.rank", "2", "3")


def test_a_difference_that_is_allowed(here: Here, shop: Path, manifest: Write) -> None:
    """It is told with its reason, and does not count."""
    entry = '{path: prices.team.monthly.unit_amount, reason: A trial run, until: "2999-12-31"}'
    settings(shop, "staging", f"  billing:allowedDifferences:\n    - {entry}\n")
    files = (
        manifest("staging", ('"unit_amount_decimal": "1200"', '"unit_amount_decimal": "900"')),
        manifest("production"),
    )
    said = here("parity", *files)
    assert said.code == 0
    assert said.out == (
        "staging → production, as provisioned: equal, 1 allowed\n"
        "  allowed: Team monthly: 9.00 USD in staging, 12.00 USD in production\n"
        "    A trial run (stack staging, until 2999-12-31)\n"
    )


def test_every_problem_at_once(here: Here, shop: Path, manifest: Write, tmp_path: Path) -> None:
    """Stacks twice, unknown, never provisioned; files cut, newer, of another stack, not there; wrong settings."""
    settings(shop, "staging", "  billing:allowedDifferences: [{path: prices}]\n")
    cut = tmp_path / "cut.json"
    cut.write_text('{"version": 1,\n "plans"', encoding="utf-8")
    newer = manifest("local", ('"version": 1', '"version": 2'))
    other = manifest("staging", name="other.json").replace("staging=", "production=")
    said = here(
        "parity", "dev", "dev", "staging", "nope", newer, other, f"--manifest=a={cut}", "--manifest=b=nowhere.json"
    )
    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines()[0] == "error: these stacks cannot be compared, 9 problems:"
    assert sorted(line.strip() for line in said.err.splitlines()[1:]) == sorted(
        [
            "stack dev is named twice",
            "stack dev has no manifest yet: run `billing up --stack dev`",
            "Pulumi.staging.yaml: billing:allowedDifferences[0] has no reason: say why this stack is meant to differ",
            "stack staging has no manifest yet: run `billing up --stack staging`",
            (
                "no stack named 'nope': this project has dev, local, production, staging; a new one begins with its "
                "settings, Pulumi.nope.yaml"
            ),
            (
                f"The manifest in {tmp_path}/local.json has version 2, this billing_runtime reads up to 1: "
                "upgrade billing-resources in the application."
            ),
            f"the manifest in {tmp_path}/other.json is of stack staging, not of production",
            f"the manifest {cut} is no JSON (line 2): write it with `billing manifest`",
            "the manifest nowhere.json cannot be read: No such file or directory",
        ]
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("dev",), "dev alone has nothing to be equal to: name two stacks or more, in promotion order"),
        ((), "no stack alone has nothing to be equal to"),
        (("dev", "dev"), "stack dev is named twice"),
        (("--manifest=dev",), "--manifest dev names no stack and file: write --manifest dev=dev.json"),
        (("--manifest=a=x", "--manifest=a=y"), "--manifest names a file for stack a twice"),
        (("dev", "staging", "--from-catalog", "--accounts"), "pass one of them"),
        (("a", "b", "--accounts", "--kind", "Prize"), "--kind Prize is no kind of object: did you mean Price?"),
    ],
)
def test_a_line_that_makes_no_sense(here: Here, arguments: tuple[str, ...], says: str) -> None:
    """One sentence or several, never a traceback."""
    said = here("parity", *arguments)
    assert (said.code, said.out) == (1, "")
    assert says in said.err


def test_a_manifest_with_several_faults(here: Here, manifest: Write) -> None:
    """All of them are told."""
    broken = manifest("dev", ('"rank": 2', '"rank": "two"'), ('"currency": "usd"', '"currency": 5'))
    said = here("parity", broken, manifest("staging"))
    assert said.code == 1
    assert "plans.team.rank must be of type integer" in said.err
    assert "prices.team.monthly.currency must be of type string" in said.err


def test_a_catalog_that_cannot_be_read(here: Here, shop: Path) -> None:
    """Its problems are said, with their lines."""
    (shop / "stacks" / "catalog.yaml").write_text("version: 1\nplans: {a: {}}\n", encoding="utf-8")
    said = here("parity", "dev", "staging", "--from-catalog")
    assert said.code == 1
    assert "plans.a.name: is required" in said.err


@pytest.mark.parametrize("engine", ENGINES)
def test_outputs_of_either_engine(
    engine: str,
    provisioned: Project,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """What was provisioned is compared with what another stack has in a file; ids are not."""
    require(engine)
    for name, value in provisioned.environ.items():
        monkeypatch.setenv(name, value)
    there = Here(provisioned.directory)
    planned = there("manifest", "--from-catalog", "--stack", "dev").out
    (tmp_path / "dev.json").write_text(planned, encoding="utf-8")
    said = there("parity", "local", f"--manifest=dev={tmp_path}/dev.json", "--engine", engine)
    assert (said.code, said.err) == (0, "")
    assert said.out == "local → dev, as provisioned: equal (13 objects)\n"
