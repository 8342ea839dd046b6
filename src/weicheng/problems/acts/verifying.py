"""Verification by another person, and every way a problem may be closed or come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from django.utils import timezone

from weicheng.problems import clocks, door
from weicheng.problems.acts.working import end_fixing, reopen_duties
from weicheng.problems.models import Photo, Problem
from weicheng.problems.refusals import Refused
from weicheng.problems.words import LEVEL_ORDER, Level, Outcome, ReopenReason, SendBackReason

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.problems.who import Who


def pass_fix(
    *,
    problem: Problem,
    level: str = Level.PICTURE,
    words: str = "",
    photos: Sequence[Attachment] = (),
    **who: Unpack[Who],
) -> Problem:
    """验收通过: closes as verified fixed. ``level`` says how it was verified."""
    body = {"level": level, "words": words, "photos": [str(p.blob_id) for p in photos]}
    with door.enter("pass_fix", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        needed = Level(step.problem.level)
        if LEVEL_ORDER[Level(level)] < LEVEL_ORDER[needed]:
            raise Refused("level_too_low", level=needed.label)
        step.record(
            {"level": level, "by_person": str(step.one.person.id) if step.one.person else None},
            words=words, photos=photos,
        )  # fmt: skip
        end_fixing(step, fixed=True)
    return step.problem


def send_back(
    *,
    problem: Problem,
    reason: str,
    words: str = "",
    photos: Sequence[Attachment] = (),
    **who: Unpack[Who],
) -> Problem:
    """退回 with a typed reason; the unit owes the fix again."""
    body = {"reason": reason, "words": words, "photos": [str(p.blob_id) for p in photos]}
    with door.enter("send_back", problem=problem, body=body, who=who) as step:
        if not step.replayed:
            if reason not in SendBackReason.values:
                raise Refused("need_reason")
            step.record({"reason": reason, **clocks.waited(step)}, words=words, photos=photos)
            reopen_duties(step)
    return step.problem


def close(
    *,
    problem: Problem,
    outcome: str,
    agreed_by: str = "",
    duplicate_of: Problem | None = None,
    words: str = "",
    **who: Unpack[Who],
) -> Problem:
    """Close without a fix: gone by itself, duplicate, or cannot be fixed (who agreed is named)."""
    body = {
        "outcome": outcome, "agreed_by": agreed_by, "words": words,
        "duplicate_of": duplicate_of.id if duplicate_of else None,
    }  # fmt: skip
    with door.enter("close", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        if outcome not in {Outcome.GONE, Outcome.DUPLICATE, Outcome.CANNOT}:
            raise Refused("need_reason")
        if outcome == Outcome.CANNOT and not agreed_by.strip():
            raise Refused("need_agreed")
        if outcome == Outcome.DUPLICATE and (duplicate_of is None or duplicate_of.id == problem.id):
            raise Refused("duplicate_of")
        said = "；".join(t for t in (agreed_by.strip(), words.strip()) if t)
        step.record(
            {
                "outcome": outcome,
                "duplicate_of": str(duplicate_of.id) if duplicate_of else None,
                "by_person": str(step.one.person.id) if step.one.person else None,
            },
            words=said,
        )
        end_fixing(step, fixed=False)
    return step.problem


def reopen(
    *,
    problem: Problem,
    reason: str,
    words: str = "",
    photos: Sequence[Attachment] = (),
    **who: Unpack[Who],
) -> Problem:
    """重开: it came back (反弹), did not pass a second look, or was closed by mistake."""
    body = {"reason": reason, "words": words, "photos": [str(p.blob_id) for p in photos]}
    with door.enter("reopen", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        if reason not in ReopenReason.values:
            raise Refused("need_reason")
        step.record(
            {
                "reason": reason,
                "day": timezone.localdate(step.now).isoformat(),
                **clocks.anew(step),
            },
            words=words, photos=photos, stage=Photo.Stage.BEFORE,
        )  # fmt: skip
        reopen_duties(step)
    return step.problem
