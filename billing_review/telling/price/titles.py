"""What a price is called: its product, how often it is billed, and what it is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from billing_review.steps import Args, Change, Step
from billing_review.telling.places import inside
from billing_review.telling.words import counted, said

_OFTEN = {
    ("day", 1): "daily",
    ("week", 1): "weekly",
    ("month", 1): "monthly",
    ("month", 3): "quarterly",
    ("month", 6): "half-yearly",
    ("year", 1): "yearly",
}
_CHOICES = 4
Names = Mapping[tuple[str, str], Args]


def price_titles(change: Change) -> dict[str, str]:
    """Every price's title by its key: the shortest that no other price has."""
    known = {(step.kind, step.key): step.args for step in change.steps}
    choices = {step.key: list(_choices(step, known)) for step in change.of("Price")}
    taken = [Counter(titles[place] for titles in choices.values()) for place in range(_CHOICES)]
    return {key: _first_unique(titles, taken) for key, titles in choices.items()}


def unit_noun(args: Args, names: Names) -> str:
    """What one of it is called: the product's own word, or seat; usage is counted in units."""
    if _metered(args):
        return "unit"
    label = (names.get(("Product", str(args.get("product")))) or {}).get("unit_label")
    return str(label or ("seat" if args.get("seats") else "unit"))


def meter_name(args: Args, names: Names) -> str | None:
    """What the usage that a price bills is called."""
    meter = inside(args, "recurring").get("meter")
    known = names.get(("Meter", str(meter))) or {}
    return str(known.get("display_name") or meter) if meter else None


def _first_unique(titles: list[str], taken: list[Counter[str]]) -> str:
    return next((title for title, others in zip(titles, taken, strict=True) if others[title] == 1), titles[-1])


def _choices(step: Step, names: Names) -> Iterator[str]:
    args = step.args
    nickname = args.get("nickname")
    product = (names.get(("Product", str(args.get("product")))) or {}).get("name")
    if product is None:
        plain = str(nickname or step.key)
        yield from (plain, plain, plain, f"{plain} ({step.key})")
        return
    plain = f"{product}, {_what(args, names)}"
    yield plain
    yield f"{plain}{_model(args)}"
    yield f"{plain} ({_short(str(nickname), str(product))})" if nickname else f"{plain}{_model(args)}"
    yield f"{plain} ({step.key})"


def _what(args: Args, names: Names) -> str:
    recurring = inside(args, "recurring")
    if not recurring:
        return "one-time fee"
    thing = _thing(args, names)
    interval, every = str(recurring.get("interval")), recurring.get("interval_count") or 1
    often = _OFTEN.get((interval, every))
    return f"{often} {thing}" if often else f"{thing} every {counted(every, interval)}"


def _thing(args: Args, names: Names) -> str:
    if _metered(args):
        meter = meter_name(args, names)
        return f"usage of {meter}" if meter else "usage"
    if args.get("seats") or args.get("tiers") or args.get("transform_quantity"):
        return unit_noun(args, names)
    return "fee"


def _metered(args: Args) -> bool:
    recurring = inside(args, "recurring")
    return bool(recurring.get("meter")) or recurring.get("usage_type") == "metered"


def _model(args: Args) -> str:
    if args.get("tiers"):
        return f" in {args.get('tiers_mode') or 'graduated'} tiers"
    size = inside(args, "transform_quantity").get("divide_by")
    return f" in packages of {said(size)}" if size else ""


def _short(nickname: str, product: str) -> str:
    """A nickname without the product's name, which the title says already."""
    rest = nickname.removeprefix(product).lstrip(" ,:–-")
    return rest or nickname
