#!/usr/bin/env python3
"""Write docs/lifecycle.md: every lifecycle rule, for every kind of resource, and the tests that show it.

The table is read off the marks in the tests: `@pytest.mark.rule("drift", "Price", "Product")`; "all" stands for every
kind, "first" for those of the main job, "newer" for the others, "named" for those that something of theirs names and
"marked" for those that carry marks. `--check` only says whether the page is up to date.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "lifecycle.md"
FIRST = ("Product", "Price", "Meter", "Alert", "WebhookEndpoint")
NEWER = ("Coupon", "PromotionCode", "Feature", "ProductFeature", "PortalConfiguration", "TaxRate", "EventDestination")
NAMED = ("Product", "Price", "Meter", "Coupon", "PromotionCode", "Feature", "ProductFeature")
UNMARKED = ("Meter", "Alert", "ProductFeature")
GROUPS = {
    "all": FIRST + NEWER,
    "first": FIRST,
    "newer": NEWER,
    "named": NAMED,
    "marked": tuple(kind for kind in FIRST + NEWER if kind not in UNMARKED),
}
RULES = {
    "created": "Made with as few writes as Stripe allows, and the next preview is empty.",
    "updated": "Changed in place with one write, and the next preview is empty.",
    "imported": "An import writes nothing and asks for no replacement; the next preview is empty.",
    "refreshed": "A refresh right after an `up` finds nothing.",
    "older state": "State that an earlier version wrote, or that lacks a newer field with a default, is no change.",
    "written differently": "Equal values written differently, sets in another order and defaults are no change.",
    "replaced": "What Stripe cannot change makes exactly one new object, and the old one is retired.",
    "cleared": "An optional field or a metadata key that is no longer written is unset at Stripe.",
    "drift": "What somebody changed at Stripe is seen by a refresh, and put right by the next `up`.",
    "gone": "What somebody deleted is dropped by a refresh, made again by `up`, and no trouble to destroy.",
    "removed": "Destroy leaves nothing active: deleted where Stripe deletes, archived or deactivated elsewhere.",
    "made again": "After a destroy the same names, ids and keys can be had again.",
    "marks": "Marks name the owner at Stripe and show in no diff and no output.",
    "owned by others": "What another stack owns is never taken over; the refusal names the owner.",
    "adopted": "What nobody owns is taken over only when told, by `adopt=True` or an import.",
    "killed": "A kill or a cut connection between Stripe's answer and the state makes no second object.",
    "half made": "What an interrupted create or replacement left is found and finished.",
    "stock host": "Pulumi's own host serves the kind as well.",
    "real engine": "The same through whole programs, on the local engine and on the Pulumi CLI where it is on PATH.",
}
NOT_SO = {
    ("written differently", "ProductFeature"): "it has nothing but two ids",
    ("replaced", "PortalConfiguration"): "every field of it changes in place",
    ("cleared", "ProductFeature"): "it has no optional field",
    ("cleared", "Meter"): "it has no optional field that Stripe changes",
    ("cleared", "Alert"): "a removed status means active; see updated",
    ("updated", "ProductFeature"): "nothing of it can change in place",
    ("drift", "ProductFeature"): "nobody can change it, only delete it; see gone",
    ("half made", "PortalConfiguration"): "it is made with one write, see killed, and never replaced",
    ("marks", "Meter"): "it has no metadata",
    ("marks", "Alert"): "it has no metadata",
    ("marks", "ProductFeature"): "it has no metadata",
}
_HEAD = """# Lifecycle rules

Which test shows which rule for which kind: read off the marks in the tests by `script/generate_lifecycle.py`. The tests
run through the provider host and the official SDK against the emulated Stripe; those in `tests/end_to_end` through
whole programs, on the local engine and on the Pulumi CLI.
"""


def marked() -> dict[tuple[str, str], list[str]]:
    """Every marked test by its rule and kind."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                _note(found, path, node)
    return found


def _note(found: dict[tuple[str, str], list[str]], path: Path, test: ast.FunctionDef) -> None:
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.rule":
            rule, *kinds = (str(ast.literal_eval(word)) for word in mark.args)
            for kind in (one for word in kinds for one in GROUPS.get(word, (word,))):
                place = path.relative_to(ROOT).as_posix()
                found[_known(rule, kind, place)].append(f"[{_short(test.name)}](../{place})")


def _known(rule: str, kind: str, place: str) -> tuple[str, str]:
    if rule not in RULES or kind not in GROUPS["all"]:
        raise SystemExit(f"{place}: no rule {rule!r} or no kind {kind!r}")
    return rule, kind


def _short(name: str) -> str:
    return name.removeprefix("test_").replace("_", " ")


def gaps() -> list[tuple[str, str]]:
    """Every rule and kind that neither a test shows nor a reason leaves out."""
    shown = marked()
    return [(rule, kind) for rule in RULES for kind in GROUPS["all"] if not {(rule, kind)} & {*shown, *NOT_SO}]


def page() -> str:
    """Return the whole page."""
    return _HEAD + "".join(_section(rule, sentence, marked()) for rule, sentence in RULES.items())


def _section(rule: str, sentence: str, shown: dict[tuple[str, str], list[str]]) -> str:
    rows = [f"| {kind} | {_cell(rule, kind, shown)} |\n" for kind in GROUPS["all"]]
    return f"\n## {rule.capitalize()}\n\n{sentence}\n\n| kind | shown by |\n| --- | --- |\n" + "".join(rows)


def _cell(rule: str, kind: str, shown: dict[tuple[str, str], list[str]]) -> str:
    if (rule, kind) in shown:
        return ", ".join(dict.fromkeys(shown[rule, kind]))
    return f"does not apply: {NOT_SO[rule, kind]}" if (rule, kind) in NOT_SO else "**nothing yet**"


def main() -> int:
    """Write the page, or with --check compare it."""
    made = page()
    known = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    if made == known:
        print(f"{PAGE.name} is up to date")
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{PAGE.name} is not up to date: run script/generate_lifecycle.py")
        return 1
    PAGE.write_text(made, encoding="utf-8")
    print(f"{PAGE.name} is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
