"""Where a kind needs more of Stripe than one request: the seams that a declaration may fill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billing_resources._engine.session import Session
    from billing_resources._engine.target import Target

Object = dict[str, Any]
"""A Stripe object as plain JSON."""


class Extra:
    """Nothing more than the one request; kinds override what Stripe treats oddly."""

    def before_create(self, session: Session, target: Target, args: Mapping[str, Any], replaced: str | None) -> None:
        """Refuse what must not happen; ``replaced`` is the id that the new object takes the place of."""

    def before_update(self, session: Session, target: Target, news: Mapping[str, Any]) -> None:
        """Refuse what must not happen to the object that is there."""

    def more_marks(self, session: Session, args: Mapping[str, Any]) -> dict[str, str]:
        """Marks that the declaration alone cannot tell."""
        del session, args
        return {}

    def after_create(
        self, session: Session, target: Target, made: Object, args: Mapping[str, Any], replaced: str | None
    ) -> Object:
        """Bring about what the create could not say; answers the object as it is then."""
        del session, target, args, replaced
        return made

    def after_update(
        self, session: Session, target: Target, made: Object, olds: Mapping[str, Any], news: Mapping[str, Any]
    ) -> None:
        """Bring about what the update could not say."""

    def seen(self, session: Session, found: Object) -> dict[str, Any]:
        """Declared fields that other objects show."""
        del session, found
        return {}

    def retire(self, session: Session, target: Target, object_id: str, olds: Mapping[str, Any]) -> None:
        """Remove the object as far as Stripe can."""
        del olds
        session.retire(target.kind, object_id)
