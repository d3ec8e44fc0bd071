"""`billing config`: the same on both engines."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.billing_cli.small_shop import SETTINGS, SmallShop


@pytest.fixture(params=["local", pytest.param("pulumi", marks=pytest.mark.pulumi_cli)])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> SmallShop:
    """The small shop, on each engine."""
    if request.param == "pulumi" and shutil.which("pulumi") is None:
        pytest.skip("pulumi is not on PATH")
    return SmallShop.make(tmp_path / "shop", request.param)


def _text(shop: SmallShop) -> str:
    return shop.settings("dev").read_text(encoding="utf-8")


def test_a_value_is_set_read_and_removed(shop: SmallShop) -> None:
    """A key without a namespace is the project's; every value is text."""
    assert shop.ok("config", "set", "region", "5") == ""
    assert 'shop:region: "5"' in _text(shop)
    assert shop.ok("config", "get", "region") == "5\n"
    assert json.loads(shop.ok("config", "get", "shop:region", "--json")) == {"value": "5", "secret": False}
    assert shop.ok("config", "rm", "region") == ""
    assert "configuration key 'region' not found for stack 'dev'" in shop.refused("config", "get", "region")


def test_a_secret_comes_from_standard_input(shop: SmallShop) -> None:
    """It stands in no command line, and sealed in the file; the list masks it."""
    shop.ok("config", "set", "--secret", "stripe:apiKey", said="sk_test_hush\n")
    assert "hush" not in _text(shop)
    assert shop.ok("config", "get", "stripe:apiKey") == "sk_test_hush\n"
    assert shop.ok("config", "ls").splitlines()[1:] == ["stripe:apiKey  [secret]", "stripe:mode    test"]
    assert json.loads(shop.ok("config", "ls", "--json"))["stripe:apiKey"] == {"secret": True}
    shown = json.loads(shop.ok("config", "ls", "--json", "--show-secrets"))
    assert shown["stripe:apiKey"] == {"value": "sk_test_hush", "secret": True}


def test_paths_reach_into_values(shop: SmallShop) -> None:
    """Maps and lists are made on the way, and their secrets stay secret."""
    shop.ok("config", "set", "--path", "m.z", "4")
    shop.ok("config", "set", "--path", "m.list[0]", "true")
    shop.ok("config", "set", "--path", "m.list[1]", "--secret", said="hush")
    found = {"list": [True, "hush"], "z": 4}
    assert json.loads(shop.ok("config", "get", "m")) == found
    document = json.loads(shop.ok("config", "get", "m", "--json"))
    assert document == {"value": '{"list":[true,"hush"],"z":4}', "objectValue": found, "secret": True}
    assert shop.ok("config", "get", "--path", "m.list[1]") == "hush\n"
    assert shop.ok("config", "ls").splitlines()[1].split(None, 1) == ["m", '{"list":[true,"[secret]"],"z":4}']
    shop.ok("config", "rm", "--path", "m.list")
    assert json.loads(shop.ok("config", "get", "m")) == {"z": 4}


def test_comments_stay(shop: SmallShop) -> None:
    """Setting and removing a value leaves what people wrote about others."""
    shop.ok("config", "set", "stripe:mode", "live")
    shop.ok("config", "set", "new", "x")
    shop.ok("config", "rm", "new")
    assert "# of the account" in _text(shop)
    assert "# never live" in _text(shop)


def test_the_local_engine_changes_no_other_byte(tmp_path: Path) -> None:
    """It is stricter than the CLI, which lays the file out anew."""
    shop = SmallShop.make(tmp_path / "shop", "local")
    shop.ok("config", "set", "stripe:mode", "live")
    assert _text(shop) == SETTINGS.replace(": test", ": live")


def test_another_settings_file(shop: SmallShop) -> None:
    """--config-file is read and written instead."""
    own = shop.directory / "own.yaml"
    own.write_text(SETTINGS, encoding="utf-8")
    shop.ok("config", "set", "a", "x", "--config-file", "own.yaml")
    assert shop.ok("config", "get", "a", "--config-file", str(own)) == "x\n"
    assert "shop:a: x" in own.read_text(encoding="utf-8")
    assert _text(shop) == SETTINGS


def test_a_stack_with_settings_only(shop: SmallShop) -> None:
    """Settings come before the state: they are what makes a stack."""
    shop.settings("new").write_text("config:\n  shop:a: x\n", encoding="utf-8")
    assert shop.ok("config", "get", "a", "--stack", "new") == "x\n"
    shop.ok("config", "set", "--secret", "s", "--stack", "new", said="hush")
    assert shop.ok("config", "get", "s", "--stack", "new") == "hush\n"


def test_a_stack_that_is_not_known(shop: SmallShop) -> None:
    """A typo makes no settings file."""
    for arguments in (("ls",), ("set", "a", "b")):
        assert "no stack named 'nope': this project has dev" in shop.refused("config", *arguments, "--stack", "nope")
    assert not shop.settings("nope").exists()


def test_without_the_passphrase(shop: SmallShop) -> None:
    """Plain values can be read and set; nothing is sealed with a wrong one."""
    assert shop.ok("config", "get", "stripe:mode", PULUMI_CONFIG_PASSPHRASE=None) == "test\n"
    shop.ok("config", "set", "a", "x", PULUMI_CONFIG_PASSPHRASE=None)
    before = _text(shop)
    for passphrase in (None, "wrong"):
        said = shop.refused("config", "set", "--secret", "s", said="hush", PULUMI_CONFIG_PASSPHRASE=passphrase)
        assert "passphrase" in said
        assert "hush" not in said
    assert _text(shop) == before


def test_an_empty_passphrase_is_one(shop: SmallShop) -> None:
    """A variable that is set but empty counts as set."""
    shop.ok("stack", "init", "open", PULUMI_CONFIG_PASSPHRASE="")
    shop.ok("config", "set", "--secret", "s", "--stack", "open", said="hush", PULUMI_CONFIG_PASSPHRASE="")
    assert shop.ok("config", "get", "s", "--stack", "open", PULUMI_CONFIG_PASSPHRASE="") == "hush\n"


def test_a_passphrase_from_a_file(shop: SmallShop) -> None:
    """Spaces around it do not count; a file that is not there is named."""
    file = shop.directory / "passphrase"
    file.write_text("correct horse\n", encoding="utf-8")
    options = {"PULUMI_CONFIG_PASSPHRASE": None, "PULUMI_CONFIG_PASSPHRASE_FILE": str(file)}
    shop.ok("config", "set", "--secret", "s", said="hush", **options)
    assert shop.ok("config", "get", "s") == "hush\n"
    file.unlink()
    assert str(file) in shop.refused("config", "get", "s", **options)


def test_a_key_that_is_none(shop: SmallShop) -> None:
    """It is refused, and the file stays."""
    for key in ("a:b:c", "a["):
        assert shop.refused("config", "set", "--path", "--", key, "x")
    assert _text(shop) == SETTINGS


def test_values_may_begin_with_a_dash(shop: SmallShop) -> None:
    """Behind two dashes nothing is an option."""
    shop.ok("config", "set", "--path", "--", "m.n", "-5")
    assert shop.ok("config", "get", "--path", "m.n") == "-5\n"
