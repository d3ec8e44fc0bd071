"""Two revisions of a catalog, read out of git without checking anything out, and without any account."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from billing_cli.errors import CliError
from billing_cli.review.source import of_revisions
from billing_review.steps import Change, Plan, Step
from tests.billing_cli.review.repositories import CATALOG, Repository

SEAT = {
    "product": "team",
    "unit_amount": 1200,
    "recurring": {"interval": "month"},
    "seats": {"mode": "follow"},
    "lookup_key": "team_seat",
    "currency": "usd",
    "limits": {"members": {"included": 5}},
}
LIMITS = {"members": {"included": 5, "per": "period", "overage": "block"}}
PLAN: dict[str, Any] = {
    "product": "team",
    "audience": [],
    "rank": 1,
    "name": "Team",
    "free": False,
    "limits": LIMITS,
    "features": {},
    "prices": ["team.seat"],
}


def between(repository: Repository, base: str, head: str | None = None, stack: str | None = None) -> Change:
    """The change between two revisions, seen from the project's folder."""
    return of_revisions(base, head, str(repository.directory), stack).change


def refused(repository: Repository, base: str, head: str | None = None, stack: str | None = None) -> str:
    """The sentence that says why not."""
    with pytest.raises(CliError) as caught:
        between(repository, base, head, stack)
    return str(caught.value)


def test_a_price_that_changes(repository: Repository) -> None:
    """It is replaced, has both sides, its plan, and the line where it is written now; the others are equal."""
    repository.change("unit_amount: 1200", "unit_amount: 1400\n        trial_days: 7")
    commit = repository.commit("second")
    found = between(repository, "first", "second")
    assert found.find("Price", "team.seat") == Step(
        "Price",
        "team.seat",
        "replace",
        SEAT,
        {**SEAT, "unit_amount": 1400, "trial_days": 7},
        plan="team",
        changed=("trial_days", "unit_amount"),
        replacing=("unit_amount",),
        place="stacks/catalog.yaml:9",
    )
    assert [(one.kind, one.key, one.operation) for one in found.steps] == [
        ("Product", "team", "same"),
        ("Price", "team.seat", "replace"),
        ("WebhookEndpoint", "app", "same"),
    ]
    assert found.plans == (Plan("team", PLAN, PLAN),)
    source = found.source
    assert (source.kind, source.project, source.stack, source.livemode) == ("catalog", "shop", None, None)
    assert source.base == f"first ({repository.git('rev-parse', 'first')[:7]})"
    assert source.head == f"second ({commit[:7]})"


def test_the_working_tree_is_the_head_that_nobody_names(repository: Repository) -> None:
    """What is not committed yet is reviewed before it is."""
    repository.change("rank: 1", "rank: 2")
    found = between(repository, "HEAD")
    assert found.source.head == "the working tree"
    assert found.plans == (Plan("team", PLAN, {**PLAN, "rank": 2}),)


def test_equal_amounts_are_equal(repository: Repository) -> None:
    """Written with decimals, an amount is the same amount, and no customer gets another price."""
    repository.change("unit_amount: 1200", 'unit_amount_decimal: "1200.00"')
    assert {one.operation for one in between(repository, "first").steps} == {"same"}


def test_what_refers_to_a_new_object_changes_with_it(repository: Repository) -> None:
    """A product that leaves its plan is made anew, and so is its price."""
    repository.write(
        "stacks/catalog.yaml",
        CATALOG.replace("plans:", "products:").replace("    rank: 1\n    limits: {members: 5}\n", ""),
    )
    found = between(repository, "first")
    assert {(one.key, one.operation, one.plan) for one in found.steps} == {
        ("team", "replace", None),
        ("team.seat", "replace", None),
        ("app", "same", None),
    }
    seat = found.find("Price", "team.seat")
    assert seat is not None
    assert seat.replacing == ("product",)
    assert found.plans == (Plan("team", PLAN, None),)


def test_a_stack_has_its_overrides_of_that_revision(repository: Repository) -> None:
    """Each side is what the stack would have got then."""
    repository.write("stacks/Pulumi.dev.yaml", "config:\n  billing:overrides: {plans: {team: {name: Dev team}}}\n")
    repository.commit("overridden")
    repository.write(
        "stacks/Pulumi.dev.yaml", 'config:\n  billing:overrides: \'{"plans": {"team": {"name": "Team 2"}}}\'\n'
    )
    names = [
        (one.old or {})["name"] + " → " + (one.new or {})["name"]
        for one in between(repository, "overridden", None, "dev").of("Product")
    ]
    assert names == ["Dev team → Team 2"]
    assert between(repository, "first", "overridden").of("Product")[0].operation == "same"


def test_a_project_below_the_top_of_its_repository(tmp_path: Path) -> None:
    """Paths in git are seen from the top, those of the project from its folder."""
    outer = Repository.make(tmp_path / "mono")
    outer.git("mv", "Pulumi.yaml", "billing.yaml")
    (outer.directory / "services" / "billing").mkdir(parents=True)
    outer.git("mv", "stacks", "services/billing/stacks")
    outer.git("mv", "billing.yaml", "services/billing/Pulumi.yaml")
    outer.commit("moved")
    inner = Repository(outer.directory / "services" / "billing")
    inner.change("rank: 1", "rank: 3")
    found = between(inner, "moved")
    assert found.plans[0].new == {**PLAN, "rank": 3}
    assert found.steps[1].place == "stacks/catalog.yaml:9"


