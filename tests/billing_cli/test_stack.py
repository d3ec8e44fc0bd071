"""`billing stack` and `billing cancel`: the same on both engines."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.billing_cli.small_shop import TEAM, SmallShop

OUTPUTS = {"lines": "a\nb", "n": 1, "o": {"a": "é", "b": [1, "x"]}, "s": "[secret]"}


@pytest.fixture(params=["local", pytest.param("pulumi", marks=pytest.mark.pulumi_cli)])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> SmallShop:
    """The small shop, on each engine."""
    if request.param == "pulumi" and shutil.which("pulumi") is None:
        pytest.skip("pulumi is not on PATH")
    return SmallShop.make(tmp_path / "shop", request.param)


def _names(shop: SmallShop) -> list[str]:
    return [one["name"] for one in json.loads(shop.ok("stack", "ls", "--json"))]


def test_stacks_are_listed(shop: SmallShop) -> None:
    """Name, time and count, as a table and as JSON; no passphrase is needed."""
    [found] = json.loads(shop.ok("stack", "ls", "--json", PULUMI_CONFIG_PASSPHRASE=None))
    found.pop("current")
    assert found == {"name": "dev", "lastUpdate": "2026-01-02T03:04:05.600Z", "resourceCount": 2}
    head, row = shop.ok("stack", "ls", BILLING_STACK=None).splitlines()
    assert head.split("  ")[0].strip() == "NAME"
    assert row.startswith("dev")
    assert row.endswith("2")


def test_outputs_are_printed(shop: SmallShop) -> None:
    """All as a table or as JSON, secrets masked unless they are asked for."""
    assert json.loads(shop.ok("stack", "output", "--json")) == OUTPUTS
    assert json.loads(shop.ok("stack", "output", "--json", "--show-secrets")) == {**OUTPUTS, "s": {"k": 1}}
    assert shop.ok("stack", "output").splitlines() == [
        "Current stack outputs (4):",
        "    OUTPUT  VALUE",
        "    lines   a",
        "            b",
        "    n       1",
        '    o       {"a":"é","b":[1,"x"]}',
        "    s       [secret]",
    ]


def test_one_output_is_printed(shop: SmallShop) -> None:
    """A text is printed as it is, for scripts; everything else as JSON."""
    for arguments, printed in (
        (("lines",), "a\nb\n"),
        (("o",), '{"a":"é","b":[1,"x"]}\n'),
        (("s",), "[secret]\n"),
        (("s", "--show-secrets"), '{"k":1}\n'),
        (("lines", "--json"), '"a\\nb"\n'),
        (("s", "--json", "--show-secrets"), '{\n  "k": 1\n}\n'),
    ):
        assert shop.ok("stack", "output", *arguments) == printed


def test_an_output_that_is_not_there(shop: SmallShop) -> None:
    """It is named."""
    assert "does not have output property 'nope'" in shop.refused("stack", "output", "nope")


def test_a_stack_is_made_and_forgotten(shop: SmallShop) -> None:
    """With its state and its settings, and afterwards without; once only."""
    assert shop("stack", "init", "new").stderr == "Created stack 'new'\n"
    assert _names(shop) == ["dev", "new"]
    assert shop.settings("new").read_text(encoding="utf-8").startswith("encryptionsalt: v1:")
    assert "already exists" in shop.refused("stack", "init", "--stack", "new")
    assert shop.ok("stack", "rm", "new", "--yes") == "Stack 'new' has been removed!\n"
    assert (_names(shop), shop.settings("new").exists()) == (["dev"], False)


def test_a_stack_with_resources_is_forgotten_only_by_force(shop: SmallShop) -> None:
    """The refusal says so; settings can be kept, and the last state is always."""
    text = shop.state_file("dev").read_text(encoding="utf-8")
    assert "'dev' still has resources; removal rejected" in shop.refused("stack", "rm", "--yes")
    shop.ok("stack", "rm", "dev", "--yes", "--force", "--preserve-config")
    assert _names(shop) == []
    assert shop.settings("dev").exists()
    assert shop.state_file("dev").with_name("dev.json.bak").read_text(encoding="utf-8") == text


def test_nothing_is_forgotten_without_a_yes(shop: SmallShop) -> None:
    """There is nobody to ask."""
    assert "pass --yes" in shop.refused("stack", "rm", "--force")
    assert "error: unprotect needs a yes, and" in shop.refused("stack", "unprotect", "--all")
    assert "pass --yes" in shop.refused("cancel")
    assert _names(shop) == ["dev"]


def test_a_stack_is_renamed(shop: SmallShop) -> None:
    """State, settings and URNs have the new name."""
    assert shop.ok("stack", "rename", "prod") == "Renamed dev to prod\n"
    assert shop.settings("prod").exists()
    found = json.loads(shop.state_file("prod").read_text(encoding="utf-8"))["checkpoint"]["latest"]["resources"]
    assert found[1]["urn"] == TEAM.replace(":dev:", ":prod:")
    assert found[1]["parent"] == found[0]["urn"] == "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod"


def test_a_state_goes_out_and_in(shop: SmallShop) -> None:
    """By file or by stream; what lay open is sealed again."""
    opened = shop.ok("stack", "export", "--show-secrets")
    shop.ok("stack", "export", "--file", "sealed.json")
    assert "plaintext" in opened
    assert "plaintext" not in (shop.directory / "sealed.json").read_text(encoding="utf-8")
    assert shop.ok("stack", "import", said=opened) == "Import complete.\n"
    assert "plaintext" not in shop.state_file("dev").read_text(encoding="utf-8")
    assert json.loads(shop.ok("stack", "export", "--show-secrets")) == json.loads(opened)
    assert shop.ok("stack", "import", "--file", "sealed.json") == "Import complete.\n"


@pytest.mark.parametrize("text", ["", "{", '{"version": 5, "deployment": {}}'])
def test_what_is_no_deployment_stays_out(shop: SmallShop, text: str) -> None:
    """The state is as it was."""
    before = shop.state_file("dev").read_bytes()
    assert shop.refused("stack", "import", said=text)
    assert shop.state_file("dev").read_bytes() == before


def test_protection_is_taken_away(shop: SmallShop) -> None:
    """From one or from all; unknown ones are refused."""
    assert "urn:nope" in shop.refused("stack", "unprotect", "urn:nope", "--yes")
    assert '"protect"' in shop.state_file("dev").read_text(encoding="utf-8")
    assert shop.ok("stack", "unprotect", TEAM, "--yes") == "1 resources unprotected\n"
    assert '"protect"' not in shop.state_file("dev").read_text(encoding="utf-8")
    assert shop.ok("stack", "unprotect", "--all", "--yes") == "All resources unprotected\n"


def test_a_resource_is_unprotected_by_its_name(shop: SmallShop) -> None:
    """As the program names it; a name that nothing has is refused."""
    assert "nope" in shop.refused("stack", "unprotect", "team", "nope", "--yes")
    assert '"protect"' in shop.state_file("dev").read_text(encoding="utf-8")
    assert shop.ok("stack", "unprotect", "team", "--yes") == "1 resources unprotected\n"
    assert '"protect"' not in shop.state_file("dev").read_text(encoding="utf-8")


def test_unprotect_wants_to_know_what(shop: SmallShop) -> None:
    """Neither nothing nor both."""
    assert shop("stack", "unprotect", "--yes").returncode == 2
    assert shop("stack", "unprotect", TEAM, "--all", "--yes").returncode == 2


def test_a_locked_stack_is_left_alone(shop: SmallShop) -> None:
    """Whoever holds the lock is named, until `billing cancel`."""
    document, path, before = shop.ok("stack", "export"), shop.lock(), shop.state_file("dev").read_bytes()
    changes = (("rename", "prod"), ("import",), ("unprotect", "--all", "--yes"), ("rm", "--yes", "--force"))
    for arguments in changes:
        assert "created by ada@mill (pid 1)" in shop.refused("stack", *arguments, said=document)
    assert (shop.state_file("dev").read_bytes(), path.exists()) == (before, True)
    shop.ok("cancel", "--yes")
    shop.ok("stack", "rename", "prod")


def test_cancel_answers_json(shop: SmallShop) -> None:
    """The same keys on both engines; the CLI does not tell the count."""
    path = shop.lock()
    found = json.loads(shop.ok("cancel", "--yes", "--json"))
    assert found == {"stack": "dev", "locks": 1 if shop.engine == "local" else None}
    assert not path.exists()


def test_a_stack_that_is_not_known(shop: SmallShop) -> None:
    """One sentence names those that are, and one tells settings without state from nothing at all."""
    for arguments in (("rm", "--yes"), ("output",), ("rename", "x")):
        assert "no stack named 'nope': this project has dev" in shop.refused("stack", *arguments, BILLING_STACK="nope")
    assert "no stack was named: pass --stack" in shop.refused("stack", "output", BILLING_STACK=None)
    shop.settings("bare").write_text("", encoding="utf-8")
    assert "bare has settings and no state yet" in shop.refused("stack", "export", BILLING_STACK="bare")


def test_secrets_need_the_passphrase(shop: SmallShop) -> None:
    """Without it the masked view is there, and the open one is refused without a byte changed."""
    before = shop.state_file("dev").read_bytes()
    assert json.loads(shop.ok("stack", "output", "--json", PULUMI_CONFIG_PASSPHRASE=None)) == OUTPUTS
    for passphrase, arguments in (
        (None, ("output", "--show-secrets")),
        ("wrong", ("export", "--show-secrets")),
        ("wrong", ("unprotect", "--all", "--yes")),
    ):
        assert "passphrase" in shop.refused("stack", *arguments, PULUMI_CONFIG_PASSPHRASE=passphrase)
    assert shop.state_file("dev").read_bytes() == before
