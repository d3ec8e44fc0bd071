"""Catalogs are read, checked and told about without Pulumi and gRPC."""

from __future__ import annotations

import subprocess
import sys

import pytest

MODULES = ("loader", "manifest", "models", "schema")


@pytest.mark.parametrize("module", MODULES)
def test_reading_a_catalog_needs_neither_pulumi_nor_grpc(module: str) -> None:
    """In a fresh interpreter, importing the module loads neither of them."""
    code = (
        f"import sys, billing_resources.catalog.{module}\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} & {'pulumi', 'grpc', 'dill'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
