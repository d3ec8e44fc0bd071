#!/usr/bin/env python3
"""Write billing_resources/catalog/catalog.schema.json: what editors know about catalogs, made from the declarations.

Run `script/generate_schema.py` after a change of a declaration; `--check` only says whether the file is up to date.
"""

import sys

from billing_resources.catalog.schema import FILE, as_text, catalog_schema


def main() -> int:
    """Write the schema, or with --check compare it."""
    made = as_text(catalog_schema())
    known = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    if made == known:
        print(f"{FILE.name} is up to date")
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{FILE.name} is not up to date: run script/generate_schema.py")
        return 1
    FILE.write_text(made, encoding="utf-8")
    print(f"{FILE.name} is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
