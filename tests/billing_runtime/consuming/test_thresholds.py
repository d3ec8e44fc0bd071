"""`billing.on_threshold`: what a window includes is nearly used up, and the application hears of it once."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing, LimitSettings, ThresholdReached
from billing_runtime.thresholds import threshold_findings
from tests.billing_runtime.consuming.conftest import limit
from tests.billing_runtime.consuming.warned_process import begin, run, said

if TYPE_CHECKING:
    from tests.billing_runtime.consuming.conftest import Time

Json = dict[str, Any]
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def limited(limited: Json) -> Json:
    """The same plans, some limits of which have thresholds."""
    limits = limited["plans"]["free"]["limits"]
    for name in ("credits", "images", "seconds", "tokens", "denied", "free"):
        limits[name] = limits[name] | {"thresholds": [50, 80, 100]}
    limits["seconds"]["thresholds"] = [100, 150]
    return limited


@pytest.fixture
def other(
    open_billing: Callable[..., Billing], limited: Json, any_store_url: str, clock: Time
) -> Callable[..., Billing]:
    """The same application once more, whose free plan may include something else."""

    def one(**limits: Json) -> Billing:
        free = limited["plans"]["free"]
        plans = limited["plans"] | {"free": free | {"limits": free["limits"] | limits}}
        return open_billing(manifest=limited | {"plans": plans}, store=any_store_url, clock=clock, api_base=NOWHERE)

    return one


@pytest.fixture
def told(billing: Billing) -> list[ThresholdReached]:
    """What the application hears of."""
    heard: list[ThresholdReached] = []
    billing.on_threshold(heard.append)
    return heard


def hears(billing: Billing, told: list[ThresholdReached]) -> list[int]:
    """The percents that a worker tells now."""
    told.clear()
    billing.worker().once()
    return [one.percent for one in told]


def test_what_is_told(billing: Billing, told: list[ThresholdReached]) -> None:
    """Whoever passes a threshold must be named with what he used of how much, and when that begins anew."""
    billing.consume("org_1", "credits", 49)
    assert hears(billing, told) == []
    billing.consume("org_1", "credits", 1)
    billing.worker().once()
    march, april = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    assert told == [ThresholdReached("org_1", "credits", None, 50, 50, 100, march, april)]
    assert hears(billing, told) == []


def test_each_for_itself(billing: Billing, told: list[ThresholdReached]) -> None:
    """A use that passes several must tell each, in ascending order; every entity and name is told for itself."""
    billing.consume("org_1", "credits", 85)
    assert hears(billing, told) == [50, 80]
    billing.consume("org_1", "credits", 15)
    billing.consume("org_2", "credits", 50)
    billing.consume("org_1", "images", 2)
    billing.worker().once()
    assert {(one.entity_id, one.name, one.percent) for one in told[2:]} == {
        ("org_1", "credits", 100),
        ("org_2", "credits", 50),
        ("org_1", "images", 50),
    }


@pytest.mark.parametrize("again", [False, True])
def test_what_was_given_back_is_not_told_again(billing: Billing, told: list[ThresholdReached], again: bool) -> None:
    """Whoever gives back and uses again was warned, whether or not he was told in between."""
    receipt = str(billing.consume("org_1", "credits", 80).receipt)
    before = hears(billing, told) if again else []
    billing.refund(receipt)
    billing.consume("org_1", "credits", 85)
    assert before + hears(billing, told) == [50, 80]


def test_anew_in_the_next_window(billing: Billing, told: list[ThresholdReached], clock: Time) -> None:
    """Every window must be told for itself, and what a window left untold too."""
    billing.consume("org_1", "images", 3)
    clock.pass_(days=1)
    billing.consume("org_1", "images", 2)
    billing.worker().once()
    days = {day: [one.percent for one in told if one.window_start.day == day] for day in (14, 15)}
    assert days == {14: [50, 80, 100], 15: [50]}


def test_a_refused_use_tells_nothing(billing: Billing, told: list[ThresholdReached]) -> None:
    """What was not counted has passed nothing; beyond the limit is told where it is counted."""
    assert not billing.consume("org_1", "credits", 101)
    assert hears(billing, told) == []
    billing.consume("org_1", "credits", 101, enforce=False)
    assert hears(billing, told) == [50, 80, 100]
    for name, amount, percents in (("seconds", 15, [100, 150]), ("tokens", 2000, [50, 80, 100])):
        billing.consume("org_1", name, amount)
        assert hears(billing, told) == percents


@pytest.fixture
def telling(open_billing: Callable[..., Billing], limited: Json, any_store_url: str, clock: Time) -> Billing:
    """The same application, which wants to hear of refusals too."""
    settings = LimitSettings(tell_refusals=True)
    return open_billing(manifest=limited, store=any_store_url, clock=clock, api_base=NOWHERE, limits=settings)


def test_a_refusal_may_be_told(telling: Billing, clock: Time) -> None:
    """Where it is wanted, the first refusal of a window must be told as 100 percent; lower ones as they are passed."""
    heard: list[ThresholdReached] = []
    telling.on_threshold(heard.append)
    for _ in range(3):
        assert not telling.consume("org_1", "credits", 101)
    assert hears(telling, heard) == [100]
    assert (heard[0].usage, heard[0].limit, heard[0].member) == (0, 100, None)
    telling.consume("org_1", "credits", 100)
    assert hears(telling, heard) == [50, 80]
    clock.pass_(days=30)
    assert not telling.consume("org_1", "credits", 101)
    assert hears(telling, heard) == [100]


def test_which_refusals_are_told(telling: Billing) -> None:
    """A member's own must be told of him; what is denied has no percents; what was passed is not told twice."""
    heard: list[ThresholdReached] = []
    telling.on_threshold(heard.append)
    telling.members.limit("org_1", "projects", 1)
    assert not telling.consume("org_1", "projects", 2, member="ada")
    assert not telling.consume("org_1", "denied")
    telling.consume("org_1", "images", 3)
    assert not telling.consume("org_1", "images")
    assert sorted(hears(telling, heard)) == [50, 80, 100, 100]
    assert [(one.name, one.member) for one in heard if one.member] == [("projects", "ada")]


