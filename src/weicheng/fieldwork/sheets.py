"""The check sheets with their rulings, and the kinds of problems, as a phone keeps them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from weicheng.inspections.models import Ruling
from weicheng.standards.models import Check, ProblemKind

SHORT = 4


def of_types(types: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Site type key -> its checks in the order of the sheet, each with the rulings in force."""
    checks = list(Check.objects.filter(site_type__in=set(types)).order_by("site_type", "order"))
    pinned: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    rulings = Ruling.objects.filter(check_key__in=[c.key for c in checks], replaced_by=None)
    for row in rulings:
        pinned[row.check_key].append(
            {"words": row.words, "by": row.said_by, "on": row.on.isoformat()}
        )
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for check in checks:
        found[check.site_type_id].append(
            {
                "key": check.key, "text": str(check), "severity": check.severity,
                "rulings": pinned.get(check.key, []),
            }
        )  # fmt: skip
    return dict(found)


def kinds() -> list[dict[str, str]]:
    """The kinds of problems in the catalogue's order, each with a name that fits on a chip."""
    active = ProblemKind.objects.filter(active=True)
    return [{"key": k.key, "name": str(k), "short": short(k)} for k in active]


def short(kind: ProblemKind) -> str:
    """A name of at most four characters where the catalogue knows one."""
    name = str(kind)
    words = [name, *kind.search_words] if name == kind.name_zh else [name]
    fit = [word for word in words if len(word) <= SHORT]
    return fit[0] if fit else name
