"""`subscription_schedule.*`: https://docs.stripe.com/api/events/types#event_types-subscription_schedule.created"""

from billing_runtime._inbox.handler import Handler

_WHY = {
    "aborted": "an unpaid invoice ended the schedule: the announced change will not come",
    "canceled": "the schedule was cancelled, and its subscription with it",
    "completed": "the last phase is over: the announced change has come",
    "created": "a change at the end of a period was announced",
    "expiring": "the schedule ends in a week",
    "released": "the schedule let its subscription go: the announced change will not come",
    "updated": "the announced change is another one now, or a phase began",
}
HANDLERS = tuple(Handler(f"subscription_schedule.{name}", why=why) for name, why in _WHY.items())
