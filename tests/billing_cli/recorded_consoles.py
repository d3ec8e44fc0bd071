"""The recorded consoles of the Pulumi CLI, and what makes a console comparable."""

from __future__ import annotations

import re
import shlex
from typing import Any

from tests.billing_cli.rendering import rendered, timeless
from tests.local_engine.recording import RECORDINGS, SCENARIOS, comparable

_BLOCK = re.compile(r"^(\S| *--outputs:--| {0,8}[ +~=<>-]{0,2}\S*\w+:[\w/-]+:\w+: \()")
TITLES = {
    "preview": "Previewing update",
    "up": "Updating",
    "destroy": "Destroying",
    "refresh": "Refreshing",
    "import": "Importing",
}
HEADINGS = ("Diagnostics:", "Outputs:", "Resources:")
WORDS = (
    "created replacement|created|updated|deleted original|deleted|replaced|imported replacement|imported|"
    r"\*\*[a-z]+ failed\*\*|[a-z]+ failed|create replacement|create|update|delete original|delete|replace|import|"
    r"changed at Stripe|gone at Stripe"
)
FOUND = {"changed at Stripe": "updated", "gone at Stripe": "deleted"}
STACKS = {"Stack", "pulumi:pulumi:Stack"}
_OURS = re.compile(rf"^ (?P<sign>\S*) +[│├└─ ]*(?P<kind>\S+) +(?P<name>\S+)  +(?P<word>{WORDS})(?!\w)(?P<rest>.*)$")
_THEIRS = re.compile(rf"^ (?P<sign>\S*) +(?P<kind>\S+:\S+) (?P<name>\S+) (?P<word>{WORDS})(?!\w)(?P<rest>.*)$")
_NAMED = re.compile(r"^ \S* +[│├└─ ]*(?P<kind>[\w-]+) +(?P<name>\S+)")
_PROPERTY = re.compile(r"^[│ ]{8,}(?P<path>[^ ].*?): (?P<old>.*) → (?P<new>.*?)(?: \(replaces\))?$")


def steps_with_consoles() -> list[tuple[str, str]]:
    """Return scenario and step of every recorded console of an operation."""
    return [
        (name, step["id"])
        for name, scenario in sorted(SCENARIOS.items())
        for step in scenario["steps"]
        if (RECORDINGS / "consoles" / f"{name}.{step['id']}.txt").exists()
        and shlex.split(step["command"])[0] in {"preview", "up", "refresh", "destroy", "import"}
    ]


def console_of(scenario: str, step: str) -> str:
    """Return what the CLI printed; of a preview and an update only the update."""
    text = (RECORDINGS / "consoles" / f"{scenario}.{step}.txt").read_text(encoding="utf-8")
    out = text.partition("--- stdout\n")[2].partition("--- stderr")[0]
    return out[out.find("\nUpdating (") + 1 :] if "\nUpdating (" in out else out


def sections(text: str) -> dict[str, list[str]]:
    """Cut a console at its headings; what every machine does its own way is left out."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in same_everywhere(text).splitlines():
        if line in HEADINGS:
            lines = found.setdefault(line, [])
        elif line.startswith("Duration:"):
            lines = []
        elif line.strip():
            lines.append(line.rstrip())
    return found


def same_everywhere(text: str) -> str:
    """Take out ids, times, types' modules, and the traceback of a program that was told to end."""
    text = re.sub(r'(File ").*?/project/', r"\1<project>/", str(comparable(timeless(text))).replace("\t", "    "))
    text = re.sub(r"^.*<traceback of the interrupted program.*\n", "", text, flags=re.MULTILINE)
    text = text.partition("The resources in the stack have been deleted")[0]
    return re.sub(r"(?<![\w:/$])[\w-]+:[\w/-]+:(\w+)(?= \()", r"\1", text)


def groups(lines: list[str]) -> list[tuple[str, ...]]:
    """Sort diagnostics by resource: the CLI tells them in no order."""
    found: list[list[str]] = []
    for line in lines:
        if not line.startswith("    "):
            found.append([])
        found[-1].append(line)
    return sorted(tuple(group) for group in found if len(group) > 1)


def rows(text: str, *, preview: bool) -> list[tuple[str, str, str]]:
    """Return sign, name and word of every resource, but the stack, that a console says is done."""
    matches = (_OURS.match(line) or _THEIRS.match(line) for line in text.splitlines())
    told = {(row["sign"], row["name"], row["word"].strip("*")) for row in matches if row and row["kind"] not in STACKS}
    parts = {("++", "create replacement"), ("--", "delete original")} if preview else set()
    return sorted((sign, name, FOUND.get(word, word)) for sign, name, word in told if (sign, word) not in parts)


def properties(text: str) -> dict[str, set[str]]:
    """Return the properties that our console says are changed, by resource: +added, -deleted, ~updated."""
    found: dict[str, set[str]] = {}
    name = ""
    for line in text.splitlines():
        if told := _PROPERTY.match(line):
            sign = "+" if told["old"] == "none" else "-" if told["new"] == "none" else "~"
            found.setdefault(name, set()).add(sign + re.split(r"[.\[]", told["path"])[0])
        elif row := _NAMED.match(line):
            name = row["name"]
    return found


def diffs(text: str) -> dict[str, set[str]]:
    """Return the same of a console of the CLI: [diff: +a~b,c]."""
    found: dict[str, set[str]] = {}
    for name, told in re.findall(r"^ \S* +\S+:\S+ (\S+) .*\[diff: ([^\]]*)\]", text, re.MULTILINE):
        for sign, names in re.findall(r"([+~-])([^+~-]+)", told):
            found.setdefault(name, set()).update(sign + one for one in names.split(","))
    return found


def blocks(text: str) -> list[str]:
    """Cut a diff view into resources, in no order: steps that run side by side are told as they come."""
    lines = [line.rstrip() for line in same_everywhere(text).splitlines() if line.strip()]
    found: list[list[str]] = []
    for line in lines:
        if _BLOCK.match(line) or not found:
            found.append([])
        found[-1].append(line)
    return sorted("\n".join(block) for block in found if not block[0].startswith("Duration:"))


def is_preview(command: str) -> bool:
    """Tell whether nothing is done, only shown."""
    return command.startswith("preview") or "--preview-only" in command


def shown(events: list[dict[str, Any]], command: str) -> str:
    """What our console prints for a recorded command."""
    verb = shlex.split(command)[0]
    title = f"Previewing {verb}" if "--preview-only" in command else TITLES[verb]
    return rendered(events, f"{title} (dev)", preview=is_preview(command), diff="--diff" in command)
