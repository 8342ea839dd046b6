import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0002_draws_that_can_be_made_again"),
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
