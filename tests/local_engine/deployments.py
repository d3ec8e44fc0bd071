"""A state file made by hand: everything in it that a command for stacks has to look after."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from local_engine.passphrase import Crypter
from local_engine.values import SECRET_MARK, SIGNATURE
from tests.local_engine.stage import PASSPHRASE, SALT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local_engine.stage import Stage

CRYPTER = Crypter.open(PASSPHRASE, SALT)
VERSION = "v3.260.0"
THING = "pulumi-python:dynamic/billing:Thing"
BASE = "urn:pulumi:dev::toy::"
STACK = f"{BASE}pulumi:pulumi:Stack::toy-dev"
PROVIDER = f"{BASE}pulumi:providers:pulumi-python::default"
REFERENCE = f"{PROVIDER}::0f0f"
A, B, PENDING = (f"{BASE}{THING}::{name}" for name in ("a", "b", "c"))


def sealed(plain: str) -> dict[str, str]:
    """A secret as the state keeps it."""
    return {SIGNATURE: SECRET_MARK, "ciphertext": CRYPTER.encrypt(plain)}


def deployment() -> dict[str, Any]:
    """A stack with outputs, a provider, a secret, a protected resource with every kind of link, and one half made."""
    linked = {"parent": STACK, "dependencies": [A], "provider": REFERENCE, "propertyDependencies": {"label": [A]}}
    return {
        "manifest": {"time": "2026-01-02T03:04:05.6Z", "magic": magic(VERSION), "version": VERSION},
        "secrets_providers": {"type": "passphrase", "state": {"salt": SALT}},
        "resources": [
            {"urn": STACK, "custom": False, "type": "pulumi:pulumi:Stack", "outputs": {"n": 1, "s": sealed('{"k":1}')}},
            {"urn": PROVIDER, "custom": True, "id": "0f0f", "type": "pulumi:providers:pulumi-python"},
            {"urn": A, "custom": True, "id": "1", "type": THING, "inputs": {"k": sealed('"hush"')}, "parent": STACK},
            {"urn": B, "custom": True, "id": "2", "type": THING, "protect": True, **linked, "deletedWith": A},
        ],
        "pending_operations": [
            {"resource": {"urn": PENDING, "custom": True, "type": THING, **linked, "aliases": [A]}, "type": "creating"}
        ],
        "metadata": {},
    }


def magic(version: str) -> str:
    """What proves that nobody edited the file."""
    return hashlib.sha256(version.encode()).hexdigest()


def checkpoint(latest: dict[str, Any], version: Any = 3) -> str:
    """A state file's text."""
    content = {"version": version, "checkpoint": {"stack": "organization/toy/dev", "latest": latest}}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def provisioned(stage: Stage) -> Stage:
    """The stage with this state, some history, and a backup."""
    text = checkpoint(deployment())
    stage.state_file.write_text(text)
    root = stage.state_directory / ".pulumi"
    for path in ("history/toy/dev/dev-17.history.json", "history/toy/dev/dev-17.checkpoint.json"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("{}")
    backup = root / "backups" / "toy" / "dev" / "dev.17.json"
    backup.parent.mkdir(parents=True)
    backup.write_text(text)
    return stage


def tree(directory: Path) -> dict[str, bytes]:
    """Every file below a directory, but for locks, with its content."""
    files = (path for path in directory.rglob("*") if path.is_file())
    return {str(path.relative_to(directory)): path.read_bytes() for path in files}
