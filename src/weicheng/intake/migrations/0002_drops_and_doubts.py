"""Dropped files wait in the database; leads say why to look twice."""

from django.conf import settings
from django.db import migrations, models

import weicheng.journal.ids


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0001_leads_and_batches"),
        ("places", "0001_regions_sites_campaign"),
        ("problems", "0002_events_are_append_only"),
        ("standards", "0002_revisions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Drop",
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
                ("filename", models.CharField(blank=True, max_length=200)),
                ("is_picture", models.BooleanField(default=False)),
                ("content", models.BinaryField()),
                ("size", models.IntegerField(default=0)),
                ("at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveField(
            model_name="batch",
            name="original",
        ),
        migrations.AddField(
            model_name="batch",
            name="started_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="lead",
            name="doubts",
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name="batch",
            name="kind",
            field=models.CharField(
                choices=[
                    ("duty", "包保分工表"),
                    ("ledger", "问题台账"),
                    ("messages", "群众留言"),
                    ("places", "点位表"),
                    ("regions", "区划表"),
                    ("people", "人员表"),
                    ("chat", "微信群聊天"),
                    ("unknown", "还认不出"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="batch",
            name="state",
            field=models.CharField(
                choices=[
                    ("reading", "正在读"),
                    ("read", "待确认"),
                    ("running", "导入中"),
                    ("done", "已导入"),
                    ("failed", "未导入"),
                ],
                default="read",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="aside_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("outside", "不属于创卫"),
                    ("unclear", "内容不清"),
                    ("repeated", "重复"),
                    ("chatter", "闲聊"),
                    ("done", "已经办过"),
                    ("merged", "并入另一条"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="mapping",
            name="kind",
            field=models.CharField(
                choices=[
                    ("duty", "包保分工表"),
                    ("ledger", "问题台账"),
                    ("messages", "群众留言"),
                    ("places", "点位表"),
                    ("regions", "区划表"),
                    ("people", "人员表"),
                    ("chat", "微信群聊天"),
                    ("unknown", "还认不出"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["district", "state", "said_at", "id"], name="lead_pool"),
        ),
        migrations.AddField(
            model_name="batch",
            name="drops",
            field=models.ManyToManyField(related_name="batches", to="intake.drop"),
        ),
    ]
