"""Signs always carry their word, forms follow one pattern, notes offer the way back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from weicheng.frame import toasts
from weicheng.frame.forms import Form


def drawn(source: str, **context: Any) -> str:
    return Template("{% load frame %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("new", "待派"),
        ("run", "整改中"),
        ("check", "待验收"),
        ("done", "已销号"),
        ("long", "长期推进"),
    ],
)
def test_a_status_has_glyph_and_word(key: str, word: str) -> None:
    html = drawn("{% status key %}", key=key)
    assert f"#i-s-{key}" in html
    assert word in html
    assert f"status-{key}" in html


def test_a_sixth_status_does_not_exist() -> None:
    with pytest.raises(KeyError):
        drawn('{% status "paused" %}')


def test_flags_say_their_number() -> None:
    assert "退回2次" in drawn('{% flag "back" 2 %}')
    assert "领导批示" in drawn('{% flag "leader" %}')


def test_the_time_flag_is_silent_while_there_is_time() -> None:
    now = timezone.now()
    assert drawn("{% time_flag due now %}", due=now + timedelta(days=3), now=now).strip() == ""
    assert "超期2天" in drawn("{% time_flag due now %}", due=now - timedelta(days=2), now=now)


def test_a_late_deadline_is_red_and_full() -> None:
    now = timezone.now()
    html = drawn("{% deadline due now %}", due=now - timedelta(days=2), now=now)
    assert "deadline-late" in html
    assert "w-100" in html


def test_no_deadline_draws_nothing() -> None:
    assert drawn("{% deadline due %}", due=None).strip() == ""


def test_text_in_signs_is_escaped() -> None:
    assert "<b>" not in drawn('{% flag "late" words %}', words="<b>x</b>")


class Fixing(Form):
    """A small form."""

    who = forms.CharField(label="责任人", help_text="例如 李×")
    due = forms.ChoiceField(label="整改时限", choices=[("", "请选择"), ("1", "今天")])
    how = forms.ChoiceField(
        label="措施", choices=[("a", "清理"), ("b", "更换")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="说明", required=False)


def test_the_box_counts_the_places_and_links_to_them() -> None:
    html = drawn("{{ form }}", form=Fixing({"note": "<i>", "how": "a"}))
    assert "有2处需要修改" in html
    assert '<a href="#id_who">请填写责任人</a>' in html
    assert '<a href="#id_due">请选择整改时限</a>' in html


def test_a_wrong_field_is_tied_to_its_hint_and_error() -> None:
    html = drawn("{{ form }}", form=Fixing({}))
    control = re.search(r"<input[^>]*id=\"id_who\"[^>]*>", html)
    assert control
    assert 'aria-describedby="id_who_hint id_who_error"' in control.group()
    assert 'aria-invalid="true"' in control.group()
    assert 'id="id_who_error"' in html


def test_nothing_typed_is_cleared() -> None:
    html = drawn("{{ form }}", form=Fixing({"who": "李×", "how": "b", "note": "<i>"}))
    assert 'value="李×"' in html
    assert 'value="&lt;i&gt;"' in html
    assert re.search(r'value="b"[^>]*checked', html)


def test_the_box_leads_to_picks_too() -> None:
    html = drawn("{{ form }}", form=Fixing({}))
    target = re.search(r'<a href="#([^"]*)">请选择措施</a>', html)
    assert target
    assert f'id="{target.group(1)}"' in html


def test_a_form_that_may_be_left_empty_says_so() -> None:
    html = drawn("{{ form }}", form=Fixing())
    assert html.count("（可不填）") == 1
    assert "wrong-box" not in html


def test_a_note_shows_once_with_its_way_back(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.session = {}  # type: ignore[assignment]
    toasts.leave(request, "已派给环卫局", undo="/undo/", fields={"op": "7"})
    html = drawn("{% toast_place %}", request=request)
    assert "已派给环卫局" in html
    assert 'action="/undo/"' in html
    assert 'name="op" value="7"' in html
    assert 'data-seconds="10"' in html
    assert "已派给环卫局" not in drawn("{% toast_place %}", request=request)


def test_paging_keeps_the_filters(rf: RequestFactory) -> None:
    from weicheng.frame.paging import Page

    page: Page[Any] = Page([], "b1", "a1")
    request = rf.get("/?status=new&after=old")
    html = drawn("{% keyset page %}", page=page, request=request)
    assert 'href="?status=new&amp;after=a1"' in html
    assert "old" not in html
