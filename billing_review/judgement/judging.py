"""Every rule over one change: pure, worst first, what is suppressed last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import localcontext

from billing_review.judgement.registry import LAST, RULES
from billing_review.judgement.rule import Case, Rule
from billing_review.judgement.settings import Exemption, JudgementSettings
from billing_review.report import SEVERITIES, Affected, Finding, Severity, Suppression
from billing_review.steps import Change

_NOBODY_COUNTED: Mapping[tuple[str, str], Affected] = {}
_DIGITS = 100
"""Enough for a sum of the most units at the most decimals that Stripe takes to be exact."""


def judge(
    change: Change,
    settings: JudgementSettings,
    *,
    today: date,
    affected: Mapping[tuple[str, str], Affected] = _NOBODY_COUNTED,
) -> tuple[Finding, ...]:
    """What is dangerous about a change: worst first, suppressed ones last.

    ``affected`` says who is on a price, by kind and name: ``("Price", "team.monthly")``. ``today`` (UTC) decides
    which suppressions still hold.
    """
    case = Case(change, settings, today, affected)
    with localcontext(prec=_DIGITS):
        found = tuple(_findings(case, RULES))
        found = apply_suppressions(found, settings.exemptions, today)
        found += tuple(_findings(replace(case, found=found), LAST))
    return in_order(found)


def apply_suppressions(
    findings: Iterable[Finding], exemptions: Iterable[Exemption], today: date
) -> tuple[Finding, ...]:
    """The same findings; those that a suppression covers which still holds carry its reason."""
    holding = [one for one in exemptions if one.holds(today)]
    return tuple(_suppressed(finding, holding) for finding in findings)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Worst first, then in the order of the rules; suppressed ones after all others."""
    return tuple(sorted(findings, key=lambda one: (one.suppressed is not None, SEVERITIES.index(one.severity))))


def _findings(case: Case, rules: Iterable[Rule]) -> Iterator[Finding]:
    for rule in rules:
        level = case.settings.levels.get(rule.name)
        if level == "off":
            continue
        for said in rule.judge(case):
            severity: Severity = level or said.severity or rule.severity
            yield Finding(rule.name, severity, said.sentence, said.kind, said.key, said.advice, said.place)


def _suppressed(finding: Finding, exemptions: Iterable[Exemption]) -> Finding:
    found = next((one for one in exemptions if one.covers(finding.rule, finding.key)), None)
    if found is None:
        return finding
    return replace(finding, suppressed=Suppression(found.reason, found.until.isoformat()))
