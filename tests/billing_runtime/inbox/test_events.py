"""The table of events: every one that the endpoint is told to send, each with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from billing_resources._engine.runtime_events import RUNTIME_EVENTS
from billing_runtime._inbox import events
from billing_runtime._inbox.events import EVENTS

THIN = {"v1.billing.meter.error_report_triggered", "v1.billing.meter.no_meter_found"}


def test_what_is_subscribed_to_is_handled() -> None:
    """Provisioning's word `runtime` must stand for exactly what the runtime handles; thin events come elsewhere."""
    assert set(EVENTS) - THIN == set(RUNTIME_EVENTS)
    assert set(EVENTS) >= THIN


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_has_a_file_and_a_reason(name: str) -> None:
    """Whoever looks for an event must find its file by name, and one line that says why it is handled."""
    folder = Path(str(events.__file__)).parent
    family = name.rpartition(".")[0].replace(".", "_")
    assert (folder / f"{name.replace('.', '_')}.py").is_file() or (folder / f"{family}.py").is_file()
    assert 20 < len(EVENTS[name].why) < 120


def test_every_file_is_in_the_table() -> None:
    """A file that nobody names would never be used."""
    folder = Path(str(events.__file__)).parent
    files = {file.stem for file in folder.glob("*.py")} - {"__init__"}
    assert files == {file.__name__.rpartition(".")[2] for file in events._FILES}
