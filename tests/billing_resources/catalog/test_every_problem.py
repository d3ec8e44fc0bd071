"""However many mistakes somebody makes in a catalog: one run tells each of them, with its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_resources.catalog.loader import load_catalog
from billing_resources.catalog.problems import InvalidCatalog

EXAMPLE = (Path(__file__).parents[3] / "stacks" / "catalog.yaml").read_text(encoding="utf-8").splitlines()


@dataclass(frozen=True)
class Mistake:
    """What somebody writes instead, wherever the pattern stands, and what is said of it."""

    pattern: str
    instead: str
    said: str


MISTAKES = [
    Mistake(r"(^ +rank:) \d+", r"\1 high", "takes a whole number"),
    Mistake(r"(audience:) \[.*\]", r"\1 [robots]", "must be 'user' or 'organization'"),
    Mistake(r"(nickname:) .*", r"\1 5", "takes a string"),
    Mistake(r"(trial_days:) 14", r"\1 0", "must be greater than or equal to 1"),
    Mistake(r"(lookup_key:) .*", r"\1 [a]", "takes a string"),
    Mistake(r"(^ +description:) .*", r"\1 [a]", "takes a string"),
    Mistake(r"(gte:) \d+", r"\1 0", "must be greater than or equal to 1"),
    Mistake(r"(title:) .*", r'\1 ""', "string should have at least 1 character"),
    Mistake(r"(url:) .*", r"\1 http://localhost:4242/stripe", "must be a public address"),
    Mistake(r"(^ +- )(\w+\.)+\w+$", r"\g<1>5", "takes a string"),
    Mistake(r"(badge:) .*", r'\1 ""', "string should have at least 1 character"),
    Mistake(r"badge:", "bagde:", "did you mean badge?"),
    Mistake(r"(unit_label:) .*", r"\1 much too long for it", "string should have at most 12 characters"),
    Mistake(r"(event_name:) \w+", r'\1 ""', "string should have at least 1 character"),
    Mistake(r"(meter: alpaca-ai-token)s", r"\1z", "names no meter of this catalog: did you mean alpaca-ai-tokens?"),
    Mistake(r"(recurring:) \w+", r"\1 fortnight", "must be 'day', 'week', 'month' or 'year'"),
    Mistake(r"(interval:) month", r"\1 moon", "must be 'day', 'week', 'month' or 'year'"),
    Mistake(r"(seats:) follow", r"\1 follows", "must be 'follow' or 'purchased'"),
    Mistake(r"(^ +unit_amount:) \d+", r"\1 12.00", "is a whole number in minor units: 1200, not 12.00"),
    Mistake(r"(up_to: \d+)(, unit_amount: [1-9])", r"\1.5\2", "takes a whole number, or must be 'inf'"),
    Mistake(r'(unit_amount_decimal:) "0.00(\d)"', r"\1 0.00\2", "is a decimal in minor units, written as a quoted"),
    Mistake(r"(included:) \d+", r"\1 lots", "takes a whole number, or must be 'unlimited'"),
    Mistake(r"(per:) lifetime", r"\1 year", "must be 'period', 'month', 'day', 'hour' or 'lifetime'"),
    Mistake(r"(overage:) bill", r"\1 maybe", "must be 'block', 'allow' or 'bill'"),
    Mistake(r"(sso:) included", r"\1 5", "takes a string"),
    Mistake(r"(^ +default:) true", r"\1 on", "takes true or false"),
    Mistake(r"(^ +free:) true", r"\1 1", "takes true or false"),
    Mistake(r"(round:) up", r"\1 half", "must be 'up' or 'down'"),
]
PLACES = [
    (mistake, line) for mistake in MISTAKES for line, text in enumerate(EXAMPLE) if re.search(mistake.pattern, text)
]


def problems(lines: list[str]) -> list[tuple[int, str]]:
    """What is said of a catalog of these lines: each problem with its line."""
    with TemporaryDirectory() as directory:
        path = Path(directory, "catalog.yaml")
        path.write_text("\n".join(lines), encoding="utf-8")
        try:
            load_catalog(path)
        except InvalidCatalog as error:
            return [(one.line or 0, one.sentence) for one in error.found]
    return []


def with_mistakes(made: list[tuple[Mistake, int]]) -> list[str]:
    """The example with these mistakes in it."""
    lines = list(EXAMPLE)
    for mistake, line in made:
        lines[line] = re.sub(mistake.pattern, mistake.instead, lines[line])
    return lines


def expect(made: list[tuple[Mistake, int]]) -> None:
    """Each mistake is told at its line, in the order of lines, and nothing else is."""
    found = problems(with_mistakes(made))
    wanted = sorted((line + 1, mistake.said) for mistake, line in made)
    assert [line for line, _ in found] == [line for line, _ in wanted], found
    assert all(said in sentence for (_, sentence), (_, said) in zip(found, wanted, strict=True)), found


def test_the_example_is_right() -> None:
    """As it stands nothing is said, and every mistake can be made in it."""
    assert problems(EXAMPLE) == []
    assert {mistake for mistake, _ in PLACES} == set(MISTAKES)


@pytest.mark.parametrize(("mistake", "line"), PLACES)
def test_each_mistake_alone(mistake: Mistake, line: int) -> None:
    """Wherever it is made, it is one problem at its line."""
    expect([(mistake, line)])


@given(st.lists(st.sampled_from(PLACES), min_size=2, max_size=25, unique_by=lambda made: made[1]))
def test_all_mistakes_at_once(made: list[tuple[Mistake, int]]) -> None:
    """However many there are, wherever they are: none hides another, and none causes further ones."""
    expect(made)


@given(st.lists(st.sampled_from(PLACES), max_size=6, unique_by=lambda made: made[1]), st.data())
def test_lines_are_those_of_the_file(made: list[tuple[Mistake, int]], draw: st.DataObject) -> None:
    """Comments and empty lines in between move every problem by as much."""
    lines, moved = with_mistakes(made), list[int]()
    for line in sorted((line for _, line in made), reverse=True):
        count = draw.draw(st.integers(0, 3))
        lines[line:line] = ["", "  # a remark"][:count] * count
        moved.append(len(["", "  # a remark"][:count] * count))
    found = [line for line, _ in problems(lines)]
    wanted = sorted(line for _, line in made)
    assert found == [line + 1 + sum(list(reversed(moved))[: index + 1]) for index, line in enumerate(wanted)]
