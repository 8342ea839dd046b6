"""Partial indexes, so that rare flags are found without walking every problem."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("problems", "0002_events_are_append_only")]

    operations = [
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                condition=models.Q(("sent_back__gt", 0)), fields=["filed_at"], name="problem_back"
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                condition=models.Q(("relapsed__gt", 0)), fields=["filed_at"], name="problem_again"
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                condition=models.Q(("parked", True)), fields=["filed_at"], name="problem_parked"
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                condition=models.Q(("on_spot", True)), fields=["filed_at"], name="problem_on_spot"
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                condition=models.Q(("source__in", ["province", "leader"])),
                fields=["source"],
                name="problem_from_above",
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                condition=models.Q(("source__in", ["citizen", "hotline"])),
                fields=["source"],
                name="problem_from_citizens",
            ),
        ),
    ]
