"""Puts the plain district into the tables: campaign, regions, units, persons, accounts, sites."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from weicheng.demo import district as plain
from weicheng.demo.geometry import geojson, geometry, to_degrees
from weicheng.demo.sites import SitePlan
from weicheng.people import directory
from weicheng.people.models import Charge, Person, Post, SitePart, SiteParty, Unit, User
from weicheng.places.models import Campaign, Gate, Participation, Region, Site, SizeClass
from weicheng.places.pinyin import key as pinyin

BATCH = 1000
SINCE_DAYS = 200  # how long the posts have been held and the sites been known
# Gates: name, days from today, certain.
GATES = (("省级初审", 28, True), ("国家暗访", 112, False), ("国家技术评估", 148, False))


@dataclass
class Cast:
    """Who and what the acts are performed with, by the keys of the plan."""

    _by_id: dict[UUID, Unit] = field(default_factory=dict, repr=False)
    regions: dict[str, Region] = field(default_factory=dict)  # by code
    units: dict[str, Unit] = field(default_factory=dict)  # by short name
    persons: dict[str, Person] = field(default_factory=dict)  # by "unit/surname"
    users: dict[str, User] = field(default_factory=dict)  # by username
    clerks: dict[str, User] = field(default_factory=dict)  # account by unit
    sites: dict[int, Site] = field(default_factory=dict)  # by number of the plan

    def unit_of(self, key: UUID) -> Unit:
        """The unit with this id, its contact in memory."""
        if not self._by_id:
            self._by_id.update({unit.id: unit for unit in self.units.values()})
        return self._by_id[key]


def settle_district(sites: Sequence[SitePlan], *, today: date) -> Cast:
    """Create everything but problems, in bulk; answers what was made."""
    cast = Cast()
    plan = plain.district()
    _regions(cast, plan)
    _campaign(cast, plan, today)
    _units(cast, plan, today)
    _accounts(cast, plan)
    _sites(cast, plan, sites)
    directory.changed()
    return cast


def _regions(cast: Cast, plan: plain.District) -> None:
    shapes = geometry().regions
    for row in plan.regions:
        above = cast.regions.get(row.parent)
        shape = shapes[row.code]
        middle = to_degrees(shape.centroid.x, shape.centroid.y)
        region = Region(
            code=row.code, name=row.name, level=row.level, parent=above, letters=row.letters,
            pinyin=pinyin(row.name), polygon=geojson(shape.simplify(8)),
            latitude=middle[0], longitude=middle[1],
        )  # fmt: skip
        region.ancestors = [region.id, *(above.ancestors if above else [])]
        cast.regions[row.code] = region
    Region.objects.bulk_create(cast.regions.values())


def _campaign(cast: Cast, plan: plain.District, today: date) -> None:
    city, home = (cast.regions[plan.raw[key]["code"]] for key in ("city", "district"))
    campaign = Campaign.objects.create(
        name=f"{city.name}创建国家卫生城市", applicant=city, size_class=SizeClass.MEDIUM
    )
    part = Participation.Part
    for region, role in ((city, part.APPLICANT), (home, part.MEMBER)):
        Participation.objects.create(campaign=campaign, region=region, part=role)
    Gate.objects.bulk_create(
        Gate(campaign=campaign, name=name, on=today + timedelta(days=days), certain=certain)
        for name, days, certain in GATES
    )


def _units(cast: Cast, plan: plain.District, today: date) -> None:
    for row in plan.units:
        for someone in row.persons():
            cast.persons[someone.key] = Person(
                name=someone.name, title=someone.title, phone=someone.phone,
                pinyin=pinyin(someone.name.removesuffix(plain.GIVEN)),
            )  # fmt: skip
    Person.objects.bulk_create(cast.persons.values(), batch_size=BATCH)
    for row in plan.units:
        cast.units[row.key] = Unit(
            name=row.name, short_name=row.key, kind=row.kind, also_sponsor=row.also_sponsor,
            parent=cast.units.get(row.parent), region=cast.regions[row.region],
            head=cast.persons[row.head.key] if row.head else None,
            contact=cast.persons[row.contact.key] if row.contact else None,
            phone=row.contact.phone if row.contact else "",
            pinyin=pinyin(row.key),
        )  # fmt: skip
    Unit.objects.bulk_create(cast.units.values(), batch_size=BATCH)
    since = today - timedelta(days=SINCE_DAYS)
    Post.objects.bulk_create(_posts(cast, plan, since), batch_size=BATCH)
    Charge.objects.bulk_create(
        Charge(person=cast.persons[person], region=cast.regions[code])
        for person, code in plan.areas.items()
    )


def _posts(cast: Cast, plan: plain.District, since: date) -> Iterator[Post]:
    for someone in plan.persons():
        for name, sort in ((someone.working, Post.Sort.WORKING), (someone.home, Post.Sort.HOME)):
            if name:
                yield Post(
                    person=cast.persons[someone.key], unit=cast.units[name], sort=sort,
                    title=someone.title if sort == Post.Sort.WORKING else "", since=since,
                )  # fmt: skip


def _accounts(cast: Cast, plan: plain.District) -> None:
    working = {person.key: person.working for person in plan.persons()}
    for row in plan.accounts:
        user = User(
            username=row.username, role=row.role, person=cast.persons.get(row.person),
            password=make_password(None),
        )  # fmt: skip
        cast.users[row.username] = user
        if row.role in {"unit", "town", "community", "sponsor"}:
            cast.clerks[working[row.person]] = user
    User.objects.bulk_create(cast.users.values())


def _sites(cast: Cast, plan: plain.District, sites: Sequence[SitePlan]) -> None:
    entered = timezone.now() - timedelta(days=SINCE_DAYS)
    for row in sites:
        cast.sites[row.key] = Site(
            site_type_id=row.site_type, name=row.name, region=cast.regions[row.region],
            address=row.address, built_up=row.built_up, tag=row.tag,
            latitude=row.latitude, longitude=row.longitude, h3=row.h3, pinyin=pinyin(row.name),
            entered_at=entered, drawable_since=entered if row.built_up == "inside" else None,
        )  # fmt: skip
    Site.objects.bulk_create(cast.sites.values(), batch_size=BATCH)
    SiteParty.objects.bulk_create(_parties(cast, plan, sites), batch_size=BATCH)


def _parties(cast: Cast, plan: plain.District, sites: Sequence[SitePlan]) -> Iterator[SiteParty]:
    leaders = {code: cast.persons[person] for person, code in plan.areas.items()}
    for row in sites:
        site, keeper = cast.sites[row.key], cast.units[row.keeper]
        yield SiteParty(site=site, unit=keeper, part=SitePart.KEEPER, person=keeper.contact)
        if row.bureau:
            yield SiteParty(site=site, unit=cast.units[row.bureau], part=SitePart.BUREAU)
        if row.sponsor:
            sponsor = cast.units[row.sponsor]
            yield SiteParty(
                site=site, unit=sponsor, part=SitePart.SPONSOR, person=sponsor.contact,
                leader=leaders.get(row.region[:9]),
            )  # fmt: skip
