"""What `billing config explain` has to say of settings: problems, warnings, notes."""

from __future__ import annotations

import pytest

from tests.billing_cli.explain.explaining import Explain

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
    "billing:webhookSecrets: 5": [
        "problem: billing:webhookSecrets takes an object: the signing secrets by their names"
    ],
    "billing:webhookSecrets: {app: {secure: v1:abc}}": [],
    "billing:webhookSecrets: {app: {secure: v1:abc}, old: whsec_x}": [
        (
            "problem: billing:webhookSecrets has the secret of old in plain text: rotate it, and keep the next one "
            "with `billing config set --secret --path billing:webhookSecrets.old --stack dev`"
        )
    ],
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
