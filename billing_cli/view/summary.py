"""The end of an operation: counts and duration, in Pulumi's words."""

from __future__ import annotations

from rich.text import Text

from billing_cli.view.words import OPERATIONS, READS


def counts(changes: dict[str, int], errored: int, *, preview: bool) -> Text:
    """Count what was done, or is to be done; the stack is a resource too."""
    text = Text().append("Resources:\n", "bold")
    counted = {name: number for name in OPERATIONS if name not in READS and (number := changes.get(name, 0))}
    same = counted.pop("same", 0)
    for name, number in counted.items():
        words = OPERATIONS[name]
        text.append(f"    {words.sign:<2}{number} {f'to {name}' if preview else words.done}\n", words.colour)
    total = [f"{sum(counted.values())} changes"] if len(counted) > 1 else []
    pieces = [*total, *([f"{same} unchanged"] if same else [])]
    text.append(f"    {'. '.join(pieces)}\n" if pieces else "", "default")
    text.append(f"    {errored} errored\n" if errored else "", "red")
    return text


def duration(seconds: float) -> str:
    """Write a time as Pulumi does: fractions only where they matter."""
    return f"{seconds:.2f}s" if seconds < 1 else whole(int(seconds))


def whole(seconds: int) -> str:
    """Write whole seconds: 1h2m3s."""
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}h{minutes}m{rest}s" if hours else f"{minutes}m{rest}s" if minutes else f"{rest}s"
