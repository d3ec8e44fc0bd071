"""Runs the jobs of a GitLab pipeline on this machine, and a GitLab that keeps notes. https://docs.gitlab.com/ci/yaml/"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

BASH = ("bash", "-eo", "pipefail", "-c")
ME = 42
TOKEN = "glpat-made-up"


@dataclass
class Job:
    """What a job did."""

    code: int
    printed: str
    folder: Path


@dataclass
class Pipeline:
    """A checkout for each job, which gets the artifacts of the jobs before it."""

    definition: Mapping[str, Any]
    repository: Path
    folder: Path
    environ: Mapping[str, str]
    installed: Path
    artifacts: list[Path] = field(default_factory=list)

    def run(self, name: str, **variables: str) -> Job:
        """Run a job's scripts as GitLab does: one shell, which ends at the first failure."""
        job = self._whole(name)
        folder = self.folder / f"{name}{len(list(self.folder.glob(f'{name}*')))}"
        depth = [] if job.get("variables", {}).get("GIT_DEPTH") == "0" else ["--depth", "20"]
        clone = ["git", "clone", "--quiet", *depth, self.repository.as_uri(), str(folder)]
        subprocess.run(clone, check=True, env=dict(self.environ))
        for file in self.artifacts:
            shutil.copy2(file, folder)
        (folder / ".venv").symlink_to(self.installed)
        own = {key: _expanded(str(value), variables) for key, value in job.get("variables", {}).items()}
        environ = {**self.environ, **variables, **own, "CI_PROJECT_DIR": str(folder)}
        done = self._shell([*self.definition["default"]["before_script"][2:], *job["script"]], folder, environ)
        self._shell(job.get("after_script", []), folder, environ)
        paths = job.get("artifacts", {}).get("paths", [])
        self.artifacts += [file for path in paths for file in folder.glob(path) if file.suffix == ".json"]
        return Job(done.returncode, done.stdout, folder)

    def _whole(self, name: str) -> dict[str, Any]:
        """A job with what it extends; GitLab merges mappings and replaces everything else."""
        job = dict(self.definition[name])
        outer = self.definition[job["extends"]] if "extends" in job else {}
        artifacts = {**outer.get("artifacts", {}), **job.get("artifacts", {})}
        return {**outer, **job, "artifacts": artifacts}

    def _shell(self, lines: list[str], folder: Path, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*BASH, "\n".join(lines)],
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def _expanded(text: str, variables: Mapping[str, str]) -> str:
    return re.sub(r"\$(\w+)", lambda found: variables.get(found[1], ""), text)


@dataclass
class GitLab:
    """The notes of a merge request, and who asked for what."""

    url: str = ""
    notes: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def serve_gitlab() -> Iterator[GitLab]:
    """Serve the few addresses of GitLab's API that are used. https://docs.gitlab.com/api/notes/"""
    lab = GitLab()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            path, _, query = self.path.partition("?")
            lab.calls.append((self.command, path))
            sent = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
            status, said = self.said(path, query, sent) if self.headers["PRIVATE-TOKEN"] == TOKEN else (401, {})
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def said(self, path: str, query: str, sent: dict[str, str]) -> tuple[int, Any]:
            if path == "/user":
                return 200, {"id": ME}
            if self.command == "GET":
                page = int(query.rpartition("page=")[2])
                return 200, lab.notes[(page - 1) * 2 : page * 2]  # two notes make a page here
            if self.command == "POST":
                lab.notes.append({"id": len(lab.notes) + 1, "author": {"id": ME}, "body": sent["body"]})
                return 201, lab.notes[-1]
            note = next(one for one in lab.notes if one["id"] == int(path.rpartition("/")[2]))
            note["body"] = sent["body"]
            return 200, note

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - the protocol names its methods

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its own name
            """Say nothing."""
            del format, arguments

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        lab.url = f"http://127.0.0.1:{server.server_port}"
        yield lab
        server.shutdown()
