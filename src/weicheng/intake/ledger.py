"""A ledger of problems (问题台账) becomes problems, row by row, with the states that it claims.

What cannot be read goes back as a sheet with the reason; the same ledger again files nothing twice.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from weicheng.evidence import store
from weicheng.evidence.models import Attachment
from weicheng.intake.register import Register
from weicheng.problems import bulk
from weicheng.problems.acts import Finding
from weicheng.problems.words import Outcome, Source
from weicheng.sheets.ledgers import LedgerRow, RowError
from weicheng.standards.models import ProblemKind
from weicheng.triage.proposing import judge

if TYPE_CHECKING:
    from weicheng.people.models import User
    from weicheng.places.models import Region, Site
    from weicheng.sheets.deadlines import Deadline
    from weicheng.sheets.pictures import Picture

Progress = Callable[[int], None]
END_OF_DAY = time(18)
OTHER_KIND = "other"
#: A number of fewer digits is a serial number of its table, not an id.
SERIAL_DIGITS = 5

#: Words of a ledger's source column and what they mean.
SOURCES = (
    ("省", Source.PROVINCE), ("暗访", Source.UNDERCOVER), ("12345", Source.HOTLINE),
    ("热线", Source.HOTLINE), ("群众", Source.CITIZEN), ("随手拍", Source.CITIZEN),
    ("领导", Source.LEADER), ("批示", Source.LEADER), ("自查", Source.SELF),
    ("检查", Source.DAILY), ("巡查", Source.DAILY),
)  # fmt: skip


@dataclass
class LedgerResult:
    """What became of a ledger: counts, and the rows that go back with their errors."""

    total: int = 0
    filed: int = 0
    known: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[int, list[RowError]]] = field(default_factory=list)
    warned: list[tuple[int, list[RowError]]] = field(default_factory=list)
    made: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Ledger:
    """Whose ledger, typed in by whom; ``op_id`` makes the whole import one repeatable act."""

    district: Region
    by: User
    op_id: uuid.UUID
    now: datetime


def learn_ledger(
    rows: Iterable[LedgerRow], ledger: Ledger, *, progress: Progress | None = None
) -> LedgerResult:
    """File the usable rows in chunks, each its own transaction; must be called outside one."""
    result = LedgerResult()
    reader = _Reader(ledger)
    for number, chunk in enumerate(_chunks(rows, bulk.CHUNK)):
        usable = []
        for row in chunk:
            if sort_row(row, result):
                usable.append(row)
        with transaction.atomic():
            adopted = [reader.adopted(row) for row in usable]
        reader.register.close()
        made = bulk.adopt_chunk(
            adopted, by=ledger.by, op_id=uuid.uuid5(ledger.op_id, str(number)), now=ledger.now
        )
        result.filed += len(made)
        result.known += len(usable) - len(made)
        result.statuses.update(p.status for p in made)
        if progress:
            progress(result.total)
    result.made = dict(reader.register.made)
    return result


def rehearse_ledger(
    rows: Iterable[LedgerRow], ledger: Ledger, *, progress: Progress | None = None
) -> LedgerResult:
    """What ``learn_ledger`` would do, leaving nothing behind; pictures are not decoded."""
    result = LedgerResult()
    reader = _Reader(ledger, with_photos=False)
    with transaction.atomic():
        for chunk in _chunks(rows, bulk.CHUNK):
            adopted = [reader.adopted(row) for row in chunk if sort_row(row, result)]
            fresh = bulk.unknown(adopted)
            result.filed += len(fresh)
            result.known += len(adopted) - len(fresh)
            result.statuses.update(a.claims["status"] for a in fresh)
            if progress:
                progress(result.total)
        result.made = dict(reader.register.made)
        transaction.set_rollback(True)
    reader.register.close()
    return result


def sort_row(row: LedgerRow, result: LedgerResult) -> bool:
    """Count a row and its errors; whether it can be filed."""
    result.total += 1
    own = is_own_id(row.external_id)
    errors = [e for e in row.errors if own or e.code != "id_repeated"]
    usable = row.usable and not any(e.code == "id_repeated" for e in errors)
    if errors:
        (result.warned if usable else result.refused).append((row.row, errors))
    return usable


def _chunks(rows: Iterable[LedgerRow], size: int) -> Iterator[list[LedgerRow]]:
    chunk: list[LedgerRow] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


class _Reader:
    """Turns a ledger's row into what the office would have filed."""

    def __init__(self, ledger: Ledger, *, with_photos: bool = True) -> None:
        self.ledger = ledger
        self._with_photos = with_photos
        self.register = Register(ledger.district)
        self._kinds = {k.key: k for k in ProblemKind.objects.filter(active=True)}
        self._by_name = {k.name_zh: k for k in self._kinds.values()}
        self._judge = judge()
        self._seen: Counter[str] = Counter()

    def adopted(self, row: LedgerRow) -> bulk.Adopted:
        """The finding, the claims and the words of a row, its pictures kept."""
        region = self._region(row)
        site = self._site(row, region)
        found_at = self._moment(row.found_at.at(_tz()) if row.found_at else None)
        before, after = self._photos(row.before, "before"), self._photos(row.after, "after")
        lead = next(iter((*row.lead, *row.responsible)), "")
        unit = self.register.unit(lead) if lead else None
        finding = Finding(
            kind=self._kind(row),
            region=region,
            site=site,
            place=(row.place or (site.name if site else "") or region.name)[:200],
            description=row.description,
            source=source_of(row.source),
            quantity=row.quantity.number if row.quantity else None,
            quantity_unit=row.quantity.unit if row.quantity else "",
            found_at=found_at,
            photos=before,
            external=(f"ledger:{self.ledger.district.id.hex}", self._external(row)),
        )
        claims = claims_of(row, str(unit.id) if unit else None, found_at, self.ledger.now)
        words = "\n".join(
            t for t in (row.requirement, row.measure, row.remark, row.status_raw) if t
        )
        return bulk.Adopted(finding, claims, words, after)

    def _region(self, row: LedgerRow) -> Region:
        town = self.register.town(row.town) if row.town else None
        if not row.community:
            return town or self.ledger.district
        known = None if town else self.register.find_community(row.community)
        return known or self.register.community(row.community, town)

    def _site(self, row: LedgerRow, region: Region) -> Site | None:
        return self.register.site_named(f"{row.place} {row.description}", region)

    def _kind(self, row: LedgerRow) -> ProblemKind:
        if row.kind in self._by_name:
            return self._by_name[row.kind]
        # what stands in a ledger is the campaign's, also where its words say otherwise
        told = self._judge.propose(f"{row.kind} {row.description} {row.place}", limit=1)
        key = next((one.key for one in told if not one.outside), OTHER_KIND)
        return self._kinds.get(key) or next(iter(self._kinds.values()))

    def _moment(self, at: datetime | None) -> datetime:
        return min(at, self.ledger.now) if at else self.ledger.now

    def _external(self, row: LedgerRow) -> str:
        """The row's own id, else a fingerprint of what it says (and which of equals it is)."""
        if is_own_id(row.external_id):
            return row.external_id[:80]
        when = row.found_at.value.isoformat() if row.found_at else ""
        quantity = str(row.quantity.number) if row.quantity else ""
        said = "|".join((when, row.place_raw, row.place, row.description, quantity))
        digest = hashlib.sha256(said.encode()).hexdigest()[:24]
        self._seen[digest] += 1
        return f"#{digest}-{self._seen[digest]}"

    def _photos(self, pictures: list[Picture], purpose: str) -> list[Attachment]:
        if not self._with_photos:
            return []
        files = [store.Incoming(p.bytes, f"{purpose}.{p.extension}", purpose) for p in pictures[:9]]
        kept = store.keep_many(files, by=self.ledger.by) if files else []
        return [a for a in kept if isinstance(a, Attachment)]


