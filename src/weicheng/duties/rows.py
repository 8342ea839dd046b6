"""One row of the mechanism in plain values, whether it was a duty, a site's party or an area's
leader; and how specific a row is. Nothing here asks the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

#: Sorts of clauses, the most specific first. "" is everything at the place.
CLAUSES = ("check", "kind", "type", "item", "")
#: Sorts of places, the most specific first. "" is the whole campaign.
PLACES = ("project", "site", "community", "town", "county", "prefecture", "")

EVERYTHING = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Who answers for a clause at a place, in which part, from when to when.

    ``sort`` says where the row stands: "duty", "party" (people.SiteParty) or "charge"
    (people.Charge); ``site_part`` is the part of a party.
    """

    id: UUID
    sort: str = "duty"
    clause: tuple[str, str] = EVERYTHING
    project: str = ""
    region: UUID | None = None
    site: UUID | None = None
    level: str = ""
    part: str = "lead"
    site_part: str = ""
    unit: UUID | None = None
    unit_rule: str = ""
    leader: UUID | None = None
    section: str = ""
    person: UUID | None = None
    since: date | None = None
    until: date | None = None
    order: int = 0
    provisional: bool = False
    doubt: str = ""
    words: str = ""

    @property
    def is_general(self) -> bool:
        """Whether it holds for everything at its place: 包街包巷包小区, 包片."""
        return self.clause == EVERYTHING

    @property
    def only_a_leader(self) -> bool:
        """Whether it names nobody but a leader: 分管领导, 包片领导."""
        return not (self.unit or self.unit_rule or self.person)

    @property
    def place(self) -> str:
        """The sort of its place, one of PLACES."""
        if self.project:
            return "project"
        return "site" if self.site else self.level

    @property
    def rank(self) -> tuple[int, int]:
        """How specific it is; the smaller wins. The clause counts before the place."""
        return CLAUSES.index(self.clause[0]), PLACES.index(self.place)

    @property
    def sequence(self) -> tuple[int, int, int, UUID]:
        """The order in which rows are asked: most specific, first named, first written."""
        return (*self.rank, self.order, self.id)

    def in_force(self, day: date) -> bool:
        """Whether it holds on a day; both ends count."""
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Held:
    """A post as the book keeps it: a person's place in a unit from a day to a day."""

    unit: UUID
    working: bool
    since: date | None
    until: date | None

    def in_force(self, day: date) -> bool:
        """Whether it is held on a day; both ends count."""
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day <= self.until)
