"""What evidence is: bytes kept once (Blob) and each use made of them (Attachment).

Equal bytes share a blob; words, times and positions belong to the attachment and can be erased."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from weicheng.journal.ids import uuid7


class Purpose(models.TextChoices):
    """What an attachment is for; `before` and `after` must be pictures, `voice` a recording."""

    BEFORE = "before", gettext_lazy("整改前")
    AFTER = "after", gettext_lazy("整改后")
    SIGNATURE = "signature", gettext_lazy("签字")
    LETTER = "letter", gettext_lazy("函件")
    TABLE = "table", gettext_lazy("表格")
    VOICE = "voice", gettext_lazy("语音")
    OTHER = "other", gettext_lazy("其他")


class TakenSource(models.TextChoices):
    """Where the time of taking is known from."""

    EXIF = "exif", gettext_lazy("照片自带")
    NAME = "name", gettext_lazy("文件名")
    TYPED = "typed", gettext_lazy("人工填写")
    NONE = "none", gettext_lazy("不详")


class PositionSource(models.TextChoices):
    """Where the position is known from."""

    EXIF = "exif", gettext_lazy("照片自带")
    DEVICE = "device", gettext_lazy("手机定位")
    TYPED = "typed", gettext_lazy("人工选点")
    NONE = "none", gettext_lazy("不详")


class Retention(models.TextChoices):
    """How long an attachment is kept."""

    CASE = "case", gettext_lazy("随问题保存")
    LONG = "long", gettext_lazy("长期保存")
    SHORT = "short", gettext_lazy("办结六个月后删除")


class Blob(models.Model):
    """Bytes kept under their SHA-256. `size` in bytes; `width`, `height` in pixels, upright."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    phash = models.BigIntegerField(null=True)  # 64-bit difference hash, as a signed integer
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = gettext_lazy("文件")

    def __str__(self) -> str:
        return f"{self.media_type} {self.sha256[:12]}"

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")


class Attachment(models.Model):
    """One use of a blob. Upper apps hold the foreign key; erasing leaves the row as a tombstone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    blob = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="attachments")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    filename = models.CharField(max_length=120, blank=True)
    taken_at = models.DateTimeField(null=True)
    taken_source = models.CharField(
        max_length=8, choices=TakenSource.choices, default=TakenSource.NONE
    )
    latitude = models.FloatField(null=True)  # WGS84 degrees
    longitude = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    position_source = models.CharField(
        max_length=8, choices=PositionSource.choices, default=PositionSource.NONE
    )
    retention = models.CharField(max_length=8, choices=Retention.choices, default=Retention.CASE)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = gettext_lazy("凭证")
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="attachment_has_its_blob_until_erased",
                condition=Q(erased_at__isnull=True, blob__isnull=False)
                | Q(erased_at__isnull=False, blob__isnull=True, filename=""),
            ),
            models.CheckConstraint(
                name="attachment_position_is_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"

    @property
    def is_picture(self) -> bool:
        return self.blob is not None and self.blob.is_picture


class Fingerprint(models.Model):
    """The words of a picture (signed 32-bit, see evidence.marks) and where they stand in it."""

    blob = models.OneToOneField(
        Blob, primary_key=True, on_delete=models.CASCADE, related_name="fingerprint"
    )
    words = ArrayField(models.IntegerField(), default=list)
    spots = models.BinaryField()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["words"], name="fingerprint_words")]

    def __str__(self) -> str:
        return f"{self.blob_id} {len(self.words)}"


class Twin(models.Model):
    """Two files that show the same picture; they agree in ``points`` corners. Kept both ways."""

    id = models.BigAutoField(primary_key=True)
    blob = models.ForeignKey(Blob, on_delete=models.CASCADE, related_name="+")
    twin = models.ForeignKey(Blob, on_delete=models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["blob", "twin"], name="twins_once")
        ]

    def __str__(self) -> str:
        return f"{self.blob_id} {self.twin_id}"
