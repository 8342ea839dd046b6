"""A small city with two districts, made for tests: units, people, accounts, kinds and one site."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.utils import timezone
from PIL import Image

from weicheng.evidence.models import Attachment
from weicheng.journal.ids import uuid7
from weicheng.people.directory import changed, forget
from weicheng.people.models import Charge, Person, Post, SitePart, SiteParty, Unit, User
from weicheng.people.roles import Role
from weicheng.people.sessions import opened
from weicheng.places.models import Campaign, Participation, Region, Site
from weicheng.problems import acts
from weicheng.problems.models import Problem
from weicheng.standards.models import Aspect, ProblemKind, SiteType, Standard


@dataclass
class District:
    """Names are the tests' vocabulary: ``d.office``, ``d.units["环卫局"]``, ``d.users["联通"]``."""

    regions: dict[str, Region] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    kinds: dict[str, ProblemKind] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)

    @property
    def office(self) -> User:
        return self.users["创卫办"]

    def region(
        self, name: str, level: str, code: str, parent: str | None = None, letters: str = ""
    ) -> Region:
        above = self.regions[parent] if parent else None
        key = uuid7()
        row = Region.objects.create(
            id=key,
            name=name,
            level=level,
            code=code,
            parent=above,
            letters=letters,
            ancestors=[key, *(above.ancestors if above else [])],
        )
        self.regions[name] = row
        return row

    def unit(self, name: str, kind: str, region: str) -> Unit:
        self.units[name] = Unit.objects.create(
            name=name, short_name=name, kind=kind, region=self.regions[region]
        )
        return self.units[name]

    def person(self, name: str, unit: str, *, home: str = "") -> Person:
        row = Person.objects.create(name=name, phone="13800000000")
        Post.objects.create(person=row, unit=self.units[unit], sort="working")
        if home:
            Post.objects.create(person=row, unit=self.units[home], sort="home")
        self.people[name] = row
        return row

    def user(self, key: str, role: str, unit: str, *, home: str = "") -> User:
        person = self.person(f"{key}的人", unit, home=home)
        self.users[key] = User.objects.create_user(key, role=role, person=person)
        return self.users[key]


UNITS = (
    ("创卫办", "office", "凤凰区"), ("区领导", "leaders", "凤凰区"), ("环卫局", "bureau", "凤凰区"),
    ("经信局", "bureau", "凤凰区"), ("联通", "operator", "凤凰区"), ("档案局", "sponsor", "凤凰区"),
    ("督查室", "supervision", "凤凰区"), ("红叶镇政府", "town", "红叶镇"),
    ("石桥镇政府", "town", "石桥镇"), ("张家沟居委会", "community", "张家沟社区"),
    ("市创卫办", "office", "凤城市"), ("临江创卫办", "office", "临江区"),
    ("临江环卫局", "bureau", "临江区"),
)  # fmt: skip
USERS = (
    ("创卫办", Role.OFFICE, "创卫办"), ("指挥长", Role.LEADER, "区领导"),
    ("环卫局", Role.UNIT, "环卫局"), ("经信局", Role.UNIT, "经信局"), ("联通", Role.UNIT, "联通"),
    ("红叶镇", Role.TOWN, "红叶镇政府"), ("石桥镇", Role.TOWN, "石桥镇政府"),
    ("张家沟", Role.COMMUNITY, "张家沟居委会"), ("检查员", Role.INSPECTOR, "创卫办"),
    ("审计", Role.AUDITOR, "督查室"), ("档案局", Role.SPONSOR, "档案局"),
    ("包片", Role.AREA, "区领导"), ("管理员", Role.ADMIN, "创卫办"),
    ("市创卫办", Role.OFFICE, "市创卫办"), ("临江创卫办", Role.OFFICE, "临江创卫办"),
    ("临江环卫局", Role.UNIT, "临江环卫局"),
)  # fmt: skip
RECONNECT = {
    "sort": "holding", "key": "live_lines_on", "zh": "接通", "en": "Reconnect", "party": "operator",
}  # fmt: skip
KINDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("bin", "垃圾桶满溢", {"severity": "minor", "bureau_words": ["环卫局"]}),
    (
        "cable", "蜘蛛网",
        {"bureau_words": ["经信局"], "severity": "serious", "obligations": [RECONNECT]},
    ),
    ("road", "路面破损", {"severity": "normal", "bureau_words": ["没有的局"]}),
    ("direct", "暴露垃圾", {"severity": "minor", "bureau_words": ["环卫局"], "direct": True}),
)  # fmt: skip


