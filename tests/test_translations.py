"""Every text has its Chinese and its English, found as Django looks it up, and pages show them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import trans_real

from tests.district import District, dispatched, filed, handed_in
from weicheng.cli.faults import faults
from weicheng.cli.messages import KEYWORDS, Message, in_python, in_template, messages, sources
from weicheng.cli.translations import PACKAGE, PLURALS, catalogue
from weicheng.cli.untranslated import in_module, in_page, untranslated
from weicheng.intake.tests.dropped import DUTY, LEDGER, dropped
from weicheng.people.models import Person, Unit, User
from weicheng.places.models import Campaign, Region, Site
from weicheng.problems.models import Problem
from weicheng.server.catalogues import compile_changed
from weicheng.sheets.tests.makers import xlsx
from weicheng.standards.models import ProblemKind

CHINESE = re.compile(r"[\u3400-\u9fff]+")


# --- the catalogues


@pytest.mark.parametrize("language", PLURALS)
def test_every_text_is_there_and_well_made(language: str) -> None:
    found = faults(catalogue(language), messages(PACKAGE), translated=language == "en")
    assert list(found) == []


def test_no_chinese_stands_outside_gettext() -> None:
    assert list(untranslated(PACKAGE)) == []


def test_what_is_given_to_gettext_is_one_plain_literal_that_is_found() -> None:
    found = {message.text for message in messages(PACKAGE)}
    lost = [
        f"{path.relative_to(PACKAGE)}:{node.lineno} {node.value!s}"
        for path in sources(PACKAGE)
        if path.suffix == ".py"
        for node in given(ast.parse(path.read_text("utf-8")))
        if node.value not in found
    ]
    assert lost == []


def given(tree: ast.Module) -> Iterator[ast.Constant]:
    """The Chinese literals given to a function of gettext, wherever it is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            number = 1 if "pgettext" in node.func.id else 0
            if node.func.id in KEYWORDS and len(node.args) > number:
                text = node.args[number]
                if isinstance(text, ast.Constant) and CHINESE.search(str(text.value)):
                    yield text


# --- what is a fault


def judged(text: str, said: str, **more: Any) -> list[str]:
    """What is said of one message in an English catalogue."""
    made = Catalog(locale="en")
    made.add(text, said, **more)
    return list(faults(made, {Message(text): Path("x.py")}, translated=True))


def test_a_good_translation_has_no_fault() -> None:
    assert judged("派给%(unit)s", "Dispatched to %(unit)s") == []


@pytest.mark.parametrize(
    ("text", "said", "word"),
    [
        ("派单", "", "缺"),
        ("派给%(unit)s", "Dispatched to %(units)s", "占位不同"),
        ("（{n}件）", "(n)", "占位不同"),
        ("派单", "派 it", "译文里有中文"),
        ("派单", "Dispatch：", "译文里有中文"),
    ],
)
def test_a_faulty_translation_is_named(text: str, said: str, word: str) -> None:
    found = judged(text, said)
    assert len(found) == 1 and word in found[0]


def test_a_fuzzy_translation_is_named() -> None:
    assert "未核" in judged("派单", "Dispatch", flags=["fuzzy"])[0]


def test_a_text_that_nobody_says_any_more_is_named() -> None:
    made = Catalog(locale="en")
    made.add("派单", "Dispatch")
    assert "多余" in next(faults(made, {}, translated=True))


@pytest.mark.parametrize(
    ("text", "is_fault"),
    [("下载 Word", False), ("点 submit 提交", True), ("%(name)s<b>好</b>", False)],
)
def test_bare_english_in_a_chinese_sentence_is_named(text: str, is_fault: bool) -> None:
    made = Catalog(locale="zh_Hans")
    made.add(text, text)
    found = list(faults(made, {Message(text): Path("x.py")}, translated=False))
    assert bool(found) == is_fault


def test_chinese_outside_gettext_is_found_in_a_module() -> None:
    text = '"""说明"""\nA = gettext("派单")\nB = "派单"\nC = f"派{A}"\nD = _("甲" if A else "乙")\n'
    assert [line for line, _text in in_module(text)] == [3, 4, 5, 5]


def test_chinese_outside_the_tags_is_found_in_a_page() -> None:
    page = (
        '{% translate "派单" %}{% blocktranslate %}派{{ n }}{% endblocktranslate %}\n'
        '{# 说明 #}{{ a|default:_("无") }}{% include "x" with say=_("无") %}\n'
        '派单\n{{ a|date:"n月" }}\n{% include "x" with say="无" %}'
    )
    assert [line for line, _text in in_page(page)] == [3, 4, 5]


# --- what is found is what Django asks for


PAGE = """{% load i18n %}{% translate "派单" %}
{% translate '占80%' %} {% translate "开" context "门" %}
{% blocktranslate with name=unit.name trimmed %}
  给{{ name }}，
  三天内办结
{% endblocktranslate %}{% blocktranslate %}  不
修剪 {% endblocktranslate %}
{% blocktranslate count n=many %}一件{% plural %}{{ n }}件{% endblocktranslate %}
{% blocktranslate count n=one context "门" trimmed %}
  一扇 {% plural %} {{ n }}扇
{% endblocktranslate %}
{{ nothing|default:_("没有") }}{% if nothing == _("相同") %}{% else %}{% endif %}
{% translate "不同" as say %}{{ say }}
{% blocktranslate with day=nothing|default:_("哪天") %}到{{ day }}{% endblocktranslate %}"""


