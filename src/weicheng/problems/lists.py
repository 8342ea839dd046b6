"""Long lists of problems: which party rows to walk, so that a page costs only its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core import signing
from django.db.models import BooleanField, IntegerField
from django.db.models.expressions import RawSQL
from django.utils import timezone

from weicheng.frame.moments import SOON
from weicheng.people.directory import directory
from weicheng.problems.models import Problem
from weicheng.problems.texts import grams
from weicheng.problems.words import OPEN_STATUSES, Status

if TYPE_CHECKING:
    from weicheng.problems.models import ProblemQuerySet

ROWS = 50
MANY = 1000
MANY_OPENED = 200
_SALT = "weicheng.problems.lists"
EVERY_STATUS = tuple(Status.values)
OPEN = tuple(s.value for s in OPEN_STATUSES)
WAITING = (Status.NEW.value, Status.RUN.value, Status.LONG.value)

#: Flags that are plain columns of the problem; %s is the moment of reading.
COLUMN_FLAGS = {
    "back": "p.sent_back > 0",
    "again": "p.relapsed > 0",
    "province": "p.source = 'province'",
    "leader": "p.source = 'leader'",
    "public": "p.source IN ('citizen', 'hotline')",
    "asking": "p.asking <> ''",
    "paused": "p.paused AND (p.clock->'pauses'->-1->>1)::timestamptz > %s",
    "parked": "p.parked",
    "spot": "p.on_spot",
}


@dataclass(frozen=True)
class Wanted:
    """What a reader asked for: every field is one filter, empty when not asked.

    ``status`` is one of the five, "open" or "" for all; ``flag`` a key of ``COLUMN_FLAGS`` or
    late, soon, void. ``region`` and ``unit`` are ids of the directory.
    """

    status: str = ""
    flag: str = ""
    kind: str = ""
    region: UUID | None = None
    unit: UUID | None = None
    words: str = ""
    oldest: bool = False

    def is_all(self) -> bool:
        """Whether nothing was asked."""
        return self == Wanted()

    def statuses(self) -> tuple[str, ...]:
        """The party statuses to walk."""
        chosen: tuple[str, ...] = EVERY_STATUS
        if self.flag == "void":
            return ("void",)
        if self.flag in {"late", "soon"}:
            chosen = WAITING
        elif self.flag in {"parked", "asking", "paused"}:
            chosen = OPEN
        if self.status == "open":
            return tuple(s for s in chosen if s in OPEN)
        return tuple(s for s in chosen if s == self.status) if self.status else chosen

    def bound(self) -> int:
        """How far is counted: less far where every problem must be opened to see its flags."""
        opened = self.kind or self.words or self.flag in COLUMN_FLAGS
        return MANY_OPENED if opened else MANY

    def by_due(self) -> bool:
        """Whether the most urgent comes first (else the newest)."""
        return self.flag in {"late", "soon"}


@dataclass(frozen=True)
class Page:
    """A piece of a list: rows, keys of the pieces before and after, and how many there are in all.

    ``total`` stops at ``bound`` + 1, which is shown as 1000+ (200+ where problems must be opened).
    """

    rows: list[Problem]
    before: str = ""
    after: str = ""
    total: int = 0
    bound: int = MANY

    def is_many(self) -> bool:
        """Whether there are more than are counted."""
        return self.total > self.bound


@dataclass
class _Walk:
    """The SQL of one list: a union of index scans, one a scope and status."""

    wanted: Wanted
    scopes: Sequence[UUID]
    gates: Sequence[Sequence[UUID]]
    now: datetime
    key: tuple[datetime, UUID] | None = None
    back: bool = False
    values: list[Any] = field(default_factory=list)

    @property
    def column(self) -> str:
        return "due_at" if self.wanted.by_due() else "created_at"

    @property
    def down(self) -> bool:
        """Whether this walk goes from the greatest key to the least."""
        newest_first = not (self.wanted.by_due() or self.wanted.oldest)
        return newest_first != self.back

    def sql(self, limit: int) -> str:
        """Ids of at most ``limit`` problems, as a subquery; fills ``values``."""
        way = "DESC" if self.down else "ASC"
        order = f"{self.column} {way}, problem_id {way}"
        branches = [self._branch(s, t, order, limit) for s in self.scopes for t in self._statuses()]
        if not branches:
            return "(SELECT NULL::uuid WHERE false)"
        union = " UNION ".join(branches)
        self.values.append(limit)
        return f"(SELECT problem_id FROM ({union}) AS u ORDER BY {order} LIMIT %s)"  # noqa: S608

    def counting(self, limit: int) -> str:
        """Ids of any ``limit`` problems, as a subquery: a count needs no order, so that one scan
        of a scope serves all its statuses; fills ``values``."""
        branches = [self._unordered(scope, limit) for scope in self.scopes]
        if not branches:
            return "(SELECT NULL::uuid WHERE false)"
        self.values.append(limit)
        return f"(SELECT 1 FROM ({' UNION '.join(branches)}) AS u LIMIT %s)"  # noqa: S608

    def _unordered(self, scope: UUID, limit: int) -> str:
        tests = ["t.scope = %s"]
        self.values.append(scope)
        asked = self.wanted.statuses()
        if asked == EVERY_STATUS:
            tests.append("t.status <> 'void'")
        else:
            tests.append("t.status = ANY(%s)")
            self.values.append(list(asked))
        self._time(tests)
        joined = self._facts(tests)
        self.values.append(limit)
        return (
            f"(SELECT t.problem_id FROM problems_party t {joined} "  # noqa: S608
            f"WHERE {' AND '.join(tests)} LIMIT %s)"
        )

    def _statuses(self) -> list[str | None]:
        """One scan for all statuses, or one for each that was asked."""
        asked = self.wanted.statuses()
        return [None] if asked == EVERY_STATUS else list(asked)

    def _branch(self, scope: UUID, status: str | None, order: str, limit: int) -> str:
        tests = ["t.scope = %s"]
        self.values.append(scope)
        if status is None:
            tests.append("t.status <> 'void'")
        else:
            tests.append("t.status = %s")
            self.values.append(status)
        self._time(tests)
        self._key(tests)
        joined = self._facts(tests)
        self.values.append(limit)
        return (
            f"(SELECT t.problem_id, t.{self.column} FROM problems_party t {joined} "  # noqa: S608
            f"WHERE {' AND '.join(tests)} ORDER BY t.{order.replace(', ', ', t.')} LIMIT %s)"
        )

    def _time(self, tests: list[str]) -> None:
        if self.wanted.flag == "late":
            tests.append("t.due_at < %s")
            self.values.append(self.now)
        if self.wanted.flag == "soon":
            tests.append("t.due_at BETWEEN %s AND %s")
            self.values += [self.now, self.now + SOON]

    def _key(self, tests: list[str]) -> None:
        if self.key is not None:
            tests.append(f"(t.{self.column}, t.problem_id) {'<' if self.down else '>'} (%s, %s)")
            self.values += list(self.key)

    def _facts(self, tests: list[str]) -> str:
        """Tests on the problem itself, and the reader's own scopes where another's are walked."""
        wanted, before = self.wanted, len(tests)
        if wanted.kind:
            tests.append("p.kind_id = %s")
            self.values.append(wanted.kind)
        if wanted.flag in COLUMN_FLAGS:
            tests.append(COLUMN_FLAGS[wanted.flag])
            self.values += [self.now] * COLUMN_FLAGS[wanted.flag].count("%s")
        if wanted.words:
            tests.append("p.search @@ %s::tsquery")
            self.values.append(_asked(wanted.words))
        joined = "JOIN problems_problem p ON p.id = t.problem_id" if len(tests) > before else ""
        for gate in self.gates:
            tests.append(
                "EXISTS (SELECT 1 FROM problems_party m WHERE m.problem_id = t.problem_id"
                " AND m.scope = ANY(%s::uuid[]))"
            )
            self.values.append(list(gate))
        return joined


def _asked(words: str) -> str:
    """All bigrams; a latin run or a lone character may be the beginning of a longer one."""
    found = [f"'{g}'" if len(g) == 2 and g[0] > "z" else f"'{g}':*" for g in grams(words)]
    return " & ".join(found) or "'?'"


def _walk(own: Sequence[UUID], wanted: Wanted, now: datetime) -> _Walk:
    """Walk the narrowest scope that was asked for; the reader's own scopes always hold."""
    asked = [i for i in (wanted.unit, wanted.region) if i is not None]
    if not own or not asked:
        return _Walk(wanted, own, [], now)
    gates: list[Sequence[UUID]] = [[i] for i in asked[1:]]
    if not any(_inside(region, own) for region in asked):
        gates.append(own)
    return _Walk(wanted, asked[:1], gates, now)


