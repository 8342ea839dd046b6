"""What the office decides about leads, and corrects on problems, becomes lessons for the triage."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from weicheng.intake.leads import said
from weicheng.intake.models import AsideReason, Lead
from weicheng.problems.models import Problem
from weicheng.problems.words import DeclineReason, Outcome
from weicheng.triage import learning

if TYPE_CHECKING:
    from weicheng.journal.outbox import News

TEACHING = frozenset({"amend", "decline"})


def teaches(payload: dict[str, Any]) -> bool:
    """Whether this news of a problem can change what a text should have been."""
    return not TEACHING.isdisjoint(payload["acts"])


def heard(news: News, now: datetime) -> None:
    """Learn from one piece of news, ten seconds after the act, in the worker."""
    if news.topic == "problem":
        _of_problem(news.payload["problem"], now)
        return
    for lead in Lead.objects.filter(pk__in=news.payload["leads"]).select_related("problem"):
        _of_lead(lead, now)


def _of_lead(lead: Lead, now: datetime) -> None:
    text = said(lead.title, lead.text)
    if lead.state == Lead.State.FILED and lead.problem is not None:
        learning.learn(lead.pk, text, lead.problem.kind_id, at=now)
    elif lead.aside_reason == AsideReason.OUTSIDE:
        learning.learn(lead.pk, text, lead.outside or "", outside=True, at=now)
    else:
        learning.forget([lead.pk])


def _of_problem(key: str, now: datetime) -> None:
    problem = Problem.objects.get(pk=key)
    lead = Lead.objects.filter(problem=problem).first()
    text = said(lead.title, lead.text) if lead else problem.description
    if not text:
        return
    subject = lead.pk if lead else problem.pk
    if problem.outcome == Outcome.DECLINED:
        declined = problem.events.filter(act="decline").order_by("-seq").first()
        if declined and declined.data["reason"] == DeclineReason.OUTSIDE:
            learning.learn(subject, text, "", outside=True, at=now)
    else:
        learning.learn(subject, text, problem.kind_id, at=now)