@pytest.fixture
def own_catalogue(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """An English catalogue of the test's own."""
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    settings.LOCALE_PATHS = [tmp_path]
    remembered: dict[str, Any] = vars(trans_real)["_translations"]
    remembered.clear()
    yield folder / "django.po"
    remembered.clear()


def test_a_page_in_english_finds_every_message_that_was_extracted(own_catalogue: Path) -> None:
    from babel.messages.pofile import write_po

    made = Catalog(locale="en")
    for message in in_template(PAGE):
        one = (message.text, message.plural) if message.plural else message.text
        holes = "".join(re.findall(r"%\(\w+\)s", message.text + message.plural))
        made.add(
            one,
            (f"E{holes}",) * 2 if message.plural else f"E{holes}",
            context=message.context or None,
        )
    with own_catalogue.open("wb") as out:
        write_po(out, made)
    compile_changed(own_catalogue.parents[2])
    with translation.override("en"):
        shown = Template(PAGE).render(Context({"unit": {"name": "Unit 7"}, "many": 3, "one": 1}))
    assert CHINESE.findall(shown) == []
    assert shown.count("E") == 11 and "EUnit 7" in shown and "E3" in shown


def test_messages_of_python_are_found_in_all_their_shapes() -> None:
    text = (
        'a = gettext("甲"); b = _("乙" "丙") % {"n": 1}; c = pgettext("门", "开")\n'
        'd = ngettext("%(n)s件", "%(n)s件们", n); e = gettext_lazy(  # why\n    "丁"\n)\n'
        "f = gettext(TABLE[key])\n"
    )
    assert set(in_python(text)) == {
        Message("甲"), Message("乙丙"), Message("开", context="门"),
        Message("%(n)s件", "%(n)s件们"), Message("丁"),
    }  # fmt: skip


# --- real pages


def entered(user: User | None, language: str) -> Client:
    client = Client()
    if user is not None:
        from tests.desk import at_desk

        client = at_desk(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


PAGES = (
    "command:today", "command:workbench", "command:units", "command:search", "problems:list",
    "problems:new", "problems:check", "orders:index", "orders:leader",
    "orders:post", "standards:index", "standards:kinds", "standards:site_types",
    "standards:versions", "places:index", "places:new", "places:campaign", "people:me",
    "people:regions", "people:unit_new", "intake:import", "intake:leads", "intake:inbox",
)  # fmt: skip


def test_an_english_page_has_chinese_only_in_the_districts_own_words(district: District) -> None:
    for problem in (filed(district), dispatched(district), handed_in(district)):
        assert problem.number
    client = entered(district.office, "en")
    answers = {name: client.get(reverse(name)) for name in PAGES}
    answers["problems:mine"] = entered(district.users["环卫局"], "en").get(reverse("problems:mine"))
    assert [name for name, answer in answers.items() if answer.status_code != 200] == []
    left = {name: left_over(answer.content.decode()) for name, answer in answers.items()}
    assert {name: words for name, words in left.items() if words} == {}


def test_the_card_and_the_acts_of_a_problem_are_english_too(district: District) -> None:
    client = entered(district.office, "en")
    problems = {"dispatch": filed(district), "hand_in": dispatched(district)}
    for act, problem in {**problems, "close": handed_in(district)}.items():
        card = client.get(reverse("problems:detail", args=[problem.pk])).content.decode()
        assert left_over(card) == []
        form = client.get(reverse("problems:act", args=[problem.pk, act])).content.decode()
        assert left_over(form) == []
    paper = client.get(reverse("orders:unit", args=[district.units["环卫局"].pk]))
    assert left_over(paper.content.decode()) == []


@pytest.mark.parametrize(("name", "rows"), [("duty.xlsx", DUTY), ("ledger.xlsx", LEDGER)])
def test_what_a_dropped_table_would_add_is_said_in_english(
    district: District, name: str, rows: list[list[Any]]
) -> None:
    client = entered(district.office, "en")
    batch = dropped(client, name, xlsx(rows))
    said = client.get(reverse("intake:batch", args=[batch.pk])).content.decode()
    cells = [str(cell) for row in rows for cell in row]
    written = frozenset(part for cell in cells for part in CHINESE.findall(cell))
    assert left_over(said, written) == []


def test_the_log_in_page_speaks_both_languages(db: None) -> None:
    address = reverse("people:login")
    assert "Log in" in entered(None, "en").get(address).content.decode()
    assert "登录" in entered(None, "zh-hans").get(address).content.decode()
    assert left_over(entered(None, "en").get(address).content.decode()) == []


def left_over(page: str, more: frozenset[str] = frozenset()) -> list[str]:
    """Chinese of a page that is neither the district's own words nor a language's own name."""
    own = {"中文", "卫城", "净", "序", "证", *more}
    for model, names in (
        (Region, ("name",)), (Unit, ("name", "short_name", "phone")), (Person, ("name", "title")),
        (Site, ("name", "address")), (Campaign, ("name",)), (User, ("username",)),
        (Problem, ("place", "description", "quantity_unit", "requirement")),
    ):  # fmt: skip
        for row in model._default_manager.values_list(*names):
            own |= {text for text in row if text}
    for kind in ProblemKind.objects.all():
        own |= {kind.group_zh, *kind.bureau_words} if not kind.group_en else set(kind.bureau_words)
    own |= {name[0] for name in Person.objects.values_list("name", flat=True)}  # the round sign
    rest = unescape(page)
    for text in sorted(own, key=len, reverse=True):
        rest = rest.replace(text, "")
    return CHINESE.findall(rest)
