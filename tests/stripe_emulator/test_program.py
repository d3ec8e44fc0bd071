"""The emulator as a program, before it has begun."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import stripe_emulator

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_AIOHTTP = "import sys; sys.modules['aiohttp'] = None; "


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run some code in a Python of its own."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)


def test_missing_extra_is_named_in_one_sentence() -> None:
    """Without the web server's package the program says what to install, and ends."""
    start = "import runpy; runpy.run_module('stripe_emulator', run_name='__main__')"
    done = python(WITHOUT_AIOHTTP + start)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "stripe_emulator: needs aiohttp: pip install 'billing-resources[emulator]'\n"


def test_another_emulator_can_be_steered_without_the_extra() -> None:
    """The client needs nothing but Python."""
    done = python(WITHOUT_AIOHTTP + "import stripe_emulator; print(stripe_emulator.EmulatorClient('http://a').key)")
    assert (done.returncode, done.stdout) == (0, "sk_test_emulator\n")


def test_unknown_name_is_an_attribute_error() -> None:
    """Loading the server late hides no mistake."""
    with pytest.raises(AttributeError, match="'stripe_emulator' has no attribute 'server_of_tea'"):
        _ = stripe_emulator.server_of_tea


OTHERS = "click rich jinja2 cryptography pulumi grpc pydantic jsonschema requests stripe billing_cli billing_resources"


def test_extra_is_all_that_is_needed() -> None:
    """Without the other extras' packages, and without the package's own other rooms, an emulator answers."""
    blocked = f"import sys; sys.modules.update(dict.fromkeys({OTHERS.split()!r})); "
    ask = (
        "import urllib.request, stripe_emulator\n"
        "with stripe_emulator.Emulator() as emulator:\n"
        "    print(urllib.request.urlopen(emulator.url + '/_emulator/health').status)"
    )
    done = python(blocked + ask)
    assert (done.returncode, done.stdout) == (0, "200\n"), done.stderr
