"""Kills the engine, the host or both, at a point that the emulator controls, and lets the operation be done again."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import local_engine
from local_engine import Result, Run
from tests.end_to_end.processes import below, is_host, wait_for_end
from tests.end_to_end.project import Project, copy_project, environment
from tests.end_to_end.wanted import WRITES, Wanted, after, choose, expected, found, marked

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

    import stripe

    from stripe_emulator.client import EmulatorClient, Pause
    from tests.end_to_end.processes import Process

# Where in a request: before Stripe processes it, before Stripe answers, after the answer and before the state has it.
POINTS = ("before", "after", "answered")
VICTIMS = ("engine", "host", "both")
WAYS = [(point, victim) for point in POINTS for victim in VICTIMS]
PROGRAM = Path(__file__).with_name("killed_program.py")
_VERBS = {"refresh": "refresh", "destroy": "destroy"}


@dataclass(frozen=True)
class Kill:
    """One kill: who, when, and what it interrupted."""

    point: str
    victim: str
    operation: str
    method: str
    skip: int
    goes_on: bool  # whether the request that was held is carried out although nobody waits for it any more


@dataclass
class Shop:
    """One stack, changed and killed again and again."""

    project: Project
    emulator: EmulatorClient
    client: stripe.StripeClient
    rng: random.Random
    wanted: Wanted = field(default_factory=Wanted)
    log: list[Kill] = field(default_factory=list)
    _ways: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def open(cls, directory: Path, emulator: EmulatorClient, client: stripe.StripeClient, seed: int) -> Shop:
        """An empty stack."""
        copy_project(directory)
        (directory / "__main__.py").write_text(PROGRAM.read_text())
        rng = random.Random(seed)  # noqa: S311 - to be had again, not to be guessed
        shop = cls(Project(directory, "local", environment(directory, emulator)), emulator, client, rng)
        local_engine.stack_init(shop._loaded, shop.project.stack, environ=shop.project.environ)
        return shop

    def disturb(self, kills: int) -> None:
        """Do one random operation: some kills, then without; then all must be as if nothing had happened."""
        operation = choose(self.wanted, self.rng)
        wanted = after(self.wanted, operation)
        (self.project.directory / "wanted.json").write_text(json.dumps(wanted.facts()))
        if operation == "refresh":
            self._rename_at_stripe(wanted.name)
        begun = len(self.log)
        for number in range(kills):
            self.kill(self._random_kill(operation, WRITES.get(operation, 3) - 2 * number))
            if all(kill.victim != "host" for kill in self.log[begun:]):  # an engine that goes on forgets what failed
                self._check_that_the_state_knows_everything()
        self.wanted = wanted
        self._recover(operation)
        self._check()

    def _rename_at_stripe(self, name: str) -> None:
        team = next(one for one in self.client.v1.products.list().data if one.metadata["billing:key"] == "team")
        self.client.v1.products.update(team.id, {"name": name})

    def _random_kill(self, operation: str, left: int) -> Kill:
        """Any point, any victim, any request of those that are left of the operation."""
        rng, reads = self.rng, operation == "refresh" or self.rng.random() < 0.1
        self._ways = self._ways or rng.sample(WAYS, len(WAYS))  # each once, then each again
        point, victim = self._ways.pop()
        return Kill(
            point=point,
            victim=victim,
            operation=operation,
            method="GET" if reads else "[PD]*",
            skip=rng.randrange(max(1, min(left, 3) if reads else left)),
            goes_on=rng.random() < 0.5,
        )

    def kill(self, kill: Kill) -> bool:
        """Begin the operation and kill; whether it came that far."""
        emulator = self.emulator
        when = "before" if kill.point == "before" else "after"
        held = emulator.pause_next(when, method=kill.method, path="/v1/*", skip=kill.skip)
        with self._begun(kill.operation) as running:
            struck = self._reached(held, running) and self._strike(kill, running, held)
            said = "".join(running.communicate())
        assert struck or running.returncode == 0, said
        assert "Traceback" not in said, said
        emulator.clear_faults()
        self._look_at_the_state(locked=struck and kill.victim != "host")
        return struck

    @contextlib.contextmanager
    def _begun(self, operation: str) -> Iterator[subprocess.Popen[str]]:
        """The operation, of which nothing is left when a test fails in the middle of it."""
        with self.project.begin(_VERBS.get(operation, "up")) as running:
            try:
                yield running
            except BaseException:
                for process in below(running.pid):
                    process.kill()
                raise

    def _reached(self, held: Pause, running: subprocess.Popen[str]) -> bool:
        while running.poll() is None:
            faults = self.emulator.call("GET", "/faults")["faults"]
            if any(one["reached"] for one in faults if one["id"] == held.id):
                return True
            time.sleep(0.005)
        return False

    def _strike(self, kill: Kill, running: subprocess.Popen[str], held: Pause) -> bool:
        family = below(running.pid)
        hosts = [one for one in family if is_host(one)]
        if not hosts:  # a request of the command itself, before the engine begins
            held.release()
            return False
        self.log.append(kill)
        if kill.point == "answered":
            os.kill(running.pid, signal.SIGSTOP)  # it hears nothing of what comes now, and writes nothing down
            held.release()
            self._wait_until_answered()
        victims = {"engine": family[:1], "host": hosts, "both": family}[kill.victim]
        for process in victims:
            process.kill()
        with contextlib.suppress(ProcessLookupError):
            os.kill(running.pid, signal.SIGCONT)
        if kill.goes_on:
            held.release()
        _end(family, victims, running)
        return True

    def _wait_until_answered(self) -> None:
        while not any(one["fault"] and one["status"] for one in self.emulator.requests()):
            time.sleep(0.005)

    def _look_at_the_state(self, *, locked: bool) -> None:
        """The file is whole whatever happened; who is killed leaves a lock, who ends in good order does not."""
        json.loads(self.project.state_file.read_text())
        removed = local_engine.stack_unlock(self._loaded, self.project.stack, environ=self.project.environ)
        assert removed == int(locked)
        self.emulator.clear_requests()

    def _check_that_the_state_knows_everything(self) -> None:
        """Whatever there is at Stripe is in the state, or was being made when the engine was killed."""
        kept = {one["id"] for one in self.project.resources() if one["custom"]}
        begun = {urn.rpartition("::")[2] for kind, urn in self._pending() if kind == "creating"}
        unknown = {key for identifier, key in marked(self.client).items() if identifier not in kept}
        assert unknown <= begun

    def _recover(self, operation: str) -> None:
        """The same again, undisturbed; what was under way is told."""
        pending = self._pending()
        operate: Callable[..., Result] = getattr(local_engine, _VERBS.get(operation, "up"))
        result = self._run(operate)
        told = str(result.diagnostics)
        assert operation == "refresh" or all(f"{urn}, interrupted while" in told for _, urn in pending)
        assert {kind for kind, _ in self._pending()} <= {"creating"}, "only creates are remembered"

    def _check(self) -> None:
        """Stripe has what it should have, each thing once, and the state knows it."""
        assert found(self.client) == expected(self.wanted)
        if self.wanted.deployed:
            changes = self._run(local_engine.preview).changes
            assert set(changes) == {"same"}, changes
        else:
            assert self.project.resources() == []

    @contextlib.contextmanager
    def telling(self) -> Iterator[Shop]:
        """Whoever fails tells what went before."""
        try:
            yield self
        except BaseException as error:
            error.add_note("\n".join([f"wanted: {self.wanted}", *map(str, self.log)]))
            raise

    def end(self) -> None:
        """Forget the creates that were interrupted, as a person would who looked, and remove everything."""
        self._run(local_engine.refresh, clear_pending_creates=True)
        assert self._pending() == []
        self._run(local_engine.destroy)
        self.wanted = replace(self.wanted, deployed=False)
        assert found(self.client) == expected(self.wanted)

    def _run(self, operate: Callable[..., Result], **options: Any) -> Result:
        result = operate(Run(self._loaded, self.project.stack, environ=self.project.environ), **options)
        assert result.exit_code == 0, result.diagnostics
        return result

    @property
    def _loaded(self) -> local_engine.Project:
        return local_engine.load_project(self.project.directory)

    def _pending(self) -> list[tuple[str, str]]:
        latest = json.loads(self.project.state_file.read_text())["checkpoint"]["latest"]
        return [(one["type"], one["resource"]["urn"]) for one in latest.get("pending_operations", [])]


def _end(family: list[Process], victims: list[Process], running: subprocess.Popen[str]) -> None:
    """Wait until nobody is left: those who were not killed notice it and end on their own."""
    running.wait()
    wait_for_end([one for one in family if one not in victims])
