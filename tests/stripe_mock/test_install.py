"""Building stripe-mock: where it can be, and without a word where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stripe_mock import install


@pytest.fixture(autouse=True)
def only_this_on_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nothing is installed, and PATH is a folder without Go."""
    monkeypatch.setattr(install, "is_installed", lambda: False)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_setup_goes_on_without_go(capfd: pytest.CaptureFixture[str]) -> None:
    """The checks say that they are skipped; a contributor without Go is told there, not here."""
    assert install.main() == 0
    assert capfd.readouterr() == ("", "")


def test_setup_goes_on_without_a_network(only_this_on_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What Go said last is repeated in one sentence."""
    go = only_this_on_path / "go"
    go.write_text("#!/bin/sh\necho many words >&2\necho no such host >&2\nexit 1\n", encoding="utf-8")
    go.chmod(0o755)
    assert install.main() == 0
    assert "could not be built (no such host): requests will not be judged by it\n" in capfd.readouterr().err