def _inside(region: UUID, scopes: Sequence[UUID]) -> bool:
    """Whether every problem of this region is among the scopes anyway."""
    book = directory()
    return region in book.regions and bool(set(book.ancestors(region)) & set(scopes))


def page(
    user: Any,
    wanted: Wanted,
    *,
    after: str = "",
    before: str = "",
    size: int = ROWS,
    now: datetime | None = None,
    rows: Callable[[ProblemQuerySet], ProblemQuerySet] | None = None,
    keep_fixes: bool = False,
) -> Page:
    """One piece of a list, in one query; ``rows`` may add what its rows need."""
    now = now or timezone.now()
    back = bool(before) and not after
    key = _read(before if back else after, wanted)
    first = _walk(user.scopes(), wanted, now)
    walk = replace(first, key=key, back=back, values=[])
    ids = walk.sql(size + 1)
    sign, column = "-" if walk.down else "", "due_at" if wanted.by_due() else "filed_at"
    # an array is made once and then looked up by the primary key, whatever the planner guesses
    these = RawSQL(f"problems_problem.id = ANY(ARRAY{ids})", walk.values, BooleanField())  # noqa: S611
    found = Problem.objects.filter(these).for_rows()
    found = found.defer("search", *([] if keep_fixes else ["fixes"])).order_by(
        f"{sign}{column}", f"{sign}id"
    )
    if key is None:
        found = found.annotate(total=_total(first))
    piece = list(rows(found) if rows else found)
    more, piece = len(piece) > size, piece[:size]
    if back:
        piece.reverse()
    return _page(piece, wanted, more=more, back=back, keyed=key is not None)