def is_own_id(text: str) -> bool:
    """Whether a number can tell rows of all tables apart: 1, 2, 3 begin anew in every table."""
    return len(text) >= SERIAL_DIGITS or (bool(text) and not text.isdigit())


def source_of(text: str) -> str:
    """The source that a ledger's words mean; a ledger's own row when they say nothing."""
    return next((found for word, found in SOURCES if word in text), Source.LEDGER)


def claims_of(
    row: LedgerRow, lead: str | None, found_at: datetime, now: datetime
) -> dict[str, Any]:
    """What the ledger claims of a problem, as the data of ``acts.adopt``."""
    status = row.status or ("run" if lead else "new")
    if lead is None and status in {"run", "check"}:
        status = "new"
    due = due_of(row.deadline, found_at)
    claims: dict[str, Any] = {
        "status": status,
        "lead": lead,
        "due_at": due.isoformat() if due else None,
        "dispatched_at": found_at.isoformat() if lead else None,
        "row": row.row,
    }
    if status == "done":
        closed = row.closed_at.at(_tz()) if row.closed_at else due
        closed = min(closed or now, now)
        claims |= {"closed_at": closed.isoformat(), "outcome": Outcome.FIXED.value}
        claims["handed_in_at"] = claims["closed_at"]
    elif status == "check":
        claims["handed_in_at"] = now.isoformat()
    return claims


def due_of(deadline: Deadline | None, found_at: datetime) -> datetime | None:
    """The due time that a written deadline means, counted from the finding."""
    if deadline is None or deadline.word == "long":
        return None
    if deadline.moment is not None:
        if deadline.moment.had_time:
            return deadline.moment.at(_tz())
        return _evening(datetime.combine(deadline.moment.day, END_OF_DAY))
    if deadline.span is not None:
        if deadline.span < timedelta(days=1):
            return found_at + deadline.span
        day = timezone.localdate(found_at) + deadline.span
        return _evening(datetime.combine(day, END_OF_DAY))
    return _evening(datetime.combine(timezone.localdate(found_at), END_OF_DAY))


def _evening(naive: datetime) -> datetime:
    return timezone.make_aware(naive)


def _tz() -> Any:
    return timezone.get_default_timezone()
