"""What can be wrong with a file, and what is given of one that is right."""

from __future__ import annotations

from dataclasses import dataclass


class Unfit(Exception):
    """A file is not taken: `why` names the reason, `values` are what its wording needs."""

    def __init__(self, why: str, **values: str) -> None:
        super().__init__(why, values)
        self.why = why
        self.values = values


@dataclass(frozen=True)
class Piece:
    """Bytes to be kept; `width` and `height` are 0 where it is no picture."""

    data: bytes
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Cleaned:
    """What is kept of a file: its type, the main piece, and smaller sizes of it."""

    type: str
    main: Piece
    smaller: tuple[Piece, ...] = ()