def _page(piece: list[Problem], wanted: Wanted, *, more: bool, back: bool, keyed: bool) -> Page:
    if not piece:
        return Page([])
    earlier, later = (more, keyed) if back else (keyed, more)
    return Page(
        piece,
        _key(piece[0], wanted) if earlier else "",
        _key(piece[-1], wanted) if later else "",
        getattr(piece[0], "total", 0),
        wanted.bound(),
    )


def _total(walk: _Walk) -> RawSQL:
    ids = walk.counting(walk.wanted.bound() + 1)
    sql = f"(SELECT count(*) FROM {ids} AS n)"  # noqa: S608
    return RawSQL(sql, walk.values, output_field=IntegerField())  # noqa: S611


def _key(row: Problem, wanted: Wanted) -> str:
    at = row.due_at if wanted.by_due() else row.filed_at
    values = [at.isoformat() if at else "", str(row.id), wanted.by_due()]
    return signing.dumps(values, salt=_SALT)


def _read(text: str, wanted: Wanted) -> tuple[datetime, UUID] | None:
    try:
        at, row, by_due = signing.loads(text, salt=_SALT)
        return (datetime.fromisoformat(at), UUID(row)) if by_due == wanted.by_due() else None
    except (signing.BadSignature, ValueError, TypeError):
        return None
