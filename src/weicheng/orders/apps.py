"""The Django app of orders."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "weicheng.orders"
    label = "orders"
    verbose_name = "交办"
    default_auto_field = "django.db.models.BigAutoField"
