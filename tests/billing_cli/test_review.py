"""`billing review`: a change in words, from a plan, from two revisions, or from a preview that is run now."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import stripe

from tests.billing_cli.in_process import run_here
from tests.billing_cli.review.repositories import Repository
from tests.billing_review.reading.plans import plan, stack_step, state, step

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Kept, Project

SEAT: dict[str, Any] = {
    "product": "prod_team",
    "currency": "usd",
    "unit_amount": 1200,
    "recurring": {"interval": "month"},
    "seats": {"mode": "follow"},
    "lookup_key": "team_seat",
}
HEADLINE = "12.00 → 14.00 USD a seat and month (+16.7 %)"


def seat(amount: int, **more: Any) -> dict[str, Any]:
    """The price of a seat."""
    return state("Price", "team.seat", {**SEAT, "unit_amount": amount}, plan="team", **more)


def dearer(**more: Any) -> str:
    """A plan that makes seats dearer, above the limit of 10 %."""
    old = seat(1200, id="price_old", outputs={"account": "acct_1", "livemode": False})
    return plan(stack_step(), step("replace", old, seat(1400), changes={"unit_amount": "update-replace"}), **more)


@dataclass(frozen=True)
class Answer:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The report, if it is JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found


Review = Callable[..., Answer]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A project in a repository."""
    return Repository.make(tmp_path / "shop")


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Repository) -> Review:
    """Run the command in the project, without a terminal and without a key unless a test gives one."""
    for name in ("STRIPE_API_KEY", "STRIPE_API_BASE", "BILLING_STACK", "BILLING_ENGINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def run(*arguments: str, said: str = "", **environ: str) -> Answer:
        done = run_here(["review", *arguments], cwd=repository.directory, environ={**os.environ, **environ}, given=said)
        return Answer(done.returncode, done.stdout, done.stderr)

    return run


def refused(answer: Answer) -> str:
    """The one sentence of a refusal, which shows nothing else."""
    assert (answer.code, answer.out) == (1, "")
    assert "Traceback" not in answer.err
    return answer.err.removeprefix("error: ").strip()


# --- The three sources


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


# --- What comes out


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


# --- Counting


def test_counting_needs_a_key(review: Review) -> None:
    """Asked for without one it is refused; a key alone is enough to be asked."""
    said = refused(review("--plan", "-", "--count", said=dearer()))
    assert said == "--count needs STRIPE_API_KEY in the environment: a restricted key that may read is enough"


def test_not_counting_says_so(review: Review, stripe_emulator: EmulatorClient) -> None:
    """With --no-count nothing is asked of Stripe although there is a key."""
    answer = review("--plan", "-", "--no-count", "--json", said=dearer(), **_at(stripe_emulator))
    assert answer.report["counting"]["status"] == "not_asked"
    assert answer.report["counting"]["sentence"] == "Nobody looked who is affected: --no-count said so."


def _at(emulator: EmulatorClient, key: str | None = None) -> dict[str, str]:
    return {"STRIPE_API_KEY": key or emulator.key, "STRIPE_API_BASE": emulator.url}


def test_a_key_of_another_account_counts_nobody(review: Review, stripe_emulator: EmulatorClient) -> None:
    """Nobody on the price there would be a wrong zero: the report says that nobody could look."""
    found = review("--plan", "-", "--json", said=dearer(), **_at(stripe_emulator)).report
    assert found["counting"]["status"] == "refused"
    assert found["entries"][0]["affected"] is None


def test_a_live_key_is_not_sent_elsewhere(review: Review, stripe_emulator: EmulatorClient) -> None:
    """By default the review goes on without counting; asked for, it is refused. The key is in no message."""
    where = _at(stripe_emulator, "sk_live_veryhidden")
    answer = review("--plan", "-", "--json", said=dearer(), **where)
    assert answer.code == 0
    assert answer.report["counting"]["status"] == "refused"
    said = refused(review("--plan", "-", "--count", said=dearer(), **where))
    assert "veryhidden" not in said + answer.out


# --- Wrong usage, bad input


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
