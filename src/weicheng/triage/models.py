"""What was learnt from the office: lessons without words, and the weights made of them."""

from __future__ import annotations

from django.db import models

from weicheng.journal.ids import uuid7


class Lesson(models.Model):
    """One decided text. Only hashed numbers of it are kept, so erasing the words erases the text.

    ``subject`` is the lead or problem that was decided; ``said`` what the words gave each class
    then, ``answers`` the classes that the office's decision allows, likeliest first.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.UUIDField(unique=True)
    numbers = models.BinaryField()
    said = models.JSONField(default=dict)
    answers = models.JSONField(default=list)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return "/".join(self.answers[:2])


class Model(models.Model):
    """Weights as they were made from the lessons of a moment; the newest is in use.

    ``figures``: of the newest fifth of the lessons, the share that the words alone and that a model
    made of the older ones answer right; a model that is worse than the words is not ``used``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    classes = models.JSONField(default=list)
    table = models.BinaryField()
    lessons = models.IntegerField()
    newest = models.DateTimeField()
    made_at = models.DateTimeField()
    figures = models.JSONField(default=dict)
    used = models.BooleanField(default=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d} {self.lessons}"
