"""Have stripe-mock judge every request that was recorded: `python -m tests.stripe_mock.check FOLDER`."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.stripe_mock import exclusions, schema
from tests.stripe_mock.installed import MISSING, VERSION, Judge, is_installed, running
from tests.stripe_mock.recorded import Recorded, read, segments
from tests.stripe_mock.schema import schema_of

_ADVICE = (
    "correct the request; what is newer than that and is Stripe's own stands in the installed stripe package, "
    "and so in exclusions.json"
)


@dataclass
class Verdict:
    """What came of the requests."""

    accepted: list[Recorded] = field(default_factory=list)
    unknown: list[Recorded] = field(default_factory=list)
    newer: set[tuple[str, str]] = field(default_factory=set)
    refusals: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """Return one line."""
        operations = len({request.operation for request in self.accepted})
        unknown = len({request.operation for request in self.unknown})
        return (
            f"stripe-mock {VERSION} accepts {len(self.accepted)} shapes of requests to {operations} operations; "
            f"not in its {schema.version()}, by the list: {len(self.newer)} of their parameters and values, "
            f"and {unknown} operations with {len(self.unknown)} shapes; refused: {len(self.refusals)}"
        )


def main(arguments: list[str]) -> int:
    """Print the refusals and one line; return 1 if there are any."""
    folder = Path(arguments[0])
    if not is_installed():
        sys.stdout.write(f"SKIPPED: no request was judged by stripe-mock: {MISSING}\n")
        return 0
    requests = read(folder)
    if not requests:
        sys.stdout.write(f"no request was recorded in {folder}: run the tests with EMULATED_STRIPE_RECORD={folder}\n")
        return 1
    with running() as stripe_mock:
        verdict = judge(requests, stripe_mock)
    sys.stdout.write("".join(f"{line}\n" for line in [*verdict.refusals, verdict.summary()]))
    return 1 if verdict.refusals else 0


def judge(requests: list[Recorded], stripe_mock: Judge) -> Verdict:
    """Ask stripe-mock about each of them."""
    verdict = Verdict()
    for request in requests:
        if exclusions.is_unknown(request.operation):
            verdict.unknown.append(request)
            continue
        excluded = exclusions.apply(request.without(_counts(request)))
        verdict.newer |= {(request.operation, name) for name in excluded.names}
        if refusal := refusal_of(excluded.left, stripe_mock):
            verdict.refusals.append(refusal)
        else:
            verdict.accepted.append(request)
    return verdict


def _counts(request: Recorded) -> list[tuple[str, str]]:
    """What a list may be expanded by at Stripe, and stripe-mock answers with an error of its own."""
    return [(name, value) for name, value in request.pairs if name.startswith("expand[") and value == "total_count"]


def refusal_of(request: Recorded, stripe_mock: Judge) -> str | None:
    """Return which request, which parameter, and what stripe-mock said; None if it has nothing against it."""
    if strangers := _strangers(request):
        return _sentence(request, strangers, "the specification has no such parameter")
    said = stripe_mock.refusal(*request.sent())
    if said is None:
        return None
    guilty = [pair for pair in request.pairs if not stripe_mock.refusal(*request.without([pair]).sent())]
    return _sentence(request, [name for name, _ in guilty], said)


def _strangers(request: Recorded) -> list[str]:
    """Name what the specification lacks: stripe-mock itself does not look into maps, and calls nothing by name."""
    known = schema_of(request.operation)
    return [] if known is None else [name for name, _ in request.pairs if not known.at(segments(name))]


def _sentence(request: Recorded, names: list[str], said: str) -> str:
    blamed = ", ".join(names) or "no single parameter"
    sent = "&".join(f"{name}={value}" for name, value in request.pairs)
    return f"{request.operation}: {blamed}: {said} (sent: {sent[:400]}); {_ADVICE}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
