"""An endpoint is made anew, and signs with another secret."""

from __future__ import annotations

from collections.abc import Iterator

from billing_review.judgement.listening import endpoints
from billing_review.judgement.rule import Case, Said, said
from billing_review.phrases import listed

_ADVICE = (
    "Set rotate: 2 instead, so that both secrets are valid for a while; or give the application the new one at once."
)


def signing_secret_changed(case: Case) -> Iterator[Said]:
    """Until the application has the new secret, it refuses every event."""
    for step in endpoints(case.change):
        if step.operation == "replace":
            why = f" ({listed(step.replacing)} cannot change in place)" if step.replacing else ""
            sentence = (
                f"{step.key}: the endpoint is made anew{why}, so events are signed with another secret from then on."
            )
            yield said(step, sentence, _ADVICE)
