"""What findings mean for an exit code."""

from __future__ import annotations

from collections.abc import Iterable

from billing_review.report import SEVERITIES, Finding, Severity


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The worst severity of what is not suppressed; None where nothing is left."""
    found = {one.severity for one in findings if one.suppressed is None}
    return next((severity for severity in SEVERITIES if severity in found), None)


def fails(findings: Iterable[Finding], fail_on: Severity | None) -> bool:
    """Whether anything is as bad as that, or worse; nothing fails where nothing is asked for."""
    found = worst(findings)
    return fail_on is not None and found is not None and SEVERITIES.index(found) <= SEVERITIES.index(fail_on)
