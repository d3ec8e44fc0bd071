"""Runs the jobs of a GitHub workflow on this machine, as a runner of GitHub's would; GitHub itself is a file.

https://docs.github.com/actions/reference/workflow-syntax-for-github-actions
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.ci.expressions import filled_in, holds

SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
"""What `shell: bash` means."""


def read_workflow(path: Path) -> dict[str, Any]:
    """A workflow as plain data."""
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return found


@dataclass
class Ran:
    """What a job did: the exit code of each step that ran, what it printed, and the job's summary."""

    codes: dict[str, int] = field(default_factory=dict)
    printed: str = ""
    summary: str = ""
    environments: dict[str, dict[str, str]] = field(default_factory=dict)
    """What each step was given by the workflow."""

    @property
    def is_done(self) -> bool:
        """Whether every step succeeded."""
        return not any(self.codes.values())


@dataclass
class Runner:
    """A machine for one job: fresh checkout, clean environment."""

    repository: Path
    folder: Path
    environ: Mapping[str, str]
    contexts: dict[str, Any]
    artifacts: Path
    environment: Path | None = None
    """A virtual environment that the step Install made before; without one, it is made now."""

    def run(self, job: Mapping[str, Any]) -> Ran:
        """Run the steps in their order, up to the first that fails."""
        ran, contexts = Ran(), {**self.contexts, "steps": {}}
        paths: list[str] = []
        own = {name: filled_in(str(value), contexts) for name, value in (job.get("env") or {}).items()}
        for step in job["steps"]:
            if "if" in step and not holds(step["if"], contexts):
                continue
            if "uses" in step:
                self._use(step)
                continue
            given = {name: filled_in(str(value), contexts) for name, value in (step.get("env") or {}).items()}
            ran.environments[step["name"]] = own | given
            code, outputs = self._step(step, own | given, paths, ran)
            ran.codes[step["name"]] = code
            contexts["steps"][step.get("id", step["name"])] = {"outputs": outputs}
            if code != 0:
                break
        return ran

    @property
    def workspace(self) -> Path:
        """The checkout."""
        return self.folder / "workspace"

    def _step(
        self, step: Mapping[str, Any], given: dict[str, str], paths: list[str], ran: Ran
    ) -> tuple[int, dict[str, str]]:
        files = {name: self.folder / name for name in ("OUTPUT", "PATH", "STEP_SUMMARY")}
        for file in files.values():
            file.write_text("", encoding="utf-8")
        named = {f"GITHUB_{name}": str(file) for name, file in files.items()}
        script = self.folder / "step.sh"
        script.write_text(self._script(step), encoding="utf-8")
        done = subprocess.run(
            [*SHELL, str(script)],
            cwd=self.workspace,
            env={**self.environ, **named, **self._github, **given, "PATH": ":".join([*paths, self.environ["PATH"]])},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        ran.printed += done.stdout
        ran.summary += files["STEP_SUMMARY"].read_text(encoding="utf-8")
        paths[:0] = files["PATH"].read_text(encoding="utf-8").split()
        outputs = (line.partition("=") for line in files["OUTPUT"].read_text(encoding="utf-8").splitlines())
        return done.returncode, {name: value for name, _, value in outputs}

    def _script(self, step: Mapping[str, Any]) -> str:
        """What is written is run; an environment that was made from the same lines before is used again."""
        text: str = step["run"]
        if step["name"] != "Install" or self.environment is None:
            return text
        (self.workspace / ".venv").symlink_to(self.environment)
        return text.splitlines()[-1]

    @property
    def _github(self) -> dict[str, str]:
        return {"CI": "true", "GITHUB_WORKSPACE": str(self.workspace), "GITHUB_REPOSITORY": "acme/shop"}

    def _use(self, step: Mapping[str, Any]) -> None:
        """GitHub's own actions, as far as they are used: files come and go."""
        name, options = step["uses"].partition("@")[0], step.get("with") or {}
        if name == "actions/checkout":
            depth = [] if options.get("fetch-depth") == 0 else ["--depth", "1"]
            clone = ["git", "clone", "--quiet", *depth, self.repository.as_uri(), str(self.workspace)]
            subprocess.run(clone, check=True, env=dict(self.environ))
        elif name == "actions/upload-artifact":
            target = self.artifacts / options["name"]
            target.mkdir(parents=True)
            shutil.copy2(self.workspace / options["path"], target)
        elif name == "actions/download-artifact":
            for file in self.artifacts.glob(f"{options['pattern']}/*"):
                shutil.copy2(file, self.workspace)
        else:
            raise NotImplementedError(name)


FAKE_GH = """\
#!{python}
import json, os, sys
import jq

comments, log = {comments!r}, {log!r}
arguments = sys.argv[1:]
body = [one.removeprefix("body=@") for one in arguments if one.startswith("body=@")]
with open(log, "a", encoding="utf-8") as calls:
    said = [open(file, encoding="utf-8").read() for file in body]
    calls.write(json.dumps([arguments, said, os.environ.get("GH_TOKEN")]) + "\\n")
if "--jq" in arguments:
    found = json.load(open(comments, encoding="utf-8"))
    for one in jq.compile(arguments[arguments.index("--jq") + 1]).input_value(found).all():
        print(one)
"""


@dataclass
class FakeGh:
    """GitHub's command, which keeps what it was asked; it answers with the comments of a file, through its own jq."""

    folder: Path

    def install(self) -> None:
        """Put it into a folder of its own, for PATH."""
        self.folder.mkdir(parents=True)
        self.say([])
        (self.folder / "log").touch()
        text = FAKE_GH.format(
            python=sys.executable, comments=str(self.folder / "comments"), log=str(self.folder / "log")
        )
        (self.folder / "gh").write_text(text, encoding="utf-8")
        (self.folder / "gh").chmod(0o755)

    def say(self, comments: list[dict[str, Any]]) -> None:
        """Let a pull request have these comments."""
        import json

        (self.folder / "comments").write_text(json.dumps(comments), encoding="utf-8")

    def calls(self) -> list[list[Any]]:
        """Each call: its arguments, the bodies it sent, the token it had."""
        import json

        return [json.loads(line) for line in (self.folder / "log").read_text(encoding="utf-8").splitlines()]
