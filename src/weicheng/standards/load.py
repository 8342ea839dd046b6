"""Loads content of the standard from YAML: checked whole, then put in whole, any number of times.

`load_standard()` loads what is shipped; `load_standard(path)` a file of one's own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from . import catalogue_validation, validation
from .catalogue_validation import Known, check_rows, code_names
from .edition_load import Sources, load_edition, load_local_targets, load_site_types
from .keeping import Tally
from .kinds_load import load_kinds
from .models import Check, Indicator, KindCode, Revision, Standard
from .reading import DATA, SHIPPED, Document, Unreadable, mapping, read, rows
from .validation import Findings


@dataclass
class Report:
    """What a load did. With errors nothing was written. `lines` is for people to read."""

    created: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    kept: int = 0
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the content was loaded."""
        return not self.errors

    @property
    def lines(self) -> list[str]:
        """The report in sentences, errors first."""
        if self.errors:
            head = _("有%(n)s处问题，什么也没有装入：") % {"n": len(self.errors)}
            return [head, *self.errors]
        done = _("装好了：新增%(new)s条，更新%(changed)s条，%(same)s条没有变化。") % {
            "new": sum(self.created.values()),
            "changed": sum(self.changed.values()),
            "same": sum(self.unchanged.values()),
        }
        kept = [_("保留了本地改过的%(n)s处。") % {"n": self.kept}] if self.kept else []
        return [done, *kept, *self.warnings]


def load_standard(path: str | Path | None = None) -> Report:
    """Check and load a YAML file (None: the shipped edition, site types and problem kinds).

    One transaction; loading again changes nothing; fields edited by the office are kept.
    """
    try:
        documents = [read(place) for place in ([Path(path)] if path else SHIPPED)]
        shared = read(DATA / SHIPPED[0].name)
    except Unreadable as wrong:
        return Report(errors=[str(wrong)])
    sources: dict[str, Document] = {}
    for document in (shared, *documents):
        sources |= {str(row.get("key")): row for row in rows(document, "sources")}
    findings = _check(documents, set(sources))
    if findings.errors:
        return Report(errors=findings.errors, warnings=findings.warnings)
    tally = Tally()
    with transaction.atomic():
        targets = _write(documents, sources, tally)
    findings.warnings += [_weaker_sentence(row) for row in targets if row.weaker]
    return Report(
        created=dict(tally.created),
        changed=dict(tally.changed),
        unchanged=dict(tally.unchanged),
        kept=tally.kept,
        warnings=findings.warnings,
    )


def _check(documents: list[Document], sources: set[str]) -> Findings:
    found = Findings()
    have = _known(documents, sources)
    for document in documents:
        if "standard" in document:
            validation.edition(found, document)
        if "site_types" in document:
            catalogue_validation.site_types(found, document, have)
        if "problem_kinds" in document:
            catalogue_validation.problem_kinds(found, document, have)
        if "local_targets" in document:
            catalogue_validation.local_targets(found, document, have)
        if "standard" not in document and _standard_of(document, documents) is None:
            found.wrong(_("还没有装入标准，请先装入标准本身。"))
    return found


def _known(documents: list[Document], sources: set[str]) -> Known:
    """Keys in the database together with those of the documents."""
    have = Known(sources=sources)
    standard = Standard.objects.first()
    if standard is not None:
        have.aspects |= set(standard.aspects.values_list("key", flat=True))
        have.items |= set(standard.items.values_list("key", flat=True))
        have.indicators |= set(standard.indicators.values_list("key", flat=True))
    have.checks |= set(Check.objects.values_list("key", flat=True))
    stored = KindCode.objects.values_list("code_set_id", "sort", "code")
    have.codes |= {":".join(code) for code in stored}
    for document in documents:
        have.aspects |= {str(row.get("key")) for row in rows(document, "aspects")}
        have.items |= {str(row.get("key")) for row in rows(document, "items")}
        have.indicators |= {str(row.get("key")) for row in rows(document, "indicators")}
        have.checks |= {str(row.get("key")) for row in check_rows(document)}
        have.codes |= set(code_names(document))
    return have


def _standard_of(document: Document, documents: list[Document]) -> str | None:
    """The edition a document belongs to: its own word, the load's, or the one there is."""
    named = document.get("edition")
    for other in documents:
        if "standard" in other:
            return str(mapping(other, "standard").get("edition"))
    stored = Standard.objects.filter(edition=str(named)) if named else Standard.objects.all()
    found = stored.first()
    return found.edition if found else None


def _edited() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The fields the office has edited, by item key and by kind key."""
    items: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, set[str]] = defaultdict(set)
    for item_key, kind, changes in Revision.objects.values_list("item_key", "kind_id", "changes"):
        (kinds[kind] if kind else items[item_key]).update(changes)
    return items, kinds


def _write(documents: list[Document], sources: Sources, tally: Tally) -> list[Indicator]:
    items, kinds = _edited()
    targets: list[Indicator] = []
    for document in documents:
        if "standard" in document:
            load_edition(document, sources, items, tally)
        standard = Standard.objects.get(edition=_standard_of(document, documents))
        if "site_types" in document:
            load_site_types(document, standard, sources, tally)
        if "problem_kinds" in document:
            load_kinds(document, kinds, tally)
        if "local_targets" in document:
            targets += load_local_targets(document, standard, sources, tally)
    return targets


def _weaker_sentence(row: Indicator) -> str:
    national = row.target_of
    assert national is not None and national.value is not None and row.value is not None
    return _(
        "本地目标“%(name)s”是%(local)s%(unit)s，弱于国家标准“%(national)s”的%(value)s%(unit)s。"
    ) % {
        "name": row.name_zh,
        "local": f"{row.value.normalize():f}",
        "unit": row.unit_zh,
        "national": national.name_zh,
        "value": f"{national.value.normalize():f}",
    }
