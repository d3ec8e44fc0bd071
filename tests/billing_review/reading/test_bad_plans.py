"""What is no plan is refused in one sentence that says what it is and what to do; never with a traceback."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_review.errors import ReviewError, UnreadablePlan
from billing_review.reading import plan_file, read_plan
from tests.billing_review.reading.plans import plan, stack_step, state, step

GOOD = plan(stack_step(), step("create", new=state("Product", "team", {"name": "Team"})))
HOW = "write it with `pulumi preview --json > plan.json` (or `billing preview --json`)"
EVENTS = "the engine events of `pulumi up --json` or of a streaming preview"


def refused(found: str | bytes) -> str:
    """The sentence that a reader gets."""
    with pytest.raises(UnreadablePlan) as caught:
        read_plan(found, name="plan.json")
    assert caught.value.name == "plan.json"
    return str(caught.value)


@pytest.mark.parametrize("found", ["", b"", " \n\t", b"\xef\xbb\xbf\n"])
def test_an_empty_file(found: str | bytes) -> None:
    """The command before it failed, mostly."""
    assert refused(found) == f"plan.json is empty: {HOW}, and see whether that command failed"


@pytest.mark.parametrize("length", [1, 17, 60, len(GOOD) - 1])
def test_a_cut_file(length: int) -> None:
    """However little is missing, it is said that something is."""
    assert refused(GOOD[:length]) == f"plan.json is cut off in line 1: {HOW}, and see whether that command was killed"


def test_a_cut_file_of_several_lines() -> None:
    """The line is where it ends."""
    text = json.dumps(json.loads(GOOD), indent=1)
    lines = text.splitlines()[:7]
    assert refused("\n".join(lines)).startswith("plan.json is cut off in line 7:")


def test_text_for_people() -> None:
    """A preview without --json is a table."""
    assert refused("Previewing update (dev):\n") == f"plan.json is not JSON (line 1, column 1): {HOW}"


@pytest.mark.parametrize(
    ("document", "what"),
    [
        ({"format_version": "1.2", "terraform_version": "1.9", "resource_changes": []}, "a plan of Terraform"),
        ({"terraform_version": "1.9", "steps": []}, "a plan of Terraform"),
        ({"version": 3, "deployment": {}}, "a stack's state, as `pulumi stack export` prints it"),
        ({"version": 1, "catalog_digest": "sha256:0"}, "a manifest"),
        ({"a": 1}, "a JSON object without steps"),
        ({"steps": {"a": 1}}, "a JSON object without steps"),
        ([], "a JSON array"),
        ("plan", "a single JSON value"),
        ({"sequence": 0, "timestamp": 1, "preludeEvent": {"config": {}}}, EVENTS),
    ],
)
def test_json_of_something_else(document: object, what: str) -> None:
    """Other tools print JSON as well, and so do other commands."""
    assert refused(json.dumps(document)) == f"plan.json is {what}, not a plan: {HOW}"


def test_events_line_by_line() -> None:
    """`pulumi up --json` prints one event a line, after the preview if there is one."""
    events = '{"sequence": 0, "preludeEvent": {}}\n{"sequence": 1, "cancelEvent": {}}\n'
    assert refused(events) == f"plan.json is {EVENTS}, not a plan: {HOW}"
    assert refused(f"{GOOD}\n{events}") == f"plan.json is {EVENTS}, not a plan: {HOW}"


def test_two_plans_in_one_file() -> None:
    """Appended with >> by mistake."""
    assert refused(f"{GOOD}\n{GOOD}") == f"plan.json is several JSON documents, not a plan: {HOW}"


def test_bytes_that_are_no_text() -> None:
    """An image, or the Latin-1 of an old editor."""
    assert refused(b'{"steps": "\xe9"}') == f"plan.json is not UTF-8 text: {HOW}"


def test_utf_16_is_named() -> None:
    """PowerShell's > writes it, and its readers wonder."""
    assert "is not UTF-8 text but UTF-16, as PowerShell's > writes it" in refused(GOOD.encode("utf-16"))


