"""The library: reads and writes content files, keeps the index, answers queries.

It has never heard of the web. These names are its public face, loaded when they are asked for, so
that what is pure stays light; the modules hold the rest.
"""

from importlib import import_module
from typing import Any

_HOME = {
    "Document": "indexer.document",
    "FIELDS": "indexer.fields",
    "FacetValue": "indexer.hits",
    "Hit": "indexer.hits",
    "IndexBusy": "indexer.errors",
    "IndexMissing": "indexer.errors",
    "Key": "indexer.values",
    "Library": "indexer.library",
    "LibraryError": "indexer.errors",
    "NoSuchDocument": "indexer.errors",
    "Passage": "indexer.hits",
    "Problem": "indexer.values",
    "Query": "indexer.query",
    "Reason": "indexer.hits",
    "Results": "indexer.hits",
    "StaleFile": "indexer.errors",
    "Store": "indexer.store",
    "Suggestion": "indexer.hits",
    "Term": "indexer.vocabulary",
    "Vocabularies": "indexer.vocabulary",
    "Vocabulary": "indexer.vocabulary",
    "check": "indexer.checking",
    "dump": "indexer.document",
    "edit": "indexer.document",
    "explain": "indexer.query",
    "from_params": "indexer.query",
    "json_schema": "indexer.fields",
    "parse": "indexer.document",
    "to_params": "indexer.query",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'indexer' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
