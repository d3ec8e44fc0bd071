"""The installed `billing migrate` on a shop whose price has a successor, at the emulator's running clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.billing_cli.conftest import COMMAND, Ran
from tests.billing_runtime.migration.conftest import Shop

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient


@dataclass
class Migrate:
    """The command, without a terminal, in a folder that has the manifest as a file and no project."""

    shop: Shop
    folder: Path

    @classmethod
    def make(cls, emulator: EmulatorClient, folder: Path) -> Migrate:
        """Both prices at Stripe, the manifest on disk."""
        shop = Shop.opened(emulator, folder)
        (folder / "manifest.json").write_text(json.dumps(shop.data), encoding="utf-8")
        return cls(shop, folder)

    def environ(self, **changes: str | None) -> dict[str, str]:
        """Where Stripe is; a change of None takes a variable away."""
        foreign = ("PULUMI_", "STRIPE_", "BILLING_")
        usual: dict[str, str | None] = {
            name: value for name, value in os.environ.items() if not name.startswith(foreign)
        }
        usual |= {"STRIPE_API_KEY": self.shop.emulator.key, "STRIPE_API_BASE": self.shop.emulator.url} | changes
        return {name: value for name, value in usual.items() if value is not None}

    def line(self, *arguments: str) -> list[str]:
        """The command line."""
        return [COMMAND, "migrate", "--manifest", "manifest.json", *arguments]

    def __call__(self, *arguments: str, **changes: str | None) -> Ran:
        """Run it to its end."""
        return subprocess.run(
            self.line(*arguments),
            cwd=self.folder,
            env=self.environ(**changes),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start it, to be killed; it hears Ctrl-C even where these tests run in the background, which do not."""
        hears = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
        command = f"{hears}; from billing_cli.__main__ import main; main()"
        return subprocess.Popen(
            [sys.executable, "-c", command, *self.line(*arguments)[1:]],
            cwd=self.folder,
            env=self.environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def json(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Run it with --json; answers the document."""
        done = self(*arguments, "--json")
        assert done.returncode == code, done.stderr
        document: dict[str, Any] = json.loads(done.stdout)
        return document

    def refused(self, *arguments: str, code: int = 1, **changes: str | None) -> str:
        """Run what must be refused; answers the one sentence, which is no traceback and holds no key."""
        done = self(*arguments, **changes)
        assert (done.returncode, done.stdout) == (code, ""), done.stdout + done.stderr
        assert not [word for word in ("Traceback", "sk_test", "rk_test", "sk_live") if word in done.stderr]
        return done.stderr
