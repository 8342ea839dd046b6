"""What is to be checked: the year's count, plans with three independent modes, their drawn stops,
and the teams that go. A plan that is hidden stays hidden in every query of this module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from weicheng.inspections.words import Because, PlanKind, PlanState
from weicheng.journal.ids import uuid7
from weicheng.people.models import SiteParty
from weicheng.people.roles import BLIND, REGION_WIDE, Role

from .concealment import concerned_sites, could_concern

if TYPE_CHECKING:
    from datetime import date


class YearPlan(models.Model):
    """How many checks of a kind a region may see in a year: checks are limited by law."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=PlanKind.choices)
    count = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=200, blank=True)
    operation = models.UUIDField(null=True)

    class Meta:
        ordering = ["year", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["region", "year", "kind"], name="one_count_per_year")
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_kind_display()} {self.count}"


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans through the eyes of a person."""

    def visible_to(self, user: Any) -> PlanQuerySet:
        """What this person may know of: released plans of their places; before that, open ones for
        those who see the whole region, and hidden ones only for whom they do not concern.

        A hidden plan is seen by its own teams, and by office and leaders when none of the units
        that the person belongs to (原单位 included) answers for a site that is or may come on it.
        """
        if user.role in BLIND or not user.is_active:
            return self.none()
        mine = Q(Exists(Member.objects.filter(team__plan=OuterRef("pk"), person=user.person_id)))
        mine &= ~Q(state__in=[PlanState.DRAFT, PlanState.DROPPED])
        scopes = user.scopes()
        answers = SiteParty.objects.filter(unit__in=scopes).values("site")
        on_it = Stop.objects.filter(plan=OuterRef("pk"))
        in_place = Q(region__ancestors__overlap=scopes)
        if user.role in REGION_WIDE:
            return self.filter(mine | in_place & self._open_to(user))
        touched = Q(
            Exists(on_it.filter(Q(site__in=answers) | Q(site__region__ancestors__overlap=scopes)))
        )
        return self.filter(mine | Q(state=PlanState.RELEASED) & (touched | in_place))

    def _open_to(self, user: Any) -> Q:
        known = Q(state=PlanState.RELEASED) | Q(open=True)
        if user.role not in {Role.OFFICE, Role.LEADER}:
            return known
        return known | ~Q(pk__in=Plan.objects.concerning(user).values("pk"))

    def concerning(self, user: Any) -> PlanQuerySet:
        """Plans that have, or could draw, a site for which a unit of this person answers."""
        hit = Stop.objects.filter(plan=OuterRef("pk"), site__in=concerned_sites(user))
        return self.filter(could_concern(user) | Q(Exists(hit)))


class Plan(models.Model):
    """One check to be carried out: what kind, how, over which region, from when to when.

    Modes are independent: ``regular`` 定期/不定期, ``open`` 明查/暗访, ``sampled`` 抽查/全面.
    ``sealed`` is the SHA-256 commitment (hex) to the seed, known from the lock; ``seed`` is shown
    only after the release, or when a draw was dropped. ``quota``: site type key -> number asked;
    ``shortfalls``: list of {"site_type", "wanted", "found", "took"}. ``person_minutes``: estimate
    shown before the lock.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=PlanKind.choices)
    title = models.CharField(max_length=80)
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    regular = models.BooleanField(default=True)
    open = models.BooleanField(default=True)
    sampled = models.BooleanField(default=True)
    rehearsal = models.BooleanField(default=False)  # 本区模拟
    half = models.BooleanField(default=False)
    spread = models.BooleanField(default=False)
    rounds = models.PositiveSmallIntegerField(null=True, blank=True)
    doubled = models.PositiveSmallIntegerField(default=0)  # percent of stops visited twice, blind
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=8, choices=PlanState.choices, default=PlanState.DRAFT)
    site_types = models.JSONField(default=list, blank=True)  # keys; empty = all
    quota = models.JSONField(default=dict, blank=True)
    sealed = models.CharField(max_length=64, blank=True)
    seed = models.BinaryField(null=True, editable=False)
    shortfalls = models.JSONField(default=list, blank=True)
    person_minutes = models.PositiveIntegerField(default=0)
    edition = models.CharField(max_length=40, blank=True)
    starting_point = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=400, blank=True)
    basis = models.CharField(max_length=200, blank=True)  # why beyond the year's count
    dropped = models.CharField(max_length=200, blank=True)  # why it was dropped
    created_by = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    locked_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    operation = models.UUIDField(null=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["region", "state", "-starts_on"], name="plan_of_region")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="plan_days"
            ),
            models.CheckConstraint(
                name="plan_released_has_time",
                condition=Q(state="released", released_at__isnull=False) | ~Q(state="released"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def hidden(self) -> bool:
        """Whether the inspected may not know of it yet."""
        return not self.open and self.state != PlanState.RELEASED

    def on(self, day: date) -> bool:
        """Whether the plan runs on a day."""
        return self.starts_on <= day <= self.ends_on


class DrawnFrom(models.Model):
    """What a draw was made from, so that it can be made again: ``given`` holds candidates as
    [site id, type, town id, rounds before it came], quotas, history (by type, or for all types
    alike: ids by earlier round), rounds, half and spread; ``fingerprint`` is the SHA-256 of all of
    it, kept before the draw."""

    plan = models.OneToOneField(
        Plan, primary_key=True, on_delete=models.CASCADE, related_name="drawn_from"
    )
    fingerprint = models.CharField(max_length=64)
    given = models.JSONField()

    def __str__(self) -> str:
        return self.fingerprint


class Team(models.Model):
    """Who goes together. The route of a hidden plan opens when the leader breaks the seal
    (上车启封) on the own phone or has the paper opened; ``opened_at`` is server time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=40)
    leader = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)
    on_paper = models.BooleanField(default=False)
    operation = models.UUIDField(null=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["plan", "name"], name="team_once_per_plan")]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A person of a team, the leader included."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "person"], name="member_once")]

    def __str__(self) -> str:
        return str(self.person)


class StopQuerySet(models.QuerySet["Stop"]):
    """Stops through the eyes of a person."""

    def visible_to(self, user: Any) -> StopQuerySet:
        """Stops of visible plans; those of a hidden plan only once the own team's seal is broken,
        or, for the office and leaders that it does not concern, once any seal is broken."""
        seen = self.filter(plan__in=Plan.objects.visible_to(user))
        plain = Q(plan__open=True) | Q(plan__state=PlanState.RELEASED)
        first = Q(team__opened_at__isnull=False)
        second = Q(second_team__opened_at__isnull=False)
        if user.role not in {Role.OFFICE, Role.LEADER}:
            first &= Q(team__members__person=user.person_id)
            second &= Q(second_team__members__person=user.person_id)
        return seen.filter(plain | first | second).distinct()


class Stop(models.Model):
    """One site of a plan. A site that was closed or moved after the draw keeps its stop, with
    ``gone`` saying why; ``order`` is the walking order within its team."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="stops")
    site = models.ForeignKey("places.Site", on_delete=models.PROTECT, related_name="stops")
    site_type = models.CharField(max_length=40)
    because = models.CharField(max_length=8, choices=Because.choices, default=Because.CHANCE)
    order = models.PositiveSmallIntegerField(default=0)
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="stops")
    second_team = models.ForeignKey(
        Team, null=True, on_delete=models.SET_NULL, related_name="second_stops"
    )
    gone = models.CharField(max_length=200, blank=True)

    objects = StopQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["plan", "site"], name="stop_once_per_plan")]
        indexes = [models.Index(fields=["site", "plan"], name="stop_by_site")]

    def __str__(self) -> str:
        return f"{self.order} {self.site_id}"


class Guest(models.Model):
    """Somebody from elsewhere on a 交叉检查 (another town, an expert, a third-party firm): a
    temporary account, ended at ``until`` whatever happens. ``home`` is the 原单位 when that is a
    unit of this campaign: its own sites are then checked by others."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="guests")
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    comes_from = models.CharField(max_length=80)
    home = models.ForeignKey("people.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    operation = models.UUIDField(null=True)

    class Meta:
        ordering = ["until"]

    def __str__(self) -> str:
        return self.comes_from
