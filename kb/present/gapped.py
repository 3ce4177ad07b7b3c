"""What there is no case of, each with the way to write one."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.query import Query
from indexer.vocabulary import Term
from kb.pieces.browsing import Gap
from kb.pieces.common import Link
from kb.present.links import contribute_url
from kb.present.words import Reader
from kb.services.judging import failures, strong_evidence
from kb.services.missing import Missing
from kb.translation import gettext as _

MOST = 30  # links of one gap; more would be a list of the world


def gaps(query: Query, missing: Missing, reader: Reader) -> tuple[Gap, ...]:
    """The gaps among the cases of `query`; a case begun from one is of `query` as well."""
    here = (Link(_("Contribute a case here"), contribute_url(query)),)
    found = [
        gap(_("No case from these regions"), "region", missing.regions, query, reader),
        gap(_("No case from these groups of countries"), "region", missing.groups, query, reader),
        gap(_("No case from these countries"), "country", missing.countries, query, reader),
        gap(_("No case on these themes"), "theme", missing.themes, query, reader),
    ]
    if missing.failure:
        named = reader.listed(reader.labels("outcomes", failures(reader.vocabularies)))
        told = _("No case tells of what did not work: none of them is %(outcomes)s", outcomes=named)
        found.append(Gap(told, here))
    if missing.evidence:
        kinds = reader.labels("evidence", strong_evidence(reader.vocabularies))
        told = _("No case has strong evidence: %(kinds)s", kinds=reader.listed(kinds))
        found.append(Gap(told, here))
    if missing.money:
        found.append(Gap(_("No case states what it cost"), here))
    return tuple(one for one in found if one.ways)


def gap(told: str, facet: str, terms: Iterable[Term], query: Query, reader: Reader) -> Gap:
    """A gap for each of `terms`, as ways to a case of `query` and of the term."""
    found = sorted((term.label(reader.lang), term.id) for term in terms)
    ways = [
        Link(label, contribute_url(query.with_value(facet, id_))) for label, id_ in found[:MOST]
    ]
    if len(found) > MOST:
        ways.append(Link(_("and %(count)s more", count=reader.number(len(found) - MOST))))
    return Gap(told, tuple(ways))
