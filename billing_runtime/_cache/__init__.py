"""What Stripe said last about every subscription, kept so that no look-up needs the network.

A number is taken before every fetch, and an answer is kept only if no later fetch has been kept: an old answer that
arrives late changes nothing, whatever the clocks say and however many updates fell into one second.
"""

from billing_runtime._cache.cache import Cache
from billing_runtime._cache.rows import CachedSubscription

__all__ = ["Cache", "CachedSubscription"]
