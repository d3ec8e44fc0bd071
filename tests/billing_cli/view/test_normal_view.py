"""The usual view: a tree of what changes, or a line for each step."""

from __future__ import annotations

from typing import Any

from tests.billing_cli.engine_events import PLAN, STACK, Event, begun, done, failed, state, summary, told, urn
from tests.billing_cli.rendering import rendered, timeless

PRICE, PRODUCT = urn("Price", "team.monthly"), urn("Product", "team")
DEARER: dict[str, Any] = {
    "old": state({"unit_amount": 1200, "nickname": "a"}),
    "new": state({"unit_amount": 1400, "nickname": "b"}),
    "detailedDiff": {
        "unit_amount": {"diffKind": "update-replace", "inputDiff": True},
        "nickname": {"diffKind": "update", "inputDiff": True},
    },
}


def shown(*events: Event, terminal: bool = False, **options: bool) -> str:
    """What the console prints of an operation, times left out."""
    return timeless(rendered([{"preludeEvent": {}}, *events], "Updating (dev)", terminal=terminal, **options))


def lines(*events: Event, **options: bool) -> list[str]:
    """The lines between the title and the counts."""
    text = shown(*events, summary(same=1), **options).splitlines()
    return text[1 : text.index("Resources:")]


def test_an_operation_is_shown_from_title_to_duration() -> None:
    """A golden page: title, a line for each step, diagnostics, counts, time."""
    page = shown(
        begun("create", STACK),
        begun("create", PRODUCT),
        done("create", PRODUCT),
        begun("create", PRICE),
        failed("create", PRICE),
        told("error", "no such currency", PRICE),
        told("error", "update failed", STACK),
        summary(create=2, same=3),
    )
    assert page == (
        "Updating (dev):\n"
        " +  Product             team                        created (0s)\n"
        " +  Price               team.monthly                creating failed (0s)\n"
        "\n"
        "Diagnostics:\n"
        "  Price (team.monthly):\n"
        "    error: no such currency\n"
        "\n"
        "  Stack (shop-dev):\n"
        "    error: update failed\n"
        "\n"
        "Resources:\n"
        "    + 2 created\n"
        "    3 unchanged\n"
        "    2 errored\n"
        "\n"
        "Duration: 0s\n"
    )


def test_the_steps_of_a_replacement() -> None:
    """Each is told as it happens, with Pulumi's signs; what changes only once."""
    steps = ("create-replacement", "replace", "delete-replaced")
    events = [event for op in steps for event in (begun(op, PRICE, **DEARER), done(op, PRICE, **DEARER))]
    assert lines(*events) == [
        " ++ Price               team.monthly                created replacement (0s)",
        '        nickname: "a" → "b"',
        "        unit_amount: 1200 → 1400 (replaces)",
        " +- Price               team.monthly                replaced (0s)",
        " -- Price               team.monthly                deleted original (0s)",
        "",
    ]


def test_a_replacement_in_a_tree_is_one_row() -> None:
    """Its time is that of all its steps."""
    steps = ("create-replacement", "replace", "delete-replaced")
    events = [event for op in steps for event in (begun(op, PRICE, **DEARER), done(op, PRICE, **DEARER))]
    assert lines(done("same", STACK), *events, preview=True) == [
        "    Type      Name          Plan",
        "    Stack     shop-dev",
        " +- └─ Price  team.monthly  replace",
        '            nickname: "a" → "b"',
        "            unit_amount: 1200 → 1400 (replaces)",
        "",
    ]


def test_what_stays_the_same_is_not_told() -> None:
    """Neither are the stack and what is only read; a tree of nothing is not drawn."""
    events = [done("same", STACK), done("same", PRICE, old=state({})), done("read", PRODUCT)]
    assert lines(*events) == lines(*events, preview=True) == []


def test_a_resource_that_is_protected_from_now_on() -> None:
    """It stays the same at Stripe, and yet something changes."""
    guarded = done("same", PRICE, old=state({}), new={**state({}), "protect": True})
    assert lines(guarded)[1] == "        protect: false → true"
    assert "         protect: false → true" in lines(guarded, preview=True)[3]


