"""The problem with its current state, and the table of who may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Floor
from django.utils import timezone
from django.utils.translation import get_language

from weicheng.journal.ids import uuid7
from weicheng.problems.words import Level, Outcome, Part, Severity, Source, Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID


class ProblemQuerySet(models.QuerySet["Problem"]):
    """The only way to a problem is through the scopes of a person."""

    def visible_to(self, user: Any) -> ProblemQuerySet:
        """Problems that have a party among the user's scopes; voided ones only by address."""
        return self.in_scopes(user.scopes())

    def in_scopes(self, scopes: Iterable[UUID]) -> ProblemQuerySet:
        """Problems that have a party among these unit or region ids."""
        party = Party.objects.filter(problem=models.OuterRef("pk"), scope__in=list(scopes))
        return self.filter(models.Exists(party))

    def for_rows(self) -> ProblemQuerySet:
        """With all that a list row shows, in one query."""
        return self.select_related(
            "kind", "region", "site", "lead_unit", "before_photo__blob", "after_photo__blob"
        )


class Problem(models.Model):
    """One matter found, with its current state: the projection of its events.

    Times are aware; ``due_at`` is the moment the fix is due. No code but the door of
    ``problems.door`` assigns the state columns.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=20, blank=True)
    number_region = models.ForeignKey(
        "places.Region", null=True, on_delete=models.PROTECT, related_name="+"
    )
    number_day = models.DateField(null=True)
    number_seq = models.IntegerField(null=True)

    kind = models.ForeignKey(
        "standards.ProblemKind", on_delete=models.PROTECT, related_name="problems"
    )
    region = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(
        "places.Site", null=True, blank=True, on_delete=models.PROTECT, related_name="problems"
    )
    place = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    requirement = models.TextField(blank=True)
    source = models.CharField(max_length=12, choices=Source.choices)
    severity = models.CharField(max_length=8, choices=Severity.choices, default=Severity.NORMAL)
    quantity = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    quantity_unit = models.CharField(max_length=8, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    finder = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    finder_unit = models.ForeignKey(
        "people.Unit", null=True, on_delete=models.PROTECT, related_name="+"
    )
    external_source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=80, blank=True)
    found_at = models.DateTimeField()
    filed_at = models.DateTimeField()

    # who answers: three answers from place and kind, and the lead chosen at dispatch
    territory_unit = models.ForeignKey(
        "people.Unit", null=True, on_delete=models.PROTECT, related_name="+"
    )
    bureau_unit = models.ForeignKey(
        "people.Unit", null=True, on_delete=models.PROTECT, related_name="+"
    )
    sponsor_unit = models.ForeignKey(
        "people.Unit", null=True, on_delete=models.PROTECT, related_name="+"
    )

    # what the rules proposed when the facts were last changed; a manual choice is never overridden
    condition = models.CharField(max_length=40, blank=True)
    proposal = models.JSONField(default=dict, blank=True)

    # state: the projection of the events
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.NEW)
    version = models.IntegerField(default=0)
    lead_unit = models.ForeignKey(
        "people.Unit", null=True, on_delete=models.PROTECT, related_name="led_problems"
    )
    due_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    handed_in_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.PICTURE)
    sent_back = models.PositiveSmallIntegerField(default=0)
    relapsed = models.PositiveSmallIntegerField(default=0)
    on_spot = models.BooleanField(default=False)
    parked = models.BooleanField(default=False)
    voided = models.BooleanField(default=False)
    oversample = models.BooleanField(default=False)
    fixes = models.JSONField(default=list)
    person = models.ForeignKey(  # the named person of the lead
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    verifier = models.CharField(max_length=10, blank=True)
    clock = models.JSONField(null=True)  # how due_at was reckoned: see problems.deadlines
    sign_due_at = models.DateTimeField(null=True)
    verify_due_at = models.DateTimeField(null=True)
    extended = models.PositiveSmallIntegerField(default=0)
    paused = models.BooleanField(default=False)
    asking = models.CharField(max_length=10, blank=True)  # the sort of the request that waits
    bounces = models.PositiveSmallIntegerField(default=0)
    settler_unit = models.ForeignKey(  # who decides after the third bounce
        "people.Unit", null=True, on_delete=models.PROTECT, related_name="+"
    )
    said_again = models.PositiveSmallIntegerField(default=0)  # +1
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    # what lists show without joins
    before_photo = models.ForeignKey(
        "evidence.Attachment", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    after_photo = models.ForeignKey(
        "evidence.Attachment", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    search = SearchVectorField(null=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="problem_search"),
            models.Index(fields=["site", "-found_at"], name="problem_by_site"),
            models.Index(fields=["lead_unit", "status", "due_at"], name="problem_by_lead"),
            # what is open, in the order of the office's queues; closed ones are not in them
            models.Index(
                fields=["parked", "filed_at", "id"],
                name="problem_new_queue",
                condition=Q(status="new", voided=False),
            ),
            models.Index(
                fields=["handed_in_at", "id"],
                name="problem_check_queue",
                condition=Q(status="check", voided=False),
            ),
            models.Index(
                fields=["filed_at", "id"],
                name="problem_long_queue",
                condition=Q(status="long", voided=False),
            ),
            models.Index(
                fields=["changed_at", "id"],
                name="problem_back_queue",
                condition=Q(status="run", voided=False, sent_back__gt=0),
            ),
            models.Index(fields=["closed_at"], name="problem_closed"),
            # what was put right at a site since a look, and what was merged away there
            models.Index(
                fields=["site", "closed_at"],
                name="problem_fixed_at_site",
                condition=Q(site__isnull=False, outcome__in=["fixed", "duplicate"]),
            ),
            # rare flags: the few that carry one are found without walking the many
            models.Index(fields=["filed_at"], name="problem_back", condition=Q(sent_back__gt=0)),
            models.Index(fields=["filed_at"], name="problem_again", condition=Q(relapsed__gt=0)),
            models.Index(fields=["filed_at"], name="problem_parked", condition=Q(parked=True)),
            models.Index(fields=["filed_at"], name="problem_on_spot", condition=Q(on_spot=True)),
            models.Index(fields=["filed_at"], name="problem_asking", condition=~Q(asking="")),
            models.Index(fields=["filed_at"], name="problem_paused", condition=Q(paused=True)),
            # what may be the same matter: open, or closed lately, of these kinds here or nearby
            models.Index(fields=["region", "kind", "closed_at"], name="problem_alike"),
            models.Index(
                Floor(models.F("latitude") * 1000),
                Floor(models.F("longitude") * 1000),
                "closed_at",
                name="problem_nearby",
                condition=Q(latitude__isnull=False),
            ),
            models.Index(
                fields=["due_at"],
                name="problem_due",
                condition=Q(status__in=["new", "run", "long"], voided=False, due_at__isnull=False),
            ),
            # the watchdogs of signing and verifying look at these few only
            models.Index(
                fields=["sign_due_at"],
                name="problem_sign_due",
                condition=Q(status="run", signed_at=None, voided=False, sign_due_at__isnull=False),
            ),
            models.Index(
                fields=["verify_due_at"],
                name="problem_verify_due",
                condition=Q(status="check", voided=False, verify_due_at__isnull=False),
            ),
            models.Index(
                fields=["source"],
                name="problem_from_above",
                condition=Q(source__in=["province", "leader"]),
            ),
            models.Index(
                fields=["source"],
                name="problem_from_citizens",
                condition=Q(source__in=["citizen", "hotline"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["number_region", "number_day", "number_seq"], name="problem_number_once"
            ),
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=~Q(external_id=""),
                name="problem_external_once",
            ),
            models.CheckConstraint(
                name="problem_closed_has_outcome",
                condition=Q(status="done", closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(status="done") & Q(closed_at__isnull=True, outcome=""),
            ),
            models.CheckConstraint(
                name="problem_running_has_lead",
                condition=Q(status__in=["new", "done", "check"])
                | Q(lead_unit__isnull=False, dispatched_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.id)

    def title(self) -> str:
        """Place and kind, parted by one full-width space."""
        return f"{self.place}\u3000{self.kind_name()}"

    def kind_name(self) -> str:
        """The kind's name in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.kind.name_en if english else self.kind.name_zh

    def is_open(self) -> bool:
        """Whether it is still owed."""
        return self.status != Status.DONE and not self.voided

    def is_late(self, now: datetime | None = None) -> bool:
        """Whether the fix is due and not handed in."""
        waiting = self.status in {Status.NEW, Status.RUN, Status.LONG}
        return bool(waiting and self.due_at and self.due_at < (now or timezone.now()))


class Party(models.Model):
    """Who may see a problem: one row per unit or region, with what its list needs.

    ``part`` is the strongest reason; ``status`` repeats the problem's status, or ``void``;
    ``due_at`` its due time, so that every list of every reader is one index scan.
    """

    id = models.BigAutoField(primary_key=True)
    problem = models.ForeignKey(
        Problem, on_delete=models.CASCADE, related_name="party_rows", db_index=False
    )
    scope = models.UUIDField()
    part = models.CharField(max_length=12, choices=Part.choices)
    status = models.CharField(max_length=6)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["problem", "scope"], name="party_once")]
        indexes = [
            models.Index(fields=["scope", "status", "created_at", "problem"], name="party_newest"),
            models.Index(fields=["scope", "status", "due_at", "problem"], name="party_due"),
            models.Index(fields=["scope", "created_at", "problem"], name="party_all"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.part}"
