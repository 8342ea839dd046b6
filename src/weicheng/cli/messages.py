"""Finds every message: in Python by Babel, in templates by Django's own reading of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

# How each function takes its message: None is the first argument, "c" marks a context.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PAGES = {".html", ".txt"}
LEFT_OUT = {"tests", "migrations", "locale", "static"}


@dataclass(frozen=True, order=True)
class Message:
    """A text to translate: `plural` and `context` are empty where there is none."""

    text: str
    plural: str = ""
    context: str = ""


class Unreadable(ValueError):
    """A source that no message can be taken from; the text names file and cause."""


def messages(package: Path) -> dict[Message, Path]:
    """Every message below the folder `package`, with the first file that says it."""
    found: dict[Message, Path] = {}
    for path in sources(package):
        read = in_python if path.suffix == ".py" else in_template
        try:
            told = list(read(path.read_text("utf-8")))
        except SyntaxError as wrong:
            raise Unreadable(f"{path.relative_to(package)}：{wrong}") from wrong
        for message in told:
            found.setdefault(message, path.relative_to(package))
    return found


def sources(package: Path) -> Iterator[Path]:
    """Python modules and templates, in a fixed order; tests and migrations speak to nobody."""
    for path in sorted(package.rglob("*")):
        folders = set(path.relative_to(package).parts)
        speaks = path.suffix == ".py" or (path.suffix in PAGES and "templates" in folders)
        if speaks and not LEFT_OUT & folders:
            yield path


def in_python(text: str) -> Iterator[Message]:
    """The messages of a module."""
    calls: Iterable[Any] = extract_python(BytesIO(text.encode()), KEYWORDS, [], {})
    for _line, function, found, _comments in calls:
        message = _message(function, list(found) if isinstance(found, tuple) else [found])
        if message is not None:
            yield message


def in_template(text: str) -> Iterator[Message]:
    """The messages of a Django template, as Django will look them up.

    Django turns the template into calls of gettext; on one line, they are Python to Babel.
    """
    calls = templatize(text)
    kept = (line.strip() for line in calls.splitlines() if not line.lstrip().startswith("#"))
    yield from in_python(" ".join(kept))


def _message(function: str, said: list[str | None]) -> Message | None:
    spec = KEYWORDS[function] or (1,)
    parts = {"context": "", "text": "", "plural": ""}
    for place in spec:
        number, key = (place[0], "context") if isinstance(place, tuple) else (place, "text")
        value = said[number - 1] if number <= len(said) else None
        if value is None:
            return None
        if key == "text" and parts["text"]:
            key = "plural"
        parts[key] = value
    return Message(parts["text"], parts["plural"], parts["context"]) if parts["text"] else None
