"""Learns from what the office decided: lessons are kept without words, weights are made of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Max

from weicheng.triage.judging import Judge
from weicheng.triage.lexicon import OUTSIDE
from weicheng.triage.models import Lesson, Model
from weicheng.triage.outside import categories
from weicheng.triage.prior import unsaid
from weicheng.triage.proposing import judge, lexicon
from weicheng.triage.weights import Taught, taught, weighed

MOST = 3000
"""The newest lessons that a model is made of; it takes seconds."""
ENOUGH = 20
KEPT = 3


def learn(subject: UUID, text: str, answer: str, *, outside: bool = False, at: datetime) -> None:
    """Keep that the office decided this text: a kind's key, or with ``outside`` a category's key.

    '' outside means any category: the office said only that it is not the campaign's matter.
    """
    numbers, said = judge().lesson(text)
    answers = [answer]
    if outside:
        every = [f"{OUTSIDE}{key}" for key in categories()]
        answers = [f"{OUTSIDE}{answer}"] if answer else every
    values = {"numbers": numbers, "said": said, "answers": answers, "at": at}
    Lesson.objects.update_or_create(subject=subject, defaults=values)


def forget(subjects: Sequence[UUID]) -> None:
    """Take lessons back: the decision was undone, or the text erased."""
    Lesson.objects.filter(subject__in=subjects).delete()


@transaction.atomic
def train(*, now: datetime) -> Model | None:
    """Make a model of the newest lessons if they changed; None when there is nothing new."""
    rows = list(Lesson.objects.order_by("-at", "-id")[:MOST])[::-1]
    newest = Lesson.objects.aggregate(last=Max("at"))["last"]
    last = Model.objects.first()
    if len(rows) < ENOUGH or (last and (last.lessons, last.newest) == (len(rows), newest)):
        return None
    classes = Judge(lexicon()).classes
    lessons = [_taught(row, classes) for row in rows]
    figures = _figures(classes, lessons)
    table = taught(classes, lessons).table.astype("<f2").tobytes()
    model = Model.objects.create(
        classes=list(classes), table=table, lessons=len(rows), newest=newest, made_at=now,
        figures=figures, used=figures["model"] >= figures["words"],
    )  # fmt: skip
    keep = list(Model.objects.values_list("id", flat=True)[:KEPT])
    Model.objects.exclude(id__in=keep).delete()
    return model


def _figures(classes: Sequence[str], lessons: Sequence[Taught]) -> dict[str, float]:
    """How the words alone and a model of the older lessons answer the newest fifth."""
    cut = len(lessons) - len(lessons) // 5
    older, newer = taught(classes, lessons[:cut]), lessons[cut:]
    outside = np.array([key.startswith(OUTSIDE) for key in classes])
    words = sum(classes[int(said.argmax())] in right for _numbers, said, right in newer)
    model = sum(
        classes[int(weighed(said, older.add(numbers), outside).argmax())] in right
        for numbers, said, right in newer
    )
    return {"words": words / len(newer), "model": model / len(newer), "lessons": len(newer)}


def _taught(row: Lesson, classes: Sequence[str]) -> Taught:
    numbers = np.frombuffer(bytes(row.numbers), dtype="<u2")
    logits = unsaid(classes)
    for n, key in enumerate(classes):
        logits[n] = row.said.get(key, logits[n])
    return numbers, logits, tuple(row.answers)
