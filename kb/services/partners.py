"""With whom an organisation worked, in which role, and on what terms: all from memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.selection import Selection

MOST = 15


@dataclass(frozen=True)
class Partner:
    """An organisation in the same cases: in how many, and in how many of them in each role."""

    id: str
    cases: int
    roles: Mapping[str, int]


@dataclass(frozen=True)
class Partners:
    """The roles of an organisation, how it paid, and the organisations it worked with most.

    `others` is the number of all organisations it worked with.
    """

    roles: Mapping[str, int]
    paid: Mapping[str, int]
    with_most: tuple[Partner, ...]
    others: int


def partners(organisation: str, cases: Selection) -> Partners:
    """What the cases of an organisation say of it and of those it worked with."""
    parts = _by_organisation(cases.counts("part"))
    together = cases.counts("organisation")
    together.pop(organisation, None)
    ranked = sorted(together.items(), key=lambda pair: (-pair[1], pair[0]))
    return Partners(
        roles=parts.get(organisation, {}),
        paid=_by_organisation(cases.counts("paid")).get(organisation, {}),
        with_most=tuple(Partner(id_, n, parts.get(id_, {})) for id_, n in ranked[:MOST]),
        others=len(ranked),
    )


def _by_organisation(pairs: Mapping[str, int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for pair, number in pairs.items():
        organisation, _, what = pair.partition(" ")
        found.setdefault(organisation, {})[what] = number
    return found
