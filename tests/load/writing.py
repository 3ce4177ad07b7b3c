"""Writers, who begin, save, and hand in; and editors, who publish. All is noted, to be proved."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.load.forms import Form, form_to, forms_of
from tests.load.visitor import Answer, Notes, Visitor

Wait = Callable[[float], None]
#: Times that a form saves itself before it is sent.
SAVES = 3
#: Of so many texts that are begun, one is new.
NEW = 4
DRAFT = re.compile(r"/drafts/([\w-]+)")
TITLE = re.compile(r"^title: .*$", re.MULTILINE)


@dataclass
class Written:
    """What one writer sent: bodies and hashes that must be kept, lines that must become public."""

    bodies: list[str] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    lines: dict[str, list[str]] = field(default_factory=dict)  # by the name of the case
    submitted: list[str] = field(default_factory=list)  # tokens of drafts


class Writer:
    """One writer, who changes public cases and writes new ones."""

    def __init__(self, name: str, visitor: Visitor, slugs: list[str], think: float) -> None:
        self.name = name
        self.chance = random.Random(name)
        self.visitor = visitor
        self.slugs = self.chance.sample(slugs, len(slugs))
        self.models = slugs
        self.think = think
        self.done = Written()
        self.count = 0

    def run(self, until: float, wait: Wait) -> None:
        """Writes until a time of the clock."""
        wait(self.chance.uniform(0, self.think))
        while time.monotonic() < until:
            self.count += 1
            if self.count % NEW == 0 or not self.slugs:
                self._new(wait)
            else:
                self._change(self.slugs.pop(), wait)  # no second draft of what still waits
            self._pause(wait)
            self.visitor.get("my work", "/mine")
        self.visitor.close()

    def _change(self, slug: str, wait: Wait) -> None:
        """Puts a line into a public case by the form, saving as the script of the form does."""
        page = self.visitor.get("begin: asked", f"/cases/{slug}/edit")
        opened = self.visitor.send("begin", form_to(page.text, f"/cases/{slug}/edit"), {})
        token = self._token(opened)
        form = _editor(opened)
        if form is None:
            return
        line = f"{self.name} saw it, number {self.count}."
        lines = form.value("body").split("\n")
        place = self.chance.randrange(len(lines) + 1)
        words = line.split(" ")
        for part in range(1, SAVES + 1):
            self._pause(wait)
            begun = " ".join(words[: part * len(words) // SAVES])
            body = "\n".join([*lines[:place], begun, *lines[place:]])
            self._autosave(form, body)
            self.visitor.post("preview", f"/drafts/{token}/preview", form.filled({"body": body}))
        self._pause(wait)
        body = "\n".join([*lines[:place], line, *lines[place:]])
        self.done.bodies.append(body)
        typed = {"body": body, "message": line, "do": "leave"}
        self.visitor.send("save", form, typed, to=f"/drafts/{token}/edit")
        self._submit(token, slug, line)

    def _new(self, wait: Wait) -> None:
        """Writes a new case as a whole text, made of a public one."""
        slug = self.chance.choice(self.models)
        model = self.visitor.get("case as text", f"/cases/{slug}.md").text
        title = f"{self.name} tells of boat {self.count} on the lagoon"
        form = form_to(self.visitor.get("new: asked", "/cases/new").text, "/cases/new")
        opened = self.visitor.send("new", form, {"title": title})
        if not DRAFT.search(opened.path):
            form = form_to(opened.text, "/cases/new")
            opened = self.visitor.send("new", form, {"sure": "1"})
        token = self._token(opened)
        form = form_to(self.visitor.get("whole text", f"/drafts/{token}/raw").text, "/raw")
        line = f"{self.name} wrote it, number {self.count}."
        text = TITLE.sub(lambda _: f"title: {title}", model, count=1)
        text = re.sub(r"^aliases: .*\n", "", text, flags=re.MULTILINE)
        text = f"{text.rstrip()}\n{line}\n"
        self._pause(wait)
        self._autosave(form, text, "raw")
        self._pause(wait)
        self.done.bodies.append(_body(text))
        self.visitor.send("save", form, {"raw": text, "message": line, "do": "leave"})
        new = title.lower().replace(" ", "-")
        self._submit(token, new, line)

    def _autosave(self, form: Form, text: str, name: str = "body") -> None:
        self.done.bodies.append(text if name == "body" else _body(text))
        answer = self.visitor.post(
            "autosave", form.save, form.filled({name: text}), accept="application/json"
        )
        if answer.status == 200:
            base = json.loads(answer.text)["base"]
            self.done.hashes.append(base)
            form.pairs = [(n, base if n == "base" else value) for n, value in form.pairs]

    def _submit(self, token: str, slug: str, line: str) -> None:
        page = self.visitor.get("draft", f"/drafts/{token}")
        handed = self.visitor.send(
            "submit", form_to(page.text, "/moves/submit"), {"message": line},
            to=f"/drafts/{token}/moves/submit",
        )  # fmt: skip
        if handed.status == 200:
            self.done.lines.setdefault(slug, []).append(line)
            self.done.submitted.append(token)

    def _token(self, answer: Answer) -> str:
        found = DRAFT.search(answer.path)
        if not found:
            raise RuntimeError(f"{self.name}: no draft was begun, but {answer.path} shown")
        return found[1]

    def _pause(self, wait: Wait) -> None:
        wait(self.think * self.chance.uniform(0.5, 1.5))


def _editor(answer: Answer) -> Form | None:
    return next((form for form in forms_of(answer.text) if form.id == "form"), None)


def _body(text: str) -> str:
    """What stands below the front matter."""
    return text.split("\n---\n", 1)[-1]


class Desk:
    """Which drafts an editor has taken, so that two do not publish the same."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.lock = threading.Lock()

    def take(self, tokens: list[str]) -> str:
        """The first draft that nobody has taken, "" where there is none."""
        with self.lock:
            for token in tokens:
                if token not in self.taken:
                    self.taken.add(token)
                    return token
        return ""


