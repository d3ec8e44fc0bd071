"""`billing config explain`: settings as a whole, from files and the environment alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.billing_cli.commands_here import Here, Said
from tests.billing_cli.small_shop import SmallShop
from tests.end_to_end.project import copy_project

NO_WAY = {"PATH": "/nowhere", "PULUMI_BACKEND_URL": "s3://nowhere", "PULUMI_CONFIG_PASSPHRASE": None}
SEALED = "{secure: v1:aaaa:bbbb}"


@pytest.fixture
def explain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Explain:
    """The command in this repository's project, where no engine could work and no variable of ours is set."""
    copy_project(tmp_path / "shop")
    for name in ("STRIPE_API_KEY", "STRIPE_API_BASE", "BILLING_STACK", "BILLING_ALLOW_DESTRUCTIVE"):
        monkeypatch.delenv(name, raising=False)
    return Explain(Here(tmp_path / "shop", monkeypatch, capsys))


class Explain:
    """Explains one stack whose configuration the test writes."""

    def __init__(self, here: Here) -> None:
        self._here = here

    def __call__(self, *arguments: str, config: str | None = None, **environ: str | None) -> Said:
        """Run the command for stack dev."""
        if config is not None:
            self.write("dev", config)
        return self._here("config", "explain", *arguments, **{**NO_WAY, **environ})

    def write(self, stack: str, config: str) -> None:
        """Give a stack this configuration, a setting a line, from the second line on."""
        lines = "".join(f"  {line}\n" for line in config.splitlines())
        (self._here.directory / "stacks" / f"Pulumi.{stack}.yaml").write_text(f"config:\n{lines}", encoding="utf-8")

    def project(self, text: str) -> None:
        """Add lines to the project's file."""
        path = self._here.directory / "Pulumi.yaml"
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    def document(self, config: str | None = None, **environ: str | None) -> dict[str, Any]:
        """What is told of stack dev, as JSON."""
        found = json.loads(self("--stack", "dev", "--json", config=config, **environ).out)
        [stack] = found["stacks"]
        return dict(stack)

    def findings(self, config: str | None = None, **environ: str | None) -> list[str]:
        """What is said of stack dev: how grave, which setting, what."""
        found = self.document(config, **environ)["findings"]
        return [f"{one['severity']}: {one['key']} {one['sentence']}" for one in found]


def test_the_example_is_sound(explain: Explain) -> None:
    """All stacks, with what the live one lacks as a warning."""
    said = explain()
    assert (said.code, said.err) == (0, "")
    assert [line for line in said.out.splitlines() if line.startswith("Stack ")] == [
        "Stack dev (stacks/Pulumi.dev.yaml)",
        "Stack local (stacks/Pulumi.local.yaml)",
        "Stack production (stacks/Pulumi.production.yaml)",
        "Stack staging (stacks/Pulumi.staging.yaml)",
    ]
    assert said.out.count("problem: ") == 0
    assert said.out.count("warning: stripe:account is not set, and the stack is live") == 1


def test_each_setting_with_its_origin(explain: Explain) -> None:
    """Default, project file, stack file, environment: the later ones win."""
    explain.project("config:\n  stripe:rateLimit: {value: 5}\n  stripe:account: acct_1\n")
    shown = explain.document(
        "stripe:mode: test\nstripe:account: acct_2\nstripe:apiBase: http://127.0.0.1:1",
        STRIPE_API_BASE="http://127.0.0.1:2",
    )["settings"]
    told = {one["key"]: (one["value"], one["origin"], one["where"]) for one in shown}
    assert told["stripe:apiVersion"] == (None, "default", "2026-10-28.endive")
    assert told["stripe:rateLimit"] == (5, "project", "Pulumi.yaml:13")
    assert told["stripe:account"] == ("acct_2", "stack", "stacks/Pulumi.dev.yaml:3")
    assert told["stripe:apiBase"] == ("http://127.0.0.1:2", "environment", "STRIPE_API_BASE")


