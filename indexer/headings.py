"""The level-2 headings of a case, which every language has its own words for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain

#: The level-2 headings of a case, in their order, by language.
IN: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Context", "What was done", "Results", "What went wrong", "Lessons", "How to repeat it",
        "What keeps it going",
    ),
    "fr": (
        "Contexte", "Ce qui a été fait", "Résultats", "Ce qui n'a pas marché", "Enseignements",
        "Comment le reproduire", "Ce qui le fait durer",
    ),
    "es": (
        "Contexto", "Qué se hizo", "Resultados", "Qué salió mal", "Lecciones", "Cómo repetirlo",
        "Qué lo mantiene en marcha",
    ),
    "ar": (
        "السياق", "ما الذي تم عمله", "النتائج", "ما لم ينجح", "الدروس المستفادة", "كيف يمكن تكراره",
        "ما الذي يبقيه مستمرا",
    ),
    "zh": ("背景", "做了什么", "成果", "问题与失误", "经验教训", "如何复制", "如何持续"),
    "ru": (
        "Контекст", "Что было сделано", "Результаты", "Что не получилось", "Уроки",
        "Как это повторить", "На чём это держится",
    ),
}  # fmt: skip
ENGLISH = IN["en"]

ALL = frozenset(chain.from_iterable(IN.values()))


def folded(heading: str) -> str:
    """Give a heading as it is compared: in lower case, without marks."""
    return re.sub(r"\W+", " ", heading).strip().casefold()


@lru_cache(maxsize=64)
def places(lang: str) -> Mapping[str, int]:
    """Give the place of each folded heading in a language (BCP 47); none where it has no words."""
    return {folded(name): place for place, name in enumerate(IN.get(lang.partition("-")[0], ()))}


def meaning(heading: str, lang: str) -> str:
    """Give the English heading that `heading` of a text in `lang` stands for, "" if none."""
    place = places(lang).get(folded(heading))
    return "" if place is None else ENGLISH[place]
