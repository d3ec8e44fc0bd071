"""A project in a repository, and the review of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.billing_cli.review.answers import Answer, Review
from tests.billing_cli.review.repositories import Repository
from tests.end_to_end.in_process import run_here


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A project in a repository."""
    return Repository.make(tmp_path / "shop")


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Repository) -> Review:
    """Run the command in the project, without a terminal and without a key unless a test gives one."""
    for name in ("STRIPE_API_KEY", "STRIPE_API_BASE", "BILLING_STACK", "BILLING_ENGINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def run(*arguments: str, said: str = "", **environ: str) -> Answer:
        done = run_here(["review", *arguments], cwd=repository.directory, environ={**os.environ, **environ}, given=said)
        return Answer(done.returncode, done.stdout, done.stderr)

    return run
