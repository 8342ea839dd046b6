import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0003_marks_by_phone"),
        ("people", "0007_temporary_accounts"),
    ]

    operations = [
        migrations.AddField(
            model_name="guest",
            name="home",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.unit",
            ),
        ),
    ]
