"""`stack export` and `stack import`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import local_engine
from local_engine.errors import EngineError, LockedError, PassphraseError, StackError, StateError
from local_engine.passphrase import Crypter
from local_engine.values import SECRET_MARK, SIGNATURE
from tests.local_engine.deployments import checkpoint, deployment, provisioned, tree
from tests.local_engine.stage import SALT

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage


def _export(stage: Stage, **options: Any) -> dict[str, Any]:
    return local_engine.stack_export(stage.project, stage.stack, environ=stage.environ, **options)


def _import(stage: Stage, document: Any, **options: Any) -> None:
    local_engine.stack_import(stage.project, stage.stack, document, environ=stage.environ, **options)


def test_an_export_is_the_state(stage: Stage) -> None:
    """Version and deployment, sealed as they are in the file; no passphrase is needed."""
    latest = deployment()
    provisioned(stage).state_file.write_text(checkpoint(latest))
    del stage.environ["PULUMI_CONFIG_PASSPHRASE"]
    assert _export(stage) == {"version": 3, "deployment": latest}
    with pytest.raises(PassphraseError, match="passphrase must be set"):
        _export(stage, show_secrets=True)


def test_secrets_are_shown_as_json_text(stage: Stage) -> None:
    """An open secret is the marker with its plain text."""
    resources = _export(provisioned(stage), show_secrets=True)["deployment"]["resources"]
    assert resources[0]["outputs"]["s"] == {SIGNATURE: SECRET_MARK, "plaintext": '{"k":1}'}
    assert resources[2]["inputs"]["k"] == {SIGNATURE: SECRET_MARK, "plaintext": '"hush"'}


@pytest.mark.parametrize("show_secrets", [False, True])
def test_what_was_exported_can_be_imported(stage: Stage, show_secrets: bool) -> None:
    """The state is the same again, its time included, and no secret lies open in it."""
    document = _export(provisioned(stage), show_secrets=show_secrets)
    opened = _export(stage, show_secrets=True)
    _import(stage, json.dumps(document))
    assert "plaintext" not in stage.state_file.read_text()
    assert _export(stage, show_secrets=True) == opened


def test_an_import_keeps_the_version_before(stage: Stage) -> None:
    """The state that was replaced is the .bak."""
    before = provisioned(stage).state_file.read_bytes()
    _import(stage, _export(stage))
    assert stage.state_file.with_name("dev.json.bak").read_bytes() == before


def test_a_deployment_with_another_salt_is_sealed_again(stage: Stage) -> None:
    """The stack's own salt rules, and the secrets can be read with it."""
    other = Crypter.create(stage.environ["PULUMI_CONFIG_PASSPHRASE"])
    latest = deployment()
    latest["secrets_providers"]["state"]["salt"] = other.state
    latest["resources"][0]["outputs"]["s"]["ciphertext"] = other.encrypt('{"k":1}')
    latest["resources"][2]["inputs"]["k"]["ciphertext"] = other.encrypt('"hush"')
    _import(stage, {"version": 3, "deployment": latest})
    assert stage.state()["secrets_providers"]["state"]["salt"] == SALT
    outputs = local_engine.stack_outputs(stage.project, "dev", show_secrets=True, environ=stage.environ)
    assert outputs == {"n": 1, "s": {"k": 1}}


def test_an_empty_deployment_empties_the_stack(stage: Stage) -> None:
    """A deployment without anything is one."""
    _import(provisioned(stage), {"version": 3, "deployment": {}})
    assert "resources" not in stage.state()


def _edited(**changes: Any) -> dict[str, Any]:
    return {"version": 3, "deployment": {**deployment(), **changes}}


def _reversed() -> dict[str, Any]:
    return _edited(resources=deployment()["resources"][::-1])


def _of_stack(stack: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(_edited()).replace("urn:pulumi:dev:", f"urn:pulumi:{stack}:"))
    return found


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("", "it is not a Pulumi deployment"),
        ("{", "it is not a Pulumi deployment"),
        ("[]", "it is not a Pulumi deployment"),
        ({"version": 3}, "it is not a Pulumi deployment"),
        ({"version": 3, "deployment": None}, "it is not a Pulumi deployment"),
        ({"version": 4, "deployment": {}}, "it has version 4, and this engine reads version 3; the Pulumi CLI may"),
        ({"version": 2, "deployment": {}}, "it has version 2, and this engine reads version 3"),
        (_edited(manifest={"magic": "x", "version": "v3.260.0"}), "its magic cookie does not match"),
        (_edited(manifest=7), "not as Pulumi writes it"),
        (_reversed(), "snapshot integrity failure"),
        (_of_stack("prod"), "holds a resource of another stack or project: urn:pulumi:prod::"),
        (_edited(resources=[{"urn": 1}]), "one of its resources is not as Pulumi writes it"),
        (_edited(secrets_providers={}), "holds encrypted secrets and no encryption salt"),
        (_edited(secrets_providers={"type": "cloud"}), "the secrets provider 'cloud'"),
    ],
)
def test_a_deployment_that_is_refused(stage: Stage, document: Any, why: str) -> None:
    """One sentence says why, and no byte of the state changes."""
    before = tree(provisioned(stage).state_directory)
    with pytest.raises(EngineError, match=why) as refused:
        _import(stage, document)
    assert "\n" not in str(refused.value)
    assert tree(stage.state_directory) == before


def test_the_passphrase_of_the_deployment_is_proved(stage: Stage) -> None:
    """A deployment sealed with another passphrase is refused, not taken in unreadable."""
    before = tree(provisioned(stage).state_directory)
    document = _edited(secrets_providers={"type": "passphrase", "state": {"salt": Crypter.create("other").state}})
    with pytest.raises(PassphraseError, match="incorrect passphrase"):
        _import(stage, document)
    assert tree(stage.state_directory) == before


def test_an_unknown_or_a_locked_stack_takes_nothing_in(stage: Stage) -> None:
    """A stack is made first, and nobody else may be working on it."""
    lock = stage.state_directory / ".pulumi/locks/organization/toy/dev/x.json"
    lock.parent.mkdir(parents=True)
    lock.write_text("{}")
    with pytest.raises(LockedError):
        _import(stage, _edited())
    stage.stack = "nope"
    with pytest.raises(StackError, match="no stack named 'nope' found"):
        _import(stage, _edited())
    with pytest.raises(StackError, match="no stack named 'nope' found"):
        _export(stage)


def test_a_sealed_secret_that_was_cut_is_a_sentence(stage: Stage) -> None:
    """Half a ciphertext neither opens nor ends in a traceback."""
    latest = deployment()
    latest["resources"][2]["inputs"]["k"]["ciphertext"] = "v1:AAAA"
    provisioned(stage).state_file.write_text(checkpoint(latest))
    with pytest.raises(StateError, match="a secret of this stack is malformed"):
        _export(stage, show_secrets=True)
