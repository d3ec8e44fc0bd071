"""Wrong usage and bad input of `billing review` are one sentence each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.billing_cli.review.answers import Review, dearer, refused
from tests.billing_cli.review.repositories import Repository


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--plan", "p", "--base", "b"], "--plan and --base are two sources"),
        (["--head", "b"], "--head needs --base"),
        (["--plan", "p", "--refresh"], "--refresh is for a preview that is run now"),
        (["--base", "b", "--count"], "--count needs a plan"),
        (["--base", "b", "--json", "--format", "md"], "--json and --format say different things"),
    ],
)
def test_wrong_usage(review: Review, arguments: list[str], said: str) -> None:
    """2, and what does not go together."""
    answer = review(*arguments)
    assert answer.code == 2
    assert said in answer.err


def test_bad_plans_are_one_sentence(review: Review, tmp_path: Path) -> None:
    """The file is named, and so is the way to a better one."""
    (tmp_path / "plan.json").write_text(dearer()[:100], encoding="utf-8")
    path = str(tmp_path / "plan.json")
    assert refused(review("--plan", path)).startswith(f"{path} is cut off in line 1: write it with")
    assert refused(review("--plan", "-", said="")).startswith("standard input is empty:")
    assert refused(review("--plan", "nowhere.json")) == (
        "there is no file nowhere.json: write a plan with `pulumi preview --json > nowhere.json`"
    )
    assert refused(review("--plan", str(tmp_path))) == f"{tmp_path} cannot be read: Is a directory"


def test_bad_revisions_are_one_sentence(review: Review, repository: Repository) -> None:
    """Which option it is, and both sides' problems where the catalogs are bad."""
    assert refused(review("--base", "nowhere")).startswith("--base nowhere: git knows no such revision")
    repository.change("rank: 1", "rank: one")
    said = refused(review("--base", "first"))
    assert said.startswith("the catalog of the head, the working tree, is not valid:\n  stacks/catalog.yaml:6:5: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.billing.review]\nfoo = 1\n", "foo: is no setting of a review"),
        ("[tool.billing]\nreview = 1\n", "pyproject.toml: review of tool.billing.review takes a table"),
        ("[tool", "pyproject.toml: is not valid TOML"),
    ],
)
def test_bad_settings_are_told(review: Review, repository: Repository, text: str, said: str) -> None:
    """Before anything is counted or written."""
    repository.write("pyproject.toml", text)
    assert said in refused(review("--plan", "-", said=dearer()))


def test_a_stack_is_needed_for_a_preview(review: Review) -> None:
    """Without a plan and without revisions, a stack is what is reviewed."""
    assert refused(review()).startswith("no stack was named: pass --stack or set BILLING_STACK")
