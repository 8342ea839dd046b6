from django.db import migrations, models

KINDS = [
    ("duty", "包保分工表"),
    ("duties", "责任分工表"),
    ("ledger", "问题台账"),
    ("messages", "群众留言"),
    ("places", "点位表"),
    ("regions", "区划表"),
    ("people", "人员表"),
    ("chat", "微信群聊天"),
    ("unknown", "还认不出"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0003_leads_outside"),
    ]

    operations = [
        migrations.AlterField(
            model_name="batch",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=10),
        ),
        migrations.AlterField(
            model_name="mapping",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=10),
        ),
    ]