class Editor:
    """One editor, who looks at what waits and publishes it."""

    def __init__(self, name: str, visitor: Visitor, desk: Desk, notes: Notes, think: float) -> None:
        self.chance = random.Random(name)
        self.visitor = visitor
        self.desk = desk
        self.notes = notes
        self.think = think
        self.published = 0
        self.joined = 0

    def run(self, until: float, wait: Wait) -> None:
        """Publishes until a time of the clock."""
        while time.monotonic() < until:
            wait(self.think * self.chance.uniform(0.5, 1.5))
            self.one()

    def finish(self) -> None:
        """Publishes all that still waits."""
        while self.one():
            pass
        self.visitor.close()

    def one(self) -> bool:
        """Reviews and publishes one draft; whether there was one."""
        queue = self.visitor.get("queue", "/queue").text
        ways = re.findall(r'href="/drafts/([\w-]+)/review"', queue)
        token = self.desk.take(list(dict.fromkeys(ways)))
        if not token:
            return False
        self.visitor.get("compare", f"/drafts/{token}/compare")
        for _ in range(20):
            page = self.visitor.get("review", f"/drafts/{token}/review")
            form = form_to(page.text, "/moves/publish")
            form.pairs += form.boxes  # all points of the checklist
            answer = self.visitor.send("publish", form, {}, to=f"/drafts/{token}/moves/publish")
            if not answer.path.endswith("/conflict"):
                self.published += answer.status == 200
                return True
            self._join(token, answer)
        self.notes.complain(f"publish: others were always quicker at {token}")
        return True

    def _join(self, token: str, answer: Answer) -> None:
        """Keeps both texts at every place."""
        form = form_to(answer.text, "/conflict")
        chosen = {}
        for name, ways in form.choices.items():
            chosen[name] = "both" if "both" in ways else "edit"
            if chosen[name] == "edit":
                self.notes.complain(f"publish: {name} of {token} does not offer both texts")
        self.joined += 1
        self.visitor.send("join", form, chosen, to=f"/drafts/{token}/conflict")
