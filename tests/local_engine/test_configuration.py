"""`config get`, `set`, `rm` and the list of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import local_engine
from local_engine import ConfigValue
from local_engine.errors import EngineError, PassphraseError, ProjectError, StackError
from tests.local_engine.deployments import CRYPTER, tree
from tests.local_engine.stage import SALT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local_engine.stage import Stage


def _set(stage: Stage, key: str, value: str, **options: Any) -> None:
    local_engine.config_set(stage.project, "dev", key, value, environ=stage.environ, **options)


def _get(stage: Stage, key: str, **options: Any) -> ConfigValue:
    return local_engine.config_get(stage.project, "dev", key, environ=stage.environ, **options)


def _all(stage: Stage, **options: Any) -> dict[str, Any]:
    found = local_engine.config_all(stage.project, "dev", environ=stage.environ, **options)
    return {key: value.document() for key, value in found.items()}


def _remove(stage: Stage, key: str, **options: Any) -> None:
    local_engine.config_remove(stage.project, "dev", key, environ=stage.environ, **options)


def _text(stage: Stage) -> str:
    return (stage.directory / "Pulumi.dev.yaml").read_text()


def test_a_plain_value_is_a_text(stage: Stage) -> None:
    """A key without a namespace is the project's, and a number is text, as with the CLI."""
    _set(stage, "a", "5")
    assert _text(stage) == f'encryptionsalt: {SALT}\nconfig:\n  toy:a: "5"\n'
    assert (_get(stage, "a"), _get(stage, "toy:a")) == (ConfigValue("5", secret=False),) * 2
    assert _all(stage) == {"toy:a": {"value": "5", "secret": False}}


def test_a_secret_is_sealed(stage: Stage) -> None:
    """The file has only ciphertext, the list masks it, and asking for it opens it."""
    _set(stage, "stripe:apiKey", "sk_test_hush", secret=True)
    assert "hush" not in _text(stage)
    assert _all(stage) == {"stripe:apiKey": {"secret": True}}
    assert _all(stage, show_secrets=True) == {"stripe:apiKey": {"value": "sk_test_hush", "secret": True}}
    assert _get(stage, "stripe:apiKey").text == "sk_test_hush"
    assert "hush" not in repr(_get(stage, "stripe:apiKey"))


def test_a_program_reads_what_was_set(stage: Stage) -> None:
    """Plain, secret and structured values reach the program as the CLI's do."""
    _set(stage, "a", "x")
    _set(stage, "s", "hush", secret=True)
    _set(stage, "o.l[0]", "7", path=True)
    stage.program(
        "c = pulumi.Config()\n"
        "for k, v in (('a', c.get('a')), ('s', c.get_secret('s')), ('o', c.get_object('o'))): pulumi.export(k, v)"
    )
    assert stage.up().outputs == {"a": "x", "o": {"l": [7]}, "s": "[secret]"}


def test_paths_reach_into_maps_and_lists(stage: Stage) -> None:
    """Truths and whole numbers are such inside a value; keys with periods are quoted; secrets may lie inside."""
    for key, value in (("m.n.o", "4"), ("m.p", "true"), ('["x.y"]["z"]', "1.5"), ("m.e", "007"), ("l[0]", "x")):
        _set(stage, key, value, path=True)
    _set(stage, "l[1]", "hush", path=True, secret=True)
    assert _get(stage, "m").object == {"e": "007", "n": {"o": 4}, "p": True}
    assert _get(stage, "x.y").text == '{"z":"1.5"}'
    assert _get(stage, "l") == ConfigValue('["x","hush"]', secret=True, object=["x", "hush"])
    assert _get(stage, "l[1]", path=True) == ConfigValue("hush", secret=True)
    masked = local_engine.config_all(stage.project, "dev", environ=stage.environ)["toy:l"]
    assert (masked.text, masked.document()) == ('["x","[secret]"]', {"secret": True})


def test_a_secret_has_no_inside(stage: Stage) -> None:
    """A path through a sealed value finds nothing, and setting one replaces it whole."""
    _set(stage, "s", "hush", secret=True)
    with pytest.raises(ProjectError, match=r"'s\.secure' not found"):
        _get(stage, "s.secure", path=True)
    _set(stage, "s.k[0]", "v", path=True)
    assert _get(stage, "s").object == {"k": ["v"]}


def test_removing(stage: Stage) -> None:
    """A value, a part of one, the last one; and what is not there is gone already."""
    stage.config("config:\n  # why\n  toy:a: x\n  toy:m: {b: 1, c: 2}\n")
    _remove(stage, "m.b", path=True)
    assert _get(stage, "m").object == {"c": 2}
    _remove(stage, "nope")
    _remove(stage, "a")
    assert "# why" in _text(stage)
    _remove(stage, "m")
    assert "config" not in _text(stage)


def test_the_projects_defaults_are_listed(stage: Stage) -> None:
    """What the stack does not set comes from Pulumi.yaml."""
    stage.pulumi_yaml("toy", "config: {region: eu, size: {type: integer, default: 3}}\n")
    stage.config("config:\n  toy:size: 4\n")
    assert {key: value["value"] for key, value in _all(stage).items()} == {"toy:region": "eu", "toy:size": "4"}
    assert _get(stage, "region").text == "eu"


