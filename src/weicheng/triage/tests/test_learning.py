"""The office's decisions become lessons without words, and lessons a model."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from tests.district import District

from weicheng.journal.ids import uuid7
from weicheng.triage import learning
from weicheng.triage.models import Lesson, Model
from weicheng.triage.outside import categories
from weicheng.triage.proposing import propose

pytestmark = pytest.mark.django_db


def decide(text: str, answer: str, n: int, at: datetime, *, outside: bool = False) -> None:
    for number in range(n):
        learning.learn(uuid7(), f"{number}号楼{text}", answer, outside=outside, at=at)


def test_a_lesson_keeps_no_word_of_the_text(district: District) -> None:
    learning.learn(uuid7(), "门口有跳跳鼠", "bin", at=timezone.now())
    row = Lesson.objects.get()
    assert "跳跳鼠".encode() not in bytes(row.numbers) and "跳跳鼠" not in str(row.said)
    assert row.answers == ["bin"]


def test_the_second_decision_on_a_text_replaces_the_first(district: District) -> None:
    subject = uuid7()
    learning.learn(subject, "门口有跳跳鼠", "bin", at=timezone.now())
    learning.learn(subject, "门口有跳跳鼠", "road", at=timezone.now())
    assert [row.answers for row in Lesson.objects.all()] == [["road"]]


def test_outside_without_a_category_may_be_any_of_them(district: District) -> None:
    learning.learn(uuid7(), "门口有跳跳鼠", "", outside=True, at=timezone.now())
    assert len(Lesson.objects.get().answers) == len(categories())


def test_a_taken_back_decision_is_no_lesson(district: District) -> None:
    subject = uuid7()
    learning.learn(subject, "门口有跳跳鼠", "bin", at=timezone.now())
    learning.forget([subject])
    assert not Lesson.objects.exists()


def test_too_few_lessons_make_no_model(district: District) -> None:
    decide("门口有跳跳鼠", "bin", learning.ENOUGH - 1, timezone.now())
    assert learning.train(now=timezone.now()) is None


def test_after_enough_decisions_the_proposal_follows_them(district: District) -> None:
    now = timezone.now()
    assert propose("9号楼门口有跳跳鼠") == []
    decide("门口有跳跳鼠", "bin", learning.ENOUGH, now)
    model = learning.train(now=now)
    assert model is not None and model.used and model.lessons == learning.ENOUGH
    assert propose("9号楼门口有跳跳鼠")[0].key == "bin"


def test_without_new_decisions_no_model_is_made(district: District) -> None:
    now = timezone.now()
    decide("门口有跳跳鼠", "bin", learning.ENOUGH, now)
    learning.train(now=now)
    assert learning.train(now=now + timedelta(minutes=5)) is None
    decide("门口有跳跳鼠", "bin", 1, now + timedelta(minutes=6))
    assert learning.train(now=now + timedelta(minutes=10)) is not None
    assert Model.objects.count() == 2


def test_a_model_that_is_worse_than_the_words_is_not_used(district: District) -> None:
    now = timezone.now()
    decide("垃圾桶满溢", "road", 40, now)
    decide("垃圾桶满溢", "bin", 10, now + timedelta(minutes=1))
    model = learning.train(now=now + timedelta(minutes=2))
    assert model is not None and model.figures["model"] < model.figures["words"] == 1.0
    assert not model.used and propose("垃圾桶满溢")[0].key == "bin"


def test_only_the_last_models_are_kept(district: District) -> None:
    now = timezone.now()
    for day in range(5):
        decide("门口有跳跳鼠", "bin", learning.ENOUGH, now + timedelta(days=day))
        learning.train(now=now + timedelta(days=day))
    assert Model.objects.count() == learning.KEPT
