"""The evening post as text to paste into an ordinary WeChat group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from datetime import datetime

    from weicheng.orders.gather import Post
    from weicheng.problems.models import Problem


def post_text(post: Post) -> str:
    """Plain lines, worst first; no personal data beyond numbers, places, units and due times."""
    local = timezone.localtime(post.now)
    lines = [
        _("【创卫播报】%(place)s　%(month)s月%(day)s日 %(time)s")
        % {
            "place": post.group.name, "month": local.month, "day": local.day,
            "time": f"{local:%H:%M}",
        },
        _("今日新发现%(found)s件，销号%(closed)s件；未销号%(open)s件，超期%(late)s件。")
        % {"found": post.found, "closed": post.closed, "open": post.open, "late": post.late_count},
    ]  # fmt: skip
    if post.late:
        lines += ["", _("■ 超期未改：")]
        lines += [_line(n, p, post.now) for n, p in enumerate(post.late, 1)]
        if post.late_count > len(post.late):
            lines.append(_("……另有%(n)s件") % {"n": post.late_count - len(post.late)})
    if post.due_tomorrow:
        lines += ["", _("▲ 明天之前到期：")]
        lines += [_line(n, p, post.now) for n, p in enumerate(post.due_tomorrow, 1)]
    if post.pairs:
        lines += ["", _("✓ 今天改好的：")]
        lines += [f"{n}. {p.title()}" for n, p in enumerate(post.pairs, 1)]
    if not post.late and not post.due_tomorrow:
        lines += ["", _("没有超期，也没有明天到期的事项。")]
    return "\n".join(lines)


def _line(n: int, problem: Problem, now: datetime) -> str:
    unit = str(problem.lead_unit) if problem.lead_unit else _("待派")
    when = ""
    if problem.due_at is not None:
        local = timezone.localtime(problem.due_at)
        if problem.due_at < now:
            days = (now - problem.due_at).days
            when = _("超期%(n)s天") % {"n": days} if days else _("今天已超期")
        else:
            when = _("%(month)s月%(day)s日 %(time)s前") % {
                "month": local.month, "day": local.day, "time": f"{local:%H:%M}",
            }  # fmt: skip
    return _("%(n)s. %(number)s %(title)s（%(unit)s，%(when)s）") % {
        "n": n, "number": problem.number, "title": problem.title(), "unit": unit, "when": when,
    }  # fmt: skip