def test_the_first_secret_makes_the_salt(stage: Stage) -> None:
    """A stack that has settings and no state gets a salt with its first secret, and the state takes it over."""
    path = stage.directory / "Pulumi.new.yaml"
    path.write_text("# mine\nconfig:\n  toy:a: x\n")
    local_engine.config_set(stage.project, "new", "s", "hush", secret=True, environ=stage.environ)
    local_engine.stack_init(stage.project, "new", environ=stage.environ)
    text = path.read_text()
    assert text.startswith("# mine\nconfig:\n  toy:a: x\n  toy:s:\n    secure: v1:")
    assert text.count("encryptionsalt: v1:") == 1
    assert local_engine.config_get(stage.project, "new", "s", environ=stage.environ).text == "hush"


def test_a_lost_salt_is_the_states(stage: Stage) -> None:
    """Secrets of settings and state keep one salt."""
    (stage.directory / "Pulumi.dev.yaml").unlink()
    _set(stage, "s", "hush", secret=True)
    assert f"encryptionsalt: {SALT}\n" in _text(stage)


def test_another_file_and_another_directory(stage: Stage, tmp_path: Path) -> None:
    """A config file named by the caller, and stackConfigDir, are where values are read and written."""
    own = tmp_path / "own.yaml"
    own.write_text("")
    _set(stage, "a", "own", config_file=own)
    (stage.directory / "stacks").mkdir()
    stage.pulumi_yaml("toy", "stackConfigDir: stacks\n")
    _set(stage, "a", "below")
    assert own.read_text() == "config:\n  toy:a: own\n"
    assert (stage.directory / "stacks" / "Pulumi.dev.yaml").read_text() == "config:\n  toy:a: below\n"
    assert _text(stage) == f"encryptionsalt: {SALT}\n"
    assert (_get(stage, "a", config_file=own).text, _get(stage, "a").text) == ("own", "below")


def test_plain_values_need_no_passphrase(stage: Stage) -> None:
    """Only what is secret asks for it."""
    stage.config(f"config:\n  toy:s: {{secure: '{CRYPTER.encrypt('hush')}'}}\n")
    del stage.environ["PULUMI_CONFIG_PASSPHRASE"]
    _set(stage, "a", "x")
    assert (_get(stage, "a").text, _all(stage)["toy:s"]) == ("x", {"secret": True})
    before = _text(stage)
    for refused in (lambda: _get(stage, "s"), lambda: _set(stage, "b", "y", secret=True)):
        with pytest.raises(PassphraseError, match="passphrase must be set"):
            refused()
    assert _text(stage) == before


def test_a_wrong_passphrase_seals_nothing(stage: Stage) -> None:
    """A secret that only this passphrase opens would be lost for everybody else."""
    stage.environ["PULUMI_CONFIG_PASSPHRASE"] = "wrong"
    before = _text(stage)
    with pytest.raises(PassphraseError, match="incorrect passphrase"):
        _set(stage, "s", "hush", secret=True)
    assert _text(stage) == before


@pytest.mark.parametrize(
    ("key", "path", "why"),
    [
        ("a:b:c", False, "could not parse 'a:b:c' as a configuration key"),
        ("", False, "could not parse ''"),
        (":a", False, "could not parse ':a'"),
        ("l[", True, "is not a path of configuration keys"),
        (".a", True, "is not a path of configuration keys"),
        ("a.", True, "is not a path of configuration keys"),
        ("", True, "is not a path of configuration keys"),
        ("[0]", True, "it begins with a name"),
        ("l[*]", True, "it begins with a name"),
        ("l[3]", True, r"\[3\] is behind the end"),
        ("l.x", True, "'x' names no item of a list"),
        ("m.secure", True, 'maps with the single key "secure" are reserved'),
    ],
)
def test_a_key_that_is_none(stage: Stage, key: str, path: bool, why: str) -> None:
    """One sentence, and the file is as it was."""
    stage.config("config:\n  toy:l: [1]\n")
    before = _text(stage)
    with pytest.raises(ProjectError, match=why):
        _set(stage, key, "x", path=path)
    assert _text(stage) == before


def test_long_keys_of_the_cli_are_understood(stage: Stage) -> None:
    """`namespace:config:name` is `namespace:name`."""
    _set(stage, "stripe:config:mode", "test")
    assert _get(stage, "stripe:mode").text == "test"


def test_an_unknown_stack_is_not_configured(stage: Stage) -> None:
    """A typo in the stack's name makes no settings file."""
    before = tree(stage.directory)
    for refused in (
        lambda: local_engine.config_set(stage.project, "nope", "a", "x", environ=stage.environ),
        lambda: local_engine.config_all(stage.project, "nope", environ=stage.environ),
    ):
        with pytest.raises(StackError, match="no stack named 'nope' found"):
            refused()
    assert tree(stage.directory) == before


@pytest.mark.parametrize("text", ["config: [", "config: 5\n", "[]\n", "a: &x {k: 1}\nconfig: *x\n", "\tconfig:\n"])
def test_a_file_that_cannot_be_changed_stays(stage: Stage, text: str) -> None:
    """Broken settings, and settings written in a way that cannot be edited, are a sentence that names the file."""
    path = stage.directory / "Pulumi.dev.yaml"
    path.write_text(text)
    with pytest.raises(EngineError, match=r"Pulumi\.dev\.yaml"):
        _set(stage, "a", "x")
    assert path.read_text() == text


def test_mode_and_link_of_the_file_stay(stage: Stage, tmp_path: Path) -> None:
    """A private file stays private, and a link to a shared one stays a link."""
    path, shared = stage.directory / "Pulumi.dev.yaml", tmp_path / "shared.yaml"
    path.replace(shared)
    shared.chmod(0o600)
    path.symlink_to(shared)
    _set(stage, "a", "x")
    assert path.is_symlink()
    assert shared.stat().st_mode & 0o777 == 0o600
    assert "toy:a: x" in shared.read_text()
