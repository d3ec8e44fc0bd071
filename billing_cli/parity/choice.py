"""Which stacks are compared, and from where each manifest comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Choice:
    """The stacks in the order in which they are promoted, and the files that stand in for their outputs."""

    stacks: tuple[str, ...]
    files: dict[str, Path] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @classmethod
    def of(cls, named: Sequence[str], manifests: Sequence[str]) -> Choice:
        """Read the command line; a file's stack need not be named a second time."""
        files: dict[str, Path] = {}
        problems = [f"stack {name} is named twice" for name in dict.fromkeys(named) if named.count(name) > 1]
        for written in manifests:
            stack, joint, file = written.partition("=")
            if not (stack and joint and file):
                problems.append(f"--manifest {written} names no stack and file: write --manifest dev=dev.json")
            elif stack in files:
                problems.append(f"--manifest names a file for stack {stack} twice")
            else:
                files[stack] = Path(file)
        stacks = tuple(dict.fromkeys([*named, *files]))
        if len(stacks) < 2 and not problems:
            there = stacks[0] if stacks else "no stack"
            problems.append(f"{there} alone has nothing to be equal to: name two stacks or more, in promotion order")
        return cls(stacks, files, tuple(problems))
