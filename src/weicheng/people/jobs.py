"""Nightly: sessions, links and counted tries that are over are thrown away."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from weicheng.people import tries
from weicheng.people.models import LoginLink, Session


@app.periodic(cron="20 19 * * *")  # UTC: 03:20 in Asia/Shanghai
@app.task(queueing_lock="people.sweep_nightly", pass_context=False)
def sweep_nightly(timestamp: int) -> None:
    """Nothing about log-ins is kept once it is over."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    LoginLink.objects.filter(expires_at__lt=now).delete()
    tries.sweep(now=now)
