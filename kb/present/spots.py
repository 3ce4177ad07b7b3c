"""The fields of a draft as they are read by those who check it, with what was said at each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.fields import FIELDS
from kb.forms.review import OTHER, Typed
from kb.pieces.common import Option
from kb.pieces.review import Box, Spot
from kb.present.difference import BETWEEN, item_text, readable, value_text
from kb.present.fieldwords import title_of
from kb.present.threads import Telling, about, spot_id, threads
from kb.present.words import sentence
from kb.services import commenting
from kb.services.comparing import FieldChange, compare_fields
from kb.services.places import BODY, GONE


@dataclass(frozen=True)
class _Making:
    """What the spots of a page are made of: for whom, and the threads by the path they are at."""

    telling: Telling
    said: Mapping[str, Sequence[commenting.Thread]]

    def spot(self, path: str, label: str, text: str, entries: tuple[Spot, ...] = ()) -> Spot:
        return Spot(
            id=spot_id(path),
            label=label,
            text=readable(text),
            threads=threads(self.said.get(path, ()), self.telling),
            box=box_at(f"at:{path}", path, self.telling),
            entries=entries,
        )


def spots(text: str, some: Sequence[commenting.Thread], telling: Telling) -> Iterator[Spot]:
    """The fields that a text fills in, in the order of their table, entries one by one."""
    said: dict[str, list[commenting.Thread]] = {}
    for one in some:
        if one.place.how != GONE:
            said.setdefault(one.place.field, []).append(one)
    making = _Making(telling, said)
    for change in compare_fields(telling.draft.kind, "", text):
        yield _spot(change, making)


def _spot(change: FieldChange, making: _Making) -> Spot:
    label = title_of(change.field) if change.field else sentence(change.name)
    leaves = [leaf for item in change.items for leaf in item.leaves]
    reader, many = making.telling.reader, change.field is None or change.field.many
    if many and any(leaf.name for leaf in leaves):
        entries = tuple(
            making.spot(f"{change.name}.{number}", str(number), item_text(item, reader))
            for number, item in enumerate(change.items, 1)
        )
        return making.spot(change.name, label, "", entries)
    if all(not leaf.name for leaf in leaves):
        told = (value_text(leaf.new, leaf.field, reader) for leaf in leaves)
    else:
        told = (item_text(item, reader) for item in change.items)
    return making.spot(change.name, label, BETWEEN.join(told))


def box_at(place: str, field: str, telling: Telling) -> Box | None:
    """A form for a comment, with what was typed into it; None where nothing more can be said."""
    if not telling.answerable:
        return None
    typed = telling.typed
    mine = typed.place == place
    return Box(
        id=place.replace(":", "-").replace(".", "-"),
        place=place,
        field=field,
        about=about(telling.draft.kind, field),
        words=typed.words if mine else "",
        wrong=typed.wrong if mine else "",
        open=mine,
    )


def places(kind: str, typed: Typed) -> tuple[Option, ...]:
    """All that a comment can be about, also a field that is empty."""
    paths = ["", BODY, *(field.name for field in FIELDS[kind])]
    chosen = typed.field if typed.place == OTHER else ""
    return tuple(Option("", path, about(kind, path), selected=path == chosen) for path in paths)