def test_a_catalog_that_is_new(repository: Repository) -> None:
    """Where the base has none, everything comes."""
    repository.git("rm", "--quiet", "stacks/catalog.yaml")
    repository.commit("without")
    assert {one.operation for one in between(repository, "without", "first").steps} == {"create"}
    assert between(repository, "without", "first").plans == (Plan("team", None, PLAN),)


def test_a_catalog_that_goes(repository: Repository) -> None:
    """Where the head has none, everything goes; its lines are those of the base."""
    (repository.directory / "stacks" / "catalog.yaml").unlink()
    found = between(repository, "first")
    assert {(one.key, one.operation, one.place) for one in found.steps} == {
        ("team", "delete", "stacks/catalog.yaml:4"),
        ("team.seat", "delete", "stacks/catalog.yaml:9"),
        ("app", "delete", "stacks/catalog.yaml:15"),
    }
    assert found.plans == (Plan("team", PLAN, None),)


def test_neither_side_has_a_catalog(repository: Repository) -> None:
    """A Python program has none: then a plan is the way."""
    repository.git("rm", "--quiet", "stacks/catalog.yaml")
    repository.commit("without")
    assert refused(repository, "without") == (
        f"neither without ({repository.git('rev-parse', 'without')[:7]}) nor the working tree has stacks/catalog.yaml: "
        "--base compares catalogs, use --plan"
    )


def test_invalid_sides_are_told_with_every_problem(repository: Repository) -> None:
    """Which side it is, and each problem with its line."""
    repository.change("unit_amount: 1200", "unit_amount: 12.00")
    repository.change("rank: 1", "rank: one")
    broken = repository.commit("broken")
    repository.write("stacks/catalog.yaml", "plans: [\n")
    said = refused(repository, "broken").splitlines()
    assert said[0] == f"the catalog of the base, broken ({broken[:7]}), is not valid:"
    assert [line.partition(": ")[0] for line in said[1:3]] == [
        "  stacks/catalog.yaml:6:5",
        "  stacks/catalog.yaml:10:9",
    ]
    assert said[3] == "the catalog of the head, the working tree, is not valid:"
    assert said[4].startswith("  stacks/catalog.yaml:2:1: is not valid YAML")


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("stacks/catalog.yaml", b"name: \xff", "stacks/catalog.yaml: it is not UTF-8 text"),
        ("Pulumi.yaml", b"a: [", "Pulumi.yaml: it is not valid YAML"),
        ("Pulumi.yaml", b"- a", "Pulumi.yaml: it must hold a mapping"),
        (
            "stacks/Pulumi.dev.yaml",
            b"config: {billing:overrides: '{'}",
            "billing:overrides is neither an object nor JSON",
        ),
        ("stacks/Pulumi.dev.yaml", b"config: {billing:overrides: [1]}", "billing:overrides takes an object"),
    ],
)
def test_files_of_a_revision_that_cannot_be_read(repository: Repository, path: str, text: bytes, said: str) -> None:
    """They are problems of that side, named with the file."""
    repository.write(path, text)
    broken = repository.commit("broken")
    repository.git("checkout", "--quiet", "first", "--", ".")
    found = refused(repository, "broken", None, "dev")
    assert found.startswith(f"the catalog of the base, broken ({broken[:7]}), is not valid:\n  ")
    assert said in found


def test_a_revision_that_git_does_not_know(repository: Repository) -> None:
    """It says which option it was."""
    assert refused(repository, "first", "nowhere") == (
        "--head nowhere: git knows no such revision (a branch of the remote is called origin/…): fetch it, or see "
        "`git log --oneline`"
    )


@pytest.mark.parametrize("revision", ["--help", "-n1", "first:stacks", "", "first^{tree}"])
def test_a_revision_that_is_none(repository: Repository, revision: str) -> None:
    """Options and trees are not revisions; nothing is run but the look."""
    assert refused(repository, revision).startswith(f"--base {revision}: git knows no such revision")


def test_a_shallow_clone_without_the_base(repository: Repository, tmp_path: Path) -> None:
    """What CI clones by default lacks the base; it is said how to get it."""
    repository.change("rank: 1", "rank: 2")
    repository.commit("second")
    repository.git("clone", "--quiet", "--depth", "1", repository.directory.as_uri(), str(tmp_path / "shallow"))
    said = refused(Repository(tmp_path / "shallow"), repository.git("rev-parse", "first"))
    assert "this clone is shallow and does not have it" in said
    assert "fetch-depth: 0 in GitHub Actions" in said


def test_no_repository(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A downloaded archive has no history."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    repository.directory.joinpath(".git").rename(tmp_path / "history")
    assert refused(repository, "main") == (
        f"{repository.directory} is in no git repository, and --base reads the catalog out of one: use --plan"
    )


def test_no_git(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slim image has none."""
    monkeypatch.setenv("PATH", str(repository.directory))
    assert refused(repository, "main").startswith("git is not on PATH, and --base reads the catalog out of it")


def test_a_stack_that_neither_side_knows(repository: Repository) -> None:
    """A slip of the pen would otherwise review another catalog."""
    assert "has settings of a stack prod beside stacks/catalog.yaml" in refused(repository, "first", None, "prod")
