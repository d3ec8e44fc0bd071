"""A plan of Pulumi, as `pulumi preview --json` prints it, read as a change. Both engines print the same.

https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from billing_review.reading import beside
from billing_review.reading.catalogs import read_catalogs
from billing_review.reading.groups import Group, grouped, moved
from billing_review.reading.made import step_of, unchanged
from billing_review.reading.names import Names
from billing_review.reading.plan_file import load
from billing_review.reading.resources import RawStep, stack_outputs, states_of, steps_of
from billing_review.reading.trouble import errors_of
from billing_review.steps import Change, Operation, Source, Step

Json = Mapping[str, Any]


def read_plan(
    found: str | bytes, *, name: str = "the plan", state: Json | None = None, catalog: Json | None = None
) -> Change:
    """The change that a plan is; ``name`` is what it was read from, for refusals.

    Beside it, ``state`` is the stack as `pulumi stack export` prints it, and ``catalog`` the document of the catalog
    that the program declares (see ``catalogs``), used only if the plan can have been made of it. Raises UnreadablePlan.
    """
    plan = load(found, name)
    steps = steps_of(plan, name)
    manifest = _manifest(steps)
    states = list(states_of(_resources(state)))
    names = Names.of(steps, states, manifest)
    groups = moved(grouped(steps))
    mine = [group for group in groups if group.urn.kind is not None]
    told = [step_of(group, names, manifest) for group in mine]
    changing = [one.step for one in told]
    written = _fitting(catalog, changing, manifest)
    alive = (unchanged(one, names, manifest) for one in states if one.urn.kind is not None)
    known = beside.completed(changing, manifest, alive, written)
    return Change(
        _source(plan, steps, manifest),
        tuple(known.values()),
        beside.plans(manifest, written, known),
        (*errors_of(plan), *(sentence for one in told for sentence in one.trouble)),
        _others(groups),
    )


def _manifest(steps: Iterable[RawStep]) -> Json:
    found = stack_outputs(steps).get("manifest")
    return found if isinstance(found, Mapping) else {}


def _resources(state: Json | None) -> list[Any]:
    found = (state or {}).get("deployment")
    resources = found.get("resources") if isinstance(found, Mapping) else None
    return resources if isinstance(resources, list) else []


def _fitting(document: Json | None, changing: list[Step], manifest: Json) -> Change | None:
    catalog = read_catalogs(document) if document is not None else None
    return catalog if catalog is not None and beside.fits(catalog, changing, manifest) else None


def _source(plan: Json, steps: tuple[RawStep, ...], manifest: Json) -> Source:
    urn = next((step.urn for step in steps), None)
    return Source(
        "plan",
        project=urn.project if urn is not None else None,
        stack=urn.stack if urn is not None else None,
        livemode=_livemode(plan, steps, manifest),
        account=_account(plan, steps, manifest),
    )


def _livemode(plan: Json, steps: Iterable[RawStep], manifest: Json) -> bool | None:
    """What Stripe said of an object counts more than what the settings want."""
    seen = [one for one in _outputs(steps, manifest, "livemode") if isinstance(one, bool)]
    wanted = {"live": True, "test": False}.get(str(_config(plan).get("stripe:mode")))
    return next(iter(seen), wanted)


def _account(plan: Json, steps: Iterable[RawStep], manifest: Json) -> str | None:
    seen = [*_outputs(steps, manifest, "account"), _config(plan).get("stripe:account")]
    return next((one for one in seen if isinstance(one, str) and one.startswith("acct_")), None)


def _outputs(steps: Iterable[RawStep], manifest: Json, name: str) -> list[Any]:
    mine = (step.old for step in steps if step.old is not None and step.urn.kind is not None)
    return [*(state.outputs.get(name) for state in mine), manifest.get(name)]


def _config(plan: Json) -> Json:
    found = plan.get("config")
    return found if isinstance(found, Mapping) else {}


def _others(groups: Iterable[Group]) -> Mapping[Operation, int]:
    """Resources that others made, by what happens to them: their change is no matter of billing, but it is one."""
    theirs = (group for group in groups if group.urn.kind is None and group.urn.is_counted)
    return dict(Counter(group.operation for group in theirs if group.operation != "same"))
