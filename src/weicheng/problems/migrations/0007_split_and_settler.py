"""Two more words: the outcome 已拆分 and the part of the group that settles a dispute."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Choices only; no column changes."""

    dependencies = [("problems", "0006_route_alike_nearby_first_rules")]

    operations = [
        migrations.AlterField(
            model_name="party",
            name="part",
            field=models.CharField(
                choices=[
                    ("region", "辖区"),
                    ("territory", "属地"),
                    ("bureau", "行业主管"),
                    ("sponsor", "包保单位"),
                    ("lead", "牵头单位"),
                    ("responsible", "责任单位"),
                    ("support", "配合单位"),
                    ("finder", "上报单位"),
                    ("settler", "裁定单位"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="problem",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("fixed", "验收合格"),
                    ("gone", "自然消失"),
                    ("duplicate", "重复件"),
                    ("cannot", "无法整改"),
                    ("declined", "不予受理"),
                    ("split", "已拆分"),
                ],
                max_length=10,
            ),
        ),
    ]
