"""The published parameter list, and what must never be imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from stripe_emulator.objects import ROUTES
from stripe_emulator.parameters import operations

ROOT = Path(__file__).resolve().parents[2]


def test_list_is_what_the_package_says() -> None:
    """Generating the file anew from the installed stripe package changes nothing."""
    command = [sys.executable, str(ROOT / "script" / "generate_parameters.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_listed_operation_is_answered() -> None:
    """No operation is checked that nobody answers, and none answered that nobody checks."""
    answered = {name for routes in ROUTES for name in routes.table}
    assert answered == set(operations())


def test_emulator_loads_without_the_stripe_package() -> None:
    """It shares nothing with the code under test."""
    code = (
        "import sys, stripe_emulator, stripe_emulator.program;"
        "strangers = {'stripe', 'pulumi', 'grpc', 'pydantic', 'billing_resources', 'billing_runtime'};"
        "print(sorted(strangers & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"


def test_page_of_beliefs_is_up_to_date() -> None:
    """docs/emulator.md says what the marks in the tests say."""
    command = [sys.executable, str(ROOT / "script" / "generate_beliefs.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "emulator.md is up to date\n")
