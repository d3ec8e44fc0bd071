"""A page's commands, and what it says that they print."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

BASH = "/bin/bash"


@dataclass(frozen=True)
class Told:
    """One command of a page, and the lines of its output that the page shows."""

    line: str
    shown: tuple[str, ...] = ()

    def require_shown(self, printed: str) -> None:
        """Every shown line was printed, in this order; an ellipsis stands for anything."""
        rest = iter(printed.splitlines())
        for shown in self.shown:
            pattern = re.compile(re.escape(shown).replace("…", ".*"))
            assert any(pattern.fullmatch(line.rstrip()) for line in rest), (
                f"{self.line}: {shown!r} is not in\n{printed}"
            )


def told_in(page: Path) -> list[Told]:
    """The commands of the page's console blocks, in order."""
    blocks = re.findall(r"^```console\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    found: list[Told] = []
    for line in "".join(blocks).splitlines():
        if line.startswith("$ "):
            found.append(Told(line.removeprefix("$ ")))
        else:
            found[-1] = Told(found[-1].line, (*found[-1].shown, line))
    return found


@dataclass
class Shell:
    """Runs commands one after another in one directory, and keeps what they export."""

    directory: Path
    environ: dict[str, str] = field(default_factory=dict)

    def __call__(self, line: str) -> str:
        """Run one line, which must end well; answers what it printed."""
        done = subprocess.run(
            [BASH, "-c", line],
            cwd=self.directory,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def export(self, line: str) -> None:
        """Run a line that exports variables, and keep them."""
        printed = subprocess.run(
            [BASH, "-c", f"{line}; env -0"],
            cwd=self.directory,
            env=self.environ,
            capture_output=True,
            text=True,
            check=True,
        )
        pairs = (one.partition("=") for one in printed.stdout.split("\0") if one)
        self.environ = {name: value for name, _, value in pairs if name not in {"_", "SHLVL", "OLDPWD"}}
