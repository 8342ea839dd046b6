"""What is not the campaign's matter: its categories, their words, and where they belong."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.utils.translation import get_language

DATA = Path(__file__).parent / "data" / "outside.yaml"


@dataclass(frozen=True)
class Category:
    """A sort of matter that others deal with: ``covers`` are subjects of residents' letters."""

    key: str
    covers: tuple[str, ...]
    zh: str
    en: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


@cache
def categories() -> dict[str, Category]:
    """Every category by its key; the fallback has the key ''."""
    read = yaml.safe_load(DATA.read_text("utf-8"))
    found = [
        Category(r["key"], tuple(r["covers"]), r["zh"], r["en"], tuple(r["words"]))
        for r in read["outside"]
    ]
    last = Category("", (), read["fallback"]["zh"], read["fallback"]["en"], ())
    return {one.key: one for one in [*found, last]}


@cache
def _covered() -> dict[str, str]:
    return {name: one.key for one in categories().values() for name in one.covers}


def key_of(category: str) -> str:
    """The key for a category's own key or for a subject written 'level 1/level 2'."""
    known = _covered()
    if category in categories():
        return category
    return known.get(category) or known.get(category.split("/", maxsplit=1)[0]) or ""


def where_outside(category: str) -> Category:
    """Where a matter of this category belongs; the hotline if nobody else is known."""
    return categories()[key_of(category)]
