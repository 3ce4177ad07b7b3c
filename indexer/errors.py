"""What can go wrong in the library, each named for what happened to the person.

The desk turns these into pages in one place; nothing here knows of the web.
"""

from __future__ import annotations


class LibraryError(Exception):
    """Any failure of the library that it foresaw; the text is fit to be shown."""


class BadSlug(LibraryError, ValueError):
    """A name that cannot be the name of a file in content/ (or lies outside of it)."""


class NoSuchDocument(LibraryError, LookupError):
    """There is no case, pack or page of this name."""


class StaleFile(LibraryError):
    """The file is no longer the one that the writer had read; nothing was written."""


class UnreadableHead(LibraryError, ValueError):
    """The front matter is not valid YAML, so single fields of it cannot be changed."""


class IndexBusy(LibraryError):
    """Somebody else is writing to the index and did not finish in time."""


class IndexMissing(LibraryError):
    """There is no index, or it cannot be read; it can be rebuilt from content/."""


class BadModel(LibraryError):
    """The folder named as embedding model holds no model that can be used."""
