#!/usr/bin/env python3
"""Write docs/resources/: the reference of every kind of resource, made from the declarations.

Run `script/generate_reference.py` after a change of a declaration; `--check` only says whether they are up to date.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter
from typing_extensions import get_type_hints, is_typeddict

import billing_resources._engine.every_kind  # noqa: F401 - fills the registry
from billing_resources._engine import facts
from billing_resources._engine.fields import Field, Shape, fields_of
from billing_resources._engine.kind import REGISTRY, Kind
from billing_resources.catalog.schema import inherited

PAGES = Path(__file__).parents[1] / "docs" / "resources"
_CHANGES = (
    (facts.Immutable, "replaces"),
    (facts.ImmutableOnce, "in place while it has its default, then replaces"),
    (facts.Kept, "in place; taking away replaces"),
    (facts.Permits, "no difference"),
    (facts.OnlyAtCreate, "only at the create"),
)
_NOTES = (
    (facts.Ours, "*Ours.*"),
    (facts.AsSet, "The order means nothing."),
    (facts.Sticky, "Stripe makes one when it is absent, and it stays."),
    (facts.CaseBlind, "Upper and lower case are the same."),
    (facts.Numeral, "Equal numbers written differently are equal."),
    (facts.Vital, "Drift counts even where the program does not write it."),
)


_MANY = 12  # values that are worth naming one by one
_HEAD = """Made from the declarations by `script/generate_reference.py`. *Ours* marks what is not a parameter of Stripe:
it travels as a metadata mark, as further requests, or not at all. "Replaces" means that a new object takes the place of
the old one. Every kind takes Pulumi's `opts=ResourceOptions(...)`.

"""


class Page:
    """The page of one kind."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._schema = TypeAdapter(kind.args).json_schema()
        self._class: Any = _class_of(kind)

    def text(self) -> str:
        """The whole page."""
        module = inspect.getmodule(self._class)
        about = inspect.getdoc(module) or ""
        first, _, rest = about.partition("\n")
        link = re.search(r"https://\S+", about)
        parts = [
            f"# {self._kind.name}",
            inspect.getdoc(self._class) or "",
            re.sub(r"\s*https://\S+", "", first) + "\n" + rest if rest.strip() else "",
            f"Type `pulumi-python:dynamic/stripe:{self._kind.name}`. Follows <{link.group(0)}>." if link else "",
            self._life(),
            "## Fields",
            *self._tables(self._kind.args, ""),
            self._outputs(),
        ]
        return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"

    def _life(self) -> str:
        stripe = self._kind.stripe
        removal = "deleted" if stripe.retire == "delete" else "archived or deactivated, since Stripe keeps it"
        marks = "It carries the stack's marks as metadata" if stripe.has_metadata else "It has no metadata for marks"
        return f"Removed from the program, it is {removal}. {marks}."

    def _tables(self, args: Any, path: str, outer: str = "") -> list[str]:
        schema = self._schema if args is self._kind.args else self._schema["$defs"][args.__name__]
        described = {name: {**inherited(args).get(name, {}), **one} for name, one in schema["properties"].items()}
        head = "| field | type | | change | meaning |\n| --- | --- | --- | --- | --- |\n"
        declared = fields_of(args)
        changes = {field.name: outer or _change(field) for field in declared}
        rows = [self._row(field, described[field.name], changes[field.name]) for field in declared]
        title = [f"### `{path}`"] if path else []
        nested = [
            table
            for field in declared
            for inner in _inner(get_type_hints(args, include_extras=True)[field.name])
            for table in self._tables(
                inner,
                f"{path}.{field.name}".lstrip(".") + _places(field.shape),
                changes[field.name] if changes[field.name] == "replaces" else "",
            )
        ]
        return [*title, head + "\n".join(rows), *nested]

    def _row(self, field: Field, schema: dict[str, Any], change: str) -> str:
        default = field.fact(facts.Default)
        need = "required" if field.required else "" if default is None else f"default `{default.value}`"
        notes = [schema.get("description", ""), *(note for fact, note in _NOTES if field.has(fact))]
        meaning = " ".join(filter(None, notes))
        return f"| `{field.name}` | {self._type(field, schema)} | {need} | {change} | {_cell(meaning)} |"

    def _type(self, field: Field, schema: dict[str, Any]) -> str:
        named = field.fact(facts.Reference)
        if named is not None:
            many = "ids" if field.shape.item else "id"
            return f"{many} of [{named.kind}]({_name(named.kind)}.md)"
        return _cell(self._spelled(schema))

    def _spelled(self, schema: dict[str, Any]) -> str:
        if "$ref" in schema:
            return "object"
        if "enum" in schema and len(schema["enum"]) > _MANY:
            return f"`{schema['enum'][0]}`, `{schema['enum'][1]}`, … ({len(schema['enum'])})"
        if "enum" in schema:
            return ", ".join(f"`{value}`" for value in schema["enum"])
        if "const" in schema:
            return f"`{schema['const']}`"
        if "anyOf" in schema:
            return " or ".join(dict.fromkeys(self._spelled(one) for one in schema["anyOf"]))
        return self._plain(schema)

    def _plain(self, schema: dict[str, Any]) -> str:
        match schema.get("type"):
            case "array":
                return f"list of {self._spelled(schema.get('items', {}))}"
            case ["object", "null"] | "object":
                inner = schema.get("additionalProperties")
                return f"map to {self._spelled(inner)}" if isinstance(inner, dict) else "object"
            case "string":
                return _bounded("string", schema.get("minLength"), schema.get("maxLength"), " characters")
            case "integer":
                return _bounded("int", schema.get("minimum"), schema.get("maximum"), "")
            case "boolean":
                return "bool"
            case other:
                return str(other or "any")

    def _outputs(self) -> str:
        stripe = self._kind.stripe
        rows = ["`id`: Stripe's id.", "`livemode`, `account`: where it is."]
        rows += [f"`{name}`: made by Stripe." for name in stripe.computed]
        rows += [f"`{name}`: secret; Stripe shows it once, at the create." for name in stripe.secret]
        return "## Outputs\n\nEvery field, and:\n\n" + "\n".join(f"- {row}" for row in rows)


