"""Where a manifest may come from, and what is said when it does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import ManifestInvalid, ManifestNotFound, WrongStack, load_manifest

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]


def write(path: Path, data: Any) -> Path:
    """The path, with the data in it as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data))
    return path


def state(manifest: Any, *, wrapper: str = "checkpoint") -> Json:
    """A Pulumi state with the manifest among the stack's outputs."""
    resources = [
        {"type": "pulumi:providers:pulumi-python", "outputs": {"manifest": "not this one"}},
        {"type": "pulumi:pulumi:Stack", "outputs": {"manifest": manifest, "webhookSecrets": {"ciphertext": "v1:x"}}},
    ]
    deployment = {"manifest": {"time": "t"}, "resources": resources}
    return {"version": 3, wrapper: {"latest": deployment} if wrapper == "checkpoint" else deployment}


def fake_pulumi(folder: Path, script: str) -> dict[str, str]:
    """An environment in which `pulumi` is this script."""
    command = folder / "bin" / "pulumi"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)
    return {"PATH": f"{command.parent}:/usr/bin:/bin"}


def test_a_file(tmp_path: Path, manifest_data: Json) -> None:
    """A path must be read."""
    assert load_manifest(write(tmp_path / "m.json", manifest_data)).stack == "dev"


def test_json_text(manifest_data: Json) -> None:
    """The JSON itself must be taken."""
    assert load_manifest(json.dumps(manifest_data)).stack == "dev"


def test_the_environment_names_a_path(tmp_path: Path, manifest_data: Json) -> None:
    """BILLING_MANIFEST may be a path."""
    path = write(tmp_path / "m.json", manifest_data)
    assert load_manifest(environ={"BILLING_MANIFEST": str(path)}).project == "shop"


def test_the_environment_holds_the_json(manifest_data: Json) -> None:
    """BILLING_MANIFEST may be the manifest."""
    assert load_manifest(environ={"BILLING_MANIFEST": json.dumps(manifest_data)}).project == "shop"


def test_an_argument_goes_before_the_environment(manifest_data: Json) -> None:
    """What the program says must win over what the environment says."""
    other = json.dumps(manifest_data | {"stack": "production"})
    assert load_manifest(manifest_data, environ={"BILLING_MANIFEST": other}).stack == "dev"


@pytest.mark.parametrize("wrapper", ["checkpoint", "deployment"])
def test_a_state_file(tmp_path: Path, manifest_data: Json, wrapper: str) -> None:
    """A Pulumi state file, and an exported one, must be read directly."""
    assert load_manifest(write(tmp_path / "dev.json", state(manifest_data, wrapper=wrapper))).stack == "dev"


@pytest.mark.parametrize("project", ["shop/", ""])
def test_a_stack_of_a_file_backend(tmp_path: Path, manifest_data: Json, project: str) -> None:
    """With a file:// backend no Pulumi CLI must be needed."""
    write(tmp_path / f".pulumi/stacks/{project}dev.json", state(manifest_data))
    environ = {"PULUMI_BACKEND_URL": f"file://{tmp_path}", "PATH": ""}
    assert load_manifest(stack="dev", environ=environ).stack == "dev"


def test_a_relative_file_backend_is_relative_to_the_project(tmp_path: Path, manifest_data: Json) -> None:
    """file://./state must mean the project's own folder, as it does for Pulumi."""
    write(tmp_path / "state/.pulumi/stacks/shop/dev.json", state(manifest_data))
    environ = {"PULUMI_BACKEND_URL": "file://./state", "PATH": ""}
    assert load_manifest(stack="dev", environ=environ, project_dir=tmp_path).stack == "dev"


def test_two_projects_with_the_stack(tmp_path: Path, manifest_data: Json) -> None:
    """A stack name that two projects have must not be guessed at."""
    for project in ("shop", "other"):
        write(tmp_path / f".pulumi/stacks/{project}/dev.json", state(manifest_data))
    with pytest.raises(ManifestNotFound, match="Several projects have a stack 'dev'"):
        load_manifest(stack="dev", environ={"PULUMI_BACKEND_URL": f"file://{tmp_path}"})


def test_the_pulumi_cli(tmp_path: Path, manifest_data: Json) -> None:
    """Without a file backend the CLI must be asked for exactly this output of this stack."""
    path = write(tmp_path / "m.json", manifest_data)
    wanted = "stack output manifest --json --stack dev --non-interactive"
    environ = fake_pulumi(tmp_path, f'[ "$*" = "{wanted}" ] && cat {path}')
    assert load_manifest(stack="dev", environ=environ).stack == "dev"


def test_the_pulumi_cli_is_missing() -> None:
    """A missing CLI must be named, with the other ways."""
    with pytest.raises(ManifestNotFound, match="there is no `pulumi` on PATH: install the Pulumi CLI, pass manifest="):
        load_manifest(stack="dev", environ={"PATH": "/nonexistent"})


def test_the_pulumi_cli_fails(tmp_path: Path) -> None:
    """Pulumi's own reason must be told, without a secret in it."""
    environ = fake_pulumi(tmp_path, "echo 'error: no stack sk_test_abc123' >&2; exit 255")
    with pytest.raises(ManifestNotFound, match=r"--stack dev` failed: error: no stack \[hidden\]$"):
        load_manifest(stack="dev", environ=environ)


