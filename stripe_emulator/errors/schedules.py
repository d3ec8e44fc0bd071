"""Errors about subscription schedules, in the emulator's own words: only status and parameter are to be relied on."""

from __future__ import annotations

from stripe_emulator.errors import StripeError


def no_phases() -> StripeError:
    """A schedule has at least one phase."""
    return StripeError("Missing required param: phases.", code="parameter_missing", param="phases")


def no_items(param: str) -> StripeError:
    """A phase is about something."""
    return StripeError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def phases_apart(param: str) -> StripeError:
    """A phase begins where the one before it ends."""
    text = "Each phase begins where the one before it ends, and the phase that runs began when it began."
    return StripeError(text, param=param)


def end_and_duration(prefix: str) -> StripeError:
    """One of them says when a phase ends."""
    text = "You may only specify one of these parameters: end_date, duration."
    return StripeError(text, param=f"{prefix}[end_date]")


def ends_before_start(param: str) -> StripeError:
    """A phase lasts."""
    return StripeError("A phase must end after it begins.", param=param)


def only_from_subscription(param: str) -> StripeError:
    """A schedule of a subscription is as the subscription is."""
    text = f"`{param}` cannot be set together with `from_subscription`: update the schedule afterwards."
    return StripeError(text, param=param)


def already_scheduled(schedule: str) -> StripeError:
    """One schedule for a subscription."""
    text = f"You cannot migrate a subscription that is already attached to a schedule: `{schedule}`."
    return StripeError(text, param="from_subscription")


def has_ended() -> StripeError:
    """What has ended has no future."""
    return StripeError("You cannot make a schedule of a subscription that has ended.", param="from_subscription")


def is_over(status: str) -> StripeError:
    """Only what runs, or will, can be changed."""
    text = (
        f"This subscription schedule is `{status}`: only a schedule that is `not_started` or `active` can be updated, "
        "canceled or released."
    )
    return StripeError(text)


def current_phase_is_missing() -> StripeError:
    """The phase that runs cannot be left out."""
    return StripeError("The phases must include the one that runs now.", param="phases")
