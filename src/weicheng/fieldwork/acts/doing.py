"""One act in the making, and what it became."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from weicheng.fieldwork.reading import Told
from weicheng.inspections import acts as checks

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.people.models import Person, User
    from weicheng.problems.models import Problem


@dataclass(frozen=True)
class Doing:
    """One act being carried out: by which account, for whom when the office releases it (代录),
    when it was received, and what is here by now of what it lists (by hash)."""

    told: Told
    by: User
    now: datetime
    for_person: Person | None = None
    here: Mapping[str, Attachment] = field(default_factory=dict)

    @property
    def photos(self) -> list[Attachment]:
        """The act's photos that are here, in the order of the phone."""
        return [self.here[one] for one in self.told.photos if one in self.here]

    @property
    def voice(self) -> Attachment | None:
        """The spoken note, once it is here."""
        return self.here.get(self.told.voice)

    @property
    def reported(self) -> checks.Reported:
        """How the fact came, for the acts of checks."""
        return checks.Reported(
            occurred_at=self.told.occurred_at, offset_seconds=self.told.offset_seconds,
            for_person=self.for_person, now=self.now,
        )  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What an act became. ``operation`` is that of the problem's event that holds its photos;
    ``is_remark`` says that it was kept as a remark because it no longer applied."""

    problem: Problem | None = None
    operation: UUID | None = None
    is_remark: bool = False
    reason: str = ""
    params: dict[str, Any] = field(default_factory=dict)