def test_text_for_people(explain: Explain) -> None:
    """A table, then the catalog, then what is to be said, each with its line."""
    explain.write(
        "dev",
        "stripe:mode: test\nstripe:acount: acct_1\n"
        "billing:overrides: {plans: {team: {prices: {monthly: {unit_amount: 900}, yearly: null}}}}",
    )
    lines = explain("--stack", "dev").out.splitlines()
    assert lines[0] == "Stack dev (stacks/Pulumi.dev.yaml)"
    assert lines[1].split() == ["SETTING", "VALUE", "FROM"]
    assert "  stripe:mode                 test" in lines[2]
    assert lines[2].endswith("stacks/Pulumi.dev.yaml:2")
    assert lines[-4:] == [
        "  stacks/catalog.yaml: 12 objects; the stack has 2 entries of it otherwise",
        "    plans.team.prices.monthly.unit_amount: 900 instead of 1200",
        "    plans.team.prices.yearly: not here",
        "  stacks/Pulumi.dev.yaml:3: problem: stripe:acount is no setting: did you mean stripe:account?",
    ]


@pytest.mark.parametrize("config", [f"stripe:apiKey: {SEALED}", "stripe:apiKey: sk_test_hush", "shop:hook: whsec_hush"])
def test_secrets_are_masked(explain: Explain, config: str) -> None:
    """Sealed or in plain text, in a setting of ours or in another."""
    for arguments in ((), ("--json",)):
        said = explain("--stack", "dev", *arguments, config=config, STRIPE_API_KEY="rk_test_hush")
        assert "hush" not in said.out + said.err
        assert "v1:aaaa" not in said.out
        assert "[secret]" in said.out


def test_the_mode_of_the_key_in_the_environment_is_told(explain: Explain) -> None:
    """It is the only thing of a key that is."""
    shown = explain.document("stripe:mode: test", STRIPE_API_KEY="sk_test_hush")["settings"]
    key = next(one for one in shown if one["key"] == "stripe:apiKey")
    assert key == {
        "key": "stripe:apiKey",
        "value": "[secret] (test key)",
        "secret": True,
        "origin": "environment",
        "where": "STRIPE_API_KEY",
    }


