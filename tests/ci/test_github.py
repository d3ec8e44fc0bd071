"""The GitHub workflows, step by step: what is written in them is run, against the emulator and a recorded `gh`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ci.actions_runner import FakeGh, Ran, read_workflow
from tests.ci.conftest import GITHUB, Machine
from tests.ci.expressions import holds
from tests.ci.shop import READ, Shop

pytestmark = pytest.mark.end_to_end

REVIEW = read_workflow(GITHUB / "billing.yml")["jobs"]
DEPLOY = read_workflow(GITHUB / "billing-deploy.yml")["jobs"]
DEARER = ("        unit_amount: 1200\n", "        unit_amount: 2400\n")
LOST = ("        lookup_key: team_yearly\n", "")
"""A change that is worth a look, and one that is worth a stop."""
MARKER = "<!-- billing-review -->\n"
BOT = "github-actions[bot]"
EVERY_STEP = {"Install", "Check", "Preview", "Review", "Comment", "Judge", "Provision", "Compare", "Plan the promotion"}


def event(
    base: str = "", head: str = "", *, fork: bool = False, actor: str = "ada", stack: str = "dev"
) -> dict[str, Any]:
    """What GitHub knows of a pull request."""
    pull = {"number": 7, "base": {"sha": base}, "head": {"sha": head, "repo": {"full_name": "acme/shop"}}}
    if fork:
        pull["head"] = {"sha": head, "repo": {"full_name": "eve/shop"}}
    github = {"repository": "acme/shop", "actor": actor, "token": "ghs_made_up", "event": {"pull_request": pull}}
    return {"github": github, "vars": {"BILLING_REVIEW_STACK": stack}}


@pytest.mark.parametrize(
    ("known", "with_key"),
    [
        (event(), True),
        (event(fork=True), False),
        (event(actor="dependabot[bot]"), False),
        (event(stack=""), False),
    ],
)
def test_exactly_one_review_runs(known: dict[str, Any], with_key: bool) -> None:
    """With a key where one is trusted and set up, without one everywhere else."""
    assert holds(REVIEW["review"]["if"], known) is with_key
    assert holds(REVIEW["review-without-a-key"]["if"], known) is not with_key


def test_a_deployment_has_to_be_switched_on() -> None:
    """Nothing is provisioned before somebody says so; what follows needs what comes before it."""
    assert holds(DEPLOY["dev"]["if"], {"vars": {"BILLING_DEPLOY": "true"}})
    assert not holds(DEPLOY["dev"]["if"], {"vars": {}})
    needs = {name: job.get("needs") for name, job in DEPLOY.items()}
    assert needs == {"dev": None, "staging": "dev", "promotion": "staging", "production": "promotion"}
    environments = [job["environment"] for job in DEPLOY.values()]
    assert environments == ["dev", "staging", "production-review", "production"]


def test_every_step_is_run_by_these_tests() -> None:
    """A step that is new here is one to write a test for."""
    named = {step["name"] for job in (*REVIEW.values(), *DEPLOY.values()) for step in job["steps"] if "run" in step}
    assert named == EVERY_STEP


def test_the_check_annotates(shop: Shop, machine: Machine) -> None:
    """A catalog without problems passes; one with some fails, and each is an annotation of its line."""
    assert machine().run(REVIEW["check"]).is_done
    shop.change("rank: 1", "rank: one")
    shop.commit("A slip of the pen")
    ran = machine().run(REVIEW["check"])
    assert ran.codes == {"Install": 0, "Check": 1}
    assert "::error file=stacks/catalog.yaml,line=37,col=5,title=billing check::plans.team.rank: " in ran.printed


def test_a_change_is_reviewed_and_told(shop: Shop, machine: Machine, gh: FakeGh) -> None:
    """The comment says what becomes dearer and for how many, once; the second run changes it; the key only reads."""
    shop.provision("dev")
    shop.subscribe("dev", seats=4)
    shop.change(*DEARER)
    shop.change(*LOST)
    shop.commit("Dearer")
    shop.emulator.clear_requests()
    known = {**event(), "secrets": shop.secrets("dev")}
    ran = machine(**known).run(REVIEW["review"])
    assert ran.codes == {"Install": 0, "Preview": 0, "Review": 0, "Comment": 0, "Judge": 3}, ran.printed
    assert shop.emulator.count(method="POST", path="/v1/*") == 0
    listing, posting = gh.calls()
    assert listing[0][:3] == ["api", "--paginate", "repos/acme/shop/issues/7/comments"]
    assert posting[0][:5] == ["api", "--silent", "--method", "POST", "repos/acme/shop/issues/7/comments"]
    assert posting[2] == "ghs_made_up"
    (comment,) = posting[1]
    assert comment.startswith(MARKER)
    for words in ("12.00", "24.00", "+100.0 %", "4 seats"):
        assert words in comment
    assert comment == ran.summary
    assert (shop.folder / "artifacts" / "billing-review" / "review.html").stat().st_size > 1000
    assert "::error title=billing review::" in ran.printed
    said = comment + ran.printed
    assert not [value for value in (READ.format(stack="dev"), "passphrase of", "ghs_") if value in said]


def test_the_comment_is_changed_in_place(shop: Shop, machine: Machine, gh: FakeGh) -> None:
    """Its own comment is found among others, also where somebody else wrote the same mark."""
    shop.provision("dev")
    gh.say(
        [
            {"id": 1, "user": {"login": "ada"}, "body": f"{MARKER}mine"},
            {"id": 2, "user": {"login": BOT}, "body": f"> {MARKER}"},
            {"id": 3, "user": {"login": BOT}, "body": f"{MARKER}the last one"},
            {"id": 4, "user": {"login": BOT}, "body": "another"},
        ]
    )
    ran = machine(**event(), secrets=shop.secrets("dev")).run(REVIEW["review"])
    assert ran.is_done, ran.printed
    changing = gh.calls()[-1]
    assert changing[0][:5] == ["api", "--silent", "--method", "PATCH", "repos/acme/shop/issues/comments/3"]
    assert changing[1][0].startswith(MARKER)


def test_a_fork_is_reviewed_without_any_key(shop: Shop, machine: Machine, gh: FakeGh) -> None:
    """Base and head are compared as catalogs; the report is in the summary, and nobody was asked for anything."""
    base = shop.git("rev-parse", "HEAD").strip()
    shop.change(*DEARER)
    shop.change(*LOST)
    head = shop.commit("Dearer")
    ran = machine(**event(base, head, fork=True)).run(REVIEW["review-without-a-key"])
    assert ran.codes == {"Install": 0, "Review": 3}, ran.printed
    assert "12.00" in ran.summary
    assert "24.00" in ran.summary
    assert set(ran.environments["Review"]) == {"BASE", "HEAD"}
    assert (gh.calls(), shop.emulator.count(path="/v1/*")) == ([], 0)


@pytest.mark.timeout(900)  # seven jobs, each on a machine of its own
def test_a_deployment_from_dev_to_production(shop: Shop, machine: Machine) -> None:
    """Each environment is provisioned with its own key, and equal to those before it; a change is told first."""
    first = {name: deployed(name, shop, machine) for name in DEPLOY}
    for stack in ("dev", "staging", "production"):
        assert len(shop.client(stack).v1.prices.list({"active": True}).data) == 3
    assert "stack production has no manifest yet" in first["promotion"].printed
    shop.change(*DEARER)
    shop.commit("Dearer")
    (shop.folder / "artifacts").rename(shop.folder / "artifacts-before")
    second = {name: deployed(name, shop, machine) for name in ("dev", "staging", "promotion")}
    assert "24.00 USD" in second["promotion"].summary
    amounts = [monthly(shop, stack) for stack in ("dev", "staging", "production")]
    assert amounts == [2400, 2400, 1200]
    assert "passphrase of" not in second["promotion"].printed


def deployed(name: str, shop: Shop, machine: Machine) -> Ran:
    """Run a job with the secrets of its environment."""
    stack = "production" if name == "promotion" else name
    ran = machine(secrets=shop.secrets(stack)).run(DEPLOY[name])
    assert ran.is_done, ran.printed
    return ran


def monthly(shop: Shop, stack: str) -> int | None:
    """What the monthly price is in a stack's account."""
    return shop.client(stack).v1.prices.list({"lookup_keys": ["team_monthly"]}).data[0].unit_amount
