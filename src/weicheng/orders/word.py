"""交办单 as a Word paper: customary fonts, a table of matters with pictures, a signature line.

The library for Word is large: import this module where a paper is made, not at the start.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from weicheng.evidence import store
from weicheng.orders.phrases import due_words, duty_words, opening, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from weicheng.orders.gather import Order
    from weicheng.problems.models import Problem

BODY, TITLE, LABEL = "仿宋_GB2312", "方正小标宋简体", "黑体"
COLUMNS_MM = (12, 44, 52, 30, 28)
PICTURE_MM = 40


def order_docx(order: Order) -> bytes:
    """The paper as the bytes of a docx file; A4, margins 37/28/35/26 mm as official papers have."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(30), Mm(25)
    section.left_margin, section.right_margin = Mm(22), Mm(22)
    _default_font(paper)
    _paragraph(paper, _("创卫问题交办单"), TITLE, 22, align=WD_ALIGN_PARAGRAPH.CENTER)
    _paragraph(paper, _("%(unit)s：") % {"unit": order.unit.name}, BODY, 16)
    _paragraph(paper, opening(order), BODY, 16, indent=True)
    if order.problems:
        _table(paper, order.problems)
    if order.more:
        _paragraph(paper, _("另有%(n)s件未列入，请在系统中查看。") % {"n": order.more}, BODY, 14)
    if order.others:
        _paragraph(paper, _("必办和配合事项"), LABEL, 14)
    for n, duty in enumerate(order.others, 1):
        _paragraph(paper, f"{n}. {duty_words(duty)}", BODY, 14)
    _foot(paper, order)
    buffer = BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def _default_font(paper: Any) -> None:
    style = paper.styles["Normal"]
    style.font.name, style.font.size = BODY, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)


def _paragraph(
    holder: Any, text: str, font: str, size: float, *, align: Any = None, indent: bool = False
) -> Any:
    paragraph = holder.add_paragraph()
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(size * 1.6)
    if align is not None:
        paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(size * 2)
    return paragraph


def _table(paper: Any, problems: Sequence[Problem]) -> None:
    heads = (_("序号"), _("照片"), _("问题及点位"), _("整改要求"), _("整改时限"))
    table = paper.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.autofit = False
    _repeat(table.rows[0])
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        _cell(cell, head, LABEL)
    for n, problem in enumerate(problems, 1):
        cells = table.add_row().cells
        _cell(cells[0], str(n))
        _picture(cells[1], problem)
        _cell(cells[2], said(problem))
        _cell(cells[3], problem.requirement or _("整改到位，并举一反三。"))
        _cell(cells[4], due_words(problem))
    for row in table.rows:
        for cell, width in zip(row.cells, COLUMNS_MM, strict=True):
            cell.width = Mm(width)


def _repeat(row: Any) -> None:
    """Let the head stand again on every page."""
    properties = row._tr.get_or_add_trPr()
    mark = properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"})
    properties.append(mark)


def _cell(cell: Any, text: str, font: str = BODY) -> None:
    cell.text = ""
    run = cell.paragraphs[0].add_run(text)
    run.font.name, run.font.size = font, Pt(11)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _picture(cell: Any, problem: Problem) -> None:
    if problem.before_photo is None:
        _cell(cell, _("无照片"))
        return
    try:
        data = store.picture_bytes(problem.before_photo, "thumb")
    except FileNotFoundError:
        _cell(cell, _("照片缺失"))
        return
    cell.text = ""
    cell.paragraphs[0].add_run().add_picture(BytesIO(data), width=Mm(PICTURE_MM))


def _foot(paper: Any, order: Order) -> None:
    local = timezone.localtime(order.issued_at)
    day = _("%(year)s年%(month)s月%(day)s日") % {
        "year": local.year, "month": local.month, "day": local.day,
    }  # fmt: skip
    right = WD_ALIGN_PARAGRAPH.RIGHT
    _paragraph(paper, "", BODY, 12)
    _paragraph(paper, str(order.office or _("创卫办")), BODY, 16, align=right)
    _paragraph(paper, day, BODY, 16, align=right)
    _paragraph(paper, _("签收人：＿＿＿＿＿＿　　签收时间：＿＿月＿＿日＿＿时"), BODY, 14)
