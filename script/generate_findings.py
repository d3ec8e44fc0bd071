#!/usr/bin/env python3
"""Write the section Findings of docs/review.md, made from the table of rules in billing_review/judgement/registry.py.

Run `script/generate_findings.py` after a change of a rule; `--check` only says whether the section is up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

from billing_review.judgement.registry import LAST, RULES
from billing_review.judgement.runtime_events import NEEDED

PAGE = Path(__file__).parents[1] / "docs" / "review.md"
TITLE = "## Findings"
_HEAD = """Made from the table of rules by `script/generate_findings.py`. Each finding has a severity, a sentence with
its amounts, the object and the line where the source knows it, and what to do. Only what a change brings is judged:
what was so before is not told again. `--fail-on high|medium|low` makes the command fail on findings as bad or worse.

| rule | severity | why |
| --- | --- | --- |
"""
_SETTINGS = """A project has measures of its own, and a Python program without a catalog suppresses here as well:

```toml
[tool.billing.review]
price-increase-percent = 10                                      # what a price may rise by
levels = {price-increase = "high", trial-shortened = "off"}      # high, medium, low, info or off
suppress = [{rule = "volume-cliff", on = "team.volume", reason = "wanted", until = 2027-01-31}]
```

In a catalog, suppressions stand in [its section `review`](catalog.md), with a reason and a last day. A suppressed
finding is shown with its reason and does not count.

**How amounts are compared.** In each currency, at every quantity where the answer can turn: one unit, the least number
of seats, both sides of each bound and package, and ten times beyond the last bound. Where the billing period changes,
per month; a day and a week are parts of a year of 365 days. Limits are compared by what fits into the new window: 100
per day is about 3,042 per month. Where that is no less, by what stays of a window, and by what is left to somebody who
changes plans in the middle of one (`reset` leaves more than `carry`, and that more than `prorate`).

**What the runtime needs to hear**, besides `billing.alert.triggered` where there are alerts:

"""
_LEFT_OUT = """
**What is not judged.** How old a signing secret is: neither a plan nor a catalog knows. What a limit means that was
never stated. Whether other words for a feature promise less. What a plan does not tell: an endpoint whose events only
the manifest names is taken to receive them.
"""


def section() -> str:
    """The section as it should be."""
    rows = [f"| `{rule.name}` | {rule.severity} | {rule.why} |" for rule in (*RULES, *LAST)]
    events = "".join(f"- `{event}`: {what}\n" for event, what in NEEDED.items())
    return "\n".join([TITLE, "", _HEAD + "\n".join(rows), "", _SETTINGS + events + _LEFT_OUT])


def with_section(page: str) -> str:
    """The page with this section in the place of the old one, or at its end."""
    before, found, rest = page.partition(f"{TITLE}\n")
    if not found:
        return f"{page.rstrip()}\n\n{section()}"
    _, other, after = rest.partition("\n## ")
    return before + section() + (f"\n## {after}" if other else "")


def main() -> int:
    """Write the section, or with --check compare it."""
    known = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# The review of a change\n"
    made = with_section(known)
    if made == known:
        print(f"{PAGE.name} is up to date")
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{PAGE.name} is not up to date: run script/generate_findings.py")
        return 1
    PAGE.write_text(made, encoding="utf-8")
    print(f"{PAGE.name} is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
