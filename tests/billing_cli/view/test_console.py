"""The console as a whole: at a terminal and without one, whatever happens."""

from __future__ import annotations

import io

import pytest
from rich.console import Console as Rich

from billing_cli.view import Console
from tests.billing_cli.engine_events import STACK, begun, done, state, summary, told, urn
from tests.billing_cli.rendering import rendered


def test_a_terminal_is_left_in_order_after_an_error() -> None:
    """Even when the engine never came to a summary."""
    out = io.StringIO()
    with pytest.raises(KeyError), Console("Up", rich=Rich(file=out, force_terminal=True)) as console:
        console.event({"preludeEvent": {}, "summaryEvent": {}})
    assert out.getvalue().rindex("\x1b[?25h") > out.getvalue().rindex("\x1b[?25l")


def test_a_terminal_says_what_runs() -> None:
    """Three of the resources by name, and how many are done with."""
    out = io.StringIO()
    with Console("Up", rich=Rich(file=out, force_terminal=True, width=200)) as console:
        console.event({"preludeEvent": {}})
        for number in range(5):
            console.event(begun("create", urn("Price", f"p{number}")))
    assert "Price p0, Price p1, Price p2 and 2 more" in out.getvalue()


def test_problems_of_the_diff_view_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    """At once, as the CLI does; what the engine prints for people is passed on."""
    with Console("Previewing update", preview=True, diff=True) as console:
        console.event({"preludeEvent": {}})
        console.event(told("warning", "careful"))
        console.event({"stdoutEvent": {"message": "View Live\n"}})
        console.event(summary(same=1))
    printed = capsys.readouterr()
    assert printed.err == "warning: careful\n"
    assert printed.out == "Previewing update:\nView Live\nResources:\n    1 unchanged\n"


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR counts at a terminal too; elsewhere there is none anyway."""
    events = [{"preludeEvent": {}}, begun("create", urn("Price", "p")), summary(create=1)]
    assert "\x1b[32m" in rendered(events, terminal=True)
    assert "\x1b" not in rendered(events)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[32m" not in rendered(events, terminal=True)


def test_a_narrow_terminal_cuts_values_not_paths() -> None:
    """The part that differs stays in view; --diff cuts nothing."""
    sides = {side: state({"description": "x" * 200 + side}) for side in ("old", "new")}
    began, event = (make("update", urn("Product", "team"), **sides) for make in (begun, done))
    out = io.StringIO()
    rich = Rich(file=out, force_terminal=True, no_color=True, width=80, soft_wrap=True, highlight=False)
    with Console("Up", rich=rich) as console:
        console.event(event)
        console.event(summary(update=1))
    [line] = [line for line in out.getvalue().splitlines() if "description: " in line]
    assert len(line) < 80
    assert 'old" → …' in line
    assert "x" * 200 in rendered([began], diff=True)


def test_a_provider_that_is_not_the_default_is_named() -> None:
    """And one that becomes another, old and new."""
    one, two = (f"urn:pulumi:dev::shop::pulumi:providers:pulumi-python::{name}::id" for name in ("one", "two"))
    stays = begun("update", urn("Price", "a"), provider=one, old=state({"a": 1}) | {"provider": one})
    moves = begun("update", urn("Price", "b"), provider=two, old=state({}) | {"provider": one})
    for event in (stays, moves):
        event["resourcePreEvent"]["metadata"]["new"]["provider"] = event["resourcePreEvent"]["metadata"]["provider"]
    page = rendered([begun("same", STACK), stays, moves], diff=True)
    assert f"        [provider={one}]\n" in page
    assert f"        [provider: {one} => {two}]\n" in page


def test_what_is_told_before_any_resource_is_about_the_stack() -> None:
    """A run that ends before the program registered anything names the stack all the same."""
    out = io.StringIO()
    with Console("Up", rich=Rich(file=out), stack=STACK) as console:
        console.event(told("error", "update canceled"))
        console.event(summary())
    assert "  Stack (shop-dev):\n    error: update canceled\n" in out.getvalue()
