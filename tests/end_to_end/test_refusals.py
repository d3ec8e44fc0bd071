"""Bad settings and broken files: one clear sentence, and nothing written."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

pytestmark = pytest.mark.end_to_end
ON_ONE = pytest.mark.parametrize("engine", ["local"])  # the host or the command refuses, whichever engine works


@pytest.fixture
def untouched(stripe_emulator: EmulatorClient) -> Iterator[None]:
    """Nothing was written at Stripe by the end of the test."""
    yield
    assert stripe_emulator.count(method="POST", path="/v1/*") == 0


@ON_ONE
@pytest.mark.usefixtures("untouched")
def test_no_key(project: Project) -> None:
    """Without a key nothing starts, and the sentence says where a key goes."""
    assert "set STRIPE_API_KEY" in project.refused("up", STRIPE_API_KEY=None)


@pytest.mark.usefixtures("untouched")
def test_a_live_key_on_a_test_stack(project: Project) -> None:
    """The key's mode must be the stack's."""
    said = project.refused("up", STRIPE_API_KEY="sk_live_emulator")
    assert "live key" in said
    assert "sk_live_emulator" not in said


@ON_ONE
@pytest.mark.usefixtures("untouched")
def test_a_test_key_on_a_live_stack(project: Project) -> None:
    """The reverse is refused as well."""
    project.set(stripe__mode="live")
    assert "is a test key, but stripe:mode of this stack is live" in project.refused("up")


@ON_ONE
@pytest.mark.usefixtures("untouched")
def test_a_live_key_is_sent_to_stripe_only(project: Project) -> None:
    """A live key and a foreign address do not go together."""
    project.set(stripe__mode="live")
    assert "only ever sent to https://api.stripe.com" in project.refused("up", STRIPE_API_KEY="sk_live_emulator")


@ON_ONE
@pytest.mark.usefixtures("untouched")
def test_the_key_of_another_account(project: Project) -> None:
    """The account in the stack's settings is compared with the key's."""
    project.set(stripe__account="acct_other")
    said = project.refused("up")
    assert "the key belongs to acct_emulator, but stripe:account of the stack says acct_other" in said


def test_the_key_of_another_account_after_up(provisioned: Project, stripe_emulator: EmulatorClient) -> None:
    """The account in the state is compared as well: nothing is deleted or changed in the wrong one."""
    stripe_emulator.clear_requests()
    said = provisioned.refused("destroy", STRIPE_API_KEY="sk_test_other")
    assert "the stack's state says acct_emulator" in said
    assert stripe_emulator.count(method="POST", path="/v1/*") + stripe_emulator.count(method="DELETE") == 0


@ON_ONE
@pytest.mark.usefixtures("untouched")
def test_nobody_answers(project: Project) -> None:
    """An address where nobody listens is said once, before anything starts."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert f"nothing answers at {base}" in project.refused("up", STRIPE_API_BASE=base)


@pytest.mark.usefixtures("untouched")
def test_an_unknown_stack(project: Project) -> None:
    """The stacks that exist are named."""
    project.stack = "nowhere"
    assert "no stack named 'nowhere': this project has dev, local, production, staging" in project.refused("up")


@pytest.mark.usefixtures("untouched")
def test_no_passphrase(project: Project) -> None:
    """Without a passphrase no secret could be kept."""
    assert "PULUMI_CONFIG_PASSPHRASE" in project.refused("up", PULUMI_CONFIG_PASSPHRASE=None)


def test_a_wrong_passphrase(provisioned: Project) -> None:
    """Another passphrase does not open the stack, and the state stays as it was."""
    before = provisioned.state_file.read_bytes()
    assert "incorrect passphrase" in provisioned.refused("up", PULUMI_CONFIG_PASSPHRASE="guessed")
    assert provisioned.state_file.read_bytes() == before


def test_a_cut_state_file(provisioned: Project, stripe_emulator: EmulatorClient) -> None:
    """A state file that is no longer whole is refused and not overwritten."""
    cut = provisioned.state_file.read_bytes()[:400]
    provisioned.state_file.write_bytes(cut)
    stripe_emulator.clear_requests()
    provisioned.refused("up")
    assert provisioned.state_file.read_bytes() == cut
    assert stripe_emulator.count(method="POST", path="/v1/*") == 0


@pytest.mark.usefixtures("untouched")
def test_every_problem_of_the_catalog_at_once(project: Project) -> None:
    """A catalog with several mistakes registers nothing and names them all, with their lines."""
    catalog = project.directory / "stacks" / "catalog.yaml"
    text = catalog.read_text(encoding="utf-8")
    catalog.write_text(text.replace("unit_amount: 1200", "unit_amount: 12.00").replace("event_name:", "evnt_name:"))
    said = project.refused("up")
    assert "is a whole number in minor units: 1200, not 12.00" in said
    assert "did you mean event_name?" in said


@pytest.mark.usefixtures("untouched")
def test_a_yes_is_needed_without_a_terminal(project: Project) -> None:
    """Nothing prompts where nobody can answer."""
    done = project.billing("up", "--stack", "local", "--engine", project.engine)
    assert done.returncode == 1
    assert "pass --yes" in done.stderr