STARTS = "sk_test_, sk_live_, rk_test_, rk_live_ or sk_org_"
KEY_WAY = "revoke it, and keep the next one with `billing config set --secret stripe:apiKey --stack dev`"
FINDINGS: dict[str, list[str]] = {
    "stripe:mode: tset": ["problem: stripe:mode must be test or live"],
    "stripe:account: 1234": ["problem: stripe:account must be the id of an account: acct_…"],
    "stripe:rateLimit: 0": ["problem: stripe:rateLimit must be a whole number of requests in a second, from 1 to 9999"],
    "stripe:rateLimit: [1]": [
        "problem: stripe:rateLimit takes a single value",
        "problem: stripe:rateLimit must be a whole number of requests in a second, from 1 to 9999",
    ],
    "stripe:apiVersion: latest": ["problem: stripe:apiVersion must be a version of Stripe's API: 2026-10-28.endive"],
    'stripe:apiVersion: "2024-06-20"': [],
    "stripe:apiBase: localhost:12111": ["problem: stripe:apiBase is no address: it looks like http://127.0.0.1:12111"],
    "billing:allowDestructive: yes please": ["problem: billing:allowDestructive must be true or false"],
    "billing:protect: 5": ["problem: billing:protect must be true or false"],
    "stripe:apiKey: sk_test_x": [f"problem: stripe:apiKey is written in plain text: {KEY_WAY}"],
    "stripe:apiKee: x": ["problem: stripe:apiKee is no setting: did you mean stripe:apiKey?"],
    "billing:overides: {}": ["problem: billing:overides is no setting: did you mean billing:overrides?"],
    "mode: test": ["problem: mode has no namespace: write stripe:mode"],
    "billing:greeting: 1": ["note: billing:greeting means nothing to us: it is the program's own"],
    "aws:region: eu-central-1": [],
    "billing:allowDestructive: true": [
        "note: billing:allowDestructive does nothing here: only live stacks need such a permission"
    ],
    "stripe:mode: live": [
        "warning: stripe:account is not set, and the stack is live: with it no other account is ever touched"
    ],
    "stripe:mode: live\nstripe:account: acct_1\nbilling:allowDestructive: true": [
        (
            "warning: billing:allowDestructive lets this live stack lose objects: when that is done, "
            "`billing config rm billing:allowDestructive --stack dev`"
        )
    ],
    "stripe:mode: live\nstripe:account: acct_1\nstripe:apiBase: http://127.0.0.1:1": [
        "problem: stripe:apiBase leads elsewhere: a live stack talks to https://api.stripe.com alone"
    ],
    "stripe:mode: test\nstripe:apiKey: sk_live_x": [
        f"problem: stripe:apiKey is written in plain text: {KEY_WAY}",
        "problem: stripe:apiKey is a live key, but stripe:mode is test: use a test key",
        "warning: stripe:account is not set, and the stack is live: with it no other account is ever touched",
    ],
    "billing:overrides: 5": [
        "problem: billing:overrides is neither an object nor JSON: it takes a JSON merge patch over the catalog"
    ],
    "billing:overrides: '{\"alerts\": null}'": [],
    "billing:overrides: {plans: {taem: {badge: New}}}": [
        "problem: billing:overrides patches plans.taem, which is not in the catalog: did you mean team?"
    ],
    "billing:overrides: {plans: {team: {prices: {montly: {unit_amount: 5}}}}}": [
        "warning: billing:overrides adds plans.team.prices.montly, which is not in the catalog: did you mean monthly?"
    ],
    "billing:overrides: {plans: {team: {prices: {montly: null}}}}": [
        "problem: billing:overrides plans.team.prices.montly: removes what is not there: did you mean monthly?"
    ],
    "billing:overrides: {plans: {team: {rank: two}}}": [
        "problem: billing:overrides plans.team.rank: takes a whole number"
    ],
    "billing:overrides: {products: {mug: {name: Mug}}}": [
        "note: billing:overrides adds products.mug, which is not in the catalog"
    ],
    "billing:overrides: {plans: {team: {badge: Popular}}}": [
        "note: billing:overrides plans.team.badge: says what the catalog says already"
    ],
    "billing:allowedDifferences: [{path: prices}, {path: plans.taem, reason: x}]": [
        "problem: billing:allowedDifferences [0] has no reason: say why this stack is meant to differ",
        "problem: billing:allowedDifferences allows plans.taem, and there is no such thing, did you mean plans.team?",
    ],
    "billing:allowedDifferences: [{path: prices, reason: x, until: 2020-01-31}]": [
        "warning: billing:allowedDifferences allowed prices until 2020-01-31: that is over"
    ],
    "billing:allowedDifferences: [{object: Price team.monthly, reason: x}]": [],
}


@pytest.mark.parametrize("config", FINDINGS)
def test_what_is_said_of_settings(explain: Explain, config: str) -> None:
    """Each with its gravity; only problems make the command fail."""
    said = explain.findings(config)
    assert said == FINDINGS[config]
    assert explain("--stack", "dev").code == any(one.startswith("problem") for one in said)


def test_all_problems_at_once(explain: Explain) -> None:
    """Every check speaks, each problem with the line of its setting."""
    explain.write("dev", "stripe:mode: tset\nstripe:rateLimit: many\nbilling:overrides: {plans: {taem: {badge: 5}}}")
    found = explain.document()["findings"]
    assert [(one["key"], one["line"]) for one in found] == [
        ("stripe:mode", 2),
        ("stripe:rateLimit", 3),
        ("billing:overrides", 4),
    ]


