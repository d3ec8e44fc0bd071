"""The recordings of the real engine, and how they are made comparable."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local_engine.passphrase import Crypter
from local_engine.values import SECRET_MARK, SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local_engine.state import Snapshot

RECORDINGS = Path(__file__).parent / "recordings"
SCENARIOS: dict[str, Any] = json.loads((RECORDINGS / "scenarios.json").read_text())
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ID = re.compile(r"th_([A-Za-z0-9-]+)_(\d+)")
# Told by no recording: where a step's status would be reported, and where in the SDK a resource comes from.
NEVER_TOLD = frozenset({"resource_status_address", "resource_status_token", "sourcePosition", "stackTrace", "hooks"})
# Random, of one machine, or always the same, and therefore told by the recording of the first scenario alone.
UNTOLD = NEVER_TOLD | {
    "randomSeed",
    "engine_address",
    "root_directory",
    "program_directory",
    "mapper_target",
    "loader_target",
    "resolver_target",
    "configure_with_urn",
    "supports_views",
    "supports_refresh_before_update",
    "invoke_with_preview",
    "accepts_byte_string",
    "acceptSecrets",
    "acceptResources",
    "sends_old_inputs",
    "sends_old_inputs_to_delete",
    "supportsPartialValues",
    "supportsResultReporting",
    "supportedFeatures",
    "parallel",
}


def load_lines(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def recorded(kind: str, name: str) -> Path | None:
    """Find one recording."""
    path = RECORDINGS / kind / name
    return path if path.exists() else None


def comparable(value: Any) -> Any:
    """Replace what differs from run to run: UUIDs, and the numbers in ids (by their rank)."""
    text = json.dumps(value, sort_keys=True)
    numbers: dict[str, set[int]] = defaultdict(set)
    for name, number in _ID.findall(text):
        numbers[name].add(int(number))
    ranks = {(name, number): rank for name, found in numbers.items() for rank, number in enumerate(sorted(found), 1)}
    text = _ID.sub(lambda m: f"th_{m[1]}_#{ranks[m[1], int(m[2])]}", text)
    text = _UUID.sub(lambda m: m[0] if m[0] == _UNKNOWN else "<uuid>", text)
    return json.loads(text)


def told(message: Any, untold: frozenset[str] = UNTOLD) -> Any:
    """Drop the fields of a message that the recordings do not tell."""
    if not isinstance(message, dict):
        return message
    return {key: value for key, value in message.items() if key not in untold}


def by_resource(calls: Iterable[dict[str, Any]], untold: frozenset[str] = UNTOLD) -> dict[str, list[Any]]:
    """Group calls by the resource they are about; only within one their order means something."""
    found: dict[str, list[Any]] = defaultdict(list)
    for call in calls:
        if "response" not in call and "error" not in call:
            continue  # whether a program still calls when its run has failed already is a race
        request = told(call["request"], untold)
        name = request.get("urn") or "::".join((request.get("type", ""), request.get("name", "")))
        answer = (
            {"error": _sentence(call["error"])}
            if call.get("error")
            else {"response": told(call.get("response"), untold)}
        )
        found[name].append({"method": call["method"], "request": request, **answer})
    if sum(call["method"] == "Handshake" for call in found["::"]) > 1:
        found["::"].sort(key=lambda call: str(call["method"]))  # of several processes, side by side
    return dict(found)


def _sentence(error: Any) -> Any:
    return error.get("details", error["code"]) if isinstance(error, dict) else error


_LIFE = {"Handshake", "GetPluginInfo", "CheckConfig", "DiffConfig", "Configure", "Cancel"}


def lives(lines: Iterable[dict[str, Any]]) -> list[list[str]]:
    """Return what each host process lived through, in order; calls about resources are three dots."""
    found: dict[Any, list[str]] = {}
    for line in lines:
        told = found.setdefault(line["pid"], [])
        what = line["what"] if line["what"] in {*_LIFE, "started", "signal"} else "..."
        if not (told and told[-1] == what == "..."):
            told.append(what)
    return list(found.values())


def recorded_lives(path: Path) -> list[list[str]] | None:
    """Return the lives of the recorded hosts; nothing where they lived side by side, or were killed."""
    lines, number, alive = [], 0, 0
    for line in load_lines(path):
        event = line.get("event", "")
        if event == "provider process started":
            number, alive = number + 1, alive + 1
            lines.append({"pid": number, "what": "started"})
        elif event == "provider process got signal":
            alive -= 1
            lines.append({"pid": number, "what": "signal"})
        elif line.get("to") == "provider":
            lines.append({"pid": number, "what": line["method"]})
        if alive > 1:
            return None
    return lives(lines) if alive == 0 else None


def host_lives(lines: Iterable[dict[str, Any]]) -> list[list[str]]:
    """Return the lives of our hosts."""
    names = {"host": "started", "signal": "signal"}
    return lives(
        {"pid": line["pid"], "what": line["method"] if line["at"] == "start" else names[line["at"]]}
        for line in lines
        if line["at"] in {"start", *names}
    )


def recorded_calls(path: Path, to: str) -> list[dict[str, Any]]:
    """Return the calls of a recorded trace to the provider or to the monitor."""
    return [line for line in load_lines(path) if line.get("to") == to and line.get("end") is not None]


def host_calls(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the calls our host wrote down, in the order of their start."""
    waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)
    calls: list[dict[str, Any]] = []
    for line in lines:
        if line["at"] not in {"start", "end"}:
            continue
        key = json.dumps([line["method"], line["request"]], sort_keys=True)
        if line["at"] == "start":
            call = {"method": line["method"], "request": line["request"]}
            waiting[key].append(call)
            calls.append(call)
        else:
            waiting[key].pop(0).update({key: line[key] for key in ("response", "error") if key in line})
    return calls


