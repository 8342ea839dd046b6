"""One box finds problems, sites and units: by number, place, name or the initials of its pinyin."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, Value
from django.db.models.functions import Replace

from weicheng.people.models import Unit
from weicheng.places.models import Site
from weicheng.places.pinyin import plain
from weicheng.problems.models import Problem
from weicheng.problems.texts import grams

MOST = 20
SHORTEST = 2
_LATIN = re.compile(r"[a-z0-9-]+")
_NUMBER = re.compile(r"[a-z]{0,4}-?\d{4}-?\d{0,4}|\d{1,4}")


@dataclass
class Found:
    """What was found, each at most ``MOST``; ``words`` is the query as it was understood."""

    words: str
    problems: list[Problem] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)

    def is_nothing(self) -> bool:
        """Whether nothing was found."""
        return not (self.problems or self.sites or self.units)


def find(user: Any, text: str) -> Found:
    """Everything visible to this user that the text names; three queries."""
    words = plain(text).lower().replace("－", "-").replace("—", "-")[:60]
    if not words or (len(words) < SHORTEST and words.isascii()):
        return Found(words)
    latin = bool(_LATIN.fullmatch(words))
    sites = Site.objects.visible_to(user).filter(active=True).select_related("site_type", "region")
    units = Unit.objects.visible_to(user).filter(active=True).select_related("head")
    named = Q(name__icontains=words) if not latin else Q(pinyin__icontains=words)
    named |= Q(name__icontains=words)
    near_sites = list(sites.filter(named).order_by("pinyin", "id")[:MOST])
    shorter = Q(short_name__icontains=words)
    near_units = list(units.filter(named | shorter)[:MOST])
    return Found(words, _problems(user, words, latin, near_sites), near_sites, near_units)


def _problems(user: Any, words: str, latin: bool, sites: list[Site]) -> list[Problem]:
    rows = Problem.objects.visible_to(user).filter(voided=False)
    if latin:
        which = Q(site__in=[s.pk for s in sites]) if sites else Q(pk__in=[])
        if _NUMBER.fullmatch(words):
            rows = rows.annotate(bare=Replace("number", Value("-"), Value("")))
            which |= Q(bare__icontains=words.replace("-", ""))
    else:
        # two-character words of the text, all of them, as the index holds them
        query = SearchQuery(" & ".join(f"'{g}'" for g in _safe(grams(words))), search_type="raw",
                            config="simple")  # fmt: skip
        which = Q(search=query) | (Q(site__in=[s.pk for s in sites[:5]]) if sites else Q(pk__in=[]))
    return list(rows.filter(which).for_rows().defer("search").order_by("-filed_at", "-id")[:MOST])


def _safe(words: list[str]) -> list[str]:
    """Lexemes without anything that to_tsquery could read as an operator."""
    kept = [re.sub(r"[^\w-]", "", word) for word in words]
    return [word for word in kept if word] or ["\u3000"]
