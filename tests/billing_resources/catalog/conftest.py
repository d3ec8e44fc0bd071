"""Catalogs on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from billing_resources.catalog.loader import Catalog, load_catalog
from billing_resources.catalog.problems import InvalidCatalog

Said = Callable[[str], list[str]]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Catalog]:
    """Read a catalog from its text, as ``catalog.yaml``."""
    monkeypatch.chdir(tmp_path)

    def read(text: str, overrides: dict[str, object] | None = None) -> Catalog:
        Path("catalog.yaml").write_text(text, encoding="utf-8")
        return load_catalog("catalog.yaml", overrides, "dev")

    return read


@pytest.fixture
def said(load: Callable[..., Catalog]) -> Said:
    """Every problem that a catalog's text has, as a person reads them."""

    def read(text: str) -> list[str]:
        try:
            load(text)
        except InvalidCatalog as error:
            return error.problems
        return []

    return read
