"""A project whose stack `dev` has a small state made by hand, and the `billing` command in it, on either engine."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_engine.passphrase import Crypter
from tests.billing_cli.conftest import COMMAND, Ran
from tests.end_to_end.in_process import run_here

PASSPHRASE = "correct horse"
# A salt made once for the passphrase above: deriving a key takes long on purpose, and this process remembers it.
SALT = "v1:M//D8S3+xtQ=:v1:AmeCMbim509vnJdt:OKxNlkyW2iEe96j8uGcdxkSypN3JYg=="
SEALED = Crypter.open(PASSPHRASE, SALT)
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
TEAM = "urn:pulumi:dev::shop::shop:index:Group::team"
VERSION = "v3.260.0"
SETTINGS = f"encryptionsalt: {SALT}\nconfig:\n  # of the account\n  stripe:mode: test   # never live\n"


@dataclass
class SmallShop:
    """A stack with outputs, one of them secret, and a protected component."""

    directory: Path
    engine: str
    environ: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, directory: Path, engine: str) -> SmallShop:
        """Write the project and its state."""
        shop = cls(directory, engine, _environment(directory, engine))
        (directory / "home").mkdir(parents=True)
        shop.state_file("dev").parent.mkdir(parents=True)
        (directory / "state" / ".pulumi" / "meta.yaml").write_text("version: 1\n", encoding="utf-8")
        (directory / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
        shop.settings("dev").write_text(SETTINGS, encoding="utf-8")
        shop.state_file("dev").write_text(json.dumps(_state()), encoding="utf-8")
        return shop

    def __call__(self, *arguments: str, said: str | None = None, **changes: str | None) -> Ran:
        """Run the command, without a terminal; what is said comes from standard input."""
        environ = {name: value for name, value in {**self.environ, **changes}.items() if value is not None}
        if self.engine == "local":
            return run_here(arguments, cwd=self.directory, environ=environ, given=said or "")
        return subprocess.run(
            [COMMAND, *arguments],
            cwd=self.directory,
            env=environ,
            input=said or "",
            capture_output=True,
            text=True,
            check=False,
        )

    def ok(self, *arguments: str, **options: Any) -> str:
        """Run what must succeed; answers standard output."""
        done = self(*arguments, **options)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *arguments: str, **options: Any) -> str:
        """Run what must be refused; answers what was said, which is no traceback."""
        done = self(*arguments, **options)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    def settings(self, stack: str) -> Path:
        """The settings of a stack."""
        return self.directory / f"Pulumi.{stack}.yaml"

    def state_file(self, stack: str) -> Path:
        """The state of a stack."""
        return self.directory / "state" / ".pulumi" / "stacks" / "shop" / f"{stack}.json"

    def lock(self, stack: str = "dev") -> Path:
        """Leave a lock as the CLI does."""
        path = self.directory / "state/.pulumi/locks/organization/shop" / stack / "left.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            '{"pid": 1, "username": "ada", "hostname": "mill", "timestamp": "2026-01-01T00:00:00Z"}', encoding="utf-8"
        )
        return path


def _environment(directory: Path, engine: str) -> dict[str, str]:
    mine = ("PULUMI_", "STRIPE_", "BILLING_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(mine)}
    return inherited | {
        "BILLING_ENGINE": engine,
        "BILLING_STACK": "dev",
        "PULUMI_HOME": str(directory / "home"),
        "PULUMI_BACKEND_URL": (directory / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def _state() -> dict[str, Any]:
    outputs = {"n": 1, "lines": "a\nb", "o": {"b": [1, "x"], "a": "é"}}
    secret = {**SECRET, "ciphertext": SEALED.encrypt('{"k":1}')}
    latest = {
        "manifest": {
            "time": "2026-01-02T03:04:05.6Z",
            "magic": hashlib.sha256(VERSION.encode()).hexdigest(),
            "version": VERSION,
        },
        "secrets_providers": {"type": "passphrase", "state": {"salt": SALT}},
        "resources": [
            {"urn": STACK, "custom": False, "type": "pulumi:pulumi:Stack", "outputs": {**outputs, "s": secret}},
            {"urn": TEAM, "custom": False, "type": "shop:index:Group", "parent": STACK, "protect": True},
        ],
        "metadata": {},
    }
    return {"version": 3, "checkpoint": {"stack": "organization/shop/dev", "latest": latest}}
