"""Every plan that Pulumi CLI 3.260 printed for the recorded scenarios is read, and the telling ones are read right."""

from __future__ import annotations

from pathlib import Path

import pytest

from billing_review.reading import read_plan
from billing_review.steps import Change

RECORDED = Path(__file__).parents[2] / "local_engine" / "recordings" / "previews"


def as_ours(name: str) -> Change:
    """A recorded plan, its toy resources taken for Stripe's."""
    text = (RECORDED / f"{name}.json").read_text(encoding="utf-8")
    return read_plan(text.replace("dynamic/billing:Thing", "dynamic/stripe:Thing"), name=name)


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.json")), ids=lambda path: path.stem)
def test_it_is_read(path: Path) -> None:
    """As resources of others they are no steps; as ours, no step holds what Pulumi writes for itself."""
    assert read_plan(path.read_bytes()).steps == ()
    found = as_ours(path.stem)
    assert all(not name.startswith("__") for one in found.steps for name in one.args)
    assert "04da6b54" not in repr(found)


OPERATIONS = {
    "s03-update.03-preview": {"a": "update"},
    "s04-replace.03-preview": {"a": "replace", "b": "update"},
    "s05b-dbr-cascade.03-preview": {"a": "replace", "b": "replace"},
    "s06-remove.03-preview": {"b": "delete", "c": "delete", "d": "delete"},
    "s07-destroy.03-previewdestroy": {"a": "delete", "b": "delete", "c": "delete", "d": "delete"},
    "s09c-import-mismatch.02-preview": {"a": "import"},
    "s10-get.02-preview": {"b": "create"},
    "s13k-provider.06-preview-replace": {"a": "replace", "b": "replace"},
    "s23-diffkinds.08-preview-detailed": {"a": "replace"},
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_happens(name: str) -> None:
    """One operation for each resource; providers, components and what is only read are none."""
    assert {one.key: one.operation for one in as_ours(name).steps} == OPERATIONS[name]


def test_what_changes_where_the_host_says_it() -> None:
    """Paths as the host gives them, and which of them make a new object."""
    (found,) = as_ours("s23-diffkinds.08-preview-detailed").steps
    assert found.changed == ("items[1]", "items[2]", "label", "tags.k", "tags.n.x", "tags.z")
    assert found.replacing == ("items[1]", "items[2]", "tags.k")


def test_what_changes_where_only_the_id_is_new() -> None:
    """What depends on a replaced object changes, though by name it stays what it was."""
    found = {one.key: one for one in as_ours("s05b-dbr-cascade.03-preview").steps}
    assert (found["b"].changed, found["b"].replacing) == (("label",), ("label",))


def test_secrets_are_what_the_cli_made_of_them() -> None:
    """The CLI masks them itself, with the same word."""
    found = {one.key: one.args for one in as_ours("s13g-secrets.02-preview").steps}
    assert found["a"] == {"label": "[secret]", "size": 1, "tags": {"k": "[secret]", "p": "q"}}


def test_failed_previews_say_why() -> None:
    """Check failures name the object; a program's exception is its first and last line."""
    said = as_ours("s14-check.03-previewjson").trouble
    assert said[0] == (
        "pulumi-python:dynamic/stripe:Thing resource 'a': property unit_amount value {<nil>} has a problem: "
        "must be a whole number"
    )
    assert as_ours("s11f-programerror.02-preview").trouble == (
        "Program failed with an unhandled exception: Exception: boom in program",
    )
