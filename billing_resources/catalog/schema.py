"""The JSON Schema of a catalog, by which editors complete and check it: made from the declarations.

https://json-schema.org/draft/2020-12
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema
from typing_extensions import is_typeddict

from billing_resources._engine.facts import Default, Immutable, KeyOf, Reference, Short, Word
from billing_resources._engine.fields import Field, fields_of
from billing_resources.catalog.models import CatalogFile

FILE = Path(__file__).with_name("catalog.schema.json")
ID = "urn:billing-resources:catalog:1"


def catalog_schema() -> dict[str, Any]:
    """The JSON Schema of a catalog."""
    made = TypeAdapter(CatalogFile).json_schema(schema_generator=_OfCatalogs)
    head = {"$schema": GenerateJsonSchema.schema_dialect, "$id": ID, "title": "Billing catalog"}
    return head | {name: value for name, value in made.items() if name not in head}


def as_text(schema: dict[str, Any]) -> str:
    """The schema as it is checked in."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


_RULES: dict[str, dict[str, Any]] = {
    "PriceTerms": {
        "oneOf": [{"required": [amount]} for amount in ("unit_amount", "unit_amount_decimal", "tiers")],
        "dependentRequired": {
            "tiers": ["tiers_mode", "recurring"],
            "tiers_mode": ["tiers"],
            "seats": ["recurring"],
            "trial_days": ["recurring"],
        },
    }
}
"""Rules over several fields, as far as the keywords reach; the loader knows them all and says them in words."""


class _OfCatalogs(GenerateJsonSchema):
    """Knows short forms and facts; leaves out titles, which only repeat the names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        del schema
        return False

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Entries by name: nothing under other names; a section that is left empty is empty."""
        made = super().dict_schema(schema)
        closed = {"additionalProperties": False} if "patternProperties" in made else {}
        return {**made, **closed, "type": ["object", "null"]}

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> JsonSchemaValue:
        """An object, or the one value that stands for it."""
        args: Any = schema.get("cls")
        declared, name = fields_of(args), args.__name__
        made = {**super().typed_dict_schema(schema), **_RULES.get(name, {})}
        made.pop("title", None)
        properties = made["properties"]
        for field in declared:
            properties[field.name] = _told(field, {**inherited(args).get(field.name, {}), **properties[field.name]})
        if name == "PriceTerms":  # the catalog fills in its own currency
            made["required"] = [field for field in made["required"] if field != "currency"]
        short = next((properties[field.name] for field in declared if field.has(Short)), None)
        if short is None:
            return made
        return {"description": made.pop("description"), "anyOf": [short, made]}


@cache
def inherited(args: Any) -> dict[str, dict[str, str]]:
    """Return the descriptions that stand on the bases: pydantic reads those of a class itself only."""
    found: dict[str, dict[str, str]] = {}
    for base in getattr(args, "__orig_bases__", ()):
        own = TypeAdapter(base).json_schema()["properties"] if is_typeddict(base) else {}
        said = {name: {"description": made["description"]} for name, made in own.items() if "description" in made}
        found = {**found, **(inherited(base) if is_typeddict(base) else {}), **said}
    return found


def _told(field: Field, made: JsonSchemaValue) -> JsonSchemaValue:
    """A field with its facts, in words and as the keywords that there are for them."""
    words, default = [made.get("description", "")], field.fact(Default)
    named = field.fact(Reference) or field.fact(KeyOf)
    if named is not None:
        words[0] = f"The name of a {named.kind.lower()} of this catalog."
    if field.has(Immutable):
        words.append("A change replaces it at Stripe.")
    told = {**made, "description": " ".join(filter(None, words))}
    word = field.fact(Word)
    if word is not None:
        told = {"description": told.pop("description"), "anyOf": [{"const": word.word}, told]}
    return told if default is None else {**told, "default": default.value}
