"""The generator: turns registrations into steps, one resource at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local_engine import aliases, plan, refusals, urns
from local_engine.diffs import Diff, raise_to_replacement, reset_ignored, settle
from local_engine.errors import StepError
from local_engine.refusals import RegistrationError
from local_engine.replacements import dependent_replacements
from local_engine.steps import Step
from local_engine.targeting import Targeting

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_engine.goal import Goal, ReadGoal
    from local_engine.registry import Registry
    from local_engine.state import ResourceState


@dataclass
class Stack:
    """The stack a deployment works on, as it was found."""

    name: str
    project: str
    resources: list[ResourceState] = field(default_factory=list)

    @property
    def urn(self) -> str:
        """The URN of the stack resource."""
        return urns.stack_urn(self.name, self.project)

    def live(self) -> dict[str, ResourceState]:
        """Return the resources by URN, without those that only wait for deletion."""
        return {state.urn: state for state in self.resources if not state.delete}


class Generator:
    """Remembers which resources the program has named, and decides about each."""

    def __init__(
        self,
        stack: Stack,
        registry: Registry,
        complain: Callable[[str, str, str], None] | None = None,
        targeting: Targeting | None = None,
    ) -> None:
        self._stack = stack
        self._registry = registry
        self._complain = complain  # a preview tells of forbidden replacements, and goes on to show them
        self._targeting = targeting or Targeting()
        self._olds = stack.live()
        self._named: set[str] = set()
        self._seen: set[str] = set()
        self._former: dict[str, str] = {}  # former URN -> the URN that took it over
        self._alias_of: dict[str, str] = {}  # and the other way round
        self._deleted: set[str] = set()  # deleted first, for a replacement that is still to come
        self._condemned: set[ResourceState] = set()
        self._news: dict[str, ResourceState] = {}
        self._uncreated: set[str] = set()  # named by the program, not in the state, and not what this run is about

    def _name(self, parent: str, kind: str, name: str) -> str:
        if parent and parent not in self._named:
            raise StepError(f"could not find parent resource {parent}")
        urn = urns.make(self._stack.name, self._stack.project, parent, kind, name)
        if urn in self._named:
            raise RegistrationError(urn, [f"Duplicate resource URN '{urn}'; try giving it a unique name"])
        self._named.add(urn)
        return urn

    def _old(self, urn: str, goal: Goal) -> ResourceState | None:
        if (old := self._olds.get(urn)) is not None:
            return old
        parent_alias = self._alias_of.get(goal.parent)
        for former in aliases.former_urns(self._stack.name, self._stack.project, goal, parent_alias):
            if (old := self._olds.get(former)) is not None:
                self._take_over(former, urn)
                return old
        return None

    def _take_over(self, former: str, urn: str) -> None:
        if former in self._named or former in self._former:
            taken = self._former.get(former, former)
            raise RegistrationError(
                urn, [f"Duplicate resource alias '{former}' applied to '{urn}', already used by '{taken}'"]
            )
        self._former[former] = urn
        self._alias_of[urn] = former

    def registration(self, goal: Goal) -> list[Step]:
        """Return the steps that lead to a goal."""
        urn = self._name(goal.parent, goal.kind, goal.name)
        old = self._old(urn, goal)
        new = goal.state(urn)
        if urns.is_provider(goal.kind):
            self._news[urn] = new
        if old is not None:
            new.created, new.modified = old.created, old.modified
        steps = self._steps(goal, old, new) if self._targeting.includes(new) else self._leave_alone(old, new)
        self._seen.add(urn)
        return steps

    def _leave_alone(self, old: ResourceState | None, new: ResourceState) -> list[Step]:
        """Pass over what this run is not about; what it still needs stays before it in the state."""
        if old is None:
            self._uncreated.add(new.urn)
            return [Step("same", new.urn, None, new, skipped=True)]
        return [*self._still_needed_by(old), Step("same", new.urn, old, old.copied(urn=new.urn))]

    def _still_needed_by(self, old: ResourceState) -> list[Step]:
        found: list[Step] = []
        for urn in dict.fromkeys(old.links()):
            state = self._olds.get(urn)
            if state is not None and urn not in self._seen and urn not in self._named and urn not in self._former:
                self._seen.add(urn)
                found += [*self._still_needed_by(state), Step("same", urn, state, state.copied())]
        return found

    def _refuse_uncreated(self, new: ResourceState) -> None:
        missing = next((urn for urn in new.links() if urn in self._uncreated), None)
        if missing is not None:
            raise RegistrationError(new.urn, [refusals.uncreated(new.urn, missing)])

    def _steps(self, goal: Goal, old: ResourceState | None, new: ResourceState) -> list[Step]:
        if plan.is_import(goal, old):
            return plan.import_(old, new)
        self._refuse_uncreated(new)
        recreating = new.urn in self._deleted
        anew = recreating or old is None or old.external or self._targeting.replaces_anyway(new.urn)
        known = None if anew else old
        self._check(goal, known, new)
        if old is None:
            return plan.create(new)
        if recreating:
            self._deleted.discard(new.urn)
            return plan.recreate(old, new)
        if old.external:
            return plan.create_before_delete(old, new, None)
        return self._change(goal, old, new)

    def after_import(self, goal: Goal, imported: ResourceState) -> list[Step]:
        """Return the steps that lead from what was imported to the goal; none where they are the same."""
        new = goal.state(imported.urn)
        new.created, new.modified = imported.created, imported.modified
        self._check(goal, imported, new)
        return plan.after_import(self._change(goal, imported, new))

    def _check(self, goal: Goal, old: ResourceState | None, new: ResourceState) -> None:
        if not goal.custom:
            return
        olds = old.inputs if old is not None else {}
        news = reset_ignored(goal.inputs, olds, goal.ignore_changes) if old is not None else goal.inputs
        if urns.is_provider(goal.kind):
            inputs, failures = self._registry.check(new.urn, olds, news)
        else:
            inputs, failures = self._registry.get(goal.provider).check(new.urn, olds, news)
        if failures:
            raise RegistrationError(
                new.urn, [refusals.check_failure(new, failure, goal.inputs) for failure in failures]
            )
        new.inputs = inputs

    def _change(self, goal: Goal, old: ResourceState, new: ResourceState) -> list[Step]:
        anyway = self._targeting.replaces_anyway(new.urn)
        diff = _REPLACED_ANYWAY if anyway else raise_to_replacement(self._diff(goal, old, new), goal.replace_on_changes)
        action = plan.decide(old, diff, delete_first=goal.delete_before_replace)
        if action == "same":
            return plan.same(old, new)
        if action == "update":
            return plan.update(old, new, diff, goal.ignore_changes)
        self._refuse_replacement(goal, old, new, diff)
        if not anyway:  # the defaults were computed for the old resource; a new one gets its own
            self._check(goal, None, new)
        if action == "create-before-delete":
            return plan.create_before_delete(old, new, diff)
        return self._delete_first(old, new, diff)

    def _diff(self, goal: Goal, old: ResourceState, new: ResourceState) -> Diff:
        if not goal.custom:
            return settle(Diff(), old.inputs, new.inputs)
        if urns.is_provider(goal.kind):
            return settle(self._registry.diff(old, new), old.inputs, new.inputs)
        if self._provider_replaced(old, new):
            return Diff("some", replaces=["provider"])
        answer = self._registry.get(new.provider).diff(old, new.inputs, goal.ignore_changes, new.urn)
        return settle(answer, old.inputs, new.inputs, goal.ignore_changes)

    def _provider_replaced(self, old: ResourceState, new: ResourceState) -> bool:
        if old.provider == new.provider:
            return False
        if not old.provider or not new.provider:
            return True
        before, after = self._olds.get(old.provider_urn), self._news.get(new.provider_urn)
        if before is None or after is None or self._former.get(old.provider_urn) == new.provider_urn:
            return False
        answer = self._registry.get(new.provider).diff_config(after.urn, before, after.inputs)
        return answer.changes != "none" and answer.wants_replacement

    def _refuse_replacement(self, goal: Goal, old: ResourceState, new: ResourceState, diff: Diff) -> None:
        if new.protect and old.protect:
            self._object("error", new.urn, refusals.protected(new.urn))
        if goal.import_id:
            self._object("warning", new.urn, refusals.imported(diff, old.inputs, new.inputs))

    def _object(self, severity: str, urn: str, problem: str) -> None:
        if self._complain is None:
            raise RegistrationError(urn, [problem])
        self._complain(severity, urn, problem)

    def _delete_first(self, old: ResourceState, new: ResourceState, diff: Diff) -> list[Step]:
        found = dependent_replacements(old, self._stack.resources, self._registry, self._seen | self._deleted)
        dependents = [state for state in found if state not in self._condemned]
        for state in dependents:
            if state.protect:
                raise RegistrationError(new.urn, [refusals.protected(state.urn, f' as part of replacing "{new.urn}"')])
        self._deleted |= {state.urn for state in dependents}
        self._condemned |= {*dependents, old}
        return plan.delete_before_create(old, new, diff, dependents)

    def read(self, goal: ReadGoal) -> list[Step]:
        """Return the steps that look a resource up."""
        urn = self._name(goal.parent, goal.kind, goal.name)
        self._seen.add(urn)
        old = self._olds.get(urn)
        new = _read_state(urn, goal)
        if old is not None and not old.external and old.id != goal.id:
            return [
                Step("read-replacement", urn, old, new, deletes_old_later=True),
                Step("replace", urn, old, new),
            ]
        return [Step("read", urn, old, new)]

    def refuse_unknown_targets(self) -> None:
        """Refuse targets that are neither in the program, which has ended, nor in the state."""
        missing = self._targeting.unknown(self._seen | self._olds.keys())
        if missing:
            raise RegistrationError(self._stack.urn, [refusals.unknown_target(urn) for urn in missing])

    def deletes(self) -> list[Step]:
        """Return a step for everything in the state that the program no longer names."""
        found: list[Step] = []
        deletable = self._deletable()
        for state in self._stack.resources:
            if state.urn not in deletable:
                continue
            urn = self._former.get(state.urn, state.urn)
            step = plan.final_step(state, seen=urn in self._seen and urn not in self._deleted)
            if step is not None and not (state.delete and state in self._condemned):
                self._prepare_deletion(state)
                found.append(step)
        self._refuse_untargeted(found)
        return found

    def _deletable(self) -> set[str]:
        resources = self._stack.resources
        found = self._targeting.deletable(resources)
        if self._targeting.targets:
            decided = self._seen | self._deleted
            for state in [state for state in resources if state.urn in found and state.urn not in decided]:
                found |= {other.urn for other in dependent_replacements(state, resources, self._registry, decided)}
        return found

    def _refuse_untargeted(self, steps: list[Step]) -> None:
        if self._targeting.with_dependents:
            return
        for step in steps:
            if not self._targeting.names(step.urn):
                raise RegistrationError(step.urn, [refusals.untargeted(step.urn)])

    def _prepare_deletion(self, state: ResourceState) -> None:
        """Have the provider ready, in a preview too: what cannot be deleted should be known beforehand."""
        if state.provider:
            self._registry.get(state.provider)


_REPLACED_ANYWAY = Diff("some", replaces=["id"])


def _read_state(urn: str, goal: ReadGoal) -> ResourceState:
    from local_engine.state import ResourceState

    return ResourceState(
        urn=urn,
        kind=goal.kind,
        custom=True,
        id=goal.id,
        inputs=goal.inputs,
        parent=goal.parent,
        external=True,
        dependencies=goal.dependencies,
        provider=goal.provider,
        additional_secret_outputs=goal.additional_secret_outputs,
        source_position=goal.source_position,
    )
