"""`billing parity`: whether stacks sell the same, from outputs, files, the catalog and accounts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import stripe
from jsonschema import Draft202012Validator

from billing_review.parity.document import schema
from tests.billing_cli.commands_here import Here
from tests.end_to_end.project import Project, environment

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient

Write = Callable[..., str]


@pytest.fixture
def billing(
    shop: Path, stripe_emulator: EmulatorClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Here:
    """The command in the shop, whose stacks have settings and nothing provisioned; no key is set."""
    for name, value in environment(shop, stripe_emulator).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("STRIPE_API_KEY")
    monkeypatch.setenv("BILLING_ENGINE", "local")
    return Here(shop, monkeypatch, capsys)


@pytest.fixture
def manifest(billing: Here, tmp_path: Path) -> Write:
    """Write a stack's manifest into a file, some of its text changed; answers the option that names it."""

    def write(stack: str, *changes: tuple[str, str], name: str = "") -> str:
        text = billing("manifest", "--from-catalog", "--stack", stack).out
        text = text.replace('"account": null', f'"account": "acct_{stack}"')
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / (name or f"{stack}.json")
        path.write_text(text, encoding="utf-8")
        return f"--manifest={stack}={path}"

    return write


def settings(shop: Path, stack: str, text: str) -> None:
    """Add lines to the configuration of a stack."""
    path = shop / "stacks" / f"Pulumi.{stack}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_the_example_sells_the_same_everywhere(billing: Here) -> None:
    """By the catalog, without network and without a key; addresses that overrides declare are each stack's own."""
    said = billing("parity", "dev", "staging", "production", "--from-catalog", STRIPE_API_BASE="http://127.0.0.1:1")
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "dev → staging, by the catalog: equal (13 objects)\nstaging → production, by the catalog: equal (13 objects)\n"
    )


def test_the_catalog_tells_more_than_a_manifest(billing: Here, shop: Path) -> None:
    """The events of an endpoint and the text of a product are compared as well."""
    settings(shop, "dev", "    plans: {team: {description: Other}}\n")
    said = billing("parity", "dev", "staging", "--from-catalog")
    assert said.code == 3
    assert (
        "  Product Team, description: Other in dev, For teams that work on alpacas together. in staging\n" in said.out
    )
    assert "    update   Product team: description\n" in said.out


def test_manifests_from_files(billing: Here, manifest: Write) -> None:
    """A difference ends with 3, in words and with what promoting would do; a file's stack need not be named again."""
    files = (
        manifest("staging"),
        manifest("production", ('"unit_amount_decimal": "1200"', '"unit_amount_decimal": "1400"')),
    )
    said = billing("parity", *files)
    assert (said.code, said.err) == (3, "")
    assert said.out == (
        "staging → production, as provisioned: 1 difference\n"
        "  Team monthly: 12.00 USD in staging, 14.00 USD in production\n"
        "  What staging would change in production: 1 to replace\n"
        "    replace  Price team.monthly: unit_amount\n"
    )


def test_files_need_no_project(billing: Here, manifest: Write, tmp_path: Path) -> None:
    """Manifests are enough; without settings an address is a difference like any other."""
    files = manifest("dev"), manifest("staging")
    elsewhere = Here(tmp_path, billing.monkeypatch, billing.capsys)
    said = elsewhere("parity", *files)
    assert said.code == 3
    assert "Webhook endpoint app, address: https://dev.example.com/stripe in dev" in said.out


def test_the_order_and_the_first(billing: Here, manifest: Write) -> None:
    """Named stacks say the order; each can be compared with the first instead of with the one before."""
    dearer = ('"unit_amount_decimal": "1200"', '"unit_amount_decimal": "1400"')
    files = manifest("production", dearer), manifest("staging", dearer), manifest("dev")
    in_order = billing("parity", "dev", "staging", "production", *files).out
    assert [line for line in in_order.splitlines() if "→" in line] == [
        "dev → staging, as provisioned: 1 difference",
        "staging → production, as provisioned: equal (13 objects)",
    ]
    assert "dev → production, as provisioned: 1 difference" in billing("parity", "dev", *files, "--against-first").out


