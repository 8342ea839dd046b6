"""A city with matters in every state, played once a module and rolled back after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import override_settings

from tests.checked import Checked, check
from tests.district import District, dispatched, filed, handed_in, make_district, op, picture
from weicheng.intake import batches
from weicheng.intake.models import Batch
from weicheng.intake.receiving import Arrived, receive
from weicheng.people.models import SitePart, SiteParty, Unit, User
from weicheng.places.models import Site
from weicheng.problems import acts
from weicheng.problems.models import Problem
from weicheng.sheets.tests.makers import docx, xlsx
from weicheng.sheets.tests.makers import picture as drawn
from weicheng.standards.load import load_standard
from weicheng.standards.models import Standard

# The office has a person of its own behind every role's account.
ROLES = {
    "office": "创卫办", "leader": "指挥长", "area": "包片", "unit": "环卫局", "town": "红叶镇",
    "community": "张家沟", "sponsor": "档案局", "inspector": "检查员", "auditor": "审计",
    "admin": "管理员", "security": "安全员",
}  # fmt: skip


@dataclass
class Played:
    """The city and its matters by name."""

    city: District
    matters: dict[str, Problem] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    checks: Checked = field(default_factory=Checked)

    def user(self, role: str) -> User:
        """An account of the role in 凤凰区."""
        return self.city.users[ROLES[role]]


@contextmanager
def played(blocker: Any, evidence: Path) -> Iterator[Played]:
    """The database as the played city left it; nothing of it stays."""
    with blocker.unblock(), override_settings(EVIDENCE_ROOT=evidence), transaction.atomic():
        yield play()
        transaction.set_rollback(True)


def play() -> Played:
    """Play it, to stay."""
    city = make_district()
    assert load_standard().ok
    Standard.objects.filter(edition="test").delete()  # the shipped edition is the one in force
    city.user("安全员", "security", "创卫办")
    Unit.objects.filter(name="区领导").update(head=city.people["指挥长的人"])  # the commander
    found = Played(city)
    _elsewhere(found)
    _dropped(found)
    here = found.matters
    here["new"] = filed(city, photos=[picture("before")], description="本区的待派件")
    here["run"] = dispatched(city, photos=[picture("run")])
    here["check"] = handed_in(city, photos=[picture("check")])
    here["sibling"] = dispatched(city, "cable", "经信局", photos=[picture("sibling")])
    here["done"] = handed_in(city)
    here["done"] = acts.pass_fix(problem=here["done"], level="onsite", by=city.office, op_id=op())
    found.checks = check(city, here["done"])
    return found


LEDGER = [
    ["编号", "检查时间", "点位", "存在问题", "责任单位", "整改时限"],
    ["T-001", "2026.11.02", "张家沟小区", "垃圾桶满溢", "环卫局", "11月20日前"],
    ["T-002", "11月3日", "石桥镇", "", "环卫局", ""],
]
CHAT = """红叶张三 2026-11-20 08:31:00
张家沟小区垃圾桶满溢

红叶张三 2026-11-20 08:31:04
[图片]

石桥李四 2026-11-20 08:52:20
金桥路口暴露垃圾
"""


DUTIES = [
    ["类别", "序号", "工作任务", "牵头领导", "责任分工", "完成时限"],
    ["市容环境", "1", "主次干道路面平整，无占道经营", "李一", "环卫局、城管局负责，各镇街配合",
     "长期坚持"],
    ["", "2", "整治城市蜘蛛网", "李一", "经信局牵头，联通、移动公司负责，注意安全", "12月20日前"],
    ["重点场所", "3", "写了标准里没有的事", "", "档案局", ""],
]  # fmt: skip


def _dropped(found: Played) -> None:
    """A ledger that waits to be confirmed, and what a WeChat group said, taken in."""
    who: Any = {"district": found.city.regions["凤凰区"], "by": found.city.office}
    found.batches["ledger"] = receive([Arrived("台账.xlsx", xlsx(LEDGER))], **who)[0]
    paper = docx(DUTIES, merge_down=[(0, 1, 2)])
    found.batches["duties"] = receive([Arrived("责任分工表.docx", paper)], **who)[0]
    photo = Arrived("微信图片_20261120083104.jpg", drawn().read())
    found.batches["chat"] = receive([photo], CHAT, **who)[0]
    for batch in found.batches.values():
        batches.read(batch)
    assert batches.start(found.batches["chat"])
    batches.take(found.batches["chat"])


def _elsewhere(found: Played) -> None:
    """A matter of 临江区, and one of 石桥镇 in our own district."""
    city = found.city
    for name, region in (("滨江花园", "滨江街道"), ("石桥农贸市场", "石桥镇")):
        site = Site.objects.create(
            site_type=city.sites["张家沟小区"].site_type, name=name, region=city.regions[region]
        )
        found.sites[name] = site
    SiteParty.objects.create(
        site=found.sites["滨江花园"], unit=city.units["临江环卫局"], part=SitePart.SPONSOR
    )
    by = city.users["临江创卫办"]
    other = filed(
        city, "road", by=by, site=found.sites["滨江花园"], photos=[picture("foreign")],
        description="临江区的秘密事项",
    )  # fmt: skip
    found.matters["foreign"] = acts.dispatch(
        problem=other, lead=city.units["临江环卫局"], due_at=in_two_days(), by=by, op_id=op()
    )
    found.matters["market"] = filed(
        city, "road", site=found.sites["石桥农贸市场"], photos=[picture("market")],
        description="石桥镇的事项",
    )  # fmt: skip


def in_two_days() -> Any:
    """When dispatched matters are due."""
    from tests.district import in_hours

    return in_hours(48)


def photo_of(problem: Problem) -> UUID:
    """The attachment that shows the problem before."""
    return Problem.objects.values_list("before_photo", flat=True).get(pk=problem.pk)
