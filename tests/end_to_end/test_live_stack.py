"""A live stack: everything that would go is listed at once, before anything is written, on either engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.live import go_live
from tests.end_to_end.project import Project

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient

ALLOW = "billing config set billing:allowDestructive true --stack local"


@pytest.fixture
def live(provisioned: Project, stripe_emulator: EmulatorClient) -> Project:
    """The provisioned stack, live from now on; a request would go to Stripe itself, and nothing gets out of here."""
    stripe_emulator.clear_requests()
    return go_live(provisioned)


def change(project: Project) -> None:
    """A new amount, a renamed product, and one price less."""
    text = project.catalog.read_text(encoding="utf-8")
    text = text.replace("        unit_amount: 1200\n", "        unit_amount: 1300\n", 1).replace(
        "name: Team\n", "name: Crew\n"
    )
    start, end = text.index("      yearly:"), text.index("      volume:")
    project.catalog.write_text(text[:start] + text[end:], encoding="utf-8")


def ids(project: Project) -> dict[str, str]:
    """The ids in the state by name."""
    return {one["urn"].rpartition("::")[2]: one["id"] for one in project.resources() if "id" in one}


def test_up_lists_all_that_would_go(live: Project) -> None:
    """Removals and replacements with their ids and the way out; harmless changes are not in the list."""
    change(live)
    before, known = live.state_file.read_bytes(), ids(live)
    said = live.refused("up")
    assert "stack local is live, and this would remove or replace what it has:" in said
    assert f"  replace Price team.monthly ({known['team.monthly']})\n" in said
    assert f"  remove Price team.yearly ({known['team.yearly']})\n" in said
    assert said.count("\n  re") == 2
    assert ALLOW in said
    assert live.state_file.read_bytes() == before


def test_destroy_lists_everything(live: Project) -> None:
    """Every object of the stack is named, and stays."""
    before = live.state_file.read_bytes()
    said = live.refused("destroy")
    objects = [one for one in live.resources() if "/stripe:" in one["type"]]
    assert said.count("\n  remove ") == len(objects)
    assert live.state_file.read_bytes() == before


@pytest.mark.parametrize("operation", ["up", "destroy"])
def test_with_the_setting_it_goes_on(live: Project, operation: str) -> None:
    """Then the first request goes out, which nothing here answers; also where the state has the settings of before."""
    change(live)
    live.set(billing__allowDestructive=True)
    assert "Stripe cannot be reached" in live.refused(operation)


def test_a_program_that_fails_is_shown(live: Project) -> None:
    """Where no preview can be made its problems are said, as on any stack."""
    live.catalog.write_text("version: 1\nplan: {}\n", encoding="utf-8")
    assert "did you mean plans?" in live.refused("up")
