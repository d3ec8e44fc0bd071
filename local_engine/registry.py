"""The providers of a stack: one host process each, started when first needed."""

from __future__ import annotations

import threading
import uuid
from typing import TYPE_CHECKING

from local_engine import urns
from local_engine.errors import HostError
from local_engine.values import UNKNOWN_TEXT, Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_engine.diffs import Diff
    from local_engine.provider import Provider
    from local_engine.provider_answers import CheckFailure
    from local_engine.provider_process import ProviderProcess
    from local_engine.state import ResourceState
    from local_engine.values import Properties


class Registry:
    """Knows every provider by its reference, `<urn>::<id>`."""

    def __init__(self, start: Callable[[], ProviderProcess], olds: dict[str, ResourceState], *, preview: bool) -> None:
        self._start = start
        self._olds = olds
        self._preview = preview
        self._lock = threading.RLock()
        self._processes: list[ProviderProcess] = []
        self._checked: dict[str, ProviderProcess] = {}
        self._ready: dict[str, ProviderProcess] = {}

    def rebase(self, olds: dict[str, ResourceState]) -> None:
        """Look providers up in another snapshot from now on."""
        self._olds = olds

    def get(self, reference: str) -> Provider:
        """Return the provider of a resource; one that only the state knows is started from there."""
        with self._lock:
            if reference not in self._ready:
                self._load(reference)
            return self._ready[reference].provider

    def _load(self, reference: str) -> None:
        urn, identifier = urns.split_reference(reference)
        old = self._olds.get(urn)
        if old is None or old.id != identifier:
            raise HostError(f"the provider {reference} is neither in the program nor in the state.")
        self._ready[reference] = self._configured(self._launch(), old)

    def _launch(self) -> ProviderProcess:
        process = self._start()
        self._processes.append(process)
        process.connect()
        return process

    def _retire(self, process: ProviderProcess) -> None:
        self._processes.remove(process)
        process.stop()

    @staticmethod
    def _configured(process: ProviderProcess, state: ResourceState) -> ProviderProcess:
        process.provider.configure(state.urn, state.id, state.inputs)
        return process

    def check(self, urn: str, olds: Properties, news: Properties) -> tuple[Properties, list[CheckFailure]]:
        """Start a provider for the first half of its life: its configuration is checked and compared."""
        with self._lock:
            if urn in self._checked:  # it will be replaced: the new provider begins anew
                self._retire(self._checked.pop(urn))
            process = self._checked[urn] = self._launch()
        inputs, failures = process.provider.check_config(urn, olds, news)
        return {key: _like(value, news.get(key)) for key, value in inputs.items()}, failures

    def diff(self, old: ResourceState, new: ResourceState) -> Diff:
        """Ask a started provider what its new configuration means."""
        return self._checked[new.urn].provider.diff_config(new.urn, old, new.inputs)

    def settle(self, new: ResourceState) -> None:
        """Configure a provider: from now on resources can use it."""
        with self._lock:
            reference = urns.provider_reference(new.urn, new.id)
            if reference in self._ready:
                return
            process = self._checked.pop(new.urn, None) or self._launch()
            self._ready[reference] = self._configured(process, new)

    def new_id(self) -> str:
        """Return the id of a new provider; a preview does not know it."""
        return UNKNOWN_TEXT if self._preview else str(uuid.uuid4())

    def cancel(self, *, insist: bool) -> None:
        """Ask every provider to come to an end, or end it at once."""
        for process in list(self._processes):
            if insist:
                process.kill()
            else:
                process.cancel()

    def close(self) -> None:
        """End every provider process."""
        for process in self._processes:
            process.stop()
        self._processes.clear()


def _like(value: object, original: object) -> object:
    """Configuration travels in plain text to CheckConfig; what was secret is secret again afterwards."""
    return Secret(value) if isinstance(original, Secret) and not isinstance(value, Secret) else value
