"""`billing parity` in a shop whose stacks have settings and nothing provisioned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.billing_cli.commands_here import Here
from tests.billing_cli.parity.options import Write
from tests.end_to_end.project import environment

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient


@pytest.fixture
def here(shop: Path, stripe_emulator: EmulatorClient, monkeypatch: pytest.MonkeyPatch) -> Here:
    """The command in the shop; no key is set."""
    for name, value in environment(shop, stripe_emulator).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("STRIPE_API_KEY")
    monkeypatch.setenv("BILLING_ENGINE", "local")
    return Here(shop)


@pytest.fixture
def manifest(here: Here, tmp_path: Path) -> Write:
    """Write a stack's manifest into a file, some of its text changed; answers the option that names it."""

    def write(stack: str, *changes: tuple[str, str], name: str = "") -> str:
        text = here("manifest", "--from-catalog", "--stack", stack).out
        text = text.replace('"account": null', f'"account": "acct_{stack}"')
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / (name or f"{stack}.json")
        path.write_text(text, encoding="utf-8")
        return f"--manifest={stack}={path}"

    return write
