"""The resource of the recorded scenarios; its pickled provider and the line of its `super` call are recorded too."""

from pulumi import Output, ResourceOptions, dynamic


class Thing(dynamic.Resource, module="billing", name="Thing"):
    """A thing; the next call must stay on line 12."""

    serial: Output[int]

    def __init__(self, name: str, label: object, size: object, opts: "Opts" = None, **more: object) -> None:
        super().__init__(ThingProvider(), name, {"label": label, "size": size, "serial": None, **more}, opts)


class ThingProvider(dynamic.ResourceProvider):
    """What Pulumi's own host calls; our host answers without it."""

    serialize_as_secret_always = False

    def __reduce__(self) -> tuple[object, ...]:
        return (load, ("thing",))

    def create(self, props: dict[str, object]) -> dynamic.CreateResult:
        """Make one."""
        return dynamic.CreateResult(f"th_{props['label']}", {**props, "serial": 1})

    def update(self, _id: str, olds: dict[str, float], news: dict[str, object]) -> dynamic.UpdateResult:
        """Change one."""
        return dynamic.UpdateResult({**news, "serial": olds["serial"] + 1})


Opts = ResourceOptions | None  # read late: annotations of methods are only texts here


def load(_kind: str) -> ThingProvider:
    """Return the provider of a kind; there is one."""
    return ThingProvider()
