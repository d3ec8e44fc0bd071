"""A pen for property lines: depth, sign and colour, on one coloured text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rich.text import Text

from billing_cli.view.words import OPERATIONS

STEP = "    "


@dataclass(frozen=True)
class Writer:
    """Writes at one depth in the colour of one operation; what is nested gets a pen of its own."""

    out: Text
    depth: int
    operation: str = "update"
    signed: bool = False
    changes_only: bool = False

    def write(self, text: str) -> None:
        """Go on in the line."""
        colour = OPERATIONS[self.operation].colour
        self.out.append(text, None if colour == "default" else colour)

    def begin(self, text: str) -> None:
        """Begin a line, with the operation's sign if it is one that differs."""
        self.write(indentation(self.depth, OPERATIONS[self.operation].sign if self.signed else None) + text)

    def end(self, text: str) -> None:
        """Close what was opened further up."""
        self.write(indentation(self.depth) + text)

    def deeper(self, steps: int) -> Writer:
        """Return a pen for what is inside."""
        return replace(self, depth=self.depth + steps)

    def on(self, out: Text) -> Writer:
        """Return a pen for another text."""
        return replace(self, out=out)

    def doing(self, operation: str, *, signed: bool = True) -> Writer:
        """Return a pen of another colour."""
        return replace(self, operation=operation, signed=signed)


def indentation(depth: int, sign: str | None = None) -> str:
    """Write the space before a line; a sign stands in its last two places."""
    space = STEP * depth
    return space if sign is None else f"{space[:-2]}{sign:<2}"
