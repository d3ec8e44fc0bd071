"""The resource of the recorded scenarios; its provider's pickled form and line numbers are part of the recordings."""

import pulumi
from pulumi import dynamic


class Thing(dynamic.Resource, module="billing", name="Thing"):
    # The recordings know that the line with `super` is the 12th.
    serial: pulumi.Output[int]

    def __init__(self, name, label, size, opts=None, **more):
        super().__init__(ThingProvider(), name, {"label": label, "size": size, "serial": None, **more}, opts)


class ThingProvider(dynamic.ResourceProvider):
    serialize_as_secret_always = False

    def __reduce__(self):
        return (load, ("thing",))

    def create(self, props):
        return dynamic.CreateResult(f"th_{props['label']}", {**props, "serial": 1})


def load(_kind):
    return ThingProvider()
