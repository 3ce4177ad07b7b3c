"""The forms of a page, read as a browser reads them: what would be sent if nothing was changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

#: Types of input that send nothing by themselves.
SILENT = ("submit", "button", "reset", "image", "file")


@dataclass
class Form:
    """A form: where it goes, what it sends, and its buttons as (name, value, where to)."""

    action: str
    id: str = ""
    save: str = ""  # where it saves itself
    pairs: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)  # of radio buttons and lists
    boxes: list[tuple[str, str]] = field(default_factory=list)  # that can be ticked

    def value(self, name: str) -> str:
        """The value of a field. Raises KeyError."""
        for mine, value in self.pairs:
            if mine == name:
                return value
        raise KeyError(name)

    def filled(self, typed: Mapping[str, str]) -> list[tuple[str, str]]:
        """What is sent after these fields were typed in, or added."""
        kept = [(name, typed.get(name, value)) for name, value in self.pairs]
        names = {name for name, _ in kept}
        return kept + [(name, value) for name, value in typed.items() if name not in names]


def forms_of(page: str) -> list[Form]:
    """The forms of a page, in their order."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.forms


def form_to(page: str, ending: str) -> Form:
    """The first form that goes, or has a button that goes, to an address with this ending."""
    for form in forms_of(page):
        if any(goal.endswith(ending) for goal in (form.action, *(to for _, _, to in form.buttons))):
            return form
    raise LookupError(f"no form goes to {ending}")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.text: list[str] | None = None
        self.name = ""
        self.select: str | None = None

    def handle_starttag(self, tag: str, pairs: Iterable[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in pairs}
        if tag == "form":
            self.form = Form(
                found.get("action", ""), found.get("id", ""), found.get("data-save", "")
            )
            self.forms.append(self.form)
        elif self.form is not None:
            self._field(self.form, tag, found, dict(pairs))

    def _field(
        self, form: Form, tag: str, found: dict[str, str], given: dict[str, str | None]
    ) -> None:
        name, kind = found.get("name", ""), found.get("type", "text")
        if tag == "button":
            form.buttons.append((name, found.get("value", ""), found.get("formaction", "")))
        elif tag == "textarea":
            self.text, self.name = [], name
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            form.choices.setdefault(self.select, []).append(found.get("value", ""))
            if "selected" in given:
                form.pairs.append((self.select, found.get("value", "")))
        elif tag == "input" and name and kind not in SILENT and "disabled" not in given:
            if kind == "checkbox" and "checked" not in given:
                form.boxes.append((name, found.get("value", "on")))
            if kind == "radio":
                form.choices.setdefault(name, []).append(found.get("value", ""))
            if kind not in ("radio", "checkbox") or "checked" in given:
                form.pairs.append((name, found.get("value", "on" if kind == "checkbox" else "")))

    def handle_data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select" and self.form is not None and self.select:
            known = [name for name, _ in self.form.pairs]
            if self.select not in known and self.form.choices.get(self.select):
                self.form.pairs.append((self.select, self.form.choices[self.select][0]))
            self.select = None
        elif tag == "textarea" and self.text is not None and self.form is not None:
            text = "".join(self.text).replace("\r\n", "\n").removeprefix("\n")
            self.form.pairs.append((self.name, text))
            self.text = None
