"""The table of docs/conformance.md: every recorded scenario, and whether ours is equal (`python -m` writes it)."""

from __future__ import annotations

from pathlib import Path

from tests.local_engine import recording
from tests.local_engine.differences import DIFFERENCES, NOT_LIVE, NOT_PLAYED

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"
_HEAD = """# Conformance of the local engine

Pulumi 3.260.0 was recorded in {scenarios} scenarios: every call between engine, program and host, every state file and
every preview document. `tests/local_engine/test_conformance.py` plays the same programs and hosts on the local engine
and compares the calls, the answers, the state file and the preview, strictly: only times, ports, random ids and the
free order of unrelated resources are taken out. `tests/local_engine/test_live.py` plays them on the `pulumi` that is on
PATH. This page is generated from the tables that these tests use (`python -m tests.local_engine.conformance_table`).

| scenario | what it is about | steps | local engine |
| --- | --- | --- | --- |
"""


def render() -> str:
    """Return the page."""
    head = _HEAD.format(scenarios=len(recording.SCENARIOS))
    rows = [
        f"| {name} | {scenario['title']} | {len(scenario['steps'])} | {_verdict(name)} |\n"
        for name, scenario in sorted(recording.SCENARIOS.items())
    ]
    return head + "".join(rows) + _notes()


def _reasons(name: str) -> list[str]:
    return list(dict.fromkeys(reason for (found, _, _), reason in DIFFERENCES.items() if found == name))


def _verdict(name: str) -> str:
    if name in NOT_PLAYED:
        return f"not played: {NOT_PLAYED[name]}"
    reasons = _reasons(name)
    return "equal" if not reasons else "equal, but: " + "; ".join(reasons)


def _notes() -> str:
    lines = [f"- {name}: {reason}.\n" for name, reason in sorted(NOT_LIVE.items())]
    return "\n## Not played on the installed CLI\n\n" + "".join(lines)


if __name__ == "__main__":
    PAGE.write_text(render())
