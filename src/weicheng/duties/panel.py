"""谁负责, beside an item of the standard: who leads, helps and answers in the reader's district."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from weicheng.duties.book import book
from weicheng.duties.browsing import root_for
from weicheng.duties.permissions import READERS
from weicheng.duties.resolver import Accountable, Question, answer
from weicheng.duties.words import unit_words
from weicheng.standards.beside import Panel

if TYPE_CHECKING:
    from weicheng.places.models import Region


@dataclass(frozen=True)
class Answered:
    """An answer for a whole district; ``lead`` in words, also where each town leads its own."""

    key: str
    root: Region
    said: Accountable
    lead: str


def panel(user: Any, key: str) -> Panel | None:
    """The panel for readers of duties; costs one query."""
    root = root_for(user) if getattr(user, "role", "") in READERS else None
    if root is None:
        return None
    known, day = book(), timezone.localdate()
    said = answer(known, Question(region=root.pk, day=day, item=key))
    lead = said.lead.name if said.lead else ""
    if not lead:  # “各镇街”: nobody leads the district, each town leads its own
        places = (*root.ancestors, None)
        rows = [row for place in places for row in known.rows.get((("item", key), place), ())]
        found = [r for r in rows if r.part == "lead" and r.unit_rule and r.in_force(day)]
        lead = unit_words(known, found[0]) if found else ""
    return Panel("duties/panel.html", Answered(key, root, said, lead))
