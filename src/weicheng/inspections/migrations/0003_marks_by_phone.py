"""Whether the marks on a paper of the panel came from its holder's own phone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0002_draws_that_can_be_made_again")]

    operations = [
        migrations.AddField(
            model_name="panelsheet",
            name="by_phone",
            field=models.BooleanField(default=False),
        ),
    ]
