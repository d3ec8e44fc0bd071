"""`billing review`: a change in words, from a plan, from two revisions, or from a preview that is run now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import stripe

from tests.billing_cli.review.answers import HEADLINE, SEAT, Review, dearer, seat
from tests.billing_cli.review.repositories import Repository
from tests.billing_review.reading.plans import plan, stack_step, step

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Kept, Project


def test_a_plan_from_a_file_and_from_standard_input(review: Review, tmp_path: Path) -> None:
    """Both are the same review; the key that is not there is no obstacle."""
    (tmp_path / "plan.json").write_text(dearer(), encoding="utf-8")
    from_file = review("--plan", str(tmp_path / "plan.json"))
    assert (from_file.code, from_file.err) == (0, "")
    assert HEADLINE in " ".join(from_file.out.split())
    assert "Nobody looked who is affected" in from_file.out
    assert review("--plan", "-", said=dearer()) == from_file


def test_two_revisions(review: Review, repository: Repository) -> None:
    """The catalog is compared without any account, and every entry knows its line."""
    repository.change("unit_amount: 1200", "unit_amount: 1400")
    commit = repository.commit("second")
    repository.change("unit_amount: 1400", "unit_amount: 1500")
    found = review("--base", "first", "--head", "second", "--json").report
    assert found["source"]["head"] == f"second ({commit[:7]})"
    (entry,) = found["entries"]
    assert HEADLINE in entry["headline"]
    assert entry["place"] == "stacks/catalog.yaml:9"
    assert (
        "12.00 → 15.00 USD a seat and month (+25.0 %)"
        in review("--base", "first", "--json").report["entries"][0]["headline"]
    )
    assert "revisions of a catalog have no ids" in found["counting"]["sentence"]


def test_a_preview_that_is_run_now(provisioned: Project, stripe_emulator: EmulatorClient, tmp_path: Path) -> None:
    """The stack is previewed, who is on the price is counted, and the report is written in one go."""
    client = stripe.StripeClient(stripe_emulator.key, base_addresses={"api": stripe_emulator.url})
    (price,) = client.v1.prices.list({"lookup_keys": ["team_monthly"]}).data
    for quantity in (2, 3):
        customer = client.v1.customers.create().id
        items: Any = [{"price": price.id, "quantity": quantity}]
        client.v1.subscriptions.create(
            {"customer": customer, "items": items, "collection_method": "send_invoice", "days_until_due": 30}
        )
    text = provisioned.catalog.read_text(encoding="utf-8")
    provisioned.catalog.write_text(text.replace("unit_amount: 1200", "unit_amount: 1400", 1), encoding="utf-8")
    out = tmp_path / "review.json"
    done = provisioned.run("review", "--out", str(out), XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    found = json.loads(out.read_text(encoding="utf-8"))
    (entry,) = found["entries"]
    assert "2 active subscriptions (5 seats) stay on the old price" in entry["headline"]
    assert entry["place"].startswith("stacks/catalog.yaml:")
    assert found["counts"]["same"] == 12
    assert found["revenue_touched"] == [{"currency": "usd", "amount": "6000", "text": "60.00 USD"}]
    assert stripe_emulator.key not in done.stderr + out.read_text(encoding="utf-8")
    assert not list(tmp_path.glob(".review*"))


def test_nothing_changes(review: Review) -> None:
    """An empty plan is reviewed as well."""
    answer = review("--plan", "-", said=plan(stack_step()))
    assert answer.code == 0
    assert review("--plan", "-", "--json", said=plan(stack_step())).report["entries"] == []


def test_outside_of_a_project(review: Review, tmp_path: Path) -> None:
    """A plan alone is enough; what the catalog would add is left out."""
    answer = review("--plan", "-", "--json", "--cwd", str(tmp_path), said=dearer())
    assert answer.code == 0
    assert answer.report["entries"][0]["place"] is None


def test_a_plan_beside_its_catalog(review: Review, repository: Repository) -> None:
    """The catalog that the plan was made of gives lines and whole objects; another one is not believed."""
    repository.change("unit_amount: 1200", "unit_amount: 1400")
    text = plan(
        stack_step(), step("create", new=seat(1400) | {"inputs": {**SEAT, "unit_amount": 1400, "product": "team"}})
    )
    limited = text.replace('"currency"', '"limits": {"members": {"included": 5}}, "currency"')
    assert review("--plan", "-", "--json", said=limited).report["entries"][0]["place"] == "stacks/catalog.yaml:9"
    assert review("--plan", "-", "--json", said=text).report["entries"][0]["place"] is None


def test_the_kept_stack_is_reviewed_from_its_plan_as_from_its_preview(
    kept: Kept, provisioned: Project, tmp_path: Path
) -> None:
    """A plan that was written down says what the preview said; what only the state knows is not needed for it."""
    text = provisioned.catalog.read_text(encoding="utf-8")
    provisioned.catalog.write_text(text.replace("up_to: 20,", "up_to: 30,", 1), encoding="utf-8")
    printed = provisioned.run("preview", "--json").stdout
    (tmp_path / "plan.json").write_text(printed, encoding="utf-8")
    one = provisioned.run("review", "--json", "--no-count")
    other = provisioned.billing("review", "--plan", str(tmp_path / "plan.json"), "--json", "--no-count")
    assert (one.returncode, other.returncode) == (0, 0), one.stderr + other.stderr
    assert json.loads(one.stdout) == json.loads(other.stdout)
    assert len(json.loads(one.stdout)["entries"]) == 1
