"""The console: a line for each resource, problems, counts."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from rich.console import Console as Rich

from billing_cli.show import Console, counted, duration
from tests.billing_cli.engine_events import PLAN, STACK, Event, begun, done, failed, state, summary, told, urn

DEARER: dict[str, Any] = {
    "old": state({"unit_amount": 1200, "nickname": "a"}),
    "new": state({"unit_amount": 1400, "nickname": "b"}),
    "detailedDiff": {
        "unit_amount": {"kind": "update-replace", "inputDiff": True},
        "nickname": {"kind": "update", "inputDiff": True},
    },
}


def shown(*events: Event, terminal: bool = False, **options: bool) -> str:
    """What the console prints of an operation, times left out."""
    out = io.StringIO()
    rich = Rich(file=out, force_terminal=terminal, highlight=False, soft_wrap=True, width=200)
    with Console("Updating (dev)", rich=rich, **options) as console:
        for event in ({"preludeEvent": {"config": {}}}, *events):
            console.event(event)
    return re.sub(r"[\d.]+s\b", "0s", out.getvalue())


def lines(*events: Event, **options: bool) -> list[str]:
    """The lines between the title and the counts."""
    text = shown(*events, summary(same=1), **options).splitlines()
    return text[1 : next(at for at, line in enumerate(text) if line.startswith("Resources:"))]


def test_an_operation_is_shown_from_title_to_duration() -> None:
    """A golden page: title, a line for each change, diagnostics, counts without the stack, time."""
    price, product = urn("Price", "team.monthly"), urn("Product", "team")
    page = shown(
        begun("create", STACK),
        begun("create", product),
        done("create", product),
        begun("create", price),
        failed("create", price),
        told("error", "no such currency", price),
        told("error", "update failed", STACK),
        summary(create=2, same=3),
    )
    assert page == (
        "Updating (dev):\n"
        "  + Product            team                       created (0s)\n"
        "  ! Price              team.monthly               failed (0s)\n"
        "Diagnostics:\n"
        "  error: Price team.monthly: no such currency\n"
        "Resources: + 1 created, ! 1 failed, 3 unchanged\n"
        "Duration: 0s\n"
    )


def test_a_replacement_is_one_line_with_its_reasons() -> None:
    """What is made and what goes are not told twice; the property that forces it is marked."""
    price = urn("Price", "team.monthly")
    assert lines(
        begun("create-replacement", price),
        done("create-replacement", price),
        begun("replace", price, **DEARER),
        done("replace", price, **DEARER),
    ) == [
        " +- Price              team.monthly               replaced (0s)",
        '         nickname: "a" → "b"',
        "         unit_amount: 1200 → 1400 (replaces)",
    ]


def test_the_old_one_of_a_replacement_is_told_when_it_goes() -> None:
    """It happens later, and may fail on its own."""
    price = urn("Price", "team.monthly")
    assert lines(done("delete-replaced", price)) == [
        " -- Price              team.monthly               old one retired (0s)"
    ]


def test_what_stays_the_same_is_not_told() -> None:
    """Neither are the stack and what is only read."""
    price = urn("Price", "team.monthly")
    assert lines(done("same", price), done("read", price), done("same", STACK)) == []


def test_a_refresh_says_what_happened_at_stripe() -> None:
    """A change found there is not called an update of ours."""
    price, gone = urn("Price", "team.monthly"), urn("Product", "team")
    events = [begun("refresh", price), done("update", price, **DEARER), begun("refresh", gone), done("delete", gone)]
    found = lines(*events)
    assert found[0].endswith("changed at Stripe (0s)")
    assert found[1] == '         nickname: "a" → "b"'
    assert found[-1].endswith("gone at Stripe (0s)")


def test_a_preview_is_grouped_by_plan() -> None:
    """What stands alone comes last; order of arrival does not matter; an unchanged plan is still its heading."""
    inside = state({}, parent=PLAN)
    events = [
        done("create", urn("Meter", "tokens")),
        done("same", PLAN),
        done("update", urn("Product", "team", plan=True), new=inside),
        done("create", urn("Price", "team.yearly", plan=True), new=inside),
        done("create", urn("Price", "team.monthly", plan=True), new=inside),
    ]
    assert lines(*events, preview=True) == [
        "    Plan               team                       ",
        "  +   Price            team.monthly               create",
        "  +   Price            team.yearly                create",
        "  ~   Product          team                       update",
        "  + Meter              tokens                     create",
    ]
    assert lines(*reversed(events), preview=True) == lines(*events, preview=True)


def test_a_preview_shows_what_is_made_only_when_it_is_asked_for() -> None:
    """`--diff` lists the properties of new resources; bookkeeping is not among them."""
    made = done("create", urn("Product", "team"), new=state({"name": "Team", "_key": "team", "__provider": "x"}))
    assert len(lines(made, preview=True)) == 1
    assert lines(made, preview=True, everything=True)[1:] == ['         name: "Team"']


def test_names_are_never_markup() -> None:
    """Brackets in names, values and messages are printed as they are."""
    product = urn("Product", "[bold]team[/bold]")
    change = {"old": state({"name": "[red]a"}), "new": state({"name": "[/]"}), "detailedDiff": {"name": {}}}
    text = shown(done("update", product, **change), told("error", "[/] is wrong", product), summary(update=1))
    assert "[bold]team[/bold]" in text
    assert 'name: "[red]a" → "[/]"' in text
    assert "error: Product [bold]team[/bold]: [/] is wrong" in text


def test_names_in_the_title_are_never_markup() -> None:
    """A stack may be named anything."""
    out = io.StringIO()
    Console("Updating ([/])", rich=Rich(file=out)).event({"preludeEvent": {}})
    assert out.getvalue() == "Updating ([/]):\n"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"same": 17}, "no changes (16 unchanged)"),
        ({"create": 17}, "+ 16 created"),
        ({"same": 12, "update": 3, "replace": 2}, "~ 3 updated, +- 2 replaced, 11 unchanged"),
        ({}, "no changes"),
    ],
)
def test_the_stack_is_not_counted(changes: dict[str, int], says: str) -> None:
    """The engine counts it as a resource, people do not."""
    operation = "create" if "create" in changes else "same"
    text = shown(begun(operation, STACK), summary(preview=False, **changes))
    assert f"Resources: {says}\n" in text


def test_a_refreshed_stack_is_not_counted_either() -> None:
    """There the engine counts it as unchanged."""
    assert "Resources: no changes (16 unchanged)" in shown(begun("refresh", STACK), summary(same=17))


def test_a_preview_counts_what_is_to_come() -> None:
    """In the words of a plan, and without a duration."""
    text = shown(summary(preview=True, create=1, delete=2), preview=True)
    assert text.endswith("Resources: + 1 to create, - 2 to delete\n")


def test_a_terminal_has_colours_and_is_left_in_order() -> None:
    """Signs are coloured, what runs is told, and the cursor is there again at the end."""
    price = urn("Price", "team.monthly")
    text = shown(begun("create", price), done("create", price), summary(create=1), terminal=True)
    assert "\x1b[32m +\x1b[0m Price" in text
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")


def test_a_terminal_is_left_in_order_after_an_error() -> None:
    """Even when the engine never came to a summary."""
    out = io.StringIO()
    with pytest.raises(KeyError), Console("Up", rich=Rich(file=out, force_terminal=True)) as console:
        console.event({"preludeEvent": {}, "summaryEvent": {}})
    assert out.getvalue().rindex("\x1b[?25h") > out.getvalue().rindex("\x1b[?25l")


def test_counts_of_every_kind() -> None:
    """In a fixed order, what failed before what stayed."""
    changes = {"import": 1, "delete": 2, "replace": 3, "update": 4, "create": 5, "same": 6, "read": 7}
    plain = re.sub(r"\[/?[a-z]*\]", "", counted(changes, 8, planned=False))
    assert plain == "+ 5 created, ~ 4 updated, +- 3 replaced, - 2 deleted, = 1 imported, ! 8 failed, 6 unchanged"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.004, "0.00s"), (1.234, "1.23s"), (12.6, "13s"), (59.7, "1m00s"), (125, "2m05s")]
)
def test_durations_are_read_at_a_glance(seconds: float, text: str) -> None:
    """Fractions only where they matter."""
    assert duration(seconds) == text
