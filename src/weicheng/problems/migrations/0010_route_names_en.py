"""The first rows of who is proposed have English names too."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

NAMES = {
    "省级反馈": "Found by the province",
    "线缆": "Cables",
    "无物业小区": "Estates without a manager",
    "其余的": "Everything else",
}


def fill(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("problems", "RouteRule")
    for name, name_en in NAMES.items():
        rules.objects.filter(name=name, name_en="").update(name_en=name_en)


class Migration(migrations.Migration):
    dependencies = [("problems", "0009_lists_stay_flat")]

    operations = [
        migrations.AddField(
            model_name="routerule",
            name="name_en",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
