"""What is known of a site: the newest answer of each check, and what problems say since. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Seen:
    """One look at a site: by ourselves, undercover or from outside; check keys as kept. Whatever
    is in none of the three lists passed; what is ``unseen`` has no answer."""

    visit: UUID
    site: UUID
    at: datetime
    failed: Sequence[str]
    not_applicable: Sequence[str]
    unseen: Sequence[str]
    bands: Mapping[str, float]
    outside: bool
    undercover: bool

    @property
    def is_own(self) -> bool:
        """Whether our own people looked, as everybody knew."""
        return not (self.outside or self.undercover)


@dataclass(frozen=True)
class Case:
    """A problem at a site as it stood at the moment: open, or verified as fixed. ``checks``: those
    that it stands for; ``problem``: what it was merged into, if it was; ``by_others``: only hidden
    rounds or people from outside found it."""

    problem: UUID
    site: UUID
    checks: frozenset[str]
    found: datetime
    fixed: datetime | None = None
    by_others: bool = False

    @property
    def is_sole(self) -> bool:
        """Whether it says of its check that it fails, or is mended; of several it says of none."""
        return len(self.checks) == 1

    def narrowed(self, failed: Collection[str]) -> Case:
        """The same for the one of its checks that a look found failed, where there is one."""
        return replace(self, checks=narrowed(self.checks, failed))


def narrowed(checks: Collection[str], failed: Collection[str]) -> frozenset[str]:
    """Of the checks that a problem may stand for, the one that a look found failed, where there is
    one; else all of them."""
    named = frozenset(checks).intersection(failed)
    return named if len(named) == 1 else frozenset(checks)


@dataclass(frozen=True)
class Since:
    """A problem that changes what the looks said of a check: open since then, or fixed then."""

    problem: UUID
    at: datetime


@dataclass(frozen=True)
class SiteState:
    """A site as it is known: the newest answers, with what changed since.

    ``failed`` … ``bands`` are what looks said; ``mended`` and ``reported``: check -> the problem
    that says otherwise. ``older``: check -> the look that answered it, where the newest did not.
    ``held``: the checks that an open problem may stand for, which no other repair brings back.
    """

    look: Seen
    failed: frozenset[str]
    not_applicable: frozenset[str]
    unseen: frozenset[str]
    bands: Mapping[str, float]
    older: Mapping[str, UUID] = field(default_factory=dict)
    mended: Mapping[str, Since] = field(default_factory=dict)
    reported: Mapping[str, Since] = field(default_factory=dict)
    held: frozenset[str] = frozenset()

    @property
    def fails(self) -> frozenset[str]:
        """The checks that fail, whoever says so."""
        return self.failed - self.mended.keys() | self.reported.keys()

    def look_of(self, check: str) -> UUID:
        """The look that answered a check."""
        return self.older.get(check, self.look.visit)


def state_of(looks: Sequence[Seen], cases: Sequence[Case]) -> SiteState:
    """A site from its looks (one or more, the newest first) and its problems.

    An unseen check denies nothing: an earlier answer stands. A failure is mended when a problem
    that stands for it was verified as fixed after the look, and none is open; a check fails by an
    open problem found after the look that answered it. ``forecasting.answers`` says the same.
    """
    known, at = _answered(looks)
    mended: dict[str, Since] = {}
    reported: dict[str, Since] = {}
    held: set[str] = set()
    for case in sorted(cases, key=lambda case: (case.fixed or case.found, str(case.problem))):
        for key in case.checks - known.not_applicable:
            said = at.get(key, None if key in known.unseen else looks[0].at)
            fails = key in known.failed
            if case.fixed is None:
                if fails or said is None or case.found > said:
                    held.add(key)
                    if case.is_sole or fails:
                        reported[key] = Since(case.problem, case.found)
            elif case.is_sole and fails and said is not None and case.fixed > said:
                mended[key] = Since(case.problem, case.fixed)
    mended = {key: one for key, one in mended.items() if key not in held}
    return SiteState(
        known.look, known.failed, known.not_applicable, known.unseen, known.bands, known.older,
        mended, reported, frozenset(held),
    )  # fmt: skip


def _answered(looks: Sequence[Seen]) -> tuple[SiteState, dict[str, datetime]]:
    """The newest answer of each check, and when those of older looks were given."""
    newest, missing = looks[0], set(looks[0].unseen)
    failed, absent = set(newest.failed), set(newest.not_applicable)
    bands, older, at = dict(newest.bands), {}, {}
    for look in looks[1:]:
        for key in missing.difference(look.unseen):
            older[key], at[key] = look.visit, look.at
            if key in look.failed:
                failed.add(key)
            elif key in look.not_applicable:
                absent.add(key)
            if key in look.bands:
                bands[key] = look.bands[key]
        missing.intersection_update(look.unseen)
    given = (frozenset(failed), frozenset(absent), frozenset(missing))
    return SiteState(newest, *given, bands, older), at
