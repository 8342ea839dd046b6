"""Forms of what belongs together: split a problem, merge it, take it apart again, say it again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.problems import acts
from weicheng.problems.choosing import kinds
from weicheng.problems.forms.base import ActForm, radios, words_field
from weicheng.problems.forms.fields import PHOTOS_HINT, PhotosField, UnitField
from weicheng.problems.models import Photo, Problem

PIECE_ROWS = 4
#: What becomes of the problem that was split.
ENDS = [("close", _("原件结掉，只办拆出的各件")), ("stay", _("原件照常办，另外新立几件"))]


class Split(ActForm):
    """拆分 into several problems, each with its kind, place and lead."""

    act = "split"
    title = button = _("拆分")
    end = radios(ENDS, _("原件怎么办"), initial="close")
    words = words_field(_("为什么拆"))

    def ask(self) -> None:
        self.kinds = {k.key: k for k in kinds()}
        choices = [("", gettext("（不用）")), *((k.key, str(k)) for k in self.kinds.values())]
        for i in range(PIECE_ROWS):
            kind = self.problem.kind_id if i < 2 else ""
            self.fields[f"piece_{i}_kind"] = forms.ChoiceField(
                label=_("类别"), choices=choices, required=False, initial=kind
            )
            self.fields[f"piece_{i}_place"] = forms.CharField(
                label=_("地点"), max_length=200, required=False,
                initial=self.problem.place if i < 2 else "",
            )  # fmt: skip
            self.fields[f"piece_{i}_words"] = forms.CharField(
                label=_("情况"), max_length=200, required=False
            )
            self.fields[f"piece_{i}_lead"] = field = UnitField(
                label=_("牵头单位"), required=False, help_text=_("写了就直接派。")
            )
            field.user = self.user

    def shown(self) -> list[BoundField]:
        return [self["end"], self["words"]]

    def piece_rows(self) -> list[list[BoundField]]:
        """Rows of the problems to be made."""
        parts = ("kind", "place", "words", "lead")
        return [[self[f"piece_{i}_{part}"] for part in parts] for i in range(PIECE_ROWS)]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        for i in range(PIECE_ROWS):
            kind, place = found.get(f"piece_{i}_kind"), found.get(f"piece_{i}_place", "")
            if kind and not place.strip():
                self.add_error(f"piece_{i}_place", gettext("请填写地点。"))
        return found

    def perform(self) -> Problem:
        data = self.cleaned_data
        shown = Photo.objects.filter(problem=self.problem, stage=Photo.Stage.BEFORE)
        photos = [p.attachment for p in shown.select_related("attachment")]
        pieces = [
            acts.Piece(
                kind=self.kinds[data[f"piece_{i}_kind"]], place=data[f"piece_{i}_place"],
                description=data[f"piece_{i}_words"], lead=data[f"piece_{i}_lead"], photos=photos,
            )
            for i in range(PIECE_ROWS)
            if data.get(f"piece_{i}_kind")
        ]  # fmt: skip
        self.made = acts.split(
            problem=self.problem, pieces=pieces, close=data["end"] == "close",
            words=data["words"], **self.who(),
        )  # fmt: skip
        return self.problem

    def done_words(self, problem: Problem) -> str:
        numbers = gettext("、").join(p.number for p in self.made)
        return gettext("%(number)s 已拆成%(numbers)s") % {
            "number": problem.number, "numbers": numbers,
        }  # fmt: skip


def problem_numbered(text: str, user: Any) -> Problem | None:
    """The problem of that number, among those this user may see; refused when there is none."""
    number = text.strip().upper()
    if not number:
        return None
    found = Problem.objects.visible_to(user).filter(number=number, voided=False)
    other = found.defer("search").order_by("-filed_at").first()
    if other is None:
        raise forms.ValidationError(gettext("没有编号为“%(number)s”的问题。") % {"number": number})
    return other


class Merge(ActForm):
    """并入 another problem."""

    act = "merge"
    title = button = _("并入另一件")
    into = forms.CharField(
        label=_("并入哪一件"), max_length=20, help_text=_("写编号，例如 HY-1203-017。"),
        error_messages={"required": _("请选择要并入的那一件。")},
    )  # fmt: skip
    words = words_field()

    def clean_into(self) -> Problem | None:
        """The problem of that number."""
        return problem_numbered(self.cleaned_data["into"], self.user)

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.merge(
            problem=self.problem, into=data["into"], words=data["words"], **self.who()
        )

    def done_words(self, problem: Problem) -> str:
        return gettext("%(number)s 已并入 %(other)s") % {
            "number": problem.number, "other": self.cleaned_data["into"].number,
        }  # fmt: skip


class Unmerge(ActForm):
    """拆开 what was merged by mistake."""

    act = "unmerge"
    title = button = _("拆开，恢复原件")
    done = _("%(number)s 已恢复，接着原来的办")
    words = words_field(_("为什么拆开"))

    def perform(self) -> Problem:
        return acts.unmerge(problem=self.problem, words=self.cleaned_data["words"], **self.who())


class SayAgain(ActForm):
    """+1: the same matter seen again."""

    act = "say_again"
    title = _("我也发现这一件")
    button = _("加一次，不再另报")
    done = _("%(number)s 又加一次，办结后告诉您")
    photos = PhotosField(label=_("现在的照片"), required=False, help_text=PHOTOS_HINT)
    words = words_field(_("看到什么"))

    def perform(self) -> Problem:
        data = self.cleaned_data
        return acts.say_again(
            problem=self.problem, words=data["words"], photos=data["photos"], **self.who()
        )
