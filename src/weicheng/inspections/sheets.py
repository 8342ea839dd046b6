"""The check sheets in force, and whether a look fits the sheet of its site."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from weicheng.inspections.refusals import Refused
from weicheng.standards.models import Check, Standard

if TYPE_CHECKING:
    from weicheng.inspections.acts.visiting import Look


class Sheets:
    """Keys of checks by site type, read once for as many looks as there are."""

    def __init__(self, *, only: str = "") -> None:
        """``only``: the one site type that is needed; empty reads all."""
        checks = Check.objects.filter(site_type=only) if only else Check.objects.all()
        self._keys: defaultdict[str, set[str]] = defaultdict(set)
        for key, site_type in checks.values_list("key", "site_type_id"):
            self._keys[site_type].add(key)
        standard = Standard.objects.order_by("-issued", "edition").first()
        self.edition = standard.edition if standard else ""
        self.version = standard.version if standard else 1

    def check(self, look: Look) -> None:
        """Raise Refused when the look contradicts itself, its sheet or the state of its site."""
        if not look.site.active:
            raise Refused("site_gone", site=look.site.name)
        if look.closed and not look.note.strip():
            raise Refused("need_reason_closed")
        sheet, seen = self._keys[look.site.site_type_id], set[str]()
        for key in [*look.failed, *look.not_applicable, *look.unseen]:
            if key not in sheet:
                raise Refused("wrong_check", key=key)
            if key in seen:
                raise Refused("two_answers", key=key)
            seen.add(key)
        for key, value in look.bands.items():
            if not 0 <= value <= 10:
                raise Refused("wrong_band", key=key)
