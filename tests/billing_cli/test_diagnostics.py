"""Diagnostics: each thing once, with the resource it is about."""

from __future__ import annotations

import io

from rich.console import Console as Rich

from billing_cli.diagnostics import Diagnostics
from tests.billing_cli.engine_events import STACK, Event, told, urn

PRICE = urn("Price", "team.monthly", plan=True)
FAILED = told("error", "update failed", STACK)
ENDED = told("error", "an unhandled error occurred: program exited with non-zero exit code: 1", STACK)


def shown(*events: Event) -> list[str]:
    """The lines below the heading."""
    out, diagnostics = io.StringIO(), Diagnostics()
    for event in events:
        diagnostics.add(event["diagnosticEvent"])
    diagnostics.show(Rich(file=out, soft_wrap=True, highlight=False))
    return out.getvalue().splitlines()[1:]


def test_an_error_names_its_resource() -> None:
    """By kind and name, not by URN."""
    assert shown(told("error", "no such meter", PRICE)) == ["  error: Price team.monthly: no such meter"]


def test_a_resource_is_not_named_twice() -> None:
    """Our own host's sentences name it already."""
    sentence = "could not create Price team.monthly: Stripe says: no"
    assert shown(told("error", sentence, PRICE)) == [f"  error: {sentence}"]


def test_the_stack_is_not_named() -> None:
    """What concerns everything is said without a place."""
    assert shown(told("warning", "2 pending operations", STACK)) == ["  warning: 2 pending operations"]


def test_what_only_repeats_is_left_out() -> None:
    """Where the reason is known, that it failed is known as well."""
    assert shown(told("error", "no such meter", PRICE), FAILED, ENDED) == ["  error: Price team.monthly: no such meter"]


def test_a_failure_without_a_reason_is_still_told() -> None:
    """It is better than nothing."""
    assert shown(FAILED) == ["  error: update failed"]
    assert shown(ENDED) == [f"  error: {ENDED['diagnosticEvent']['message'].strip()}"]


def test_a_cancellation_is_told() -> None:
    """Whatever else went wrong on the way."""
    assert shown(told("error", "x", PRICE), told("error", "update canceled", STACK))[1] == "  error: update canceled"


def test_several_lines_stay_together() -> None:
    """What follows the first is indented below it."""
    assert shown(told("error", "Program failed:\nTraceback\n  File", STACK)) == [
        "  error: Program failed:",
        "    Traceback",
        "      File",
    ]


def test_the_same_error_is_told_once() -> None:
    """A refused key fails every resource with the same sentence; lines of a program are all kept."""
    refused = told("error", "the key was refused")
    assert shown(refused, refused, told("info", "x"), told("info#err", "x")) == [
        "  error: the key was refused",
        "  info: x",
        "  info: x",
    ]


def test_debug_messages_and_empty_ones_are_not_for_people() -> None:
    """Nothing at all is printed for them, not even a heading."""
    out = io.StringIO()
    diagnostics = Diagnostics()
    for event in (told("debug", "grpc"), told("info", "")):
        diagnostics.add(event["diagnosticEvent"])
    diagnostics.show(Rich(file=out))
    assert out.getvalue() == ""
