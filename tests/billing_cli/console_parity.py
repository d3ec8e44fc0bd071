"""Our console against the recorded ones of the Pulumi CLI: tests/local_engine/test_conformance.py plays them."""

from __future__ import annotations

from typing import Any

from tests.billing_cli import recorded_consoles as recorded
from tests.billing_cli.recorded_consoles import is_preview, shown

# What `recorded_consoles` takes out on both sides, because it is not to be the same.
BY_DESIGN = {
    "times, ids, paths": "differ from run to run",
    "`@ updating....` and lines of steps that begin": "on a terminal a spinner says what runs; a log needs no dots",
    "Product instead of pulumi-python:dynamic/stripe:Product": "the module is the same for all; --diff has it whole",
    "[diff: ~label]": "each property that changes has a line: path: old → new, and (replaces) where it does",
    "a preview is one tree, a replacement in it one row": "the CLI's tree on a terminal is the same, its log is flat",
    "refresh: changed at Stripe, gone at Stripe": "`updated` and `deleted` sound as if refresh had done it",
    "order of diagnostics": "the CLI has none; ours has the stack last",
    "the traceback of a program that was told to end": "our host's programs end without one",
    "after destroy: how the stack itself is removed": "nobody asked",
    "a tab in a message": "written as spaces",
    "numbers beyond 21 digits and fractions": "plain digits: nobody reads 1.2e+06 as an amount",
    "texts in --diff beyond 150 characters or 3 lines": "never cut",
    "outputs beyond 20 lines": "cut with … except in --diff: the manifest is long",
    "four or more resources with the same diagnostics": "told once: a refused key fails every resource alike",
}
_REGISTRATION = "whether another resource is reached before the refused one is a matter of registration order"
_TRACEBACK = "the frames of Python's own traceback were left out of the recording"
_COMPONENT = "the CLI prints that a component begins, and not that it is done"
_DRIFT = "what up --refresh finds is told as drift; the CLI only says that it was refreshed"
# (scenario, step) -> what, and why.
DIFFERENCES = {
    **{("s14-check", f"0{step}"): ({"Resources:", "Diagnostics:", "rows"}, _REGISTRATION) for step in range(2, 9)},
    ("s11h-codes", "02"): ({"Resources:", "Diagnostics:", "rows"}, _REGISTRATION),
    ("s11h-codes", "03"): ({"Resources:", "Diagnostics:", "rows"}, _REGISTRATION),
    ("s11d-updatefail", "03"): ({"Resources:", "rows"}, _REGISTRATION),
    ("s08b-uprefresh", "04"): ({"rows"}, _DRIFT),
    ("s11b-fail-continue", "02"): ({"Diagnostics:"}, _TRACEBACK),
    ("s13f-component", "03"): ({"rows"}, _COMPONENT),
    ("s13f-component", "05"): ({"rows"}, _COMPONENT),
}
NOT_PLAYED = {
    **dict.fromkeys(
        ("s12-kill", "s12b-kill-update", "s12c-kill-delete", "s12d-clearpending", "s28-sigint"),
        "ended by a signal: what was shown until then is up to the moment, and nobody was there to see it",
    ),
    "s27-invoke": "invokes are refused by the local engine",
}
SHOWN = frozenset(recorded.steps_with_consoles())


def problems(name: str, step: dict[str, Any], events: list[dict[str, Any]]) -> list[str]:
    """Tell where the page of these events is not the recorded one, if that step's page was recorded."""
    if name in NOT_PLAYED or (name, step["id"]) not in SHOWN:
        return []
    return unequal(name, step, shown(events, step["command"]))


def unequal(name: str, step: dict[str, Any], ours: str) -> list[str]:
    """Tell what has to be equal and is not."""
    pairs = compared(ours, recorded.console_of(name, step["id"]), step["command"])
    allowed, _ = DIFFERENCES.get((name, step["id"][:2]), (set(), ""))
    found = {what: sides for what, sides in pairs.items() if sides[0] != sides[1] and what not in allowed}
    return [f"{step['id']} {what}\nours   {one}\ntheirs {other}" for what, (one, other) in found.items()]


def compared(ours: str, theirs: str, command: str) -> dict[str, tuple[Any, Any]]:
    """Put both consoles side by side."""
    if "--diff" in command:
        return {"diff": (recorded.blocks(ours), recorded.blocks(theirs))}
    here, there = recorded.sections(ours), recorded.sections(theirs)
    pairs: dict[str, tuple[Any, Any]] = {
        heading: (here.get(heading), there.get(heading)) for heading in ("Outputs:", "Resources:")
    }
    told = (recorded.groups(side.get("Diagnostics:", [])) for side in (here, there))
    preview = is_preview(command)
    return pairs | {
        "Diagnostics:": (next(told), next(told)),
        "rows": (recorded.rows(ours, preview=preview), recorded.rows(theirs, preview=preview)),
        "properties": (recorded.properties(ours), recorded.diffs(theirs)),
    }
