"""评分办法: local rules as data, with what each makes of the present."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from weicheng.frame.audience import audience
from weicheng.scoring.sheets_page import sheets_page
from weicheng.scoring.views.figures import READERS, question_of


@audience(*READERS)
@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """GET /score/sheets/?on=&town=&type=&unit="""
    question = question_of(request)
    context = {"asked": question, "page": sheets_page(question, request.user)}
    return render(request, "scoring/sheets.html", context)