def test_no_percents_of_nothing(billing: Billing, told: list[ThresholdReached]) -> None:
    """Of nothing, and of what has no end, there are no percents."""
    billing.consume("org_1", "denied", 5, enforce=False)
    billing.consume("org_1", "free", 10**9)
    assert hears(billing, told) == []


def test_what_is_reserved_counts(billing: Billing, told: list[ThresholdReached]) -> None:
    """Reserved units must count when they are reserved, and what a commit takes more of too."""
    held = billing.reserve("org_1", "credits", 60)
    assert hears(billing, told) == [50]
    held.commit(80)
    assert hears(billing, told) == [80]
    billing.reserve("org_1", "credits", 20).release()
    billing.consume("org_1", "credits", 20)
    assert hears(billing, told) == [100]


def test_another_plan(
    billing: Billing, told: list[ThresholdReached], other: Callable[..., Billing], clock: Time
) -> None:
    """After a change it counts what the new plan includes: a smaller one is passed at once, and nothing twice."""
    billing.consume("org_1", "credits", 60)
    assert hears(billing, told) == [50]
    larger = other(credits=limit(1000, thresholds=[50, 80]))
    larger.consume("org_1", "credits", 500)
    assert hears(billing, told) == []
    larger.consume("org_1", "credits", 240)
    assert (hears(billing, told), told[0].limit, told[0].usage) == ([80], 1000, 800)
    smaller = other(credits=limit(400, thresholds=[80, 100, 300]))
    assert not smaller.consume("org_1", "credits", 1)
    assert (hears(billing, told), told[0].limit) == ([100], 400)


def test_without_a_function_it_waits(billing: Billing, other: Callable[..., Billing], clock: Time) -> None:
    """Whoever has a function must be told, however late; a week after the window it is nothing to anybody."""
    billing.consume("org_1", "images", 3)
    billing.worker().once()
    clock.pass_(days=7)
    billing.consume("org_1", "images", 2)
    late = other()
    heard: list[ThresholdReached] = []
    assert late.on_threshold(heard.append) is not None
    assert sorted(hears(late, heard)) == [50, 50, 80, 100]
    billing.consume("org_1", "images", 1)
    clock.pass_(days=9)
    assert hears(late, heard) == []
    assert billing.personal_data.export("org_1")["store"]["usage_notice"] == []


