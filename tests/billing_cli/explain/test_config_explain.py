"""`billing config explain`: settings as a whole, from files and the environment alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.billing_cli.explain.explaining import Explain
from tests.billing_cli.small_shop import SmallShop

SEALED = "{secure: v1:aaaa:bbbb}"


def test_the_example_is_sound(explain: Explain) -> None:
    """All stacks, with what the live one lacks as a warning."""
    said = explain()
    assert (said.code, said.err) == (0, "")
    assert [line for line in said.out.splitlines() if line.startswith("Stack ")] == [
        "Stack dev (stacks/Pulumi.dev.yaml)",
        "Stack local (stacks/Pulumi.local.yaml)",
        "Stack production (stacks/Pulumi.production.yaml)",
        "Stack staging (stacks/Pulumi.staging.yaml)",
    ]
    assert said.out.count("problem: ") == 0
    assert said.out.count("warning: stripe:account is not set, and the stack is live") == 1


def test_each_setting_with_its_origin(explain: Explain) -> None:
    """Default, project file, stack file, environment: the later ones win."""
    explain.project("config:\n  stripe:rateLimit: {value: 5}\n  stripe:account: acct_1\n")
    shown = explain.document(
        "stripe:mode: test\nstripe:account: acct_2\nstripe:apiBase: http://127.0.0.1:1",
        STRIPE_API_BASE="http://127.0.0.1:2",
    )["settings"]
    told = {one["key"]: (one["value"], one["origin"], one["where"]) for one in shown}
    assert told["stripe:apiVersion"] == (None, "default", "2026-10-28.endive")
    assert told["stripe:rateLimit"] == (5, "project", "Pulumi.yaml:13")
    assert told["stripe:account"] == ("acct_2", "stack", "stacks/Pulumi.dev.yaml:3")
    assert told["stripe:apiBase"] == ("http://127.0.0.1:2", "environment", "STRIPE_API_BASE")


def test_text_for_people(explain: Explain) -> None:
    """A table, then the catalog, then what is to be said, each with its line."""
    explain.write(
        "dev",
        "stripe:mode: test\nstripe:acount: acct_1\n"
        "billing:overrides: {plans: {team: {prices: {monthly: {unit_amount: 900}, yearly: null}}}}",
    )
    lines = explain("--stack", "dev").out.splitlines()
    assert lines[0] == "Stack dev (stacks/Pulumi.dev.yaml)"
    assert lines[1].split() == ["SETTING", "VALUE", "FROM"]
    assert "  stripe:mode                 test" in lines[2]
    assert lines[2].endswith("stacks/Pulumi.dev.yaml:2")
    assert lines[-4:] == [
        "  stacks/catalog.yaml: 12 objects; the stack has 2 entries of it otherwise",
        "    plans.team.prices.monthly.unit_amount: 900 instead of 1200",
        "    plans.team.prices.yearly: not here",
        "  stacks/Pulumi.dev.yaml:3: problem: stripe:acount is no setting: did you mean stripe:account?",
    ]


@pytest.mark.parametrize("config", [f"stripe:apiKey: {SEALED}", "stripe:apiKey: sk_test_hush", "shop:hook: whsec_hush"])
def test_secrets_are_masked(explain: Explain, config: str) -> None:
    """Sealed or in plain text, in a setting of ours or in another."""
    for arguments in ((), ("--json",)):
        said = explain("--stack", "dev", *arguments, config=config, STRIPE_API_KEY="rk_test_hush")
        assert "hush" not in said.out + said.err
        assert "v1:aaaa" not in said.out
        assert "[secret]" in said.out


def test_the_mode_of_the_key_in_the_environment_is_told(explain: Explain) -> None:
    """It is the only thing of a key that is."""
    shown = explain.document("stripe:mode: test", STRIPE_API_KEY="sk_test_hush")["settings"]
    key = next(one for one in shown if one["key"] == "stripe:apiKey")
    assert key == {
        "key": "stripe:apiKey",
        "value": "[secret] (test key)",
        "secret": True,
        "origin": "environment",
        "where": "STRIPE_API_KEY",
    }


def test_one_key_cannot_be_every_stacks(explain: Explain) -> None:
    """Asked about all stacks, a key of another mode is only noted."""
    said = explain(STRIPE_API_KEY="sk_test_x")
    assert said.code == 0
    assert said.out.count("note: stripe:apiKey is a test key, but stripe:mode is live: use a live key") == 1


def test_json_is_golden(explain: Explain) -> None:
    """Every key that programs rely on."""
    explain.write("dev", "stripe:mode: test\nbilling:overrides: {alerts: null, plans: {team: {badge: New}}}")
    found = json.loads(explain("--stack", "dev", "--json").out)
    [stack] = found.pop("stacks")
    assert found == {"version": 1, "ok": True}
    assert {name: stack[name] for name in ("stack", "file", "findings")} == {
        "stack": "dev",
        "file": "stacks/Pulumi.dev.yaml",
        "findings": [],
    }
    assert stack["settings"][0] == {
        "key": "stripe:mode",
        "value": "test",
        "secret": False,
        "origin": "stack",
        "where": "stacks/Pulumi.dev.yaml:2",
    }
    assert stack["catalog"]["file"] == "stacks/catalog.yaml"
    assert stack["catalog"]["objects"][:2] == ["products.free", "products.team"]
    assert stack["catalog"]["overrides"][1] == {
        "path": "plans.team.badge",
        "does": "changes",
        "shared": "Popular",
        "here": "New",
    }


def test_a_catalog_with_problems_of_its_own(explain: Explain, tmp_path: Path) -> None:
    """Settings are explained all the same."""
    (tmp_path / "shop" / "stacks" / "catalog.yaml").write_text("version: 1\nplan: {}\n", encoding="utf-8")
    assert explain.findings("stripe:mode: test") == [
        "note: billing:overrides cannot be told whole: stacks/catalog.yaml has problems of its own, see `billing check`"
    ]


def test_files_that_cannot_be_read(explain: Explain) -> None:
    """Both stacks' are told at once, with their lines."""
    explain.write("dev", "a: [\n")
    explain.write("staging", "b: }\n")
    said = explain()
    assert (said.code, said.out) == (1, "")
    assert "Pulumi.dev.yaml:3:1: is not valid YAML" in said.err
    assert "Pulumi.staging.yaml:2:6: is not valid YAML" in said.err


def test_a_stack_that_is_not_known(explain: Explain) -> None:
    """It is refused with the stacks that are."""
    said = explain("--stack", "nope")
    assert said.code == 1
    assert "no stack named 'nope': this project has dev, local, production, staging" in said.err


@pytest.mark.parametrize("engine", ["local", pytest.param("pulumi", marks=pytest.mark.pulumi_cli)])
def test_on_either_engine(engine: str, tmp_path: Path) -> None:
    """A project whose state was made by either is explained alike, without passphrase and without a catalog."""
    if engine == "pulumi" and shutil.which("pulumi") is None:
        pytest.skip("pulumi is not on PATH")
    shop = SmallShop.make(tmp_path / "shop", engine)
    shop.ok("config", "set", "--secret", "shop:token", "hush")
    said = shop.ok("config", "explain", PULUMI_CONFIG_PASSPHRASE=None)
    assert "shop:token" in said
    assert "[secret]" in said
