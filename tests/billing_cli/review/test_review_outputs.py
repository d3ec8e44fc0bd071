"""What comes out of `billing review`: its forms, its files, its exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.billing_cli.review.answers import HEADLINE, Review, dearer, refused
from tests.billing_cli.review.repositories import Repository
from tests.billing_review.reading.plans import plan, stack_step, state, step


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [
        (["--format", "md"], "<!-- billing-review -->"),
        (["--format", "html"], "<!doctype html>"),
        (["--format", "json"], "{"),
        (["--json"], "{"),
        (["--format", "term"], "Billing review"),
        ([], "Billing review"),
    ],
)
def test_the_forms(review: Review, arguments: list[str], begins: str) -> None:
    """Each form goes to standard output whole, without a code of colour."""
    answer = review("--plan", "-", *arguments, said=dearer())
    assert answer.code == 0
    assert answer.out.lower().startswith(begins.lower())
    assert "\x1b" not in answer.out
    assert answer.out.endswith("\n")


@pytest.mark.parametrize(
    ("name", "begins"), [("r.md", "<!--"), ("r.html", "<!DOCTYPE"), ("r.json", "{"), ("r", "Bill")]
)
def test_a_file_says_its_form_by_its_name(review: Review, tmp_path: Path, name: str, begins: str) -> None:
    """Nothing is printed then."""
    out = tmp_path / name
    answer = review("--plan", "-", "--out", str(out), said=dearer())
    assert (answer.code, answer.out) == (0, "")
    assert out.read_text(encoding="utf-8").lower().startswith(begins.lower())


def test_a_file_that_cannot_be_written(review: Review, tmp_path: Path) -> None:
    """It is said which; nothing half is left."""
    out = tmp_path / "nowhere" / "r.md"
    assert refused(review("--plan", "-", "--out", str(out), said=dearer())) == (
        f"--out {out} cannot be written: No such file or directory"
    )


def test_findings_fail_what_asks_for_it(review: Review) -> None:
    """3 where something is as bad, or worse; by default nothing fails."""
    for level, code in (("never", 0), ("high", 0), ("medium", 3), ("low", 3)):
        assert review("--plan", "-", "--fail-on", level, said=dearer()).code == code
    assert review("--plan", "-", said=dearer()).code == 0


def test_the_project_says_how_it_is_judged(review: Review, repository: Repository) -> None:
    """Levels and limits stand in pyproject.toml."""
    repository.write("pyproject.toml", "[tool.billing.review]\nprice-increase-percent = 20\n")
    assert review("--plan", "-", "--fail-on", "low", said=dearer()).code == 0
    repository.write("pyproject.toml", '[tool.billing.review.levels]\nprice-increase = "high"\n')
    assert review("--plan", "-", "--fail-on", "high", said=dearer()).code == 3


def test_the_catalog_says_what_does_not_count(review: Review, repository: Repository) -> None:
    """A suppression has a reason and a last day; after it, the finding counts again."""
    repository.change("unit_amount: 1200", "unit_amount: 1400")
    said = "\nreview:\n  suppress:\n    - {rule: price-increase, on: team.seat, reason: Agreed in May, until: %s}\n"
    text = (repository.directory / "stacks" / "catalog.yaml").read_text(encoding="utf-8")
    for until, code in (("2999-12-31", 0), ("2001-01-01", 3)):
        repository.write("stacks/catalog.yaml", text + said % until)
        answer = review("--base", "first", "--json", "--fail-on", "medium")
        assert answer.code == code
        suppressed = [one["suppressed"] for one in answer.report["findings"] if one["rule"] == "price-increase"]
        assert (suppressed == [{"reason": "Agreed in May", "until": until}]) is (code == 0)


def test_a_failed_preview_is_reviewed_as_far_as_it_goes(review: Review) -> None:
    """Its errors are in the report, and no green tick is beside it."""
    said = [{"message": "error: the key is of another mode\n", "severity": "error"}]
    answer = review("--plan", "-", said=dearer(diagnostics=said))
    assert answer.code == 1
    assert "the key is of another mode" in answer.out
    assert HEADLINE in " ".join(answer.out.split())


def test_secrets_of_a_plan_are_in_no_form(review: Review) -> None:
    """Neither Pulumi's envelopes nor keys that somebody wrote into a text."""
    envelope = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:hidden"}
    inputs = {"url": envelope, "enabled_events": ["invoice.paid"], "description": "whsec_abcdef sk_live_abcdef"}
    text = plan(stack_step(), step("create", new=state("WebhookEndpoint", "app", inputs)))
    for form in ("term", "md", "html", "json"):
        out = review("--plan", "-", "--format", form, said=text).out
        assert "app" in out
        assert not any(secret in out for secret in ("hidden", "whsec_abcdef", "sk_live_abcdef", "4dabf18"))
