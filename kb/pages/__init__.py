"""One frozen dataclass per page: exactly what its template may use, and nothing it does not.

A page is given to its template under the name `page`; what stands around every page is `site`.
The modules are named for the people at work: readers, writers, those who review, those who keep.
"""

from __future__ import annotations

from typing import ClassVar, Protocol


class Page(Protocol):
    """What can be shown: a dataclass that names its template."""

    template: ClassVar[str]
