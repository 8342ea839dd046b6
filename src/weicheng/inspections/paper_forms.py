"""The 代录 form of one paper sheet: the same checks in the same order, and the problems jotted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.frame.forms import Form
from weicheng.inspections.acts.paper import FAILED, NOT_APPLICABLE, PASSED, Filled, Jotted
from weicheng.inspections.acts.paper import enter_paper as enter
from weicheng.inspections.models import Member
from weicheng.inspections.refusals import Refused
from weicheng.problems import catalogue
from weicheng.problems.forms.fields import MomentField, PersonField, PhotosField, person_of
from weicheng.problems.refusals import Refused as ProblemRefused
from weicheng.problems.rules import TYPISTS

if TYPE_CHECKING:
    from django.forms import BoundField

    from weicheng.inspections.models import Ruling, Visit
    from weicheng.inspections.paper_sheets import Sheet
    from weicheng.people.models import Person
    from weicheng.standards.models import Check

ANSWERS = [
    (PASSED, _("合格")),
    (FAILED, _("不合格")),
    (NOT_APPLICABLE, _("不涉及")),
    ("", _("没填")),
]
FIRST_ROWS, MOST_ROWS = 2, 12
OLDEST = timedelta(days=366)


class PaperForm(Form):
    """What stands on the paper. Fields of a check are called ``c-<key>``; those of the n-th
    problem ``kind-n``, ``check-n``, ``words-n``, ``photos-n``."""

    walker = PersonField(
        label=_("谁去查的"), help_text=_("写姓名。检查记在这个人名下，您是经手录入。")
    )
    occurred_at = MomentField(label=_("什么时候查的"), help_text=_("按纸上写的日期和时间。"))
    closed = forms.BooleanField(label=_("没有检查成（关门、拒绝、正在施工等）"), required=False)
    note = forms.CharField(
        label=_("备注"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("没有检查成的，写原因。"),
    )  # fmt: skip
    photos = PhotosField(
        label=_("纸质表的照片"), required=False, help_text=_("拍一张存底，可不拍。")
    )

    def __init__(self, *args: Any, user: Any, sheet: Sheet, rows: int, **kwargs: Any) -> None:
        self.user, self.sheet, self.rows = user, sheet, min(max(rows, FIRST_ROWS), MOST_ROWS)
        kwargs["initial"] = {"walker": self._proposed(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for check, _rulings in sheet.checks:
            self.fields[f"c-{check.key}"] = forms.ChoiceField(
                label=str(check), choices=ANSWERS, required=False, widget=forms.RadioSelect
            )
        kinds = [("", _("请选择")), *((k.key, str(k)) for k in catalogue.kinds().values())]
        checks = [("", _("不对应检查项")), *((c.key, str(c)) for c, _rulings in sheet.checks)]
        for n in range(self.rows):
            self._add_row(n, kinds, checks)
        for field in self.fields.values():
            if isinstance(field, PhotosField):
                field.user = user

    def _add_row(self, n: int, kinds: list[Any], checks: list[Any]) -> None:
        self.fields[f"kind-{n}"] = forms.ChoiceField(
            label=_("问题类别"), choices=kinds, required=False
        )
        self.fields[f"check-{n}"] = forms.ChoiceField(
            label=_("对应检查项"), choices=checks, required=False
        )
        self.fields[f"words-{n}"] = forms.CharField(
            label=_("纸上写的"), required=False, max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip
        self.fields[f"photos-{n}"] = PhotosField(label=_("照片"), required=False, purpose="before")

    @cached_property
    def walkers(self) -> list[Person]:
        """Who may have walked: the members of the stop's teams, guests among them."""
        stop = self.sheet.stop
        teams = [key for key in (stop.team_id, stop.second_team_id) if key] if stop else []
        members = Member.objects.filter(team__in=teams).select_related("person", "team")
        return [m.person for m in members.order_by("team__name", "person__pinyin", "person__pk")]

    def _proposed(self) -> str:
        """The walker when there can be only one: the teams' single member, else oneself."""
        own = self.user.person.name if self.user.person else ""
        if self.user.role not in TYPISTS:
            return own
        return self.walkers[0].name if len(self.walkers) == 1 else ""

    def check_fields(self) -> list[tuple[Check, list[Ruling], BoundField]]:
        """The checks of the sheet with their rulings and their picks."""
        return [(c, rulings, self[f"c-{c.key}"]) for c, rulings in self.sheet.checks]

    def problem_rows(self) -> list[tuple[int, list[BoundField], BoundField]]:
        """(number, fields, photos) of each problem."""
        names = ("kind", "check", "words")
        return [
            (n + 1, [self[f"{name}-{n}"] for name in names], self[f"photos-{n}"])
            for n in range(self.rows)
        ]

    def clean_walker(self) -> Person:
        """The one person of that name; who types only for themselves may name nobody else."""
        own, name = self.user.person, self.cleaned_data["walker"]
        if own is not None and name == own.name:
            found: Person = own
            return found
        if self.user.role not in TYPISTS:
            raise ValidationError(gettext("替别人录入的，请交创卫办或镇街录。"))
        of_team = [person for person in self.walkers if person.name == name]
        if len(of_team) == 1:
            return of_team[0]
        person = person_of(name, self.user, None)
        assert person is not None
        return person

    def clean_occurred_at(self) -> datetime:
        """Not in the future, not older than a year."""
        at: datetime = self.cleaned_data["occurred_at"]
        now = timezone.now()
        if at > now:
            raise ValidationError(gettext("这个时间还没有到，请写检查的时候。"))
        if at < now - OLDEST:
            raise ValidationError(gettext("这个时间已过一年，请核对纸上的日期。"))
        return at

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        ticked = any(found.get(f"c-{check.key}") for check, _rulings in self.sheet.checks)
        if found.get("closed"):
            if ticked:
                self.add_error("closed", gettext("检查项已经填了，就不算没有检查成，请去掉一样。"))
            elif not found.get("note"):
                self.add_error("note", gettext("没有检查成的，请写一句原因。"))
        elif not ticked and self.sheet.checks:
            self.add_error(None, gettext("一项都没有填。请按纸上的填，没查成的勾“没有检查成”。"))
        for n in range(self.rows):
            said = found.get(f"words-{n}") or found.get(f"photos-{n}") or found.get(f"check-{n}")
            if said and not found.get(f"kind-{n}") and f"kind-{n}" not in self.errors:
                self.add_error(f"kind-{n}", gettext("请选择问题类别。"))
        return found

    def filled(self) -> Filled:
        """The sheet as the act wants it."""
        data, kinds = self.cleaned_data, catalogue.kinds()
        keys = [check.key for check, _rulings in self.sheet.checks]
        return Filled(
            site=self.sheet.site, stop=self.sheet.stop, walker=data["walker"],
            occurred_at=data["occurred_at"], closed=data["closed"], note=data["note"],
            answers={key: data[f"c-{key}"] for key in keys}, photos=data["photos"],
            problems=[
                Jotted(
                    n, kinds[data[f"kind-{n}"]], data[f"check-{n}"], data[f"words-{n}"],
                    data[f"photos-{n}"],
                )
                for n in range(self.rows)
                if data[f"kind-{n}"]
            ],
        )  # fmt: skip

    def attempt(self) -> Visit | None:
        """Record it; a refusal becomes a sentence above the form and nothing is lost."""
        if not self.is_valid():
            return None
        keys = [check.key for check, _rulings in self.sheet.checks]
        try:
            return enter(key=self.sheet.key, filled=self.filled(), checks=keys, by=self.user)
        except (Refused, ProblemRefused) as refused:
            self.add_error(None, refused.sentence())
        return None
