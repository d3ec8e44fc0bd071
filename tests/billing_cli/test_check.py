"""`billing check`: every problem of the catalog, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.billing_cli.conftest import Billing

DEV = "stacks/Pulumi.dev.yaml"
CATALOG = "stacks/catalog.yaml"


def write(shop: Path, path: str, text: str) -> None:
    """Replace a file of the shop."""
    (shop / path).write_text(text, encoding="utf-8")


def spoil(shop: Path, *changes: tuple[str, str]) -> None:
    """Put mistakes into the catalog."""
    text = (shop / CATALOG).read_text(encoding="utf-8")
    for right, wrong in changes:
        assert right in text
        text = text.replace(right, wrong, 1)
    write(shop, CATALOG, text)


def line_of(shop: Path, words: str) -> int:
    """The line of the catalog where something stands."""
    lines = (shop / CATALOG).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def document(billing: Billing, *arguments: str, code: int = 0) -> dict[str, Any]:
    """What `check --json` answers."""
    done = billing("check", "--json", *arguments)
    assert (done.returncode, done.stderr) == (code, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_example_catalog_has_no_problems(billing: Billing) -> None:
    """It is checked as every stack changes it, and the stacks are named."""
    done = billing("check")
    assert done.returncode == 0
    assert done.stdout == f"{CATALOG}: no problems (stacks dev, local, production, staging)\n"


def test_no_problems_as_json(billing: Billing) -> None:
    """The shape that programs rely on."""
    assert document(billing) == {"ok": True, "problems": []}


def test_all_problems_at_once_with_their_lines(billing: Billing, shop: Path) -> None:
    """A float, a wrong name and an unknown plan are three lines, each where an editor finds it."""
    spoil(shop, ("unit_amount: 1200", "unit_amount: 12.00"), ("event_name:", "evnt_name:"), ("rank: 2", "rank: two"))
    done = billing("check")
    assert done.returncode == 1
    said = done.stdout.splitlines()
    amount = line_of(shop, "unit_amount: 12.00")
    assert (
        f"{CATALOG}:{amount}:9: plans.team.prices.monthly.unit_amount: is a whole number in minor units" in done.stdout
    )
    assert any(line.startswith(f"{CATALOG}:{line_of(shop, 'evnt_name')}:5: ") for line in said)
    assert any(line.startswith(f"{CATALOG}:{line_of(shop, 'rank: two')}:5: plans.team.rank: ") for line in said)
    assert said[-1] == f"{CATALOG}: 4 problems"


def test_a_problem_as_json(billing: Billing, shop: Path) -> None:
    """Source, line, column, path and message as ever; then where to mend it, and with what: the golden shape."""
    spoil(shop, ("unit_amount: 1200", "unit_amount: 12.00"))
    assert document(billing, code=1) == {
        "ok": False,
        "problems": [
            {
                "source": CATALOG,
                "line": line_of(shop, "unit_amount: 12.00"),
                "column": 9,
                "path": "plans.team.prices.monthly.unit_amount",
                "message": "is a whole number in minor units: 1200, not 12.00 or '1200'",
                "location": {"file": CATALOG, "line": 57, "column": 9},
                "fix": {
                    "text": "write 1200: the amount in the currency's smallest unit",
                    "line": 57,
                    "column": 22,
                    "end_line": 57,
                    "end_column": 27,
                    "replacement": "1200",
                },
            }
        ],
    }


def test_the_overrides_of_a_stack_are_named_as_the_source(billing: Billing, shop: Path) -> None:
    """What an override breaks is not looked for in the catalog."""
    write(shop, DEV, "config:\n  billing:overrides: {plans: {team: {prices: {monthly: {unit_amount: 1.5}}}}}\n")
    done = billing("check")
    assert done.returncode == 1
    assert "billing:overrides of stack dev: plans.team.prices.monthly.unit_amount: " in done.stdout
    assert done.stdout.startswith(f"{DEV}:2:")
    [problem] = document(billing, code=1)["problems"]
    assert (problem["source"], problem["line"]) == ("billing:overrides of stack dev", None)
    assert problem["location"] == {"file": DEV, "line": 2, "column": 57}


def test_one_stack_is_checked_when_it_is_named(billing: Billing, shop: Path) -> None:
    """The overrides of other stacks do not count then."""
    write(shop, DEV, "config:\n  billing:overrides: {alerts: {tokens-included: {title: 5}}}\n")
    assert billing("check", "--stack", "dev").returncode == 1
    assert billing("check", "--stack", "local").stdout == f"{CATALOG}: no problems (stacks local)\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("config:\n  stripe:mode: test\n bad: [\n", "Pulumi.dev.yaml:3:2: is not valid YAML: "),
        ("- config\n", "Pulumi.dev.yaml must hold a mapping"),
        ("config:\n  billing:overrides: '{'\n", "billing:overrides of stack dev is neither an object nor JSON"),
        ("config:\n  billing:overrides: [1]\n", "billing:overrides of stack dev takes an object"),
    ],
)
def test_settings_that_cannot_be_read(billing: Billing, shop: Path, text: str, says: str) -> None:
    """One sentence with the file, and the line where there is one."""
    write(shop, DEV, text)
    done = billing("check")
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_catalog_elsewhere(billing: Billing, shop: Path, tmp_path: Path) -> None:
    """A file can be named; what is wrong with it is said under that name."""
    other = tmp_path / "other.yaml"
    other.write_text("version: 1\ncurrency: usd\nplans: {a: {nme: A}}\n", encoding="utf-8")
    done = billing("check", str(other), "--stack", "local")
    assert done.returncode == 1
    assert f"{other}:3:" in done.stdout
    assert "did you mean name?" in done.stdout


def test_a_catalog_that_is_not_there(billing: Billing, tmp_path: Path) -> None:
    """Said as any other problem."""
    done = billing("check", str(tmp_path / "nowhere.yaml"))
    assert (done.returncode, "there is no such file" in done.stdout) == (1, True)


def test_check_sends_nothing_and_needs_no_key(billing: Billing) -> None:
    """It works without any Stripe setting."""
    assert billing("check", STRIPE_API_KEY=None, STRIPE_API_BASE="http://127.0.0.1:1").returncode == 0
