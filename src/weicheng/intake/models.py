"""What arrives before it is a problem: leads (线索), import batches, remembered mappings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weicheng.journal.ids import uuid7
from weicheng.people.directory import directory


class BatchKind(models.TextChoices):
    DUTY = "duty", _("包保分工表")
    DUTIES = "duties", _("责任分工表")
    LEDGER = "ledger", _("问题台账")
    MESSAGES = "messages", _("群众留言")
    PLACES = "places", _("点位表")
    REGIONS = "regions", _("区划表")
    PEOPLE = "people", _("人员表")
    CHAT = "chat", _("微信群聊天")
    UNKNOWN = "unknown", _("还认不出")


WATCHERS = frozenset({"office", "leader", "auditor"})


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows of the districts that this user's office works for."""

    def visible_to(self, user: Any) -> ScopedQuerySet:
        """Only the office (and the leaders and auditors who watch it) sees what arrives."""
        if user.role not in WATCHERS:
            return self.none()
        roots = user.region_roots()
        if roots is None:
            return self
        wanted = set(roots)
        inside = [r.id for r in directory().regions.values() if wanted & set(r.ancestors)]
        return self.filter(district__in=inside)


class Drop(models.Model):
    """The bytes of one dropped file, kept only until everything in it is taken in.

    ``at``: for a photo, when it was taken or sent, as far as its name or its data tell.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    filename = models.CharField(max_length=200, blank=True)
    is_picture = models.BooleanField(default=False)
    content = models.BinaryField()
    size = models.IntegerField(default=0)
    at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.filename


class Batch(models.Model):
    """One file or paste, kept as it came, with what was made of it."""

    class State(models.TextChoices):
        READING = "reading", _("正在读")
        READ = "read", _("待确认")
        RUNNING = "running", _("导入中")
        DONE = "done", _("已导入")
        FAILED = "failed", _("未导入")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    district = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=BatchKind.choices)
    filename = models.CharField(max_length=200, blank=True)
    drops = models.ManyToManyField(Drop, related_name="batches")
    state = models.CharField(max_length=8, choices=State.choices, default=State.READ)
    sheet = models.CharField(max_length=80, blank=True)
    mapping = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    error_sheet = models.ForeignKey(
        "evidence.Attachment", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.filename

    @property
    def sheet_name(self) -> str:
        """The sheet's own name; tables of a Word paper have none."""
        return "" if self.sheet.isdigit() else self.sheet


class Mapping(models.Model):
    """Columns that an office confirmed once, remembered by the header's wording."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=BatchKind.choices)
    signature = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "signature"], name="mapping_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.signature[:8]}"


class LeadSource(models.TextChoices):
    WECHAT = "wechat", _("微信群")
    MESSAGE = "message", _("群众留言")
    HOTLINE = "hotline", _("12345热线")
    CITIZEN = "citizen", _("群众反映")
    PHONE = "phone", _("电话")


class AsideReason(models.TextChoices):
    OUTSIDE = "outside", _("不属于创卫")
    UNCLEAR = "unclear", _("内容不清")
    REPEATED = "repeated", _("重复")
    CHATTER = "chatter", _("闲聊")
    DONE = "done", _("已经办过")
    MERGED = "merged", _("并入另一条")


class Lead(models.Model):
    """线索: something said, outside every count until the office files it or sets it aside.

    ``said_at`` is the original time; ``proposal`` the kind that the words suggest, or
    ``outside`` the category that others deal with ('' if unknown), with ``confidence`` 0–100 and
    the words that decided; ``doubts`` are codes of why to look twice.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待处理")
        FILED = "filed", _("已立为问题")
        ASIDE = "aside", _("已搁置")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    district = models.ForeignKey("places.Region", on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="leads")
    source = models.CharField(max_length=10, choices=LeadSource.choices)
    external_source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=80, blank=True)
    author = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    said_at = models.DateTimeField()
    received_at = models.DateTimeField()
    region = models.ForeignKey(
        "places.Region", null=True, on_delete=models.PROTECT, related_name="+"
    )
    site = models.ForeignKey("places.Site", null=True, on_delete=models.SET_NULL, related_name="+")
    place = models.CharField(max_length=200, blank=True)
    proposal = models.ForeignKey(
        "standards.ProblemKind", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confidence = models.PositiveSmallIntegerField(default=0)
    outside = models.CharField(max_length=20, null=True)
    deciding_words = models.JSONField(default=list)
    doubtful = models.BooleanField(default=False)
    doubts = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    aside_reason = models.CharField(max_length=10, choices=AsideReason.choices, blank=True)
    problem = models.ForeignKey(
        "problems.Problem", null=True, on_delete=models.PROTECT, related_name="leads"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision = models.UUIDField(null=True)
    search = SearchVectorField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="lead_search"),
            models.Index(
                fields=["district", "state", "source", "said_at", "id"], name="lead_queue"
            ),
            models.Index(fields=["district", "state", "said_at", "id"], name="lead_pool"),
            models.Index(fields=["decision"], name="lead_decision"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=~Q(external_id=""),
                name="lead_external_once",
            ),
            models.CheckConstraint(
                name="lead_decided_is_whole",
                condition=Q(state="waiting", decided_at__isnull=True, problem__isnull=True)
                | Q(state="filed", decided_at__isnull=False, problem__isnull=False)
                | Q(state="aside", decided_at__isnull=False, problem__isnull=True)
                & ~Q(aside_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:40]


class LeadPhoto(models.Model):
    """A picture that came with a lead, in order."""

    id = models.BigAutoField(primary_key=True)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="photos")
    attachment = models.ForeignKey(
        "evidence.Attachment", on_delete=models.PROTECT, related_name="lead_photos"
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.order}"
