"""Problems that wait: parked with a letter (挂账提级), or works that take months (长期推进)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Unpack

from django.utils import timezone

from weicheng.problems import door
from weicheng.problems.acts.working import assign
from weicheng.problems.models import Milestone, Parking, Problem
from weicheng.problems.refusals import Refused

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.people.models import Unit
    from weicheng.problems.who import Who


def park(
    *, problem: Problem, addressee: str, words: str, review_on: date | None, **who: Unpack[Who]
) -> Problem:
    """挂账提级: not ours or nobody's; it costs points and stays open with a letter and a clock."""
    body = {"addressee": addressee, "words": words, "review_on": review_on}
    with door.enter("park", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        if not addressee.strip() or not words.strip():
            raise Refused("need_letter")
        if review_on is None or review_on <= timezone.localdate(step.now):
            raise Refused("need_review")
        Parking.objects.create(
            problem=step.problem, addressee=addressee, words=words, review_on=review_on,
            operation=step.op_id,
        )  # fmt: skip
        step.record({"review_on": review_on.isoformat()}, words=f"{addressee}：{words}")
    return step.problem


def unpark(*, problem: Problem, words: str = "", **who: Unpack[Who]) -> Problem:
    """The letter was answered: take it off the parked list."""
    with door.enter("unpark", problem=problem, body={"words": words}, who=who) as step:
        if not step.replayed:
            Parking.objects.filter(problem=step.problem, ended_at=None).update(
                ended_at=step.now, ended_operation=step.op_id
            )
            step.record({}, words=words)
    return step.problem


def set_long_term(
    *,
    problem: Problem,
    lead: Unit | None,
    milestones: Sequence[tuple[date, str]],
    words: str = "",
    **who: Unpack[Who],
) -> Problem:
    """Put works that take months under 长期推进 with dated milestones; due at the last one."""
    body = {"lead": lead.id if lead else None, "milestones": milestones, "words": words}
    with door.enter("set_long_term", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        if lead is None:
            raise Refused("need_lead")
        steps = sorted((on, text.strip()) for on, text in milestones if text.strip())
        if not steps:
            raise Refused("need_milestone")
        due = timezone.make_aware(datetime.combine(steps[-1][0], time(18)))
        assign(step, act="set_long_term", lead=lead, duties=[], due_at=due, words=words)
        Milestone.objects.bulk_create(
            Milestone(problem=step.problem, on=on, words=text, operation=step.op_id)
            for on, text in steps
        )
    return step.problem


def report_progress(
    *,
    problem: Problem,
    words: str,
    milestone: Milestone | None = None,
    photos: Sequence[Attachment] = (),
    **who: Unpack[Who],
) -> Problem:
    """报进度 on a long-term problem; may tick a milestone."""
    body = {"words": words, "milestone": milestone.id if milestone else None}
    with door.enter("report_progress", problem=problem, body=body, who=who) as step:
        if step.replayed:
            return step.problem
        if not words.strip():
            raise Refused("need_words")
        if milestone is not None:
            Milestone.objects.filter(pk=milestone.pk, problem=step.problem).update(done_at=step.now)
        step.record(
            {"milestone": str(milestone.id) if milestone else None}, words=words, photos=photos
        )
    return step.problem
