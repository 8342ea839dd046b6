"""Units, persons, posts, accounts, and which unit answers for which site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weicheng.journal.ids import uuid7
from weicheng.people.roles import BLIND, REGION_WIDE, SECOND_FACTOR, Role
from weicheng.places.models import Region, Site

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID


class UnitKind(models.TextChoices):
    LEADERS = "leaders", _("区领导")
    OFFICE = "office", _("创卫办")
    GROUP = "group", _("专责组")
    BUREAU = "bureau", _("行业主管")
    TOWN = "town", _("镇街")
    COMMUNITY = "community", _("社区")
    SPONSOR = "sponsor", _("包保单位")
    OPERATOR = "operator", _("运营商")
    PROPERTY = "property", _("物业")
    SUPERVISION = "supervision", _("督查")
    OTHER = "other", _("其他单位")


#: Role of the account -> kind of the unit whose head sees what nobody else does: the commander's
#: and the director's.
SEATS: Final[Mapping[str, str]] = {Role.LEADER: UnitKind.LEADERS, Role.OFFICE: UnitKind.OFFICE}


class UnitQuerySet(models.QuerySet["Unit"]):
    """Units seen through their region."""

    def visible_to(self, user: Any) -> UnitQuerySet:
        """Units of the user's regions, and those that belong to no region."""
        roots = user.region_roots()
        if roots is None:
            return self
        return self.filter(models.Q(region=None) | models.Q(region__ancestors__overlap=roots))


