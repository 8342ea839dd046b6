"""What phones do to problems that exist: 验收, 回头看, 附言, 交整改, 更正.

What no longer applies is kept as a remark with its photos and never dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from weicheng.fieldwork.acts.doing import Doing, Done
from weicheng.fieldwork.conflicts import moved_since
from weicheng.fieldwork.reading import NOBODY, number_in, text_in, true_time, uuid_in
from weicheng.fieldwork.refusals import Conflict, Malformed, Wait
from weicheng.inspections.acts.looking_back import look_again
from weicheng.inspections.models import LookBack
from weicheng.inspections.refusals import Refused as CheckRefused
from weicheng.journal.ids import derived
from weicheng.problems import acts as problem_acts
from weicheng.problems.models import Problem
from weicheng.problems.refusals import Refused
from weicheng.problems.who import Behalf
from weicheng.problems.words import Level, Measure, SendBackReason, Severity

if TYPE_CHECKING:
    from weicheng.problems.who import Who

#: Refusals that pass by themselves: asked again, not kept as something else.
PASSING = frozenset({"busy"})
#: A second look that somebody else had first, or whose problem went another way.
OVERTAKEN = frozenset({"looked_already", "look_back_dropped"})
FIELDS = {"place": 200, "description": 2000, "severity": 8}


def accept(doing: Doing) -> Done:
    """验收 on the spot. The first one wins; a second becomes a remark."""
    body = doing.told.body
    problem, result = _problem(doing), body.get("result")
    if result not in {"fixed", "not_fixed"}:
        raise Malformed("wrong_field", field="result")
    reason = text_in(body, "reason", 200)
    said = SendBackReason.UNFINISHED if reason not in SendBackReason.values else reason
    words = "" if reason in SendBackReason.values else reason
    moved = moved_since(problem, _version(body))
    intent = gettext("现场验收：已改") if result == "fixed" else gettext("现场验收：未改")
    if moved:
        return as_remark(doing, problem, f"{intent} {words}", "happened", acts=moved)
    level = Level.ABOVE if problem.level == Level.ABOVE else Level.ONSITE
    try:
        if result == "fixed":
            problem_acts.pass_fix(
                problem=problem, level=level, words=words, photos=doing.photos, **who(doing)
            )
        else:
            problem_acts.send_back(
                problem=problem, reason=said, words=words, photos=doing.photos, **who(doing)
            )
    except Refused as refused:
        return _kept(doing, problem, intent, words, refused)
    return _done(problem, doing.told.op_id)


def hand_in(doing: Doing) -> Done:
    """交整改. Sent back, reassigned or closed meanwhile: kept as remark with its photos."""
    body = doing.told.body
    problem, measure = _problem(doing), text_in(body, "measure", 12)
    if measure not in Measure.values:
        raise Malformed("wrong_field", field="measure")
    words = text_in(body, "words", 2000)
    intent = gettext("交整改：%(measure)s") % {"measure": Measure(measure).label}
    moved = moved_since(problem, _version(body))
    if moved:
        return as_remark(doing, problem, f"{intent} {words}", "happened", acts=moved)
    fix = problem_acts.Fix(measure, list(doing.photos), words=words)
    try:
        problem_acts.hand_in(problem=problem, fix=fix, **who(doing))
    except Refused as refused:
        return _kept(doing, problem, intent, words, refused)
    return _done(problem, doing.told.op_id)


def remark(doing: Doing) -> Done:
    """附言: words and photos that change nothing."""
    problem = _problem(doing)
    words = text_in(doing.told.body, "words", 2000)
    problem_acts.remark(problem=problem, words=words, photos=doing.photos, **who(doing))
    return _done(problem, doing.told.op_id)


def amend(doing: Doing) -> Done:
    """更正. When the version moved on, nothing is changed and both are shown; the phone may apply
    its own again on the new version, as a new act."""
    body, problem = doing.told.body, _problem(doing)
    given = body.get("changes")
    if not isinstance(given, dict) or not given or set(given) - set(FIELDS):
        raise Malformed("wrong_field", field="changes")
    yours = {name: text_in(given, name, most) for name, most in FIELDS.items() if name in given}
    if yours.get("severity", Severity.NORMAL) not in Severity.values:
        raise Malformed("wrong_field", field="severity")
    ours = {name: str(getattr(problem, name)) for name in yours}
    if problem.version != _version(body) and ours != yours:
        raise Conflict(problem=problem, server=ours, yours=yours)
    correction = problem_acts.Correction(
        place=yours.get("place", ""), description=yours.get("description", ""),
        severity=yours.get("severity", ""),
    )  # fmt: skip
    problem_acts.amend(problem=problem, correction=correction, **who(doing))
    return _done(problem, doing.told.op_id)


def look_back(doing: Doing) -> Done:
    """回头看: held, or relapsed and reopened. Never by who verified; a second look is a remark."""
    body, result = doing.told.body, doing.told.body.get("result")
    if result not in {"held", "relapsed"}:
        raise Malformed("wrong_field", field="result")
    wanted = uuid_in(body, "look_back") or NOBODY
    row = LookBack.objects.visible_to(doing.by).select_related("problem").filter(pk=wanted).first()
    if row is None:
        raise Wait("look_back_unknown")
    intent = gettext("回头看：保持") if result == "held" else gettext("回头看：反弹")
    try:
        with transaction.atomic():
            look_again(
                look_back=row, held=result == "held", photos=doing.photos, by=doing.by,
                op_id=doing.told.op_id, reported=doing.reported,
            )  # fmt: skip
    except CheckRefused as refused:
        if refused.code not in OVERTAKEN:
            raise
        why = [f"inspections.{refused.code}", {k: str(v) for k, v in refused.params.items()}]
        return as_remark(doing, row.problem, intent, "as_remark", because=why)
    return _done(row.problem, derived(doing.told.op_id, "problem"))


def _problem(doing: Doing) -> Problem:
    wanted = uuid_in(doing.told.body, "problem") or NOBODY
    found = Problem.objects.visible_to(doing.by).defer("search").filter(pk=wanted).first()
    if found is None:
        raise Wait("problem_unknown")
    return found


def _version(body: Any) -> int:
    version = number_in(body, "version", 0, 2**31 - 1)
    if version is None:
        raise Malformed("wrong_field", field="version")
    return int(version)


def who(doing: Doing, *, op_id: UUID | None = None) -> Who:
    """What the acts on problems are told of the actor and the clocks."""
    told = doing.told
    behalf = Behalf(person=doing.for_person, channel="phone") if doing.for_person else None
    return {
        "by": doing.by, "op_id": op_id or told.op_id, "now": doing.now, "on_behalf_of": behalf,
        "occurred_at": true_time(told.occurred_at, told.offset_seconds, doing.now),
        "device_offset_seconds": told.offset_seconds,
    }  # fmt: skip


def _done(problem: Problem, operation: UUID) -> Done:
    return Done(problem=problem, operation=operation)


def _kept(doing: Doing, problem: Problem, intent: str, words: str, refused: Refused) -> Done:
    if refused.code in PASSING:
        raise refused
    why = [f"problems.{refused.code}", {k: str(v) for k, v in refused.params.items()}]
    return as_remark(doing, problem, f"{intent} {words}", "as_remark", because=why)


def as_remark(doing: Doing, problem: Problem, said: str, reason: str, **params: Any) -> Done:
    """Keep what no longer applies on the problem; where not even that may be, it waits.

    ``said``: what the person did, in words."""
    told = doing.told
    with translation.override(settings.LANGUAGE_CODE):
        at = true_time(told.occurred_at, told.offset_seconds, doing.now)
        head = gettext("（%(at)s离线时办的，上传时已不适用）%(what)s") % {
            "at": timezone.localtime(at).strftime("%m-%d %H:%M"), "what": said,
        }  # fmt: skip
    operation = derived(told.op_id, "remark")
    try:
        _remark(doing, problem, head.strip(), operation)
    except Refused as refused:
        if refused.code in PASSING:
            raise
        raise Wait(reason, **params) from refused
    return Done(problem=problem, operation=operation, is_remark=True, reason=reason, params=params)


def _remark(doing: Doing, problem: Problem, words: str, operation: UUID) -> None:
    """On behalf of the person; the office, releasing it, may always say it for somebody whose the
    problem is no longer."""
    told = who(doing, op_id=operation)
    try:
        with transaction.atomic():
            problem_acts.remark(problem=problem, words=words, photos=doing.photos, **told)
    except Refused as refused:
        if doing.for_person is None or refused.code in PASSING:
            raise
        said = gettext("%(person)s：%(words)s") % {"person": doing.for_person, "words": words}
        told["on_behalf_of"] = None
        problem_acts.remark(problem=problem, words=said, photos=doing.photos, **told)
