"""The library: reads and writes content files, keeps the index, answers queries.

It has never heard of the web. These names are its public face; the modules hold the rest.
"""

from indexer.checking import check
from indexer.document import Document, dump, edit, parse
from indexer.errors import IndexBusy, IndexMissing, LibraryError, NoSuchDocument, StaleFile
from indexer.fields import FIELDS, json_schema
from indexer.hits import FacetValue, Hit, Passage, Reason, Results, Suggestion
from indexer.library import Library
from indexer.query import Query, explain, from_params, to_params
from indexer.store import Store
from indexer.values import Key, Problem
from indexer.vocabulary import Term, Vocabularies, Vocabulary

__all__ = [
    "FIELDS",
    "Document",
    "FacetValue",
    "Hit",
    "IndexBusy",
    "IndexMissing",
    "Key",
    "Library",
    "LibraryError",
    "NoSuchDocument",
    "Passage",
    "Problem",
    "Query",
    "Reason",
    "Results",
    "StaleFile",
    "Store",
    "Suggestion",
    "Term",
    "Vocabularies",
    "Vocabulary",
    "check",
    "dump",
    "edit",
    "explain",
    "from_params",
    "json_schema",
    "parse",
    "to_params",
]
