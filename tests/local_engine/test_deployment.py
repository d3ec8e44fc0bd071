"""Running programs: what happens when all goes well, and when it does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from local_engine.passphrase import Crypter
from tests.local_engine.stage import PASSPHRASE, SALT

if TYPE_CHECKING:
    from tests.local_engine.stage import Stage

CHAIN = """
a = Thing("a", label="one", size=1)
b = Thing("b", label=a.id, size=1)
c = Thing("c", label="free", size=1)
"""


def test_a_stack_comes_and_goes(stage: Stage) -> None:
    """Created, unchanged, updated, destroyed: the counts say so, and at the end nothing is left."""
    stage.program(CHAIN)
    assert stage.up().changes == {"create": 4}
    assert stage.up().changes == {"same": 4}
    stage.program(CHAIN.replace("one", "two"))
    assert stage.up().changes == {"same": 3, "update": 1}
    assert stage.destroy().changes == {"delete": 4}
    assert "resources" not in stage.state()


def test_a_preview_changes_nothing(stage: Stage) -> None:
    """A preview creates nothing at the host and writes no file."""
    stage.program(CHAIN)
    before = stage.state_file.read_bytes()
    result = stage.preview()
    assert result.changes == {"create": 4}
    assert all(line["request"].get("preview") for line in stage.lines() if line.get("method") == "Create")
    assert stage.state_file.read_bytes() == before


def test_a_failure_stops_only_what_depends_on_it(stage: Stage) -> None:
    """The independent resource that was under way is created and kept, the dependent one is not begun."""
    stage.program(CHAIN)
    stage.behave(fail_create={"a": {"kind": "error", "msg": "no"}}, sleep_create={"c": 0.3, "a": 0.1})
    result = stage.up()
    assert stage.errors(result) == ["error: no", "error: update failed"]
    assert ("Create", "b") not in stage.calls()
    assert set(stage.resources()) == {"toy-dev", "default", "c"}
    stage.behave()
    assert stage.up().changes == {"create": 2, "same": 2}


def test_a_failed_program_ends_quietly(stage: Stage) -> None:
    """The program is ended when a resource fails; nobody sees its traceback."""
    stage.program(CHAIN)
    stage.behave(fail_create={"a": {"kind": "error", "msg": "no"}})
    result = stage.up()
    assert "Traceback" not in str(result.diagnostics)
    assert "KeyboardInterrupt" not in str(result.diagnostics)


def test_a_partial_create_is_kept_and_continued(stage: Stage) -> None:
    """What exists in spite of a failure is in the state with its reasons, and the next run updates it."""
    stage.program(CHAIN)
    stage.behave(fail_create={"a": {"kind": "init", "msg": "m", "reasons": ["not ready"]}})
    assert "error: 1 error occurred:\n\t* not ready" in stage.errors(stage.up())
    assert stage.resources()["a"]["initErrors"] == ["not ready"]
    stage.behave()
    assert stage.up().changes["update"] == 1
    assert "initErrors" not in stage.resources()["a"]


PROGRAMS = {
    "raises": ('raise ValueError("boom")', "ValueError: boom"),
    "run error": ('raise pulumi.RunError("say this")', "error: say this"),
    "exits": ("import sys; sys.exit(3)", "program exited with non-zero exit code: 3"),
    "killed": ("os.kill(os.getpid(), 9)", "program was ended by signal 9"),
    "no Python": ("1/", "SyntaxError: invalid syntax"),
    "twice": ('Thing("a", label="1", size=1)\nThing("a", label="2", size=1)', "Duplicate resource URN"),
    "invoke": ('pulumi.runtime.invoke("aws:x:y", {})', r"invokes \(aws:x:y\); use the Pulumi CLI"),
    "asset": ('Thing("a", label=pulumi.FileAsset("x"), size=1)', "assets in resource properties; use the Pulumi CLI"),
    "other package": (
        'type("B", (pulumi.CustomResource,), {})("aws:s3:Bucket", "b", {})',
        "resources of the type aws:s3:Bucket; use the Pulumi CLI",
    ),
    "transform": (
        'Thing("a", label="1", size=1, opts=RO(transforms=[lambda a: None]))',
        "the local engine does not support resource transforms .*; use the Pulumi CLI",
    ),
    "stack transform": (
        "pulumi.runtime.register_resource_transform(lambda a: None)",
        "the local engine does not support stack transforms; use the Pulumi CLI",
    ),
    "hook": (
        'Thing("a", label="1", size=1, opts=RO(hooks={"after_create": [pulumi.ResourceHook("h", lambda a: None)]}))',
        "the local engine does not support resource hooks; use the Pulumi CLI",
    ),
    "remote component": (
        'type("R", (pulumi.ComponentResource,), {})("shop:index:R", "r", {}, None, True)',
        "the local engine does not support remote components .*; use the Pulumi CLI",
    ),
    "deleted with": (
        'Thing("a", label="1", size=1, opts=RO(deleted_with=Thing("b", label="1", size=1)))',
        "the local engine does not support the option deleted_with .*; use the Pulumi CLI",
    ),
    "replace with": (
        'Thing("a", label="1", size=1, opts=RO(replace_with=[Thing("b", label="1", size=1)]))',
        "the local engine does not support the option replace_with .*; use the Pulumi CLI",
    ),
    "invoke transform": (
        "pulumi.runtime.register_invoke_transform(lambda a: None)",
        "the local engine does not support invoke transforms; use the Pulumi CLI",
    ),
    "error hook": (
        'Thing("a", label="1", size=1, opts=RO(hooks={"on_error": [pulumi.ErrorHook("h", lambda a: False)]}))',
        "the local engine does not support error hooks; use the Pulumi CLI",
    ),
    "replacement trigger": (
        'Thing("a", label="1", size=1, opts=RO(replacement_trigger="x"))',
        "the local engine does not support the option replacement_trigger .*; use the Pulumi CLI",
    ),
    "version": (
        'Thing("a", label="1", size=1, opts=RO(version="1.2.3"))',
        "the local engine does not support the option version .*; use the Pulumi CLI",
    ),
    "plugin download": (
        'Thing("a", label="1", size=1, opts=RO(plugin_download_url="https://example.com"))',
        "the local engine does not support the option plugin_download_url .*; use the Pulumi CLI",
    ),
    "hidden diffs": (
        'Thing("a", label="1", size=1, opts=RO(hide_diffs=["label"]))',
        "the local engine does not support the option hide_diffs .*; use the Pulumi CLI",
    ),
    "archive": (
        'Thing("a", label=pulumi.AssetArchive({}), size=1)',
        "archives in resource properties; use the Pulumi CLI",
    ),
    "stack reference": (
        'pulumi.StackReference("organization/toy/dev")',
        "resources of the type pulumi:pulumi:StackReference; use the Pulumi CLI",
    ),
    "other provider": (
        'type("P", (pulumi.ProviderResource,), {})("aws", "p", {})',
        "resources of the type pulumi:providers:aws; use the Pulumi CLI",
    ),
    "call": (
        'pulumi.runtime.call("shop:index:R/method", {})',
        "the local engine does not support calls of methods .*; use the Pulumi CLI",
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_that_fails_is_explained(stage: Stage, name: str) -> None:
    """Preview and up fail with the reason, exit code 1, and what was there before stays."""
    stage.program(CHAIN)
    stage.up()
    before = stage.resources()
    text, why = PROGRAMS[name]
    stage.program(text)
    for result in (stage.preview(), stage.up()):
        assert result.exit_code == 1
        assert re.search(why, "\n".join(stage.errors(result)))
    assert set(stage.resources()) >= set(before)


@pytest.mark.parametrize("name", [name for name, (_, why) in PROGRAMS.items() if "use the Pulumi CLI" in why])
def test_what_the_engine_does_not_do_is_one_sentence(stage: Stage, name: str) -> None:
    """It names the CLI, without the program's traceback, and the resource is not made."""
    stage.program(PROGRAMS[name][0])
    result = stage.up()
    [said] = stage.errors(result)
    assert "Traceback" not in said
    assert "a" not in stage.resources()


