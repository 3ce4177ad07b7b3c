"""Which outcomes tell of failure, and which evidence is strong, as the vocabularies say."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.vocabulary import Vocabularies

#: The tones of outcomes in the order in which they are told.
TONES = ("good", "neutral", "warning")
#: The tone of the outcomes that tell of failure and of an end.
WARNING = "warning"
#: From this strength on, somebody compared or evaluated, and nobody reported on themselves only.
STRONG = 3


def outcomes_by_tone(vocabularies: Vocabularies) -> Mapping[str, tuple[str, ...]]:
    """The outcomes of each of TONES."""
    found: dict[str, list[str]] = {tone: [] for tone in TONES}
    for id_, term in vocabularies.outcomes.items():
        tone = str(term.extra.get("tone"))
        found[tone if tone in TONES else "neutral"].append(id_)
    return {tone: tuple(ids) for tone, ids in found.items()}


def failures(vocabularies: Vocabularies) -> tuple[str, ...]:
    """The outcomes that tell of failure and of an end."""
    return outcomes_by_tone(vocabularies)[WARNING]


def strong_evidence(vocabularies: Vocabularies) -> tuple[str, ...]:
    """The kinds of evidence that are strong."""
    kinds = vocabularies.evidence.items()
    return tuple(id_ for id_, term in kinds if int(term.extra.get("strength") or 0) >= STRONG)
