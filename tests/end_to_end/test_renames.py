"""Resources that get another name in the program: an alias says so, and nothing but their marks is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.everything import ids

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

pytestmark = pytest.mark.end_to_end

PROGRAM = """
import billing_resources as billing
from pulumi import Alias, ResourceOptions


def once(name):
    return ResourceOptions(aliases=[Alias(name=name)])


team = billing.Product("TEAM", name="Team", id="prod_team", opts=once("team"))
tokens = billing.Meter("TOKENS", display_name="Tokens", event_name="tokens", default_aggregation={"formula": "sum"},
                       opts=once("tokens"))
billing.Price("TEAM.monthly", product=team.id, currency="usd", unit_amount=1200, recurring={"interval": "month"},
              lookup_key="team_monthly", default=True, opts=once("team.monthly"))
billing.Alert("SOON", title="Soon", usage_threshold={"meter": tokens.id, "gte": 800}, opts=once("soon"))
billing.Coupon("SUMMER", id="SUMMER", percent_off=25, opts=once("summer"))
billing.export_manifest()
"""
NEW_NAMES = {"TEAM": "crew", "TOKENS": "words", "SOON": "later", '"SUMMER", id': '"winter", id'}
OLD_NAMES = {"TEAM": "team", "TOKENS": "tokens", "SOON": "soon", '"SUMMER", id': '"summer", id'}


def write(project: Project, names: dict[str, str]) -> None:
    """Write the program with these names."""
    text = PROGRAM
    for placeholder, name in names.items():
        text = text.replace(placeholder, name)
    (project.directory / "__main__.py").write_text(text, encoding="utf-8")


def test_renamed_resources_keep_their_objects(project: Project, stripe_emulator: EmulatorClient) -> None:
    """Same ids, new keys in the marks; a meter and an alert have none, so nothing of them is written."""
    write(project, OLD_NAMES)
    project.ok("up")
    before = ids(project)
    write(project, NEW_NAMES)
    stripe_emulator.clear_requests()
    project.ok("up")
    sent = stripe_emulator.requests(method="POST", path="/v*")
    keys = [(set(one["params"]) - {"expand"}, one["params"]["metadata"]["billing:key"]) for one in sent]
    assert sorted(key for _, key in keys) == ["crew", "crew.monthly", "winter"]
    assert all(names == {"metadata"} for names, _ in keys)
    assert set(ids(project).values()) == set(before.values())
    project.ok("preview", "--expect-no-changes")
    project.ok("refresh", "--expect-no-changes")
