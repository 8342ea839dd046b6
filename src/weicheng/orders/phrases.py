"""What orders say, on paper and on screen: the opening, a duty in one line, a due time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from weicheng.orders.gather import Order
    from weicheng.problems.models import Obligation, Problem


def opening(order: Order) -> str:
    """The sentence above the table, or above the list where the unit only owes single duties."""
    office = order.office or _("创卫办")
    if not order.problems and order.others:
        return _(
            "现将你单位应办的%(n)s项事项交办给你们，请按时限办结，并将办理情况报送%(office)s。"
        ) % {"n": len(order.others), "office": office}
    return _(
        "现将你单位负责整改的%(n)s件问题交办给你们，请按整改要求和时限办结，"
        "并将整改情况和整改前后照片报送%(office)s。"
    ) % {"n": len(order.problems), "office": office}


def duty_words(duty: Obligation) -> str:
    """Number, place, what is owed, households that wait, and until when."""
    words = duty.words or _("配合整改")
    if duty.households:
        words = _("%(words)s，影响%(n)s户") % {"words": words, "n": duty.households}
    return _("%(number)s %(title)s：%(words)s，%(due)s") % {
        "number": duty.problem.number, "title": duty.problem.title(), "words": words,
        "due": due_words(duty),
    }  # fmt: skip


def said(problem: Problem) -> str:
    """Number, place, kind, quantity and words of a matter."""
    quantity = ""
    if problem.quantity is not None:
        quantity = _("（%(quantity)s）") % {
            "quantity": f"{problem.quantity.normalize():f}{problem.quantity_unit}"
        }
    return f"{problem.number}\n{problem.title()}{quantity}\n{problem.description}".strip()


def due_words(owed: Problem | Obligation) -> str:
    """“12月3日 16:00前”, with its year when that is another one; or long-term."""
    if owed.due_at is None:
        return _("长期推进")
    local = timezone.localtime(owed.due_at)
    if local.year != timezone.localtime().year:
        return _("%(year)s年%(month)s月%(day)s日 %(time)s前") % {
            "year": local.year, "month": local.month, "day": local.day, "time": f"{local:%H:%M}",
        }  # fmt: skip
    return _("%(month)s月%(day)s日 %(time)s前") % {
        "month": local.month, "day": local.day, "time": f"{local:%H:%M}",
    }  # fmt: skip
