"""When a site was entered; of those there are, their time-ordered ids tell."""

from datetime import UTC, datetime

import django.utils.timezone
from django.db import migrations, models


def from_ids(apps, schema_editor):
    sites = apps.get_model("places", "Site")
    rows = [row for row in sites.objects.only("pk") if row.pk.version == 7]
    for row in rows:
        row.entered_at = datetime.fromtimestamp((row.pk.int >> 80) / 1000, tz=UTC)
    sites.objects.bulk_update(rows, ["entered_at"], batch_size=2000)


class Migration(migrations.Migration):
    dependencies = [("places", "0001_regions_sites_campaign")]

    operations = [
        migrations.AddField(
            model_name="site",
            name="entered_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.RunPython(from_ids, migrations.RunPython.noop),
    ]
