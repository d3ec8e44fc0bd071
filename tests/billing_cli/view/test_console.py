"""The console as a whole: at a terminal and without one, whatever happens."""

from __future__ import annotations

import io

import pytest
from rich.console import Console as Rich

from billing_cli.view import Console
from tests.billing_cli.engine_events import begun, urn


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
