"""A stack that points at an emulator of this machine is given what goes without saying; no other stack is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from billing_cli.emulated import is_emulated
from billing_cli.engines.workplace import Workplace

HERE = "http://127.0.0.1:12111"
GIVEN = ("STRIPE_API_KEY", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_BACKEND_URL")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an emulated stack, and an environment that says nothing."""
    for name in (*GIVEN, "PULUMI_CONFIG_PASSPHRASE_FILE", "STRIPE_API_BASE"):
        monkeypatch.setenv(name, "")  # so that it is taken back afterwards
        monkeypatch.delenv(name)
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    settings = f"config:\n  stripe:mode: test\n  stripe:apiBase: {HERE}\n"
    (tmp_path / "Pulumi.local.yaml").write_text(settings, encoding="utf-8")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  stripe:mode: test\n", encoding="utf-8")
    return tmp_path


def find(project: Path, stack: str) -> dict[str, str | None]:
    """What the environment says once a command has found its stack."""
    Workplace.find(str(project), stack, None)
    return {name: os.environ.get(name) for name in GIVEN}


def test_what_is_left_open_is_given(project: Path) -> None:
    """The emulator's key, the passphrase of the template's salt, a place in the project."""
    assert find(project, "local") == {
        "STRIPE_API_KEY": "sk_test_emulator",
        "PULUMI_CONFIG_PASSPHRASE": "local",
        "PULUMI_BACKEND_URL": (project / ".billing" / "state").as_uri(),
    }
    assert (project / ".billing" / "state").is_dir()


def test_what_is_set_stays(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sets something means it; so does Pulumi.yaml."""
    monkeypatch.setenv("STRIPE_API_KEY", "sk_test_mine")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", "/a/file")
    with (project / "Pulumi.yaml").open("a", encoding="utf-8") as file:
        file.write("backend: {url: 'file:///elsewhere'}\n")
    assert find(project, "local") == {
        "STRIPE_API_KEY": "sk_test_mine",
        "PULUMI_CONFIG_PASSPHRASE": None,
        "PULUMI_BACKEND_URL": None,
    }


def test_another_stack_is_given_nothing(project: Path) -> None:
    """Not even a folder is made for it."""
    assert set(find(project, "dev").values()) == {None}
    assert not (project / ".billing").exists()


@pytest.mark.parametrize(
    ("settings", "environ", "is_it"),
    [
        ({"stripe:apiBase": HERE, "stripe:mode": "test"}, {}, True),
        ({"stripe:apiBase": "http://localhost:1", "stripe:mode": "test"}, {"STRIPE_API_BASE": ""}, True),
        ({"stripe:apiBase": HERE, "stripe:mode": "test"}, {"STRIPE_API_BASE": "http://[::1]:1"}, True),
        ({"stripe:apiBase": HERE, "stripe:mode": "test"}, {"STRIPE_API_BASE": "https://api.stripe.com"}, False),
        ({"stripe:mode": "test"}, {"STRIPE_API_BASE": HERE}, False),
        ({"stripe:apiBase": HERE, "stripe:mode": "live"}, {}, False),
        ({"stripe:apiBase": HERE}, {}, False),
        ({"stripe:apiBase": "https://127.0.0.1", "stripe:mode": "test"}, {}, False),
        ({"stripe:apiBase": "http://127.0.0.1.example.com", "stripe:mode": "test"}, {}, False),
        ({"stripe:apiBase": "http://[", "stripe:mode": "test"}, {}, False),
    ],
)
def test_only_the_stacks_own_settings_make_it_one(
    settings: dict[str, str], environ: dict[str, str], is_it: bool
) -> None:
    """Its settings have to say so, in test mode, and nothing may send it elsewhere."""
    assert is_emulated(settings, environ) is is_it
