"""What may be the same matter is found by place and nearness; the first rows of who is proposed."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models.functions import Floor

FIRST_ROWS: tuple[dict[str, Any], ...] = (
    {
        "name": "省级反馈", "source": "province", "lead_by": "duty", "verifier": "superior",
        "others_by": ["responsible:territory"], "note": "上级反馈的，改完由上级验收。",
    },
    {
        "name": "线缆", "group_zh": "蜘蛛网", "lead_by": "duty",
        "others_by": ["responsible:operators", "support:territory"],
        "note": "剪线前由运营商逐条认定。",
    },
    {
        "name": "无物业小区", "site_type_key": "estate", "site_tag": "无物业", "lead_by": "territory",
        "others_by": ["responsible:community"], "note": "没有物业的小区由属地兜底。",
    },
    {
        "name": "其余的", "lead_by": "duty", "others_by": ["responsible:territory"],
        "note": "先看责任分解，再看行业主管，最后归属地。",
    },
)  # fmt: skip


def seed(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("problems", "RouteRule")
    if not rules.objects.exists():
        for order, row in enumerate(FIRST_ROWS, start=1):
            rules.objects.create(order=order * 10, **row)


class Migration(migrations.Migration):
    dependencies = [("problems", "0005_deadlines_requests_links_routes")]

    operations = [
        migrations.RemoveIndex(model_name="problem", name="problem_alike"),
        migrations.AddField(
            model_name="routerule",
            name="site_tag",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(fields=["region", "kind", "closed_at"], name="problem_alike"),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                Floor(models.F("latitude") * 1000),
                Floor(models.F("longitude") * 1000),
                "closed_at",
                condition=models.Q(latitude__isnull=False),
                name="problem_nearby",
            ),
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