def test_nothing_at_all() -> None:
    """Without any source the error must name every way."""
    with pytest.raises(ManifestNotFound, match=r"pass manifest= .* or stack= .* BILLING_MANIFEST"):
        load_manifest(environ={})


def test_no_file(tmp_path: Path) -> None:
    """A missing file must be named."""
    with pytest.raises(ManifestNotFound, match=r"No manifest at .*gone\.json"):
        load_manifest(tmp_path / "gone.json")


def test_a_state_without_the_output(tmp_path: Path) -> None:
    """A stack that was never provisioned must be told from a broken file."""
    path = write(tmp_path / "dev.json", {"version": 3, "checkpoint": {"stack": "organization/shop/dev"}})
    with pytest.raises(ManifestNotFound, match="has no output `manifest`: run `billing up`"):
        load_manifest(path)


def test_an_encrypted_output(tmp_path: Path) -> None:
    """A manifest exported as a secret cannot be read, and the way out must be said."""
    path = write(tmp_path / "dev.json", state({"4dab": "1b47", "ciphertext": "v1:x:y"}))
    with pytest.raises(ManifestNotFound, match="encrypted: export it as a plain output"):
        load_manifest(path)


def test_another_stack(manifest_data: Json) -> None:
    """A manifest of another stack than the one asked for must be refused."""
    with pytest.raises(WrongStack, match=r"Stack 'production' was asked for, .* is of stack 'dev'"):
        load_manifest(manifest_data, stack="production")


@pytest.mark.parametrize("text", ["", "nonsense", '{"version": 1,'])
def test_no_json(tmp_path: Path, text: str) -> None:
    """Broken JSON must be one sentence that names the file and the line."""
    path = tmp_path / "m.json"
    path.write_text(text)
    with pytest.raises(ManifestInvalid, match=r"m\.json is broken, .*: it is no JSON \(line 1\)$"):
        load_manifest(path)


def test_no_text(tmp_path: Path) -> None:
    """Bytes that are no text must be one sentence, too."""
    path = tmp_path / "m.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ManifestInvalid, match="it is no UTF-8 text"):
        load_manifest(path)


def test_whole_floats_are_whole_numbers(manifest_data: Json) -> None:
    """Pulumi hands integers back as floats; they must be integers again."""
    manifest_data["version"] = 1.0
    manifest_data["prices"]["team.monthly"]["trial_days"] = 14.0
    manifest_data["plans"]["alpaca-ai"]["limits"]["ai_tokens"]["included"] = 100000.0
    manifest = load_manifest(manifest_data)
    assert repr(manifest.price("team.monthly").trial_days) == "14"
    assert repr(manifest.plan("alpaca-ai").limits["ai_tokens"].included) == "100000"


@pytest.mark.parametrize("stack", ["dev", "acme/dev", "acme/shop/dev"])
def test_a_qualified_stack(tmp_path: Path, manifest_data: Json, stack: str) -> None:
    """A stack may be spelled with organization and project, as for Pulumi."""
    write(tmp_path / ".pulumi/stacks/shop/dev.json", state(manifest_data))
    environ = {"PULUMI_BACKEND_URL": f"file://{tmp_path}", "PATH": ""}
    assert load_manifest(stack=stack, environ=environ).stack == "dev"


def test_a_stack_of_another_project(manifest_data: Json) -> None:
    """The same stack name in another project is another stack."""
    with pytest.raises(WrongStack, match="Stack 'acme/other/dev' was asked for"):
        load_manifest(manifest_data, stack="acme/other/dev")


def test_a_stack_name_is_no_pattern(tmp_path: Path, manifest_data: Json) -> None:
    """A name with a star must not find whatever lies there."""
    write(tmp_path / ".pulumi/stacks/shop/dev.json", state(manifest_data))
    with pytest.raises(ManifestNotFound, match="no `pulumi` on PATH"):
        load_manifest(stack="d*", environ={"PULUMI_BACKEND_URL": f"file://{tmp_path}", "PATH": "/nonexistent"})


@pytest.mark.parametrize(
    "data",
    [
        {"checkpoint": "x"},
        {"checkpoint": {"latest": []}},
        {"deployment": [1]},
        {"deployment": {"resources": 7}},
        {"deployment": {"resources": ["x", {"type": "pulumi:pulumi:Stack", "outputs": "x"}]}},
    ],
)
def test_a_broken_state(tmp_path: Path, data: Json) -> None:
    """Whatever stands in a state file in place of a state, the answer must be one of our sentences."""
    with pytest.raises(ManifestNotFound, match=r"dev\.json has no output `manifest`"):
        load_manifest(write(tmp_path / "dev.json", data))


def test_an_output_that_is_no_manifest(tmp_path: Path) -> None:
    """Nor may an output of another type be a traceback."""
    with pytest.raises(ManifestInvalid, match="the manifest must be of type object"):
        load_manifest(write(tmp_path / "dev.json", state(7)))
