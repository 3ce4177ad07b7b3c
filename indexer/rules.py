"""The rules that bind several fields, as values: each can be checked, and said in JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


def _has(values: Mapping[str, Any], name: str) -> bool:
    return values.get(name) not in (None, "", [], {})


@dataclass(frozen=True)
class AnyOf:
    """At least one of several fields must be there."""

    names: tuple[str, ...]
    message: str
    warning: bool = False

    def broken(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        """Break where none is there."""
        if any(_has(values, name) for name in self.names):
            return None
        return self.names[0], self.message

    def schema(self) -> dict[str, Any]:
        """Say it by anyOf."""
        if self.warning:
            return {}
        return {"anyOf": [{"required": [name]} for name in self.names]}


@dataclass(frozen=True)
class When:
    """Where a field has one of these values (`None`: null), another must be there."""

    name: str
    values: tuple[Any, ...]
    then: str
    message: str
    warning: bool = False

    def broken(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        """Break where the first has the value and the second is missing."""
        found = values.get(self.name, self)
        applies = any(found is value or found == value for value in self.values)
        return (self.name, self.message) if applies and not _has(values, self.then) else None

    def schema(self) -> dict[str, Any]:
        """Say it by if and then."""
        condition = {"properties": {self.name: {"enum": list(self.values)}}}
        return {"if": {**condition, "required": [self.name]}, "then": {"required": [self.then]}}


@dataclass(frozen=True)
class Ordered:
    """One value may not be smaller than another; JSON Schema cannot say that."""

    low: str
    high: str
    message: str
    warning: bool = False

    def broken(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        """Break where both are there, comparable and the wrong way round."""
        low, high = values.get(self.low), values.get(self.high)
        numbers = isinstance(low, int | float) and isinstance(high, int | float)
        if numbers or (low is not None and type(low) is type(high) and hasattr(low, "isoformat")):
            return (self.high, self.message) if high < low else None  # type: ignore[operator]
        return None

    def schema(self) -> dict[str, Any]:
        """Say nothing."""
        return {}


@dataclass(frozen=True)
class NotBoth:
    """Two fields say the same in two ways, so only one may be there."""

    one: str
    other: str
    message: str
    warning: bool = False

    def broken(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        """Break where both are there."""
        both = _has(values, self.one) and _has(values, self.other)
        return (self.other, self.message) if both else None

    def schema(self) -> dict[str, Any]:
        """Say it by not."""
        return {"not": {"required": [self.one, self.other]}}


@dataclass(frozen=True)
class Together:
    """Of two fields neither makes sense alone."""

    one: str
    other: str
    message: str
    warning: bool = False

    def broken(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        """Break where just one is there."""
        one, other = _has(values, self.one), _has(values, self.other)
        return (self.one if one else self.other, self.message) if one != other else None

    def schema(self) -> dict[str, Any]:
        """Say it by dependentRequired."""
        return {"dependentRequired": {self.one: [self.other], self.other: [self.one]}}