def test_a_function_that_raises_is_called_again(billing: Billing, told: list[ThresholdReached], clock: Time) -> None:
    """It is tried again later, the higher thresholds wait for it, and the doctor says why."""
    failing = [True]

    @billing.on_threshold
    def mail(_: ThresholdReached) -> None:
        if failing[0]:
            raise RuntimeError("secret")

    billing.consume("org_1", "credits", 80)
    billing.consume("org_2", "credits", 50)
    assert hears(billing, told) == [50, 50]
    assert {one.entity_id for one in told} == {"org_1", "org_2"}
    assert hears(billing, told) == []
    (fault,) = (one for one in billing.doctor() if one.check == "thresholds")
    assert fault.state == "fault"
    assert fault.said.startswith("2 thresholds were passed, and a function of billing.on_threshold fails: RuntimeError")
    assert "secret" not in fault.said
    clock.pass_(seconds=10)
    assert hears(billing, told) == [50, 50]
    failing[0] = False
    clock.pass_(minutes=1)
    assert hears(billing, told) == [50, 50, 80]
    assert list(threshold_findings(billing._context)) == []


def test_a_failure_is_tried_until_the_window_is_long_over(billing: Billing, clock: Time) -> None:
    """It is never given up before, and tried at least every hour and a quarter."""
    tried = []

    @billing.on_threshold
    def mail(_: ThresholdReached) -> None:
        tried.append(clock.now)
        raise RuntimeError

    billing.consume("org_1", "images", 2)
    for _ in range(60):
        billing.worker().once()
        clock.pass_(minutes=75)
    assert len(tried) == 60


def test_the_doctor_says_that_nobody_hears(billing: Billing, clock: Time) -> None:
    """Thresholds that nobody is told of are as good as none."""
    billing.consume("org_1", "credits", 80)
    clock.pass_(minutes=11)
    (found,) = threshold_findings(billing._context)
    assert found.state == "warning"
    assert found.said.startswith("2 thresholds were passed, and nobody was told")


def test_a_worker_of_this_process_is_woken(billing: Billing) -> None:
    """Whoever passes a threshold in a process with a worker must not wait for its next round."""
    heard = threading.Event()
    billing.on_threshold(lambda _: heard.set())
    worker = billing.worker()
    waiting, wait = threading.Event(), worker._wait

    def patient(stop: threading.Event, seconds: float, *, wakeful: bool) -> None:
        waiting.set()
        wait(stop, 3600, wakeful=wakeful)

    worker._wait = patient  # type: ignore[method-assign]
    worker.start()
    assert waiting.wait(30)
    billing.consume("org_1", "credits", 50)
    assert heard.wait(30)


def test_it_is_shown_and_erased(billing: Billing, told: list[ThresholdReached]) -> None:
    """What was passed must be shown with everything else, and go with it."""
    billing.consume("org_1", "credits", 80)
    billing.consume("org_2", "credits", 80)
    rows = billing.personal_data.export("org_1")["store"]["usage_notice"]
    assert [(row["percent"], row["usage"], row["granted"]) for row in rows] == [(50, "80", 100), (80, "80", 100)]
    billing.personal_data.erase("org_1")
    assert billing.personal_data.export("org_1")["store"]["usage_notice"] == []
    billing.worker().once()
    assert [(one.entity_id, one.percent) for one in told] == [("org_2", 50), ("org_2", 80)]


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(limited: Json, any_store_url: str, clock: Time) -> Iterator[Start]:
    """Start a process that tells; none outlives its test."""
    started: list[subprocess.Popen[str]] = []

    def one(*, hold: bool = False) -> subprocess.Popen[str]:
        settings = {"manifest": limited, "store": any_store_url, "api_base": NOWHERE, "now": clock.now.isoformat()}
        started.append(run(settings | {"hold": hold}))
        return started[-1]

    yield one
    for process in started:
        process.kill()
        process.communicate()


def test_workers_of_two_processes_tell_once(billing: Billing, start: Start) -> None:
    """Everything must be told once, by all of them together, and every entity's in its order."""
    for number in range(40):
        billing.consume(f"org_{number}", "credits", 80)
    processes = [start(), start()]
    for process in processes:
        begin(process)
    heard = [json.loads(line) for process in processes for line in process.communicate()[0].splitlines()]
    assert sorted(map(tuple, heard)) == sorted(
        (f"org_{number}", percent) for number in range(40) for percent in (50, 80)
    )


def test_a_worker_that_is_killed_is_followed_by_another(
    billing: Billing, told: list[ThresholdReached], start: Start, clock: Time
) -> None:
    """While one tells nobody else does, nor of what comes after it; if it is killed, another does so later."""
    billing.consume("org_1", "credits", 80)
    process = start(hold=True)
    begin(process)
    assert json.loads(said(process)) == ["org_1", 50]
    assert hears(billing, told) == []
    process.kill()
    process.wait()
    assert hears(billing, told) == []
    clock.now += timedelta(minutes=6)
    assert hears(billing, told) == [50, 80]
