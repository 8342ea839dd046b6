"""Blobs and attachments."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import weicheng.journal.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Blob",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("size", models.PositiveBigIntegerField()),
                ("media_type", models.CharField(max_length=100)),
                ("width", models.PositiveIntegerField(null=True)),
                ("height", models.PositiveIntegerField(null=True)),
                ("phash", models.BigIntegerField(null=True)),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "文件",
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=weicheng.journal.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("before", "整改前"),
                            ("after", "整改后"),
                            ("signature", "签字"),
                            ("letter", "函件"),
                            ("table", "表格"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                    ),
                ),
                ("filename", models.CharField(blank=True, max_length=120)),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "taken_source",
                    models.CharField(
                        choices=[
                            ("exif", "照片自带"),
                            ("name", "文件名"),
                            ("typed", "人工填写"),
                            ("none", "不详"),
                        ],
                        default="none",
                        max_length=8,
                    ),
                ),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("accuracy_m", models.FloatField(null=True)),
                (
                    "position_source",
                    models.CharField(
                        choices=[
                            ("exif", "照片自带"),
                            ("device", "手机定位"),
                            ("typed", "人工选点"),
                            ("none", "不详"),
                        ],
                        default="none",
                        max_length=8,
                    ),
                ),
                (
                    "retention",
                    models.CharField(
                        choices=[
                            ("case", "随问题保存"),
                            ("long", "长期保存"),
                            ("short", "办结六个月后删除"),
                        ],
                        default="case",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "blob",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="evidence.blob",
                    ),
                ),
            ],
            options={
                "verbose_name": "凭证",
                "ordering": ["created_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("blob__isnull", False), ("erased_at__isnull", True)),
                            models.Q(
                                ("blob__isnull", True),
                                ("erased_at__isnull", False),
                                ("filename", ""),
                            ),
                            _connector="OR",
                        ),
                        name="attachment_has_its_blob_until_erased",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(
                                ("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))
                            ),
                            _connector="OR",
                        ),
                        name="attachment_position_is_whole",
                    ),
                ],
            },
        ),
    ]
