"""Diagnostics: below the resource they are about, in Pulumi's words."""

from __future__ import annotations

from billing_cli.view.diagnostics import Diagnostics
from tests.billing_cli.engine_events import STACK, Event, told, urn

PRICE = urn("Price", "team.monthly", plan=True)
FAILED = told("error", "update failed", STACK)


def collected(*events: Event) -> Diagnostics:
    """Diagnostics of an operation."""
    diagnostics = Diagnostics()
    for event in events:
        diagnostics.add(event["diagnosticEvent"])
    return diagnostics


def shown(*events: Event) -> list[str]:
    """The lines below the heading."""
    return collected(*events).text(STACK).plain.splitlines()[1:]


def test_they_are_grouped_by_resource() -> None:
    """Each by its kind and name; what is about the stack, or about nothing, comes last."""
    assert shown(FAILED, told("error", "no such meter", PRICE), told("info", "hello")) == [
        "  Price (team.monthly):",
        "    error: no such meter",
        "",
        "  Stack (shop-dev):",
        "    error: update failed",
        "    hello",
        "",
    ]


def test_several_lines_stay_together() -> None:
    """They are all indented."""
    assert shown(told("error", "Program failed:\nTraceback\n  File", STACK))[1:4] == [
        "    error: Program failed:",
        "    Traceback",
        "      File",
    ]


def test_what_many_resources_say_is_told_once() -> None:
    """A refused key fails every resource with the same sentence."""
    refused = [told("error", "the key was refused", urn("Price", f"p{number}")) for number in range(5)]
    assert shown(*refused) == ["  Price (p0) and 4 more:", "    error: the key was refused", ""]
    assert len(shown(*refused[:3])) == 9


def test_pieces_of_a_stream_are_one_message() -> None:
    """A program's output comes in pieces."""
    pieces = [{"diagnosticEvent": {"severity": "info", "message": f"{text}\n", "streamID": 7}} for text in "ab"]
    assert shown(*pieces) == ["  Stack (shop-dev):", "    a", "    b", ""]


def test_marks_for_colours_are_not_for_people() -> None:
    """The CLI's messages may hold them."""
    assert shown(told("warning", "<{%red%}>careful<{%reset%}>", PRICE))[1] == "    warning: careful"


def test_debug_messages_and_empty_ones_are_not_for_people() -> None:
    """Nothing at all is printed for them, not even a heading."""
    assert collected(told("debug", "grpc"), told("info", "")).text(STACK).plain == ""


def test_errors_are_counted_by_resource() -> None:
    """As the CLI does: the stack is one of them."""
    twice = [told("error", text, PRICE) for text in ("a", "b")]
    found = collected(*twice, told("warning", "c", urn("Meter", "m")), FAILED, told("error", "no place"))
    assert found.errored() == 2
    assert found.errors_of(PRICE) == 2
