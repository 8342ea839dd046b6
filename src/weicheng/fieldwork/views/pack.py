"""What the phone takes along, one more site by its plate, and the breaking of a route's seal."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from weicheng.fieldwork import packing, reading
from weicheng.fieldwork.permissions import FIELD
from weicheng.fieldwork.refusals import Malformed, sentence
from weicheng.fieldwork.views.answering import json_door, refused, say
from weicheng.frame.audience import audience
from weicheng.inspections import acts as checks
from weicheng.inspections.models import Plan
from weicheng.inspections.refusals import Refused
from weicheng.journal.once import ForeignOperation


@require_safe
@gzip_page
@json_door
@audience(*FIELD)
def pack(request: HttpRequest) -> HttpResponseBase:
    """GET /field/pack"""
    user: Any = request.user
    return say({**packing.pack(user), "csrf": get_token(request)})


@require_safe
@json_door
@audience("signed_in")
def token(request: HttpRequest) -> HttpResponseBase:
    """GET /field/token: whose session this is and the token to send by, in a few bytes: what waits
    on a phone needs no pack."""
    found = {"server_now": timezone.now().isoformat(), "user": {"id": str(request.user.pk)}}
    return say({**found, "csrf": get_token(request)})


@require_safe
@json_door
@audience(*FIELD)
def site(request: HttpRequest) -> HttpResponseBase:
    """GET /field/site?id=|number=: a site that is not in the pack, by its plate."""
    user: Any = request.user
    pk, number = reading.uuid_in(request.GET, "id"), reading.text_in(request.GET, "number", 60)
    found = packing.site(user, pk=pk, number=number)
    if found is None:
        return say({"refused": "site_unknown", "sentence": sentence("site_unknown")}, status=404)
    return say({"server_now": timezone.now().isoformat(), **found})


@require_POST
@json_door
@audience(*FIELD)
def unseal(request: HttpRequest) -> HttpResponseBase:
    """POST /field/unseal {"op_id", "plan"}: 上车启封 by the team's leader; answers the route."""
    found = reading.document(request.body)
    op_id, wanted = reading.uuid_in(found, "op_id"), reading.uuid_in(found, "plan")
    if op_id is None or wanted is None:
        raise Malformed("wrong_field", field="plan")
    user: Any = request.user
    plan = Plan.objects.visible_to(user).filter(pk=wanted).first()
    if plan is None:
        raise Http404
    try:
        checks.break_seal(plan=plan, by=user, op_id=op_id)
    except Refused as wrong:
        return refused(wrong.code, wrong.sentence())
    except ForeignOperation as error:
        raise Http404 from error
    opened: dict[str, Any] | None = packing.route(user, plan.pk)
    if opened is None:
        raise Http404
    return say(opened)
