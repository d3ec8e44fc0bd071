"""What importing the package costs, and what it offers."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import pytest

import billing_runtime
from billing_runtime import errors

HEAVY = ("pulumi", "grpc", "stripe", "jsonschema", "requests", "click", "rich", "sqlite3")


def test_importing_is_light() -> None:
    """Neither Pulumi nor gRPC may ever be loaded, and Stripe's SDK only when it is needed."""
    program = f"import sys, billing_runtime; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_migrations_are_loaded_only_by_those_who_migrate() -> None:
    """An application that moves nobody pays nothing for it; planning needs the SDK only when it asks Stripe."""
    program = "import sys, billing_runtime; print('billing_runtime.migration' in sys.modules); "
    program += "import billing_runtime.migration; print('stripe' in sys.modules, 'jsonschema' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "False"]


def test_all_is_complete_and_sorted() -> None:
    """Everything public must be listed, in order, and nothing that is not there."""
    modules = {info.name for info in pkgutil.iter_modules(billing_runtime.__path__)}
    public = {name for name in vars(billing_runtime) if not name.startswith("_")} - modules
    assert public == set(billing_runtime.__all__)
    assert billing_runtime.__all__ == sorted(billing_runtime.__all__)


def test_every_error_is_at_the_root() -> None:
    """Users must be able to catch any error with one import."""
    assert set(errors.__all__) <= set(billing_runtime.__all__)


@pytest.mark.parametrize("info", list(pkgutil.walk_packages(billing_runtime.__path__, "billing_runtime.")), ids=str)
def test_every_module_says_what_it_is(info: pkgutil.ModuleInfo) -> None:
    """Each module must open with a docstring."""
    assert importlib.import_module(info.name).__doc__