def test_a_refresh_says_what_happened_at_stripe() -> None:
    """A change found there is not called an update of ours; an update after it is."""
    events = [
        begun("refresh", PRICE),
        done("update", PRICE, **DEARER),
        begun("refresh", PRODUCT),
        done("delete", PRODUCT),
    ]
    found = lines(*events, begun("update", PRICE, **DEARER), done("update", PRICE, **DEARER))
    assert found[0].endswith("changed at Stripe (0s)")
    assert found[3].endswith("gone at Stripe (0s)")
    assert found[4].endswith("updated (0s)")


def test_a_preview_is_a_tree() -> None:
    """Components come first with their own below them, whatever the order of arrival; unchanged ones are headings."""
    inside = state({}, parent=PLAN)
    events = [
        done("same", STACK),
        done("create", urn("Meter", "tokens")),
        done("same", PLAN),
        done("update", urn("Product", "team", plan=True), new=inside, old=inside),
        done("create", urn("Price", "team.yearly", plan=True), new=inside),
        done("create", urn("Price", "team.monthly", plan=True), new=inside),
    ]
    assert lines(*events, preview=True) == [
        "    Type           Name          Plan",
        "    Stack          shop-dev",
        "    ├─ Plan        team",
        " +  │  ├─ Price    team.monthly  create",
        " +  │  ├─ Price    team.yearly   create",
        " ~  │  └─ Product  team          update",
        " +  └─ Meter       tokens        create",
        "",
    ]
    assert lines(*reversed(events), preview=True) == lines(*events, preview=True)


def test_a_preview_that_fails_says_where() -> None:
    """What was planned is told beside the number of errors."""
    found = lines(done("create", PRICE), told("error", "no", PRICE), preview=True)
    assert found[2] == " +  └─ Price  team.monthly  create 1 error"


def test_what_is_kept_at_stripe_is_told() -> None:
    """A retained resource is deleted from the state, and stays."""
    kept = {"old": {**state({}), "retainOnDelete": True}, "new": None}
    assert lines(begun("delete", PRICE, **kept), done("delete", PRICE, **kept))[0].endswith("deleted (0s)[retain]")


def test_nothing_is_ever_markup() -> None:
    """Brackets in names, values, messages and titles are printed as they are."""
    product = urn("Product", "[bold]team[/bold]")
    change = {"old": state({"name": "[red]a"}), "new": state({"name": "[/]"})}
    text = shown(done("update", product, **change), told("error", "[/] is wrong", product), summary(update=1))
    assert "Product             [bold]team[/bold]" in text
    assert 'name: "[red]a" → "[/]"' in text
    assert "error: [/] is wrong" in text
    assert rendered([{"preludeEvent": {}}], title="Updating ([/])") == "Updating ([/]):\n"


def test_a_terminal_has_colours_a_tree_and_is_left_in_order() -> None:
    """Signs are coloured, what runs is told, and the cursor is there again at the end."""
    text = shown(begun("create", PRICE), done("create", PRICE), summary(create=1), terminal=True)
    assert "\x1b[32m +  \x1b[0m" in text
    assert "└─ Price" in text
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")


def test_outputs_are_told_old_and_new() -> None:
    """Those of the stack, those that stay as well, as the CLI does."""
    old, new = ({**state({}), "outputs": {"id": value, "same": {"a": 1}}} for value in ("p_1", "p_2"))
    text = shown(done("same", STACK, old=old, new=new), summary(same=1))
    assert 'Outputs:\n  ~ id  : "p_1" => "p_2"\n    same: {\n        a: 1\n    }\n\nResources:\n' in text


def test_long_outputs_are_cut() -> None:
    """Of one that changes, what changes is told; of one that does not, that it is there; --diff tells all."""
    long = {f"k{number:02}": number for number in range(40)}
    old = {**state({}), "outputs": {"manifest": long, "other": long}}
    new = {**state({}), "outputs": {"manifest": {**long, "k07": 1400}, "other": long}}
    event = done("same", STACK, old=old, new=new)
    text = shown(event, summary(same=1))
    assert "  ~ manifest: {\n      ~ k07: 7 => 1400\n    }\n    other   : { … }  40 lines: --diff tells them\n" in text
    assert "k39: 39" in shown(event, summary(same=1), diff=True)