def test_refused_inputs_are_told_all_at_once(stage: Stage) -> None:
    """Every reason of a failed check is told, with the value where one is named, and nothing is deleted."""
    stage.program(CHAIN)
    stage.up()
    stage.behave(check_fail={"a": [{"property": "label", "reason": "too short"}, {"property": "", "reason": "odd"}]})
    stage.program('a = Thing("a", label="two", size=1)')
    kind = "pulumi-python:dynamic/billing:Thing resource 'a'"
    assert stage.errors(stage.up()) == [
        f"error: {kind}: property label value {{two}} has a problem: too short",
        f"error: {kind} has a problem: odd",
    ]
    assert "b" in stage.resources()


def test_tracebacks_are_the_users(stage: Stage) -> None:
    """A traceback begins in the program, not in the engine's launcher or the SDK."""
    stage.program("def f():\n    raise ValueError('boom')\nf()\n")
    (message,) = stage.errors(stage.preview())
    assert message.count("File ") == 2
    assert "launcher" not in message


def test_a_program_that_says_good_bye_early_is_done(stage: Stage) -> None:
    """sys.exit(0) is a success, as it is for the CLI."""
    stage.program(CHAIN + "import sys; sys.exit(0)")
    assert stage.up().changes == {"create": 4}


def test_what_a_program_says_is_passed_on(stage: Stage) -> None:
    """Prints, warnings and logs are diagnostics; a log about a resource names it."""
    stage.program('a = Thing("a", label="1", size=1)\npulumi.log.warn("careful", a)\nprint("hello")')
    found = {(one["severity"], one["message"].strip(), one.get("urn", "")[-3:]) for one in stage.up().diagnostics}
    assert found == {("warning", "warning: careful", "::a"), ("info", "hello", "")}


