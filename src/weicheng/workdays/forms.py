"""Forms of the calendar: a day, the working hours, the list of a year."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weicheng.frame.forms import Form
from weicheng.journal.ids import uuid7
from weicheng.workdays import notice
from weicheng.workdays.calendar import Calendar

FIRST_YEAR, LAST_YEAR = 2020, 2099
AUTO, WORK, REST = "auto", "work", "rest"


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time", "class": "input-short"}, format="%H:%M")


class OnceForm(Form):
    """A form whose submission counts once."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)


class DayForm(OnceForm):
    """One day: as arranged, worked or free."""

    state = forms.ChoiceField(
        label=_("这一天"),
        choices=[(AUTO, _("按原来的安排")), (WORK, _("上班")), (REST, _("休息"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("说明"),
        max_length=20,
        required=False,
        help_text=_("写清为什么，如：春节、调休上班、本地放假。时限说明里会写出来。"),
    )

    @classmethod
    def opened(cls, day: date, calendar: Calendar) -> DayForm:
        """The form as the day stands."""
        known = calendar.exceptions.get(day)
        state = AUTO if known is None else (WORK if known else REST)
        name = calendar.names.get(day, "")
        return cls(initial={"op_id": uuid7(), "state": state, "name": name})

    def working(self) -> bool | None:
        """What was chosen: worked, free, or None for the list's word."""
        state = self.cleaned_data["state"]
        return None if state == AUTO else bool(state == WORK)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("state") in {WORK, REST} and not given.get("name"):
            self.add_error("name", gettext("请写明为什么，时限说明里要用。"))
        return given


class HoursForm(OnceForm):
    """Working hours from a day on."""

    since = forms.DateField(
        label=_("从哪天起"),
        widget=forms.DateInput(attrs={"type": "date", "class": "input-short"}, format="%Y-%m-%d"),
        help_text=_("夏令、冬令作息换季时各填一次，到下一次换季前都有效。"),
    )
    opens = forms.TimeField(label=_("上班"), widget=_clock())
    noon_from = forms.TimeField(label=_("午休开始"), widget=_clock())
    noon_to = forms.TimeField(
        label=_("午休结束"), widget=_clock(), help_text=_("没有午休的，两个时间填成一样。")
    )
    closes = forms.TimeField(label=_("下班"), widget=_clock())

    @classmethod
    def opened(cls, day: date, calendar: Calendar) -> HoursForm:
        """The form with the hours of a day."""
        sessions = calendar.hours(day)
        opens, closes = sessions[0][0], sessions[-1][1]
        noon = (sessions[0][1], sessions[1][0]) if len(sessions) > 1 else (time(12), time(12))
        initial = {
            "op_id": uuid7(), "since": day, "opens": opens, "noon_from": noon[0],
            "noon_to": noon[1], "closes": closes,
        }  # fmt: skip
        return cls(initial=initial)

    def clean_since(self) -> date:
        """A day within the years that the calendar shows."""
        found: date = self.cleaned_data["since"]
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise forms.ValidationError(gettext("请选2020年到2099年之间的日子。"))
        return found

    def hours(self) -> tuple[time, time, time, time]:
        """The four times of the day."""
        opens, noon_from, noon_to, closes = (
            self.cleaned_data[name] for name in ("opens", "noon_from", "noon_to", "closes")
        )
        return opens, noon_from, noon_to, closes

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        names = ("opens", "noon_from", "noon_to", "closes")
        if any(given.get(name) is None for name in names):
            return given
        opens, noon_from, noon_to, closes = (given[name] for name in names)
        if not opens < noon_from <= noon_to < closes:
            self.add_error("opens", gettext("时间先后不对：应当是上班、午休开始、午休结束、下班。"))
        return given


class YearForm(OnceForm):
    """The list of a year, pasted from the notice."""

    source = forms.CharField(
        label=_("依据"),
        max_length=200,
        help_text=_("通知的名称和文号，如：国务院办公厅关于2027年部分节假日安排的通知。"),
    )
    text = forms.CharField(
        label=_("放假安排"),
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_(
            "把通知里的各条原样粘贴进来，一个节日一行，如：元旦：1月1日至3日放假调休，共3天。1月4日上班。"
        ),
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_text(self) -> dict[date, tuple[bool, str]]:
        """The days; an error for each line that cannot be read."""
        found = notice.read(self.cleaned_data["text"], self.year)
        if found.wrong:
            raise forms.ValidationError(" ".join(found.wrong))
        return found.days