def _change(field: Field) -> str:
    return next((words for fact, words in _CHANGES if field.has(fact)), "in place")


def _bounded(word: str, least: int | None, most: int | None, unit: str) -> str:
    if least is not None and most is not None:
        return f"{word}, {least} to {most}{unit}"
    if most is not None:
        return f"{word}, at most {most}{unit}"
    return f"{word}, at least {least}" if least and not unit else word


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _inner(hint: Any) -> list[Any]:
    """The objects directly inside a type."""
    if is_typeddict(hint):
        return [hint]
    return [found for argument in get_args(hint) for found in _inner(argument)]


def _places(shape: Shape) -> str:
    if shape.item is not None:
        return "[]" + _places(shape.item)
    return ".<key>" + _places(shape.value) if shape.value is not None else ""


def _class_of(kind: Kind) -> Any:
    module = sys.modules[f"billing_resources.{_name(kind.name)}"]
    return getattr(module, kind.name)


def _name(kind: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower()


def _subject(kind: Kind) -> str:
    about = inspect.getdoc(inspect.getmodule(_class_of(kind))) or ""
    return re.sub(r"\s*https://\S+", "", about.partition("\n")[0])


def pages() -> dict[str, str]:
    """Every page by its file name."""
    found = {f"{_name(kind.name)}.md": Page(kind).text() for kind in REGISTRY.values()}
    rows = [
        f"- [{kind.name}]({_name(kind.name)}.md): {_subject(kind)}"
        for kind in sorted(REGISTRY.values(), key=lambda one: one.name)
    ]
    head = "# Resources\n\n" + _HEAD
    return {"README.md": head + "\n".join(rows) + "\n", **found}


def main() -> int:
    """Write the pages, or with --check compare them."""
    made = pages()
    known = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    if made == known:
        print("docs/resources is up to date")
        return 0
    if "--check" in sys.argv[1:]:
        print("docs/resources is not up to date: run script/generate_reference.py")
        return 1
    for name in known.keys() - made.keys():
        (PAGES / name).unlink()
    for name, text in made.items():
        (PAGES / name).write_text(text, encoding="utf-8")
    print("docs/resources is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
