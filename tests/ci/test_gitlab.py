"""The GitLab pipeline, job by job: what is written in it is run, against the emulator and a GitLab of this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ci.actions_runner import read_workflow
from tests.ci.pipeline_runner import TOKEN, GitLab, Pipeline, serve_gitlab
from tests.ci.shop import READ, Shop
from tests.ci.test_github import DEARER, LOST
from tests.end_to_end.project import ROOT

pytestmark = pytest.mark.end_to_end

PIPELINE = read_workflow(ROOT / "examples" / "ci" / "gitlab" / ".gitlab-ci.yml")
MARKER = "<!-- billing-review -->\n"
JOBS = {"billing-check", "billing-review", "billing-review-without-a-key", "dev", "staging", "promotion", "production"}


@pytest.fixture
def pipeline(shop: Shop, installed: Path, tmp_path: Path) -> Pipeline:
    """Machines for the jobs of one pipeline."""
    (tmp_path / "jobs").mkdir()
    return Pipeline(PIPELINE, shop.repository, tmp_path / "jobs", shop.environ, installed)


@pytest.fixture
def gitlab() -> Iterator[GitLab]:
    """A GitLab with one merge request."""
    with serve_gitlab() as lab:
        yield lab


def test_every_job_is_run_by_these_tests() -> None:
    """A job that is new here is one to write a test for."""
    assert {name for name, job in PIPELINE.items() if isinstance(job, dict) and "script" in job} == JOBS


def test_it_installs_as_github_does() -> None:
    """The lines before each script are those of the step Install, which is run once for both."""
    github = read_workflow(ROOT / "examples" / "ci" / "github" / "billing.yml")["jobs"]["check"]["steps"]
    lines = next(step["run"] for step in github if step.get("name") == "Install").splitlines()
    assert PIPELINE["default"]["before_script"] == [*lines[:2], 'export PATH="$PWD/.venv/bin:$PATH"']


def test_the_check_reports_code_quality(shop: Shop, pipeline: Pipeline) -> None:
    """The report is there whether there are problems or not."""
    report = PIPELINE["billing-check"]["artifacts"]["reports"]["codequality"]
    done = pipeline.run("billing-check")
    assert (done.code, json.loads((done.folder / report).read_text(encoding="utf-8"))) == (0, [])
    shop.change("rank: 1", "rank: one")
    shop.commit("A slip of the pen")
    done = pipeline.run("billing-check")
    [problem] = json.loads((done.folder / report).read_text(encoding="utf-8"))
    assert (done.code, problem["location"]) == (1, {"path": "stacks/catalog.yaml", "lines": {"begin": 37}})


def test_a_change_is_reviewed_and_told(shop: Shop, pipeline: Pipeline, gitlab: GitLab) -> None:
    """The note is written once and then changed, among those of others; without its token the report is an artifact."""
    shop.provision("dev")
    shop.change(*DEARER)
    shop.change(*LOST)
    shop.commit("Dearer")
    gitlab.notes += [{"id": number, "author": {"id": 1}, "body": f"{MARKER}not mine"} for number in (1, 2, 3)]
    known = shop.secrets("dev")
    variables = {
        "BILLING_REVIEW_STACK": "dev",
        "STRIPE_READ_KEY": known["STRIPE_READ_KEY"],
        "PULUMI_BACKEND_URL": known["PULUMI_BACKEND_URL"],
        "PULUMI_CONFIG_PASSPHRASE": known["PULUMI_CONFIG_PASSPHRASE"],
        "CI_API_V4_URL": gitlab.url,
        "CI_PROJECT_ID": "5",
        "CI_MERGE_REQUEST_IID": "7",
    }
    done = pipeline.run("billing-review", **variables)
    assert (done.code, "BILLING_NOTE_TOKEN is not set" in done.printed) == (3, True), done.printed
    assert (done.folder / "review.html").is_file()
    for _ in range(2):
        done = pipeline.run("billing-review", BILLING_NOTE_TOKEN=TOKEN, **variables)
        assert done.code == 3, done.printed
    assert [note["author"]["id"] for note in gitlab.notes] == [1, 1, 1, 42]
    text = gitlab.notes[-1]["body"]
    assert text == (done.folder / "review.md").read_text(encoding="utf-8")
    assert text.startswith(MARKER)
    assert "24.00" in text
    assert ("PUT", "/projects/5/merge_requests/7/notes/4") in gitlab.calls
    assert not [value for value in (READ.format(stack="dev"), TOKEN, "passphrase of") if value in text + done.printed]


def test_a_fork_is_reviewed_without_any_key(shop: Shop, pipeline: Pipeline) -> None:
    """Base and head are compared as catalogs."""
    base = shop.git("rev-parse", "HEAD").strip()
    shop.change(*DEARER)
    shop.change(*LOST)
    head = shop.commit("Dearer")
    commits = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_COMMIT_SHA": head}
    done = pipeline.run("billing-review-without-a-key", **commits)
    assert done.code == 3, done.printed
    assert "24.00" in done.printed
    assert "24.00" in (done.folder / "review.html").read_text(encoding="utf-8")
    assert shop.emulator.count(path="/v1/*") == 0


def test_a_deployment_from_dev_to_production(shop: Shop, pipeline: Pipeline) -> None:
    """Each environment is provisioned with its own key, and equal to those before it."""
    for name in ("dev", "staging", "promotion", "production"):
        stack = "production" if name == "promotion" else name
        done = pipeline.run(name, **shop.secrets(stack))
        assert done.code == 0, done.printed
    for stack in ("dev", "staging", "production"):
        assert len(shop.client(stack).v1.prices.list({"active": True}).data) == 3
