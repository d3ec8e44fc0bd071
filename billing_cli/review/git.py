"""What a repository had in another revision: git is asked, nothing is checked out. https://git-scm.com/docs/git-show"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from billing_cli.errors import UsageRefused


@dataclass(frozen=True)
class Repository:
    """The git repository around a directory."""

    git: str
    directory: Path

    @classmethod
    def around(cls, directory: Path) -> Repository:
        """The repository that the directory is in; refuses where there is none, or no git."""
        git = shutil.which("git")
        if git is None:
            raise UsageRefused("git is not on PATH, and --base reads the catalog out of it: install git, or use --plan")
        found = Repository(git, directory)
        said = found._run("rev-parse", "--is-inside-work-tree")
        if said.returncode != 0:
            raise UsageRefused(_no_repository(directory, said.stderr.decode(errors="replace")))
        return found

    @cached_property
    def prefix(self) -> PurePosixPath:
        """Where the directory is, seen from the top of the repository."""
        return PurePosixPath(os.fsdecode(self._run("rev-parse", "--show-prefix").stdout).rstrip("\n"))

    def commit(self, revision: str, option: str) -> str:
        """The commit that a revision names; ``option`` is how it was given, for the refusal."""
        said = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if said.returncode != 0:
            raise UsageRefused(self._unknown(revision, option))
        return said.stdout.decode().strip()

    def read(self, commit: str, path: str) -> bytes | None:
        """A file of a commit, by its path seen from the directory; None where the commit has none."""
        place = f"{commit}:{self.prefix / path}"
        if self._run("cat-file", "-e", place).returncode != 0:
            return None
        return self._run("cat-file", "blob", place).stdout

    def _unknown(self, revision: str, option: str) -> str:
        if self._run("rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
            return (
                f"{option} {revision}: this clone is shallow and does not have it: check out the whole history "
                "(fetch-depth: 0 in GitHub Actions, GIT_DEPTH: 0 in GitLab), or run `git fetch --unshallow`"
            )
        hint = " (a branch of the remote is called origin/…)" if "/" not in revision else ""
        return f"{option} {revision}: git knows no such revision{hint}: fetch it, or see `git log --oneline`"

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        environ = {**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
        return subprocess.run(  # noqa: S603 - the user's own git, asked to read
            [self.git, *arguments], cwd=self.directory, env=environ, capture_output=True, check=False
        )


def _no_repository(directory: Path, said: str) -> str:
    if "dubious ownership" in said:
        return (
            f"git does not trust {directory}, which belongs to somebody else: run "
            f"`git config --global --add safe.directory {directory}`"
        )
    return f"{directory} is in no git repository, and --base reads the catalog out of one: use --plan"
