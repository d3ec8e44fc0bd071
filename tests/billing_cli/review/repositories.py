"""Small git repositories with a catalog, for tests."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROJECT = "name: shop\nruntime: python\nstackConfigDir: stacks\n"
CATALOG = """version: 1
currency: usd
plans:
  team:
    name: Team
    rank: 1
    limits: {members: 5}
    prices:
      seat:
        unit_amount: 1200
        recurring: month
        seats: follow
        lookup_key: team_seat
webhook_endpoints:
  app: {url: https://app.example.com/s, enabled_events: [invoice.paid]}
"""


@dataclass(frozen=True)
class Repository:
    """One repository; everything happens below its folder."""

    directory: Path

    @classmethod
    def make(cls, directory: Path) -> Repository:
        """A repository with a project and its catalog, committed as `first`."""
        directory.mkdir(parents=True)
        made = cls(directory)
        made.git("init", "--quiet", "--initial-branch", "main")
        made.write("Pulumi.yaml", PROJECT)
        made.write("stacks/catalog.yaml", CATALOG)
        made.write("stacks/Pulumi.dev.yaml", "config:\n  stripe:mode: test\n")
        made.commit("first")
        return made

    def git(self, *arguments: str) -> str:
        """Run git, as nobody in particular."""
        who = {f"GIT_{role}_{what}": "x@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        environ = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        line = ["git", "-c", "protocol.file.allow=always", *arguments]
        done = subprocess.run(line, cwd=self.directory, env=environ, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def write(self, path: str, text: str | bytes) -> None:
        """Write a file."""
        file = self.directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    def change(self, old: str, new: str, path: str = "stacks/catalog.yaml") -> None:
        """Put other words into a file."""
        text = (self.directory / path).read_text(encoding="utf-8")
        assert old in text
        self.write(path, text.replace(old, new, 1))

    def commit(self, tag: str) -> str:
        """Commit everything and call it something; answers the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", tag)
        self.git("tag", tag)
        return self.git("rev-parse", "HEAD")