def make_district() -> District:
    """凤城市 with 凤凰区 and 临江区; people of one district do not see the other's matters."""
    forget()
    d = District()
    d.region("凤城市", "prefecture", "990100", letters="FC")
    d.region("凤凰区", "county", "990102", "凤城市", "FH")
    d.region("临江区", "county", "990103", "凤城市", "LJ")
    d.region("红叶镇", "town", "990102101", "凤凰区", "HY")
    d.region("石桥镇", "town", "990102102", "凤凰区", "SQ")
    d.region("张家沟社区", "community", "990102101001", "红叶镇")
    d.region("滨江街道", "town", "990103001", "临江区", "BJ")
    campaign = Campaign.objects.create(name="凤城市创卫", applicant=d.regions["凤城市"])
    for name in ("凤凰区", "临江区"):
        Participation.objects.create(campaign=campaign, region=d.regions[name], part="member")
    for name, kind, region in UNITS:
        d.unit(name, kind, region)
    for name, role, unit in USERS:
        d.user(name, role, unit)
    d.user("借调", Role.OFFICE, "创卫办", home="环卫局")
    Charge.objects.create(person=d.people["包片的人"], region=d.regions["红叶镇"])
    _catalogue(d)
    changed()
    return d


def _catalogue(d: District) -> None:
    """One aspect, one site type with one site, four kinds."""
    standard = Standard.objects.create(edition="test", name_zh="试", name_en="Test", doc_no="")
    aspect = Aspect.objects.create(
        standard=standard, key="A3", name_zh="市容", name_en="City", number=3
    )
    estate = SiteType.objects.create(
        key="estate", name_zh="居民小区", name_en="Estate", aspect=aspect
    )
    for key, name, extra in KINDS:
        d.kinds[key] = ProblemKind.objects.create(
            key=key, name_zh=name, name_en=key.title(), group_zh="市容", group_en="City", tag="净",
            proof=["before", "after"], search_words=[name], **extra,
        )  # fmt: skip
    site = Site.objects.create(site_type=estate, name="张家沟小区", region=d.regions["张家沟社区"])
    SiteParty.objects.create(site=site, unit=d.units["档案局"], part=SitePart.SPONSOR)
    d.sites["张家沟小区"] = site


def picture(text: str = "", *, purpose: str = "before") -> Attachment:
    """A small real picture kept in the evidence store."""
    from weicheng.evidence import store

    shade = sum(text.encode()) % 200
    buffer = BytesIO()
    Image.new("RGB", (64, 48), (shade, 120, 255 - shade)).save(buffer, "JPEG")
    name = f"{text or 'photo'}.jpg"
    own = store.Own(buffer.getvalue(), filename=name, purpose=purpose)
    return store.keep_own([own])[0]


def filed(d: District, kind: str = "bin", *, by: User | None = None, **changes: Any) -> Problem:
    """A problem filed in 张家沟小区."""
    finding = acts.Finding(kind=d.kinds[kind], **{"site": d.sites["张家沟小区"], **changes})
    return acts.file(finding=finding, by=by or d.users["检查员"], op_id=uuid7())


def dispatched(d: District, kind: str = "bin", to: str = "环卫局", **changes: Any) -> Problem:
    """A problem sent to a unit, due in two days."""
    return acts.dispatch(
        problem=filed(d, kind, **changes),
        lead=d.units[to],
        due_at=in_hours(48),
        by=d.office,
        op_id=uuid7(),
    )


def handed_in(d: District, kind: str = "bin", to: str = "环卫局", **changes: Any) -> Problem:
    """A problem whose unit says that it is fixed."""
    return acts.hand_in(
        problem=dispatched(d, kind, to, **changes),
        fix=acts.Fix("clean", [picture("after", purpose="after")]),
        by=d.users[to],
        op_id=uuid7(),
    )


def in_hours(hours: float, now: datetime | None = None) -> datetime:
    """A moment so many hours from now."""
    return (now or timezone.now()) + timedelta(hours=hours)


def op() -> UUID:
    """A fresh operation id."""
    return uuid7()


def sign_in(client: Client, user: User) -> Client:
    """Log a test's browser in, second factor shown."""
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session["second_factor"] = "totp"
    opened(session, user, "")
    session.save()
    return client
