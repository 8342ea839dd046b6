"""Who is accountable for a clause at a place on a day, and by which rule.

The order in which rows are asked
---------------------------------
1. Rows in force on the day (both ends count) whose clause and place fit the question.
2. Two families, 条 and 块: rows about a clause (check > kind > site type > item), and rows about
   everything at a place (包街包巷包小区, 包片, 包保). For the lead the first family comes first;
   the other parts take the best rows of both families, those of the clause first.
3. Within a family the more specific clause wins; of equal clauses the more specific place:
   project > site > community > town > county > prefecture > whole campaign.
4. Equals are a tie. It is answered (first named by ``order``, then first written), marked 暂定
   and listed in ``ties``.

Who counts
----------
A unit counts while it is in use; a row whose units are gone is passed over (``passed``) and the
next one asked. A row with a person and no unit means the unit in which that person works on the
day. ``unit_rule`` finds units at the place: the town, the community, the 包保单位 of the site, the
operators of the district (the first by name leads, 暂定 while there are several).
The named person counts while active and posted to the leading unit; else the unit's contact
answers, else its head. The leader is the winning row's 分管领导, else the nearest row that names
only a leader (包片领导).

A kind or a check asks also as its item; a site also as its type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from weicheng.duties.book import Book, book
from weicheng.duties.rows import EVERYTHING, Row
from weicheng.people.models import SitePart, UnitKind

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from weicheng.people.models import Person, Unit
    from weicheng.places.models import Site


@dataclass(frozen=True)
class Question:
    """A clause at a place on a day, with all that it also counts as."""

    region: UUID
    day: date
    check: str = ""
    kind: str = ""
    site_type: str = ""
    item: str = ""
    site: UUID | None = None
    project: str = ""


@dataclass(frozen=True)
class Accountable:
    """The answer. ``rule`` is the row that decided the lead, ``passed`` the more specific ones
    whose units are gone, ``ties`` the equal ones that lost. ``why`` is a code with its values:
    see ``words.why``. ``person_by``: named, contact, head or "".
    """

    lead: Unit | None = None
    responsible: tuple[Unit, ...] = ()
    support: tuple[Unit, ...] = ()
    supervise: tuple[Unit, ...] = ()
    head: Person | None = None
    leader: Person | None = None
    section: str = ""
    person: Person | None = None
    person_by: str = ""
    rule: Row | None = None
    why: tuple[str, dict[str, str]] = ("nobody", {})
    provisional: bool = False
    ties: tuple[Row, ...] = ()
    passed: tuple[Row, ...] = ()

    @property
    def is_owned(self) -> bool:
        """Whether a living person answers."""
        return self.person is not None


def accountable(
    *,
    region: UUID,
    day: date,
    kind: Any = None,
    item_key: str = "",
    check_key: str = "",
    site: Site | None = None,
    site_type_key: str = "",
    project: str = "",
) -> Accountable:
    """Who answers for a kind (or item, or check) at a region or site on a day, and why.

    ``kind`` is a ProblemKind or its key; its item is known. Without any clause only rows about
    everything at the place answer. Costs no query while the book is fresh.
    """
    return answer(
        book(),
        question(
            book(), region=region, day=day, kind=kind, item_key=item_key, check_key=check_key,
            site=site, site_type_key=site_type_key, project=project,
        ),
    )  # fmt: skip


def question(
    known: Book,
    *,
    region: UUID,
    day: date,
    kind: Any = None,
    item_key: str = "",
    check_key: str = "",
    site: Site | None = None,
    site_type_key: str = "",
    project: str = "",
) -> Question:
    """The question with what follows from it: the item of a kind or check, the type of a site."""
    kind_key = str(getattr(kind, "pk", kind) or "")
    check_item, check_type = known.check_items.get(check_key, ("", ""))
    own_item = str(getattr(kind, "item_key", "")) or known.kind_items.get(kind_key, "")
    return Question(
        region=region, day=day, check=check_key, kind=kind_key,
        site_type=site.site_type_id if site is not None else site_type_key or check_type,
        item=item_key or check_item or own_item,
        site=site.id if site is not None else None, project=project,
    )  # fmt: skip


def answer(known: Book, asked: Question) -> Accountable:
    """The answer from a given book."""
    rows = fitting(known, asked)
    clause = [row for row in rows if not row.is_general]
    general = [row for row in rows if row.is_general]
    lead = _lead(known, asked, [*clause, *general])
    unit = lead.unit
    families, unit, row = (clause, general), lead.unit, lead.row
    first = Accountable(
        lead=unit,
        responsible=_others(known, asked, families, "responsible", unit),
        support=_others(known, asked, families, "support", unit),
        supervise=_others(known, asked, families, "supervise", unit),
        leader=_leader(known, asked, row, rows),
        ties=tuple(lead.ties),
        passed=tuple(lead.passed),
    )
    if unit is None or row is None:
        return first
    person, how = known.voice(unit, row.person, asked.day)
    return replace(
        first, head=known.person(unit.head_id, asked.day, unit.id), section=row.section,
        person=person, person_by=how, rule=row, why=_why(known, row),
        provisional=lead.is_doubtful or row.provisional,
    )  # fmt: skip


def fitting(known: Book, asked: Question) -> list[Row]:
    """Rows in force whose clause and place fit, in the order in which they are asked."""
    return sorted(_fitting(known, asked), key=lambda row: row.sequence)


def _fitting(known: Book, asked: Question) -> Iterator[Row]:
    places = (asked.site, *known.directory.ancestors(asked.region), None)
    if asked.site is None:
        places = places[1:]
    for clause in _clauses(asked):
        for place in places:
            for row in known.rows.get((clause, place), ()):
                if row.project in {"", asked.project} and row.in_force(asked.day):
                    yield row


def _clauses(asked: Question) -> Iterator[tuple[str, str]]:
    for sort, key in (
        ("check", asked.check), ("kind", asked.kind), ("type", asked.site_type),
        ("item", asked.item),
    ):  # fmt: skip
        if key:
            yield sort, key
    yield EVERYTHING


def units_of(known: Book, asked: Question, row: Row) -> list[Unit]:
    """The units in use that a row means at this place; none when they are gone."""
    if row.unit:
        unit = known.unit(row.unit)
        return [unit] if unit else []
    if row.unit_rule:
        return list(_found(known, asked, row.unit_rule))
    unit = known.unit_of(row.person, asked.day) if row.person else None
    return [unit] if unit else []


def _found(known: Book, asked: Question, rule: str) -> Iterable[Unit]:
    """The units that a rule finds at the place."""
    if rule in {"territory", "community"}:
        kind = UnitKind.TOWN if rule == "territory" else UnitKind.COMMUNITY
        here = known.directory.responsible_here(asked.region)
        return [u for u in here if u.kind == kind and u.active][:1]
    if rule == "sponsor":
        return _sponsors(known, asked)
    chain = {None, *known.directory.ancestors(asked.region)}
    return [
        u for u in known.directory.units.values()
        if u.kind == UnitKind.OPERATOR and u.active and u.region_id in chain
    ]  # fmt: skip


def _sponsors(known: Book, asked: Question) -> Iterator[Unit]:
    if asked.site is None:
        return
    for row in known.rows.get((EVERYTHING, asked.site), ()):
        is_sponsor = row.site_part == SitePart.SPONSOR and row.in_force(asked.day)
        if is_sponsor and (unit := known.unit(row.unit)):
            yield unit


@dataclass
class _Lead:
    """The lead while it is looked for."""

    unit: Unit | None
    row: Row | None
    ties: list[Row]
    passed: list[Row]
    is_doubtful: bool = False


def _lead(known: Book, asked: Question, rows: list[Row]) -> _Lead:
    found = _Lead(None, None, [], [])
    for row in rows:
        if row.part != "lead" or row.only_a_leader:
            continue
        if found.row is not None and row.rank != found.row.rank:
            break
        units = units_of(known, asked, row)
        if not units:
            if found.row is None:
                found.passed.append(row)
        elif found.row is None:
            found.unit, found.row, found.is_doubtful = units[0], row, len(units) > 1
        elif units[0] != found.unit:
            found.ties.append(row)
    found.is_doubtful = found.is_doubtful or bool(found.ties)
    return found


def _others(
    known: Book, asked: Question, families: Iterable[list[Row]], part: str, lead: Unit | None
) -> tuple[Unit, ...]:
    """The units of a part: the best living rows of each family, the lead left out."""
    found: dict[UUID, Unit] = {}
    for rows in families:
        best: tuple[int, int] | None = None
        for row in rows:
            if row.part != part or row.only_a_leader or best not in {None, row.rank}:
                continue
            for unit in units_of(known, asked, row):
                best = row.rank
                found.setdefault(unit.id, unit)
    if lead is not None:
        found.pop(lead.id, None)
    return tuple(found.values())


def _leader(known: Book, asked: Question, won: Row | None, rows: list[Row]) -> Person | None:
    keys = [won.leader] if won is not None else []
    keys += [row.leader for row in rows if row.only_a_leader]
    living = (known.person(key, asked.day) for key in keys)
    return next((person for person in living if person is not None), None)


def _why(known: Book, row: Row) -> tuple[str, dict[str, str]]:
    region = known.directory.regions[row.region].name if row.region else ""
    return row.sort, {
        "clause": row.clause[0], "key": row.clause[1], "place": row.place, "region": region,
        "project": row.project, "unit_rule": row.unit_rule, "site_part": row.site_part,
    }  # fmt: skip
