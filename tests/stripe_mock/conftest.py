"""stripe-mock for tests of the check itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stripe_mock.installed import MISSING, Judge, is_installed, running


@pytest.fixture(scope="session")
def specification() -> None:
    """Skip, visibly, where stripe-mock and its specification are not."""
    if not is_installed():
        pytest.skip(MISSING)


@pytest.fixture(scope="session")
def stripe_mock(specification: None) -> Iterator[Judge]:
    """A stripe-mock that listens."""
    with running() as judge:
        yield judge
