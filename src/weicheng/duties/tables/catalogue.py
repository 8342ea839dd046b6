"""The clauses of the edition in use with all words they are known by."""

from __future__ import annotations

from collections import defaultdict

from weicheng.standards.models import Check, Indicator, Item, ProblemKind, Standard

from .clauses import ClauseFinder, ClauseText


def clause_texts() -> list[ClauseText]:
    """The items of the newest edition; kinds, checks and indicators lend them their words."""
    standard = Standard.objects.first()
    items = list(Item.objects.filter(standard=standard).select_related("aspect").order_by("number"))
    words, more = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for kind in ProblemKind.objects.filter(active=True).exclude(item_key=""):
        words[kind.item_key] += [kind.name_zh, *_plain(kind.search_words)]
    found = Indicator.objects.filter(standard=standard, item__isnull=False)
    for key, name, said in found.values_list("item__key", "name_zh", "words_zh"):
        words[key] += [name, said]
    checks = Check.objects.filter(item__standard=standard)
    for key, text, place in checks.values_list("item__key", "text_zh", "site_type__name_zh"):
        more[key] += [text, place]
    return [
        ClauseText(
            item.key, item.name_zh, item.demand_zh, item.aspect.name_zh,
            tuple(words[item.key]), tuple(more[item.key]),
        )
        for item in items
    ]  # fmt: skip


def _plain(search_words: list[str]) -> list[str]:
    return [word for words in search_words for word in words.split("+")]


def clause_finder() -> ClauseFinder:
    """A finder over the edition in use; read once for each table."""
    return ClauseFinder(clause_texts())
