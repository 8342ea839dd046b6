"""数据指标、资料和自测满意度: what the office states beside the visits, and our warning lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from weicheng.frame import toasts
from weicheng.frame.audience import audience
from weicheng.scoring.asking import Asked, asked
from weicheng.scoring.figures_page import FiguresPage, figures_page
from weicheng.scoring.forms import (
    DocumentForm,
    DropForm,
    Figure,
    IndicatorForm,
    LineForm,
    SurveyForm,
    TableForm,
)
from weicheng.scoring.permissions import may_draw_lines, may_see_scores, may_write_values

DRAWING = ("lines", "drop")  # acts of the two alone
READERS = ("leader", "office", "inspector", "auditor")


def question_of(request: HttpRequest) -> Asked:
    """What a page was asked; 404 for whoever sees no region as a whole."""
    user: Any = request.user
    found = asked(user, request.GET)
    if found is None or not may_see_scores(user, found.region):
        raise Http404
    return found


@audience(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: HttpRequest) -> HttpResponse:
    """GET and POST /score/figures/: read by those who see the region, written by its office; the
    warning lines are drawn by the two."""
    question = question_of(request)
    user: Any = request.user
    may_write = may_write_values(user, question.region)
    may_draw = may_draw_lines(user, question.region)
    page = figures_page(question, user)
    desk = _Desk(user, question, page)
    if request.method == "POST":
        if not (may_draw if request.POST.get("act") in DRAWING else may_write):
            raise Http404
        words = desk.take(request.POST)
        if words:
            toasts.leave(request, words)
        if not desk.is_wrong:
            return HttpResponseRedirect(reverse("scoring:figures") + desk.anchor)
        page = figures_page(question, user)
    context = {
        "asked": question,
        "page": page,
        "may_write": may_write,
        "may_draw": may_draw,
        "today": timezone.localdate(),
        "wrong": desk.is_wrong,
        "faults": desk.faults,
        **_with_forms(page, desk if may_write else None),
        **(desk.forms() if may_write or may_draw else {}),
    }
    status = 422 if desk.is_wrong else 200
    return render(request, "scoring/figures.html", context, status=status)


class _Desk:
    """The forms of the page: those that were sent in, and fresh ones beside them."""

    def __init__(self, user: Any, question: Asked, page: FiguresPage) -> None:
        self.who = {"by": user, "region": question.region}
        self.page, self.act, self.is_wrong = page, "", False
        self.sent: dict[str, Figure] = {}
        self.posted: Mapping[str, Any] = QueryDict()

    @property
    def faults(self) -> list[tuple[str, str]]:
        """What is wrong with what was sent: (where on the page, a sentence)."""
        return [
            (f"in-{form.prefix}", words) for form in self.sent.values()
            for words in form.sentences
        ]  # fmt: skip

    @property
    def anchor(self) -> str:
        """Where on the page the reader was."""
        return f"#{self.act}"

    def take(self, posted: QueryDict) -> str:
        """Do what was sent; the words for what was saved. Rows with a fault stay as they are."""
        acts: dict[str, Callable[[QueryDict], str]] = {
            "table-rows": self._rows, "papers": self._papers, "survey": self._survey,
            "lines": self._line, "drop": self._drop, "pasted": self._pasted,
        }  # fmt: skip
        self.act, self.posted = posted.get("act", ""), posted
        if self.act not in acts:
            raise Http404
        return acts[self.act](posted)

    def _many(self, forms: Mapping[str, Any]) -> str:
        touched = {key: form for key, form in forms.items() if form.is_touched}
        kept = sum([form.attempt() for form in touched.values()])
        self.sent = {key: form for key, form in touched.items() if form.errors}
        self.is_wrong = bool(self.sent)
        if not touched:
            return gettext("没有填新的数，什么都没有改。")
        return gettext("保存了%(n)s项") % {"n": kept} if kept else ""

    def _one(self, name: str, form: Figure, words: str) -> str:
        if form.attempt():
            return words
        self.sent, self.is_wrong = {name: form}, True
        return ""

    def _rows(self, posted: QueryDict) -> str:
        rows = [entry.line.row for part in self.page.indicators for entry in part.entries]
        return self._many({row.key: IndicatorForm(posted, row=row, **self.who) for row in rows})

    def _papers(self, posted: QueryDict) -> str:
        items = [line.item for part in self.page.documents for line in part.entries]
        return self._many({item.key: DocumentForm(posted, item=item, **self.who) for item in items})

    def _survey(self, posted: QueryDict) -> str:
        form = SurveyForm(posted, prefix="survey", **self.who)
        return self._one("survey", form, gettext("自测结果已记下"))

    def _line(self, posted: QueryDict) -> str:
        form = LineForm(posted, prefix="line", aspects=self._aspects(), **self.who)
        return self._one("line", form, gettext("预警线已加上"))

    def _drop(self, posted: QueryDict) -> str:
        self.act = "lines"
        form = DropForm(posted, **self.who)
        if not form.is_valid():
            raise Http404
        return self._one("lines", form, gettext("预警线已去掉"))

    def _pasted(self, posted: QueryDict) -> str:
        rows = [entry.line.row for part in self.page.indicators for entry in part.entries]
        form = TableForm(posted, prefix="pasted", rows=rows, **self.who)
        form.attempt()
        if form.errors or form.left:
            self.sent, self.is_wrong = {"pasted": form}, True
        return gettext("从表里保存了%(n)s项") % {"n": len(form.saved)} if form.saved else ""

    def _aspects(self) -> list[Any]:
        return [part.aspect for part in self.page.documents]

    def forms(self) -> dict[str, Any]:
        """The forms of the page that stand alone: as they were sent, or fresh."""
        rows = [entry.line.row for part in self.page.indicators for entry in part.entries]
        return {
            "documents_on": self.posted.get("documents-on") or timezone.localdate().isoformat(),
            "documents_source": self.posted.get("documents-source", ""),
            "survey_form": self.sent.get("survey") or SurveyForm(prefix="survey", **self.who),
            "line_form": self.sent.get("line")
            or LineForm(prefix="line", aspects=self._aspects(), **self.who),
            "drop_form": DropForm(**self.who),
            "table_form": self.sent.get("pasted")
            or TableForm(prefix="pasted", rows=rows, **self.who),
        }  # fmt: skip

    def row_form(self, row: Any) -> Figure:
        """The form of a row of the data table."""
        sent = self.sent.get(row.key) if self.act == "table-rows" else None
        return sent or IndicatorForm(row=row, **self.who)

    def item_form(self, item: Any) -> Figure:
        """The form of an item's papers."""
        sent = self.sent.get(item.key) if self.act == "papers" else None
        return sent or DocumentForm(item=item, **self.who)


def _with_forms(page: FiguresPage, desk: _Desk | None) -> dict[str, Any]:
    """Rows with their forms; no form for whoever only reads."""
    row, item = (desk.row_form, desk.item_form) if desk else (_none, _none)
    return {
        "tables": [(p, [(e, row(e.line.row)) for e in p.entries]) for p in page.indicators],
        "papers": [(p, [(e, item(e.item)) for e in p.entries]) for p in page.documents],
    }


def _none(_row: Any) -> None:
    return None
