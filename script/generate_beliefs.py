#!/usr/bin/env python3
"""Write docs/emulator.md: what the emulator believes of Stripe, where from, and the test that shows it.

The tables are read off the marks in the tests: `@pytest.mark.belief("prices have no DELETE", "R")`, whose letters are
explained at the head of the page, and `@pytest.mark.error_case(9)` (or `case(9, …)` among the parameters of a test),
whose numbers are those of script/error_cases.json; the objects and verbs are those of the emulator's routes. `--check`
only says whether the page is up to date.
"""

from __future__ import annotations

import ast
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from stripe_emulator.objects import ROUTES  # noqa: E402 - found beside the script

TESTS = ROOT / "tests" / "stripe_emulator"
CASES = ROOT / "script" / "error_cases.json"
PAGE = ROOT / "docs" / "emulator.md"
SOURCES = {
    "S": "the `stripe` package's types and docstrings",
    "D": "Stripe's documentation",
    "R": "recorded test-mode traffic",
    "I": "verbatim in public issues",
    "M": "only believed: no client may depend on it, nor on words so marked",
}
_HEAD = """# What the emulator believes of Stripe

Each line is a behaviour of [the emulator](emulating-stripe.md), where it is known from, and the test that shows it,
read off the marks in the tests by `script/generate_beliefs.py`.

"""


@dataclass(frozen=True)
class Belief:
    """One line of the page."""

    behaviour: str
    known_from: str
    test: str


def beliefs() -> dict[str, list[Belief]]:
    """Every marked behaviour, by the room of its test."""
    found: dict[str, list[Belief]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        room = path.parent.name if path.parent != TESTS else "every request"
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                found[room] += [_belief(mark, path, node.name) for mark in _marks(node)]
    return found


def _marks(test: ast.FunctionDef) -> list[ast.Call]:
    calls = [mark for mark in test.decorator_list if isinstance(mark, ast.Call)]
    return [mark for mark in calls if ast.unparse(mark.func) == "pytest.mark.belief"]


def _belief(mark: ast.Call, path: Path, test: str) -> Belief:
    behaviour, known_from = (str(ast.literal_eval(word)) for word in mark.args)
    place = path.relative_to(ROOT).as_posix()
    if not known_from or set(known_from.split()) - SOURCES.keys():
        raise SystemExit(f"{place}: {test}: known from {known_from!r}: give letters of {', '.join(SOURCES)}")
    return Belief(behaviour.replace("|", "\\|"), known_from, _link(path, test))


def refusals() -> dict[int, list[str]]:
    """By the number of an error case, the tests that show it."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                for number in sorted(set(_numbers(node))):
                    found[number].append(_link(path, node.name))
    return found


def _numbers(test: ast.FunctionDef) -> Iterator[int]:
    for decorator in test.decorator_list:
        for call in (node for node in ast.walk(decorator) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func)
            if name == "pytest.mark.error_case":
                yield from (int(ast.literal_eval(word)) for word in call.args)
            elif name == "case":
                yield int(ast.literal_eval(call.args[0]))


def _link(path: Path, test: str) -> str:
    words = test.removeprefix("test_").replace("_", " ")
    return f"[{words}](../{path.relative_to(ROOT).as_posix()})"


def page() -> str:
    """Return the whole page."""
    letters = "".join(f"- **{letter}** {meaning}\n" for letter, meaning in SOURCES.items())
    rooms = "".join(_room(*one) for one in sorted(beliefs().items()))
    return _HEAD + letters + rooms + _refusals() + _objects()


def _refusals() -> str:
    shown = refusals()
    rows = "".join(_refusal(case, shown[case["number"]]) for case in json.loads(CASES.read_text(encoding="utf-8")))
    head = "| | request | status | code | param | from | test |\n| --- | --- | --- | --- | --- | --- | --- |\n"
    return "\n## Error cases\n\n" + head + rows


def _refusal(case: dict[str, Any], tests: list[str]) -> str:
    """One error case; one without a test must say why it is not emulated."""
    if not tests and "not_emulated" not in case:
        raise SystemExit(f"error case {case['number']} needs a test that is marked with it, or `not_emulated` and why")
    note = f" ({case['note']})" if "note" in case else ""
    code, param = (f"`{case[name]}`" if case[name] else "" for name in ("code", "param"))
    where = ", ".join(tests) or f"not emulated: {case['not_emulated']}"
    cells = [str(case["number"]), case["request"] + note, str(case["status"]), code, param, case["from"], where]
    return f"| {' | '.join(cells)} |\n"


def _room(room: str, lines: list[Belief]) -> str:
    if not lines:
        return ""
    rows = [f"| {one.behaviour} | {one.known_from} | {one.test} |\n" for one in lines]
    return f"\n## {room.capitalize()}\n\n| behaviour | from | test |\n| --- | --- | --- |\n" + "".join(rows)


def _objects() -> str:
    verbs: dict[str, list[str]] = defaultdict(list)
    for name in (name for routes in ROUTES for name in routes.table):
        method, _, path = name.partition(" ")
        verbs[path].append(method)
    rows = [f"| `{path}` | {', '.join(sorted(methods))} |\n" for path, methods in sorted(verbs.items())]
    return "\n## Addresses and verbs\n\n| address | verbs |\n| --- | --- |\n" + "".join(rows)


def main() -> int:
    """Write the page, or with --check compare it."""
    made = page()
    known = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    if made == known:
        print(f"{PAGE.name} is up to date")
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{PAGE.name} is not up to date: run script/generate_beliefs.py")
        return 1
    PAGE.write_text(made, encoding="utf-8")
    print(f"{PAGE.name} is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
