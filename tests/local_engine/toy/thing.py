"""The resource of the recorded scenarios; its pickled provider and the line of its `super` call are recorded too."""

from typing import Any

from pulumi import dynamic


class Thing(dynamic.Resource, module="billing", name="Thing"):
    """A thing; the next call must stay on line 12."""

    def __init__(self, name: str, label: Any, size: Any, opts: Any = None, **more: Any) -> None:
        super().__init__(ThingProvider(), name, {"label": label, "size": size, "serial": None, **more}, opts)


class ThingProvider(dynamic.ResourceProvider):
    """What Pulumi's own host calls; our host answers without it."""

    serialize_as_secret_always = False

    def __reduce__(self) -> tuple[Any, ...]:
        return (load, ("thing",))

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Make one."""
        return dynamic.CreateResult(f"th_{props['label']}", {**props, "serial": 1})

    def update(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> dynamic.UpdateResult:
        """Change one."""
        return dynamic.UpdateResult({**news, "serial": olds["serial"] + 1})


def load(_kind: str) -> ThingProvider:
    """Return the provider of a kind; there is one."""
    return ThingProvider()
