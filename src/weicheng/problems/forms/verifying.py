"""Forms of those who verify and close, and of anybody who has a word to add."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weicheng.problems import acts
from weicheng.problems.forms.base import ActForm, radios, words_field
from weicheng.problems.forms.fields import PHOTOS_HINT, PhotosField
from weicheng.problems.forms.linking import problem_numbered
from weicheng.problems.models import Problem
from weicheng.problems.words import (
    LEVEL_ORDER,
    Level,
    Outcome,
    ReopenReason,
    SendBackReason,
)


def levels_from(needed: str) -> list[tuple[str, str]]:
    """The levels of verification that are enough."""
    least = LEVEL_ORDER[Level(needed)]
    return [(level.value, str(level.label)) for level in Level if LEVEL_ORDER[level] >= least]


class Pass(ActForm):
    """验收通过 and strike it off."""

    act = "pass_fix"
    title = _("验收通过")
    button = _("通过并销号")
    done = _("%(number)s 已通过并销号")
    level = radios(Level.choices, _("怎么验收的"))
    photos = PhotosField(label=_("现场照片"), required=False, help_text=PHOTOS_HINT)
    words = words_field()

    def proposed(self, problem: Problem, now: datetime | None) -> dict[str, Any]:
        return {"level": problem.level}

    def ask(self) -> None:
        self.fields["level"].choices = levels_from(self.problem.level)  # type: ignore[attr-defined]

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.pass_fix(
            problem=self.problem, level=data["level"], words=data["words"],
            photos=data.get("photos", ()), **self.who(),
        )  # fmt: skip


class SendBack(ActForm):
    """退回 with one reason."""

    act = "send_back"
    title = _("退回整改")
    button = _("退回")
    done = _("%(number)s 已退回")
    reason = radios(SendBackReason.choices, _("退回原因"))
    photos = PhotosField(label=_("现场照片"), required=False, help_text=PHOTOS_HINT)
    words = words_field()

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.send_back(
            problem=self.problem, reason=data["reason"], words=data["words"],
            photos=data.get("photos", ()), **self.who(),
        )  # fmt: skip


class Close(ActForm):
    """销号 without a fix: gone, duplicate, or cannot be fixed."""

    act = "close"
    title = _("不经整改销号")
    button = _("销号")
    done = _("%(number)s 已销号")
    outcome = radios(
        [(o.value, o.label) for o in (Outcome.GONE, Outcome.DUPLICATE, Outcome.CANNOT)],
        _("怎么结的"),
    )
    agreed_by = forms.CharField(
        label=_("经谁同意"), max_length=80, required=False, help_text=_("“无法整改”必填。")
    )
    duplicate_of = forms.CharField(
        label=_("和哪一件重复"),
        max_length=20,
        required=False,
        help_text=_("写编号，例如 HY-1203-017。"),
    )
    words = words_field()

    def clean_duplicate_of(self) -> Problem | None:
        """The problem of that number."""
        return problem_numbered(self.cleaned_data["duplicate_of"], self.user)

    def perform(self) -> Problem:
        data = self.cleaned_data
        if data["outcome"] == Outcome.DUPLICATE and data["duplicate_of"] is not None:
            return acts.merge(
                problem=self.problem, into=data["duplicate_of"], words=data["words"], **self.who()
            )
        return acts.close(
            problem=self.problem, outcome=data["outcome"], agreed_by=data["agreed_by"],
            duplicate_of=data["duplicate_of"], words=data["words"], **self.who(),
        )  # fmt: skip


class Reopen(ActForm):
    """重开: it came back, or should not have been closed."""

    act = "reopen"
    title = button = _("重开")
    done = _("%(number)s 已重开")
    reason = radios(ReopenReason.choices, _("为什么重开"))
    photos = PhotosField(
        label=_("现在的照片"), required=False, purpose="before", help_text=PHOTOS_HINT
    )
    words = words_field()

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.reopen(
            problem=self.problem, reason=data["reason"], words=data["words"],
            photos=data.get("photos", ()), **self.who(),
        )  # fmt: skip


class Say(ActForm):
    """附言: words and pictures that change no state."""

    act = "remark"
    title = button = _("附言")
    done = _("%(number)s 已附言")
    words = words_field(_("想说的话"))
    photos = PhotosField(label=_("照片"), required=False, help_text=PHOTOS_HINT)

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.remark(
            problem=self.problem, words=data["words"], photos=data["photos"], **self.who()
        )
