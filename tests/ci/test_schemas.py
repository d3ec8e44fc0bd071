"""The CI files follow the published schemas, which a pinned package brings along, and our own rules of safety."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from billing_cli.new_project.contents import Wanted, files_of
from tests.ci.actions_runner import read_workflow
from tests.end_to_end.project import ROOT

GITHUB, GITLAB = ROOT / "examples" / "ci" / "github", ROOT / "examples" / "ci" / "gitlab"
WORKFLOWS = sorted(GITHUB.glob("*.yml"))
BY_NAME = {path.name: read_workflow(path) for path in WORKFLOWS}
JOBS = [(file, name, job) for file, flow in BY_NAME.items() for name, job in flow["jobs"].items()]
STEPS = [(f"{file}:{name}", step) for file, name, job in JOBS for step in job["steps"]]
SECRET = re.compile(r"secrets\.|github\.token")


def schema_check(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask the package; its schemas are its own, and a proxy that is not there shows that nothing is fetched."""
    line = [sys.executable, "-m", "check_jsonschema", *arguments]
    environ = {"HTTPS_PROXY": "http://127.0.0.1:1", "HTTP_PROXY": "http://127.0.0.1:1"}
    return subprocess.run(line, env=environ, capture_output=True, text=True, check=False)


def test_the_workflows_follow_their_schema(tmp_path: Path) -> None:
    """Both do, and a wrong one would be refused."""
    asked = ("--builtin-schema", "vendor.github-workflows")
    done = schema_check(*asked, *map(str, WORKFLOWS))
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / "billing.yml"
    wrong.write_text(WORKFLOWS[0].read_text(encoding="utf-8").replace("runs-on:", "run-on:"), encoding="utf-8")
    assert schema_check(*asked, str(wrong)).returncode == 1


def test_the_pipeline_follows_its_schema(tmp_path: Path) -> None:
    """GitLab's does, and a wrong one would be refused."""
    asked = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    file = GITLAB / ".gitlab-ci.yml"
    done = schema_check(*asked, str(file))
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / ".gitlab-ci.yml"
    wrong.write_text(file.read_text(encoding="utf-8").replace("when: manual", "when: by-hand"), encoding="utf-8")
    assert schema_check(*asked, str(wrong)).returncode == 1


def test_a_new_project_gets_exactly_these_files() -> None:
    """What is shown in the examples is what `billing init` writes."""
    github = files_of(Wanted("shop", "usd", "github"))
    for path in WORKFLOWS:
        assert github[f".github/workflows/{path.name}"].text == path.read_text(encoding="utf-8")
    gitlab = files_of(Wanted("shop", "usd", "gitlab"))[".gitlab-ci.yml"].text
    assert gitlab == (GITLAB / ".gitlab-ci.yml").read_text(encoding="utf-8")
    assert not [path for path in files_of(Wanted("shop", "usd", "none")) if path.startswith((".github", ".gitlab"))]


def test_nothing_runs_with_more_trust_than_its_code_has() -> None:
    """A pull request's code runs on `pull_request`; the deployment runs what is on main."""
    assert BY_NAME["billing.yml"]["on"] == {"pull_request": None}
    assert BY_NAME["billing-deploy.yml"]["on"] == {"push": {"branches": ["main"]}}
    for path in WORKFLOWS:
        code = re.sub(r"(?m)^\s*#.*$", "", path.read_text(encoding="utf-8"))
        assert "pull_request_target" not in code
        assert "workflow_run" not in code


@pytest.mark.parametrize(("where", "step"), STEPS)
def test_a_script_holds_no_expression(where: str, step: dict[str, Any]) -> None:
    """What GitHub fills in reaches a script through the environment only, where it is a text and no code."""
    assert "${{" not in step.get("run", ""), where
    assert "eval" not in step.get("run", "")


@pytest.mark.parametrize(("where", "step"), STEPS)
def test_actions_are_pinned(where: str, step: dict[str, Any]) -> None:
    """GitHub's own only, each by the whole id of a commit; the checkout leaves no token behind."""
    if "uses" in step:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"]), where
    if step.get("uses", "").startswith("actions/checkout"):
        assert step["with"]["persist-credentials"] is False
        assert "ref" not in step["with"]


@pytest.mark.parametrize("workflow", BY_NAME.values(), ids=list(BY_NAME))
def test_tokens_may_do_as_little_as_possible(workflow: dict[str, Any]) -> None:
    """Reading is all, but for the one job that writes comments."""
    assert workflow["permissions"] == {"contents": "read"}
    writers = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
    assert writers in ({}, {"review": {"contents": "read", "pull-requests": "write"}})


@pytest.mark.parametrize(("file", "name", "job"), JOBS)
def test_secrets_are_given_to_steps_that_need_them(file: str, name: str, job: dict[str, Any]) -> None:
    """Neither a job nor the installation of packages sees one; jobs of a fork see none at all."""
    assert not SECRET.search(str(job.get("env", ""))), (file, name)
    for step in job["steps"]:
        if step.get("name") in {"Install", "Check", "Judge", "Compare"} or "uses" in step:
            assert not SECRET.search(str(step))
    if name in {"check", "review-without-a-key"}:
        assert not SECRET.search(str(job))
    assert "timeout-minutes" in job


def test_untrusted_texts_are_not_used() -> None:
    """Of the event, only numbers, commits and the repository's name are: never a title, a body or a branch."""
    taken = {"number", "base.sha", "head.sha", "head.repo.full_name"}
    for path in WORKFLOWS:
        named = re.findall(r"github\.event\.([\w.]+)", path.read_text(encoding="utf-8"))
        assert {one.removeprefix("pull_request.") for one in named} <= taken
        assert "github.head_ref" not in path.read_text(encoding="utf-8")


def test_jobs_install_alike() -> None:
    """The step Install is the same everywhere, so that one run of it speaks for all."""
    assert len({step["run"] for _, step in STEPS if step.get("name") == "Install"}) == 1


def test_gitlab_keeps_keys_from_forks() -> None:
    """The job that has a key runs for branches of the project itself; deployments run for the default branch."""
    pipeline = read_workflow(GITLAB / ".gitlab-ci.yml")
    [rule] = pipeline["billing-review"]["rules"]
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in rule["if"]
    for name in ("dev", "staging", "production", ".deploy"):
        for rule in pipeline[name].get("rules", []):
            assert rule["if"].startswith("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH")
    for name in ("staging", "production"):
        assert [(rule["when"], rule["allow_failure"]) for rule in pipeline[name]["rules"]] == [("manual", False)]
    typed = ("TITLE", "DESCRIPTION", "BRANCH_NAME", "REF_NAME", "COMMIT_MESSAGE")
    scripts = str([(job.get("script"), job.get("before_script")) for job in pipeline.values() if isinstance(job, dict)])
    assert not [one for one in typed if one in scripts]
