"""Since when a site could be drawn; of those there are, since they were entered."""

from django.db import migrations, models


def from_entry(apps, schema_editor):
    sites = apps.get_model("places", "Site").objects.filter(active=True, built_up="inside")
    sites.update(drawable_since=models.F("entered_at"))


class Migration(migrations.Migration):
    dependencies = [("places", "0002_site_entered_at")]

    operations = [
        migrations.AddField(
            model_name="site",
            name="drawable_since",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(from_entry, migrations.RunPython.noop),
    ]
