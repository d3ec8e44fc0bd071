"""What is in the wheel is enough: a project is made and provisioned by an installed package, far from its sources."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import stripe

from tests.end_to_end.processes import working_in
from tests.end_to_end.project import ROOT
from tests.end_to_end.wheel import build_wheel, install, make_environment

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient

pytestmark = pytest.mark.end_to_end


def test_an_installed_package_makes_a_project_that_works(tmp_path: Path, stripe_emulator: EmulatorClient) -> None:
    """Templates, schemas and SQL are in the wheel; the new project's environment is the one it was installed into."""
    environment = make_environment(tmp_path / "environment")
    billing = install(build_wheel(tmp_path), environment)
    nothing = {
        name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "STRIPE_", "PYTHON"))
    }
    environ = {**nothing, "HOME": str(tmp_path), "STRIPE_API_BASE": stripe_emulator.url}

    def typed(*arguments: str, cwd: Path) -> str:
        done = subprocess.run(
            [str(billing), *arguments], cwd=cwd, env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    code = "import billing_cli, sys; print(billing_cli.__file__, *sys.path)"
    where = subprocess.run(
        [environment / "bin" / "python", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert where.stdout.startswith(str(environment))
    assert f"{ROOT} " not in where.stdout
    assert f"linked    .venv to {environment}" in typed("init", "shop", "--ci", "gitlab", cwd=tmp_path)
    shop = tmp_path / "shop"
    assert (shop / "provider" / "pulumi-resource-pulumi-python").read_bytes() == (
        ROOT / "provider" / "pulumi-resource-pulumi-python"
    ).read_bytes()
    assert "no problems" in typed("check", cwd=shop)
    typed("up", "--stack", "local", "--engine", "local", "--yes", cwd=shop)
    client = stripe.StripeClient(stripe_emulator.key, base_addresses={"api": stripe_emulator.url})
    assert len(client.v1.prices.list({"active": True}).data) == 3
    assert working_in(shop) == []


USES_THE_FIXTURE = """
import stripe
from stripe_emulator import Emulator


def test_shop(stripe_emulator):
    client = stripe.StripeClient(stripe_emulator.key, base_addresses={"api": stripe_emulator.url})
    client.v1.products.create({"name": "Team"})
    assert stripe_emulator.counts() == {"POST /v1/products": 1}


def test_without_a_socket():
    with Emulator() as emulator:
        client = stripe.StripeClient(emulator.key, http_client=emulator.http_client(stripe))
        assert client.v1.products.list().data == []
"""


def test_an_installed_package_brings_its_pytest_fixtures(tmp_path: Path) -> None:
    """Nobody has to name the plugin: to have installed the package is enough, far from its sources."""
    environment = make_environment(tmp_path / "environment")
    install(build_wheel(tmp_path), environment)
    tests = tmp_path / "shop"
    tests.mkdir()
    (tests / "test_shop.py").write_text(USES_THE_FIXTURE, encoding="utf-8")
    command = [str(environment / "bin" / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tests)]
    done = subprocess.run(command, cwd=tests, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
