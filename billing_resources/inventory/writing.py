"""The files that taking stock leaves: written whole, never over something that is there."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from billing_resources.errors import BillingResourceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_HEAD = "# Read from Stripe account {account}. Take it over with `billing import --file`, then look at the preview.\n"


class FileThere(BillingResourceError):  # noqa: N818 - reads as what happened
    """A file of that name exists; nothing was written."""


def catalog_text(catalog: Mapping[str, Any], account: str) -> str:
    """The catalog as YAML."""
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 120
    text = io.StringIO()
    yaml.dump(dict(catalog), text)
    return _HEAD.format(account=account) + text.getvalue()


def imports_text(imports: Mapping[str, Any]) -> str:
    """The import file."""
    return json.dumps(imports, indent=2, ensure_ascii=False) + "\n"


def write_new(texts: Mapping[Path, str]) -> None:
    """Write files that are not there yet; when one is, nothing is written. Raises FileThere."""
    there = [str(path) for path in texts if path.exists()]
    if there:
        raise FileThere(f"{' and '.join(there)} exist: name other files, or move them away; nothing was written")
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