def test_json_follows_the_published_schema(billing: Here, manifest: Write) -> None:
    """Everything is on standard output; the exit code is the same."""
    said = billing("parity", manifest("dev"), manifest("staging", ('"rank": 2', '"rank": 3')), "--json")
    found = json.loads(said.out)
    assert said.code == 3
    assert list(Draft202012Validator(schema()).iter_errors(found)) == []
    [difference] = found["pairs"][0]["differences"]
    assert (difference["path"], difference["first"], difference["second"]) == ("plans.team.rank", "2", "3")


def test_a_difference_that_is_allowed(billing: Here, shop: Path, manifest: Write) -> None:
    """It is told with its reason, and does not count."""
    entry = '{path: prices.team.monthly.unit_amount, reason: A trial run, until: "2999-12-31"}'
    settings(shop, "staging", f"  billing:allowedDifferences:\n    - {entry}\n")
    files = (
        manifest("staging", ('"unit_amount_decimal": "1200"', '"unit_amount_decimal": "900"')),
        manifest("production"),
    )
    said = billing("parity", *files)
    assert said.code == 0
    assert said.out == (
        "staging → production, as provisioned: equal, 1 allowed\n"
        "  allowed: Team monthly: 9.00 USD in staging, 12.00 USD in production\n"
        "    A trial run (stack staging, until 2999-12-31)\n"
    )


def test_every_problem_at_once(billing: Here, shop: Path, manifest: Write, tmp_path: Path) -> None:
    """Stacks twice, unknown, never provisioned; files cut, newer, of another stack, not there; wrong settings."""
    settings(shop, "staging", "  billing:allowedDifferences: [{path: prices}]\n")
    cut = tmp_path / "cut.json"
    cut.write_text('{"version": 1,\n "plans"', encoding="utf-8")
    newer = manifest("local", ('"version": 1', '"version": 2'))
    other = manifest("staging", name="other.json").replace("staging=", "production=")
    said = billing(
        "parity", "dev", "dev", "staging", "nope", newer, other, f"--manifest=a={cut}", "--manifest=b=nowhere.json"
    )
    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines()[0] == "error: these stacks cannot be compared, 9 problems:"
    assert sorted(line.strip() for line in said.err.splitlines()[1:]) == sorted(
        [
            "stack dev is named twice",
            "stack dev has no manifest yet: run `billing up --stack dev`",
            "Pulumi.staging.yaml: billing:allowedDifferences[0] has no reason: say why this stack is meant to differ",
            "stack staging has no manifest yet: run `billing up --stack staging`",
            (
                "no stack named 'nope': this project has dev, local, production, staging; a new one begins with its "
                "settings, Pulumi.nope.yaml"
            ),
            (
                f"The manifest in {tmp_path}/local.json has version 2, this billing_runtime reads up to 1: "
                "upgrade billing-resources in the application."
            ),
            f"the manifest in {tmp_path}/other.json is of stack staging, not of production",
            f"the manifest {cut} is no JSON (line 2): write it with `billing manifest`",
            "the manifest nowhere.json cannot be read: No such file or directory",
        ]
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("dev",), "dev alone has nothing to be equal to: name two stacks or more, in promotion order"),
        ((), "no stack alone has nothing to be equal to"),
        (("dev", "dev"), "stack dev is named twice"),
        (("--manifest=dev",), "--manifest dev names no stack and file: write --manifest dev=dev.json"),
        (("--manifest=a=x", "--manifest=a=y"), "--manifest names a file for stack a twice"),
        (("dev", "staging", "--from-catalog", "--accounts"), "pass one of them"),
        (("a", "b", "--accounts", "--kind", "Prize"), "--kind Prize is no kind of object: did you mean Price?"),
    ],
)
def test_a_line_that_makes_no_sense(billing: Here, arguments: tuple[str, ...], says: str) -> None:
    """One sentence or several, never a traceback."""
    said = billing("parity", *arguments)
    assert (said.code, said.out) == (1, "")
    assert says in said.err


