"""A district to measure in: 100 areas, the shipped kinds, units, sites, accounts and sessions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction

from weicheng.journal.ids import uuid7
from weicheng.people import sessions
from weicheng.people.directory import forget
from weicheng.people.models import Person, Post, SiteParty, Unit, User
from weicheng.people.roles import Role
from weicheng.people.sessions import SessionStore
from weicheng.places.models import Campaign, Participation, Region, Site
from weicheng.standards.load import load_standard
from weicheng.standards.models import ProblemKind, SiteType

TOWNS = 10
COMMUNITIES = 10
SITES = 10
FINDERS = 8
SESSIONS = 60
TOWN_LETTERS = ("HY", "SQ", "BJ", "QS", "LX", "DH", "XH", "NM", "ZG", "YT")


@dataclass
class World:
    """What the measurements need to name."""

    district: Region
    areas: list[Region] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    kinds: list[ProblemKind] = field(default_factory=list)
    units: dict[str, Unit] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    @property
    def finders(self) -> list[User]:
        """Those who file, one for each of eight clients."""
        return [self.users[f"finder{n}"] for n in range(FINDERS)]


@transaction.atomic
def build() -> World:
    """Make the district in an empty, migrated database."""
    load_standard()
    city = _region("凤城市", "prefecture", "990100", None, "FC")
    world = World(_region("凤凰区", "county", "990102", city, "FH"))
    campaign = Campaign.objects.create(name="凤城市创卫", applicant=city)
    Participation.objects.create(campaign=campaign, region=world.district, part="member")
    world.kinds = list(ProblemKind.objects.filter(active=True))
    _places(world)
    for word in sorted({k.bureau_words[0] for k in world.kinds if k.bureau_words}):
        _unit(world, f"区{word}", "bureau", world.district)
    _unit(world, "创卫办", "office", world.district)
    sponsors = [_unit(world, f"包保单位{n}", "sponsor", world.district) for n in range(40)]
    SiteParty.objects.bulk_create(
        SiteParty(site=site, unit=sponsors[n % 40], part="sponsor")
        for n, site in enumerate(world.sites) if n % 3 == 0
    )  # fmt: skip
    busiest = _busiest_bureau(world)
    _accounts(world, busiest)
    forget()
    return world


def _region(name: str, level: str, code: str, parent: Region | None, letters: str = "") -> Region:
    key = uuid7()
    above = list(parent.ancestors) if parent else []
    return Region.objects.create(
        id=key, name=name, level=level, code=code, parent=parent, letters=letters,
        ancestors=[key, *above],
    )  # fmt: skip


def _unit(world: World, name: str, kind: str, region: Region, parent: Unit | None = None) -> Unit:
    world.units[name] = Unit.objects.create(
        name=name, short_name=name, kind=kind, region=region, parent=parent
    )
    return world.units[name]


def _places(world: World) -> None:
    estate = SiteType.objects.get(pk="estate")
    for t in range(TOWNS):
        code = f"990102{t + 101:03d}"
        town = _region(f"第{t + 1}镇", "town", code, world.district, TOWN_LETTERS[t])
        owner = _unit(world, f"第{t + 1}镇政府", "town", town)
        for c in range(COMMUNITIES):
            name = f"第{t + 1}镇第{c + 1}社区"
            area = _region(name, "community", f"{code}{c + 1:03d}", town)
            world.areas.append(area)
            _unit(world, f"{name}居委会", "community", area, owner)
            world.sites += [
                Site(site_type=estate, name=f"{name}{s + 1}号小区", region=area)
                for s in range(SITES)
            ]
    Site.objects.bulk_create(world.sites)


def _busiest_bureau(world: World) -> str:
    """The bureau of the most frequent kind, with twelve offices below it that sponsor compounds:
    its people read through thirteen scopes that overlap, over the longest past."""
    bureau = world.units[f"区{world.kinds[0].bureau_words[0]}"]
    for n in range(12):
        below = _unit(world, f"{bureau.name}第{n + 1}所", "other", world.district, bureau)
        SiteParty.objects.bulk_create(
            SiteParty(site=site, unit=below, part="sponsor") for site in world.sites[n::24]
        )
    return bureau.name


def _accounts(world: World, bureau: str) -> None:
    for key, role, unit in (
        ("office", Role.OFFICE, "创卫办"),
        ("bureau", Role.UNIT, bureau),
        ("town", Role.TOWN, "第1镇政府"),
        *((f"finder{n}", Role.INSPECTOR, "创卫办") for n in range(FINDERS)),
    ):
        person = Person.objects.create(name=key)
        Post.objects.create(person=person, unit=world.units[unit])
        world.users[key] = User.objects.create_user(key, role=role, person=person)


def cookie_of(user: User) -> str:
    """A running session of this user, opened as a log-in opens it; its cookie's value."""
    session: Any = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    sessions.opened(session, user, "Mozilla/5.0 (Linux; Android 12) Mobile")
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
