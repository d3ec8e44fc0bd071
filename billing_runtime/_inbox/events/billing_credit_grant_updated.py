"""`billing.credit_grant.updated`: https://docs.stripe.com/api/events/types#event_types-billing.credit_grant.updated"""

from billing_runtime._inbox.facts.credit_grant import CREDIT_GRANT
from billing_runtime._inbox.handler import Handler

HANDLERS = (
    Handler(
        "billing.credit_grant.updated",
        why="a grant was voided, expired, or lasts longer",
        refresh=False,
        fact=CREDIT_GRANT,
    ),
)