def test_a_byte_order_mark_is_no_fault() -> None:
    """Windows puts one before UTF-8."""
    assert len(read_plan(b"\xef\xbb\xbf" + GOOD.encode()).steps) == 1
    assert len(read_plan(f"\ufeff{GOOD}").steps) == 1


def test_an_operation_of_a_newer_pulumi() -> None:
    """Guessing what it does would be a review that is wrong."""
    text = plan(stack_step(), step("transmogrify", new=state("Product", "team", {})))
    assert refused(text) == (
        "plan.json comes from a newer Pulumi: step 2 is called 'transmogrify', and this version knows what Pulumi CLI "
        "3.260 and earlier print; update billing-resources"
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("create", "is no object"),
        ({"urn": "urn:pulumi:dev::shop::t::n"}, "does not say what is done (op)"),
        ({"op": "create"}, "does not say of which resource it is (urn)"),
        ({"op": "create", "urn": "team"}, "does not say of which resource it is (urn)"),
    ],
)
def test_a_step_that_says_too_little(found: object, said: str) -> None:
    """It is named by its number."""
    assert refused(json.dumps({"steps": [found]})) == f"plan.json cannot be read: step 1 {said}; {HOW}"


def test_numbers_that_are_none() -> None:
    """JSON has no NaN, Python's reader takes it."""
    assert "numbers that are none" in refused('{"steps": [], "duration": NaN}')


def test_nesting_without_end() -> None:
    """A reader that recurses must not end in a traceback."""
    assert "nested deeper than any plan" in refused('{"steps": ' + "[" * 100_000 + "]" * 100_000 + "}")


def test_a_huge_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no machine of CI could hold is refused before it is read."""
    monkeypatch.setattr(plan_file, "MOST_MEBIBYTES", 0)
    assert "is larger than 0 MiB" in refused(GOOD)


def test_a_preview_that_failed_before_its_first_step() -> None:
    """It has no steps, and it is a plan all the same: its errors are the review's trouble."""
    said = [{"message": "error: no stack\n", "severity": "error"}]
    found = read_plan(json.dumps({"duration": 1, "changeSummary": {}, "diagnostics": said}))
    assert (found.steps, found.trouble) == ((), ("no stack",))


def refusal(text: str) -> str:
    """What is said against a text; nothing but that it is read where nothing is."""
    try:
        read_plan(text)
    except ReviewError as error:
        return str(error)
    return "read"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PARTS = (
    "oldState",
    "newState",
    "detailedDiff",
    "replaceReasons",
    "inputs",
    "outputs",
    "propertyDependencies",
    "parent",
)


@given(st.sampled_from(["create", "update", "replace", "delete", "same", "refresh", "import"]), st.data())
def test_nonsense_inside_of_a_step_is_no_traceback(operation: str, data: st.DataObject) -> None:
    """Whatever stands where an engine writes something else: it is read, or refused in a sentence."""
    side = st.dictionaries(st.sampled_from(PARTS), JSON, max_size=4)
    found = {
        "op": operation,
        "urn": "urn:pulumi:dev::shop::pulumi-python:dynamic/stripe:Price::a",
        **data.draw(st.dictionaries(st.sampled_from(PARTS), JSON | side, max_size=4)),
    }
    stack = {
        "op": "same",
        "urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::s",
        "oldState": {"outputs": data.draw(JSON)},
    }
    said = json.dumps({"steps": [found, stack], "config": data.draw(JSON), "diagnostics": data.draw(JSON)})
    assert "\n" not in refusal(said)


@given(JSON, st.integers(0, 200))
def test_any_text_is_read_or_refused(document: object, length: int) -> None:
    """Also when it is cut anywhere."""
    for text in (json.dumps(document), json.dumps(document)[:length], GOOD[:length]):
        assert refusal(text).startswith(("the plan ", "read"))
