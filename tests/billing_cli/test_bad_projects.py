"""Projects that cannot be carried out, through `billing`: one sentence each, exit code 1, and no traceback of ours."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.billing_cli.conftest import Billing, Ran

UP = ("up", "--stack", "local", "--engine", "local", "--yes")


def _refused(done: Ran) -> str:
    """Return all that was said by a command that must have failed."""
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "Traceback" not in said
    return said


def _host(shop: Path, text: str, *, executable: bool = True) -> None:
    """Put another host in the place of ours."""
    host = shop / "provider" / "pulumi-resource-pulumi-python"
    host.unlink()
    host.write_text(f"#!{sys.executable}\n{text}")
    host.chmod(0o755 if executable else 0o644)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name: [\n", "is not valid YAML"),
        ("runtime: python\n", "Pulumi.yaml: 'name' must be letters"),
        ("name: shop\nname: shop\nruntime: python\n", "duplicate key"),
        ("name: shop\n", "'runtime' is missing; write `runtime: python`"),
        ("name: shop\nruntime: nodejs\nstackConfigDir: stacks\n", "the runtime 'nodejs'; use the Pulumi CLI"),
        ("name: shop\nruntime: python\nplugins: [x]\n", "'plugins' must hold a mapping"),
    ],
)
def test_a_project_file_that_cannot_be_used(billing: Billing, shop: Path, text: str, why: str) -> None:
    """The file is named, and what is wrong in it."""
    (shop / "Pulumi.yaml").write_text(text)
    assert why in _refused(billing(*UP))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import os; os._exit(7)", "program exited with non-zero exit code: 7"),
        ("import os; os.kill(os.getpid(), 9)", "program was ended by signal 9"),
        ("import pulumi; raise pulumi.RunError('not today')", "not today"),
        ("import pulumi; pulumi.runtime.invoke('aws:x:y', {})", "invokes (aws:x:y); use the Pulumi CLI"),
    ],
)
def test_a_program_that_fails(billing: Billing, shop: Path, text: str, why: str) -> None:
    """The reason is told as the engine found it."""
    (shop / "__main__.py").write_text(text)
    assert why in _refused(billing(*UP))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("print('hello')", "the provider host printed 'hello' instead of its port"),
        ("import sys; sys.exit(5)", "the provider host ended with exit code 5 without printing its port"),
        ("import sys; sys.exit('no luck')", "its last words were: no luck"),
        ("print(1)", "the provider host ended with exit code 0 during Handshake"),
    ],
)
def test_a_host_that_does_not_serve(billing: Billing, shop: Path, text: str, why: str) -> None:
    """What it did instead is told."""
    _host(shop, text)
    assert why in _refused(billing(*UP))


def test_a_host_that_cannot_be_started(billing: Billing, shop: Path) -> None:
    """The path is told, and that it is named in Pulumi.yaml."""
    _host(shop, "", executable=False)
    said = _refused(billing(*UP))
    assert "provider/pulumi-resource-pulumi-python, named in Pulumi.yaml, is not there or not executable" in said