def test_a_manifest_with_several_faults(billing: Here, manifest: Write) -> None:
    """All of them are told."""
    broken = manifest("dev", ('"rank": 2', '"rank": "two"'), ('"currency": "usd"', '"currency": 5'))
    said = billing("parity", broken, manifest("staging"))
    assert said.code == 1
    assert "plans.team.rank must be of type integer" in said.err
    assert "prices.team.monthly.currency must be of type string" in said.err


def test_a_catalog_that_cannot_be_read(billing: Here, shop: Path) -> None:
    """Its problems are said, with their lines."""
    (shop / "stacks" / "catalog.yaml").write_text("version: 1\nplans: {a: {}}\n", encoding="utf-8")
    said = billing("parity", "dev", "staging", "--from-catalog")
    assert said.code == 1
    assert "plans.a.name: is required" in said.err


ENGINES = ["local", pytest.param("pulumi", marks=pytest.mark.pulumi_cli)]


def require(engine: str) -> None:
    """Skip, visibly, where the Pulumi CLI is needed and not there."""
    if engine == "pulumi" and shutil.which("pulumi") is None:
        pytest.skip("pulumi is not on PATH")


@pytest.mark.parametrize("engine", ENGINES)
def test_outputs_of_either_engine(
    engine: str,
    provisioned: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """What was provisioned is compared with what another stack has in a file; ids are not."""
    require(engine)
    for name, value in provisioned.environ.items():
        monkeypatch.setenv(name, value)
    here = Here(provisioned.directory, monkeypatch, capsys)
    planned = here("manifest", "--from-catalog", "--stack", "dev").out
    (tmp_path / "dev.json").write_text(planned, encoding="utf-8")
    said = here("parity", "local", f"--manifest=dev={tmp_path}/dev.json", "--engine", engine)
    assert (said.code, said.err) == (0, "")
    assert said.out == "local → dev, as provisioned: equal (13 objects)\n"


# Accounts


def client(emulator: EmulatorClient, key: str) -> stripe.StripeClient:
    """Stripe's SDK on one account."""
    return stripe.StripeClient(key, base_addresses={"api": emulator.url}, max_network_retries=0)


@pytest.fixture
def accounts(stripe_emulator: EmulatorClient, monkeypatch: pytest.MonkeyPatch) -> dict[str, stripe.StripeClient]:
    """Two accounts that sell one plan each at 12.00 USD, marked as their stacks', with a key for each stack."""
    found = {}
    for stack in ("dev", "staging"):
        monkeypatch.setenv(f"STRIPE_API_KEY_{stack.upper()}", f"sk_test_{stack}")
        found[stack] = client(stripe_emulator, f"sk_test_{stack}")
        mine = {"billing:stack": f"billing/{stack}"}
        product = found[stack].v1.products.create({"name": "Team", "metadata": {**mine, "billing:key": "team"}})
        found[stack].v1.prices.create(
            {
                "product": product.id,
                "currency": "usd",
                "unit_amount": 1200,
                "recurring": {"interval": "month"},
                "lookup_key": "team_monthly",
                "metadata": {**mine, "billing:key": "team.monthly", "billing:type": "flat"},
            }
        )
    return found


@pytest.fixture
def both(manifest: Write) -> tuple[str, str]:
    """The options that name both stacks' manifests."""
    return manifest("dev"), manifest("staging")


@pytest.mark.usefixtures("accounts")
def test_equal_accounts(billing: Here, both: tuple[str, str]) -> None:
    """What is at Stripe is compared beside the manifests; no key is printed."""
    said = billing("parity", *both, "--accounts")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[1] == "dev → staging, at Stripe: equal (2 objects)"
    assert "sk_test" not in said.out


def test_what_somebody_did_by_hand(billing: Here, both: tuple[str, str], accounts: dict[str, Any]) -> None:
    """A renamed product and one that was made in the Dashboard are differences of the accounts."""
    staging = accounts["staging"]
    staging.v1.products.update(staging.v1.products.list().data[0].id, {"name": "Crew"})
    staging.v1.products.create({"name": "Mug"})
    said = billing("parity", *both, "--accounts", "--json")
    assert said.code == 3
    pairs = json.loads(said.out)["pairs"]
    assert [(pair["compared"], [one["sentence"] for one in pair["differences"]]) for pair in pairs] == [
        ("manifest", []),
        (
            "account",
            [
                "Product Team, name: Team in dev, Crew in staging",
                "Product Mug: in staging, missing in dev",
            ],
        ),
    ]


def test_objects_of_other_stacks_are_left_out(billing: Here, both: tuple[str, str], accounts: dict[str, Any]) -> None:
    """They are counted, and are no difference."""
    mark = {"billing:stack": "billing/local", "billing:key": "mug"}
    accounts["staging"].v1.products.create({"name": "Mug", "metadata": mark})
    said = billing("parity", *both, "--accounts")
    assert said.code == 0
    assert "Note: account of stack staging: left out 1 object of billing/local\n" in said.out


@pytest.mark.usefixtures("accounts")
def test_only_some_kinds(billing: Here, both: tuple[str, str], stripe_emulator: EmulatorClient) -> None:
    """Nothing else is read."""
    stripe_emulator.clear_requests()
    assert billing("parity", *both, "--accounts", "--kind", "Meter").code == 0
    assert stripe_emulator.counts() == {"GET /v1/account": 2, "GET /v1/billing/meters": 2}


@pytest.mark.usefixtures("accounts")
def test_every_problem_of_the_accounts_at_once(
    billing: Here, both: tuple[str, str], manifest: Write, stripe_emulator: EmulatorClient
) -> None:
    """Permissions by object and verb, a key of another account, a stack without a key; nothing is compared."""
    stripe_emulator.restrict("rk_test_dev", {"account": "read", "products": "read", "prices": "none"})
    said = billing(
        "parity",
        *both,
        manifest("production"),
        "--accounts",
        STRIPE_API_KEY_DEV="rk_test_dev",
        STRIPE_API_KEY_STAGING="sk_test_other",
    )
    assert (said.code, said.out) == (1, "")
    told = said.err
    assert "account of stack dev: could not list every price: the API key may not read prices; " in told
    assert "account of stack dev: could not list every meter: the API key may not read meters; " in told
    assert (
        "account of stack staging: the key opens acct_other, but the stack was provisioned in acct_staging: "
        "set STRIPE_API_KEY_STAGING to a key of that account" in told
    )
    assert "no Stripe API key for stack production: set STRIPE_API_KEY_PRODUCTION, or run" in told
    assert "sk_test" not in told
    assert "rk_test" not in told


@pytest.mark.usefixtures("accounts")
def test_a_key_of_the_wrong_mode(billing: Here, both: tuple[str, str]) -> None:
    """The guards of provisioning hold: the mode of the stack, and a live key goes to Stripe alone."""
    said = billing("parity", *both, "--accounts", STRIPE_API_KEY_DEV="sk_live_dev")
    assert said.code == 1
    assert "account of stack dev: the Stripe API key is a live key, but stripe:mode of this stack is test" in said.err


@pytest.mark.parametrize("engine", ENGINES)
def test_a_key_in_the_settings(
    engine: str, billing: Here, both: tuple[str, str], accounts: dict[str, Any], shop: Path
) -> None:
    """What `billing config set --secret stripe:apiKey` keeps is opened, and never printed."""
    require(engine)
    key = ("stripe:apiKey", "sk_test_dev", "--stack", "dev")
    assert billing("config", "set", "--secret", *key, "--engine", "local").code == 0
    said = billing("parity", *both, "--accounts", "--engine", engine, STRIPE_API_KEY_DEV=None)
    assert (said.code, said.err) == (0, "")
    assert "sk_test" not in said.out