class Unit(models.Model):
    """An organisation that can answer for something; head is its 第一责任人."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=12, choices=UnitKind.choices, default=UnitKind.OTHER)
    also_sponsor = models.BooleanField(default=False)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="units"
    )
    head = models.ForeignKey(
        "Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    contact = models.ForeignKey(
        "Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    phone = models.CharField(max_length=30, blank=True)
    pinyin = models.CharField(max_length=160, blank=True)
    active = models.BooleanField(default=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "region"], name="unit_name_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class PersonQuerySet(models.QuerySet["Person"]):
    """Persons seen through their units."""

    def visible_to(self, user: Any) -> PersonQuerySet:
        """Persons with a current post in a unit that this user may see."""
        units = Unit.objects.visible_to(user)
        return self.filter(posts__unit__in=units, posts__until=None).distinct()


class Person(models.Model):
    """A named person; whoever is recorded as having acted is a Person, with or without account."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=40)
    title = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    pinyin = models.CharField(max_length=100, blank=True)
    active = models.BooleanField(default=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin", "id"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A person's place in a unit: home (原单位) or working (工作单位), from a day to a day."""

    class Sort(models.TextChoices):
        HOME = "home", _("原单位")
        WORKING = "working", _("工作单位")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    sort = models.CharField(max_length=8, choices=Sort.choices, default=Sort.WORKING)
    title = models.CharField(max_length=40, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["sort", "id"]
        indexes = [models.Index(fields=["unit", "person"], name="post_by_unit")]

    def __str__(self) -> str:
        return f"{self.person} {self.unit}"

    def in_force(self, day: date) -> bool:
        """Whether the post is held on a day; open ends count as held."""
        return (not self.since or self.since <= day) and (not self.until or self.until >= day)


Dated = TypeVar("Dated", bound=models.Model)


class DatedQuerySet(models.QuerySet[Dated]):
    """Rows that hold from a day to a day; open ends count as holding."""

    def on(self, day: date) -> Self:
        """The rows in force on a day; both ends count."""
        begun = models.Q(since=None) | models.Q(since__lte=day)
        return self.filter(begun, models.Q(until=None) | models.Q(until__gte=day))


class SitePart(models.TextChoices):
    TERRITORY = "territory", _("属地")
    BUREAU = "bureau", _("行业主管")
    SPONSOR = "sponsor", _("包保单位")
    KEEPER = "keeper", _("点位长")


class SiteParty(models.Model):
    """Which unit (and named person) answers for a site, and in which part."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="parties")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="site_parties")
    part = models.CharField(max_length=10, choices=SitePart.choices)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    leader = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    objects = DatedQuerySet["SiteParty"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "unit", "part"],
                condition=models.Q(until=None),
                name="site_party_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.unit} {self.part}"


class Charge(models.Model):
    """A leader's area (包片): a person answers for a region."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="charges")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="charges")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    objects = DatedQuerySet["Charge"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "region"], condition=models.Q(until=None), name="charge_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.region}"


class DirectoryStamp(models.Model):
    """When units or regions were last changed (µs since 1970), so that every process notices."""

    id = models.SmallIntegerField(primary_key=True)
    n = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.n)


class UserManager(BaseUserManager["User"]):
    """Makes accounts; passwords are optional because links and sign-on exist."""

    def create_user(
        self, username: str, *, role: str, person: Person | None = None, password: str | None = None
    ) -> User:
        """A new account; without a password it cannot log in by password."""
        user = self.model(username=username, role=role, person=person)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account: one person, one role."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=60, unique=True)
    role = models.CharField(max_length=12, choices=Role.choices)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="users"
    )
    is_active = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(default=timezone.now)
    must_change_password = models.BooleanField(default=False)
    ends_at = models.DateTimeField(null=True, blank=True)  # a temporary account ends by itself

    last_login = None  # nobody's log-ins are kept

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any, **more: Any) -> User:
        """An account whose hour has come is read as an inactive one: every question whether it may
        do or see something asks ``is_active``, and so do sessions, links and log-in."""
        row = super().from_db(db, field_names, values, **more)
        if "ends_at" in field_names and row.has_ended:
            row.is_active = False
        return row

    @property
    def has_ended(self) -> bool:
        """Whether this was a temporary account (外来人员) and its hour has come."""
        return self.ends_at is not None and self.ends_at <= timezone.now()

    @property
    def second_factor_required(self) -> bool:
        """Whether this account must show a second factor: administrators and signers."""
        return self.role in SECOND_FACTOR

    def posts_on(self, day: date | None = None) -> list[Post]:
        """The person's posts in force on a day (default: now)."""
        if self.person_id is None:
            return []
        cached: list[Post] | None = self.__dict__.get("_posts")
        if cached is None:
            cached = list(
                Post.objects.filter(person_id=self.person_id).select_related(
                    "unit__region", "person"
                )
            )
            self.__dict__["_posts"] = cached
            if cached:  # the name comes with the posts: every page shows it
                self._state.fields_cache.setdefault("person", cached[0].person)
        day = day or timezone.localdate()
        return [p for p in cached if p.in_force(day)]

    def working_units(self) -> list[Unit]:
        """The units this person works in today."""
        return [p.unit for p in self.posts_on() if p.sort == Post.Sort.WORKING]

    def region_roots(self) -> list[UUID] | None:
        """Regions whose places and units this user may look up; None means all of them."""
        if self.role in BLIND or not self.is_active or self.has_ended:
            return []
        roots: list[UUID] = []
        for unit in self.working_units():
            if unit.region is not None:
                roots.append(_district_of(unit.region))
        return roots

    def scopes(self) -> list[UUID]:
        """Ids of the units and regions through which this user sees problems.

        Asked once for each request, as the posts are.
        """
        if self.role in BLIND or not self.is_active or self.has_ended:
            return []
        kept: list[UUID] | None = self.__dict__.get("_scopes")
        if kept is None:
            kept = self.__dict__["_scopes"] = self._find_scopes()
        return list(kept)

    def _find_scopes(self) -> list[UUID]:
        units = self.working_units()
        if self.role in REGION_WIDE:
            return list({u.region.ancestors[0] for u in units if u.region is not None})
        if self.role == Role.AREA and self.person_id:
            charges = Charge.objects.on(timezone.localdate()).filter(person_id=self.person_id)
            return list(charges.values_list("region_id", flat=True).distinct())
        found = [u.id for u in units]
        if self.role in {Role.TOWN, Role.COMMUNITY}:
            found += [u.region_id for u in units if u.region_id is not None]
        found += Unit.objects.filter(parent__in=units).values_list("id", flat=True)
        return list(dict.fromkeys(found))


def _district_of(region: Region) -> UUID:
    """The county-level region above (or the region itself when it is a prefecture)."""
    chain: list[UUID] = list(region.ancestors)
    depth = {"community": 2, "town": 1}.get(region.level, 0)
    return chain[min(depth, len(chain) - 1)]


# Django finds an app's tables through this module.
from weicheng.people.credentials import (  # noqa: E402
    LoginLink,
    OldPassword,
    SecondFactor,
    Session,
    Tries,
)

__all__ = [
    "Charge",
    "LoginLink",
    "OldPassword",
    "Person",
    "Post",
    "SecondFactor",
    "Session",
    "SitePart",
    "SiteParty",
    "Tries",
    "Unit",
    "UnitKind",
    "User",
]
