"""Which project, which stack, which settings, which engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.billing_cli.conftest import Billing, Ran
from tests.end_to_end.project import Project

STACKS = "dev, local, production, staging"


def refused(done: Ran) -> str:
    """The one sentence of a refusal; no engine has shown anything."""
    assert done.returncode == 1
    assert done.stdout in {"", "Engine: local engine\n", "Engine: local engine (pulumi is not on PATH)\n"}
    [line] = done.stderr.splitlines()
    return line


def test_the_stack_must_be_named(billing: Billing) -> None:
    """There is no default; the stacks that exist are told."""
    said = refused(billing("up", "--yes"))
    assert said == f"error: no stack was named: pass --stack or set BILLING_STACK (this project has {STACKS})"


@pytest.mark.parametrize("command", ["preview", "up", "refresh", "destroy", "cancel", "manifest"])
def test_an_unknown_stack(billing: Billing, command: str) -> None:
    """Whatever is asked of it, the stacks that exist are told."""
    yes = () if command in {"preview", "manifest"} else ("--yes",)
    said = refused(billing(command, "--stack", "nowhere", "--engine", "local", *yes))
    assert said.startswith(f"error: no stack named 'nowhere': this project has {STACKS}; ")


def test_the_stack_of_the_environment(billing: Billing) -> None:
    """BILLING_STACK counts where --stack is absent, and --stack counts more."""
    assert "stack dev has" in refused(billing("manifest", "--engine", "local", BILLING_STACK="dev"))
    assert "stack staging has" in refused(
        billing("manifest", "--engine", "local", "--stack", "staging", BILLING_STACK="dev")
    )


def test_a_project_is_found_from_below(billing: Billing, shop: Path) -> None:
    """A folder of the project will do, and so does -C from elsewhere."""
    assert billing("check", cwd=shop / "stacks").returncode == 0
    assert billing("check", "-C", str(shop), cwd=shop.parent).returncode == 0


def test_no_project(billing: Billing, tmp_path: Path) -> None:
    """The folder where it was looked for is told."""
    said = refused(billing("up", "--stack", "dev", cwd=tmp_path))
    assert said == f"error: no Pulumi.yaml in {tmp_path} or above it: run this inside a project, or pass --cwd"


def test_a_settings_file_that_is_not_there(billing: Billing) -> None:
    """A name that is mistyped is not taken for no settings."""
    said = refused(billing("preview", "--stack", "local", "--config-file", "nowhere.yaml"))
    assert said.startswith("error: there is no settings file nowhere.yaml")


def test_settings_from_another_file(provisioned: Project, tmp_path: Path) -> None:
    """--config-file stands for the stack's own settings."""
    other = tmp_path / "other.yaml"
    other.write_text(
        provisioned.settings.read_text(encoding="utf-8")
        + "  billing:overrides: {plans: {team: {prices: {yearly: {unit_amount: 11000}}}}}\n",
        encoding="utf-8",
    )
    assert "unit_amount: 12000 → 11000 (replaces)" in provisioned.ok("preview", "--config-file", str(other))


def test_an_engine_that_does_not_exist(billing: Billing) -> None:
    """The environment's word is checked as the option is."""
    said = refused(billing("up", "--stack", "local", BILLING_ENGINE="terraform"))
    assert said == "error: BILLING_ENGINE is pulumi or local, not 'terraform'"


def test_pulumi_is_asked_for_and_not_there(billing: Billing, tmp_path: Path) -> None:
    """No other engine is taken in its place."""
    said = refused(billing("up", "--stack", "local", "--engine", "pulumi", PATH=str(tmp_path)))
    assert said == "error: pulumi is not on PATH: install the Pulumi CLI, or use --engine local"


def test_the_local_engine_says_why_it_was_taken(billing: Billing) -> None:
    """Without the CLI it works, and tells so."""
    done = billing("preview", "--stack", "local", PATH="/usr/bin:/bin")
    assert done.stdout.startswith("Engine: local engine (pulumi is not on PATH)\n")


@pytest.mark.usefixtures("pulumi")
@pytest.mark.pulumi_cli
def test_pulumi_is_taken_where_it_is(billing: Billing) -> None:
    """The CLI is the engine of choice; BILLING_ENGINE and --engine decide otherwise."""
    assert billing("preview", "--stack", "local").stdout.startswith("Engine: pulumi v")
    assert billing("preview", "--stack", "local", BILLING_ENGINE="local").stdout.startswith("Engine: local engine\n")


@pytest.mark.parametrize("operation", ["up", "refresh", "destroy", "cancel"])
def test_nothing_is_changed_unasked(billing: Billing, operation: str) -> None:
    """Without a terminal and without --yes nothing is done."""
    done = billing(operation, "--stack", "local", "--engine", "local")
    assert done.returncode == 1
    assert "there is no terminal to ask at: pass --yes" in done.stderr


@pytest.mark.parametrize(
    ("base", "says"),
    [
        ("http://127.0.0.1:1", "nothing answers at http://127.0.0.1:1: start the emulator with `billing emulator`"),
        ("localhost:12111", "the base address 'localhost:12111' is none"),
        ("http://localhost:http", "the base address 'http://localhost:http' is none"),
    ],
)
def test_an_address_that_does_not_answer(billing: Billing, base: str, says: str) -> None:
    """It is said once, before an engine starts."""
    assert says in refused(billing("up", "--stack", "local", "--yes", STRIPE_API_BASE=base))


def test_no_key(billing: Billing) -> None:
    """Where a key goes is told before an engine starts."""
    said = refused(billing("up", "--stack", "local", "--yes", STRIPE_API_KEY=None))
    assert "no Stripe API key: set STRIPE_API_KEY in the environment" in said


@pytest.mark.parametrize(
    ("mode", "key", "says"),
    [
        (
            "test",
            "sk_live_shop",
            "is a live key, but stripe:mode of this stack is test: use a test key, or another stack",
        ),
        (
            "live",
            "rk_test_shop",
            "is a test key, but stripe:mode of this stack is live: use a live key, or another stack",
        ),
        ("live", "sk_live_shop", "a live key is only ever sent to https://api.stripe.com, not to http://127.0.0.1: "),
        ("test", "pk_test_shop", "the Stripe API key must begin with sk_test_, sk_live_, rk_test_"),
        ("sandbox", "sk_test_shop", "stripe:mode must be test or live, not 'sandbox'"),
    ],
)
@pytest.mark.parametrize("operation", ["up", "refresh", "destroy"])
def test_a_key_that_does_not_fit(billing: Billing, shop: Path, operation: str, mode: str, key: str, says: str) -> None:
    """It is said once, before an engine starts: neither Stripe nor the state is written to."""
    settings = shop / "stacks" / "Pulumi.dev.yaml"
    settings.write_text(f"config:\n  stripe:mode: {mode}\n", encoding="utf-8")
    said = refused(billing(operation, "--stack", "dev", "--yes", STRIPE_API_KEY=key))
    assert says in said
    assert key not in said
    assert list((shop / "state").iterdir()) == []
