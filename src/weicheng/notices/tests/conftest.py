"""A provider on this machine, approved by two people, and a robot of 环卫局 on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from weicheng.notices import acts
from weicheng.notices.models import Channel
from weicheng.notices.tests.provider import HOST, Provider, provider

if TYPE_CHECKING:
    from tests.district import District


@pytest.fixture(scope="session")
def one_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with provider(tmp_path_factory.mktemp("provider")) as found:
        yield found


@pytest.fixture
def robot_maker(one_provider: Provider, settings: Any) -> Provider:
    """The provider as new: nothing heard, in a kind mood; its authority is known to us."""
    settings.CHANNEL_CA = one_provider.ca
    one_provider.mood, one_provider.reached = "kind", 0
    one_provider.heard.clear()
    one_provider.paths.clear()
    return one_provider


def approved(d: District, port: int) -> None:
    """The provider's host, proposed by the office and approved by the administrator."""
    from django.utils import timezone

    entry = acts.propose(host=HOST, port=port, note="测试", by=d.office, now=timezone.now())
    assert entry is not None
    assert acts.approve(entry, by=d.users["管理员"])


def robot(
    d: District, made: Provider, unit: str = "环卫局", sort: str = "wecom", secret: str = ""
) -> Channel:
    """A robot of a unit's group at the provider."""
    from weicheng.notices.models import PrivateHost

    if not PrivateHost.objects.exists():
        approved(d, made.port)
    url = f"https://{HOST}:{made.port}/cgi-bin/webhook/send?key=geheim"
    return acts.connect(
        sort=sort, name=f"{unit}群", url=url, secret=secret, region=d.regions["凤凰区"],
        unit=d.units[unit],
    )  # fmt: skip


@pytest.fixture
def channel(district: District, robot_maker: Provider) -> Channel:
    return robot(district, robot_maker)