def test_secrets_of_the_configuration_are_masked_in_messages(stage: Stage) -> None:
    """A host that repeats a key in its error, and a program that prints it, show a mask."""
    sealed = Crypter.open(PASSPHRASE, SALT).encrypt("sk_test_hush")
    stage.config(f"config:\n  toy:key: {{secure: {sealed}}}\n")
    stage.program('print(pulumi.Config().require("key"))\n' + CHAIN)
    stage.behave(fail_create={"a": {"kind": "error", "msg": "bad key sk_test_hush!"}})
    result = stage.up()
    assert "error: bad key [secret]!" in stage.errors(result)
    assert "sk_test_hush" not in str(result.diagnostics) + str(stage.events) + stage.state_file.read_text()


def test_config_reaches_the_program_and_the_host(stage: Stage) -> None:
    """The program reads values and secrets; the host gets the whole configuration."""
    stage.config("config:\n  toy:region: eu\n  pulumi-python:mode: fast\n")
    stage.program('Thing("a", label=pulumi.Config().require("region"), size=1)')
    stage.up()
    assert stage.resources()["a"]["inputs"]["label"] == "eu"
    assert stage.resources()["default"]["inputs"] == {"pulumi-python:mode": "fast", "toy:region": "eu"}
    assert next(line["config"] for line in stage.lines() if line["at"] == "host") == '{"mode": "fast"}'


def test_steps_run_side_by_side(stage: Stage) -> None:
    """Creates that wait for one another's start are all under way at once."""
    stage.program("for i in range(6): Thing(f't{i}', label='x', size=i)")
    stage.behave(sleep_all=0.3)
    stage.up(parallel=6)
    order = [(line["at"], line["method"]) for line in stage.lines() if line.get("method") == "Create"]
    assert order[:6] == [("start", "Create")] * 6


def test_one_at_a_time_is_possible(stage: Stage) -> None:
    """With one worker no create begins before the one before has ended."""
    stage.program("for i in range(4): Thing(f't{i}', label='x', size=i)")
    stage.up(parallel=1)
    order = [line["at"] for line in stage.lines() if line.get("method") == "Create"]
    assert order == ["start", "end"] * 4


def test_checks_and_diffs_are_never_concurrent(stage: Stage) -> None:
    """One generator asks, one resource at a time."""
    program = "for i in range(8): Thing(f't{i}', label='old', size=1)"
    stage.program(program)
    stage.up()
    stage.program(program.replace("old", "new"))
    stage.up()
    asked = [(line["at"], line["method"]) for line in stage.lines() if line.get("method") in {"Check", "Diff"}]
    assert [at for at, _ in asked] == ["start", "end"] * 16
    assert [method for _, method in asked[::2]] == [method for _, method in asked[1::2]]


def test_many_resources_do_not_stand_in_each_others_way(stage: Stage) -> None:
    """More resources than threads, all in one program, with dependents: nothing waits for ever."""
    stage.program("t = [Thing(f't{i}', label='x', size=i) for i in range(120)]\nThing('z', label=t[-1].id, size=1)")
    assert stage.up(parallel=1).changes == {"create": 122}


def test_outputs_survive_a_failure(stage: Stage) -> None:
    """After a failed run the outputs of the last good one are still there."""
    stage.program(CHAIN + 'pulumi.export("id", b.id)\npulumi.export("old", 1)')
    stage.up()
    stage.program(CHAIN.replace("one", "two") + 'pulumi.export("id", b.id)')
    stage.behave(fail_update={"a": {"kind": "error", "msg": "no"}})
    assert stage.up().outputs == {"id": stage.resources()["b"]["id"], "old": 1}


def test_destroy_keeps_what_a_protected_resource_needs(stage: Stage) -> None:
    """A protected resource stays with everything it needs; all else goes."""
    stage.program(
        'a = Thing("a", label="1", size=1)\nb = Thing("b", label=a.id, size=1, opts=RO(protect=True))\n'
        'c = Thing("c", label="free", size=1)'
    )
    stage.up()
    result = stage.destroy()
    assert result.exit_code == 1
    assert any("because it is protected" in message for message in stage.errors(result))
    assert set(stage.resources()) == {"toy-dev", "default", "a", "b"}


def test_a_resource_the_world_lost_is_made_again(stage: Stage) -> None:
    """Refresh drops what is gone, and the next update creates it."""
    stage.program(CHAIN)
    stage.up()
    stage.behave(read={"c": {"gone": True}})
    assert stage.refresh().changes == {"delete": 1, "same": 3}
    assert "c" not in stage.resources()
    assert stage.up().changes == {"create": 1, "same": 3}


def test_a_dry_refresh_and_a_dry_destroy_write_nothing(stage: Stage) -> None:
    """Both have a preview document, and neither changes the file."""
    stage.program(CHAIN)
    stage.up()
    before = stage.state_file.read_bytes()
    assert stage.refresh(dry_run=True).preview is not None
    assert (stage.destroy(dry_run=True).preview or {})["changeSummary"] == {"delete": 4}
    assert stage.state_file.read_bytes() == before