@pytest.mark.parametrize(
    ("key", "says"),
    [
        (
            "pk_test_x",
            "problem: stripe:apiKey STRIPE_API_KEY must begin with sk_test_, sk_live_, rk_test_, rk_live_ or sk_org_",
        ),
        ("rk_live_x", "problem: stripe:apiKey is a live key, but stripe:mode is test: use a test key"),
    ],
)
def test_the_key_of_the_environment(explain: Explain, key: str, says: str) -> None:
    """It is compared with the one stack that was asked about."""
    assert explain.findings("stripe:mode: test\nstripe:account: acct_1", STRIPE_API_KEY=key) == [says]


def test_one_key_cannot_be_every_stacks(explain: Explain) -> None:
    """Asked about all stacks, a key of another mode is only noted."""
    said = explain(STRIPE_API_KEY="sk_test_x")
    assert said.code == 0
    assert said.out.count("note: stripe:apiKey is a test key, but stripe:mode is live: use a live key") == 1


def test_json_is_golden(explain: Explain) -> None:
    """Every key that programs rely on."""
    explain.write("dev", "stripe:mode: test\nbilling:overrides: {alerts: null, plans: {team: {badge: New}}}")
    found = json.loads(explain("--stack", "dev", "--json").out)
    [stack] = found.pop("stacks")
    assert found == {"version": 1, "ok": True}
    assert {name: stack[name] for name in ("stack", "file", "findings")} == {
        "stack": "dev",
        "file": "stacks/Pulumi.dev.yaml",
        "findings": [],
    }
    assert stack["settings"][0] == {
        "key": "stripe:mode",
        "value": "test",
        "secret": False,
        "origin": "stack",
        "where": "stacks/Pulumi.dev.yaml:2",
    }
    assert stack["catalog"]["file"] == "stacks/catalog.yaml"
    assert stack["catalog"]["objects"][:2] == ["products.free", "products.team"]
    assert stack["catalog"]["overrides"][1] == {
        "path": "plans.team.badge",
        "does": "changes",
        "shared": "Popular",
        "here": "New",
    }


def test_a_catalog_with_problems_of_its_own(explain: Explain, tmp_path: Path) -> None:
    """Settings are explained all the same."""
    (tmp_path / "shop" / "stacks" / "catalog.yaml").write_text("version: 1\nplan: {}\n", encoding="utf-8")
    assert explain.findings("stripe:mode: test") == [
        "note: billing:overrides cannot be told whole: stacks/catalog.yaml has problems of its own, see `billing check`"
    ]


def test_files_that_cannot_be_read(explain: Explain) -> None:
    """Both stacks' are told at once, with their lines."""
    explain.write("dev", "a: [\n")
    explain.write("staging", "b: }\n")
    said = explain()
    assert (said.code, said.out) == (1, "")
    assert "Pulumi.dev.yaml:3:1: is not valid YAML" in said.err
    assert "Pulumi.staging.yaml:2:6: is not valid YAML" in said.err


def test_a_stack_that_is_not_known(explain: Explain) -> None:
    """It is refused with the stacks that are."""
    said = explain("--stack", "nope")
    assert said.code == 1
    assert "no stack named 'nope': this project has dev, local, production, staging" in said.err


@pytest.mark.parametrize("engine", ["local", pytest.param("pulumi", marks=pytest.mark.pulumi_cli)])
def test_on_either_engine(engine: str, tmp_path: Path) -> None:
    """A project whose state was made by either is explained alike, without passphrase and without a catalog."""
    if engine == "pulumi" and shutil.which("pulumi") is None:
        pytest.skip("pulumi is not on PATH")
    shop = SmallShop.make(tmp_path / "shop", engine)
    shop.ok("config", "set", "--secret", "shop:token", "hush")
    said = shop.ok("config", "explain", PULUMI_CONFIG_PASSPHRASE=None)
    assert "shop:token" in said
    assert "[secret]" in said
