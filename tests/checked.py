"""Checks of the played city: a plan under way, an observation day, a second look, a ruling."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from tests.district import District, op, picture
from tests.inspecting import plan
from weicheng.inspections import acts
from weicheng.inspections.models import LookBack, Plan, Ruling
from weicheng.inspections.paper_sheets import SheetKey
from weicheng.inspections.words import PlanKind, PlanState
from weicheng.places.models import BuiltUp, Site
from weicheng.problems.models import Problem
from weicheng.standards.models import Check


@dataclass
class Checked:
    """The checks by name."""

    plans: dict[str, Plan] = field(default_factory=dict)
    look_back: LookBack | None = None
    ruling: Ruling | None = None
    token: str = ""
    lost: str = ""

    def stop(self, name: str) -> UUID:
        """The first stop of a plan."""
        return self.plans[name].stops.order_by("order")[0].pk


def check(city: District, closed: Problem) -> Checked:
    """Carry out some checks in 张家沟小区; the closed problem is drawn for a second look."""
    found = Checked()
    Site.objects.filter(pk=city.sites["张家沟小区"].pk).update(built_up=BuiltUp.INSIDE)
    place = Site.objects.get(pk=city.sites["张家沟小区"].pk)
    found.plans["draft"] = plan(city, PlanKind.MONTHLY, state=PlanState.DRAFT, title="拟定的评估")
    under_way = found.plans["open"] = plan(city, PlanKind.MONTHLY, title="月评估一")
    checks = Check.objects.filter(site_type=place.site_type_id).select_related("item__aspect")
    failing = checks.order_by("order")[0]
    stop = under_way.stops.get()
    visit = acts.record_visit(
        by=city.users["检查员"], op_id=op(),
        look=acts.Look(site=place, failed=[failing.key], stop=stop, photos=[picture("visit")]),
    )  # fmt: skip
    acts.record_finding(
        by=city.users["检查员"], op_id=op(),
        finding=acts.Finding(kind=city.kinds["bin"], site=place, visit=visit,
                             check_key=failing.key, words="检查发现"),
    )  # fmt: skip
    found.lost = "/".join([
        failing.item.aspect.key, failing.item.key, place.site_type_id, failing.key,
    ])  # fmt: skip
    found.plans["observation"] = acts.plan_observation(
        by=city.office, region=city.regions["凤凰区"], title="现场观摩一", sites=[place],
        day=timezone.localdate(), op_id=op(), basis="区指挥部会议纪要",
    )  # fmt: skip
    acts.number_papers(by=city.office, plan=found.plans["observation"], n=3, op_id=op())
    found.look_back = LookBack.objects.create(
        problem=closed, closed_at=closed.closed_at or timezone.now(), day=3,
        due_on=timezone.localdate() - timedelta(days=1), not_by=closed.closed_by,
    )  # fmt: skip
    said = acts.Said(failing.key, "看得见就扣分。", "省级专家", "province", timezone.localdate())
    found.ruling = acts.write_ruling(said=said, by=city.office, op_id=op())
    found.token = SheetKey.fresh(stop.pk, for_stop=True).token()
    return found