def comparable_state(latest: dict[str, Any], passphrase: str) -> dict[str, Any]:
    """Make a state file comparable: secrets opened, times reduced to their order, resources sorted."""
    salt = latest["secrets_providers"]["state"]["salt"]
    opened = _opened(latest, Crypter.open(passphrase, salt) if _has_secrets(latest) else None)
    resources = [_timeless(found) for found in opened.get("resources", [])]
    pending = [{**found, "resource": _timeless(found["resource"])} for found in opened.get("pending_operations", [])]
    return dict(
        comparable(
            {
                "resources": sorted(resources, key=_place),
                "pending": sorted(pending, key=lambda found: _place(found["resource"])),
                "version": latest["manifest"]["version"],
                "magic": latest["manifest"]["magic"],
                "provider": latest["secrets_providers"]["type"],
                "metadata": latest["metadata"],
            }
        )
    )


def _has_secrets(value: Any) -> bool:
    return '"ciphertext"' in json.dumps(value)


def _opened(value: Any, crypter: Crypter | None) -> Any:
    if isinstance(value, list):
        return [_opened(item, crypter) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == SECRET_MARK and crypter is not None:
        return {"secret": _opened(json.loads(crypter.decrypt(value["ciphertext"])), crypter)}
    return {key: _opened(item, crypter) for key, item in value.items()}


def _place(found: dict[str, Any]) -> tuple[str, bool, str]:
    return found["urn"], found.get("delete", False), found.get("id", "")


def _timeless(found: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in found.items() if key not in {"created", "modified", "stackTrace"}}
    if "created" in found:
        kept["was modified"] = found["created"] != found["modified"]
    if "sourcePosition" in found:
        kept["sourcePosition"] = found["sourcePosition"].rsplit("/", 1)[-1]
    return kept


def comparable_preview(document: dict[str, Any]) -> dict[str, Any]:
    """Make a preview document comparable; the order of steps follows the order of registrations, which is free."""
    steps = [
        {**step, **{side: _timeless(step[side]) for side in ("oldState", "newState") if side in step}}
        for step in document["steps"]
    ]
    diagnostics = [found for found in document.get("diagnostics", []) if not found["severity"].startswith("info")]
    return dict(
        comparable(
            {
                "config": document.get("config"),
                "steps": sorted(steps, key=lambda step: (step["urn"], step["op"])),
                "diagnostics": sorted(diagnostics, key=lambda found: found["message"]),
                "changeSummary": document["changeSummary"],
            }
        )
    )


def refusal(console: str) -> str | None:
    """Return what a recorded command said on standard error, if it said nothing else: it was refused at once."""
    out, _, err = console.partition("--- stdout\n")[2].partition("--- stderr\n")
    return err if err.strip() and not out.strip() else None


def comparable_refusal(text: str) -> Any:
    """Make a refusal comparable: whose lock it is, and since when, belongs to one run only."""
    told = re.sub(r"created by \S+ \(pid \d+\) at \S+", "created by <somebody>", text.strip())
    return comparable(told.replace("file://<backend>", "<backend>").replace("?no_tmp_dir=true", ""))


def condensed(snapshot: Snapshot) -> dict[str, Any]:
    """Describe one write of the state as the recordings do."""
    facts = {
        "delete": "delete",
        "pendingReplacement": "pending_replacement",
        "external": "external",
        "initErrors": "init_errors",
    }
    resources = []
    for state in snapshot.resources:
        told = {key: value for key, name in facts.items() if (value := getattr(state, name))}
        resources.append({"name": state.name, **({"id": state.id} if state.id else {}), **told})
    pending = [{"type": found.kind, "name": found.resource.name, "id": found.resource.id} for found in snapshot.pending]
    return {"resources": resources, "pending_operations": pending}


def comparable_writes(writes: Iterable[dict[str, Any]]) -> list[Any]:
    """Make writes comparable: sorted inside, and without those that change nothing."""
    found: list[Any] = []
    for write in writes:
        inner = {key: sorted(write[key], key=json.dumps) for key in ("resources", "pending_operations")}
        if not found or inner != found[-1]:
            found.append(inner)
    return list(comparable(found))
