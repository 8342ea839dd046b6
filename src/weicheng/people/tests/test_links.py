"""One-time links open once, not by looking, and not after their time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from weicheng.people import links
from weicheng.people.models import LoginLink, Person, Post, Unit, UnitKind, User
from weicheng.people.roles import Role

BASE = "http://127.0.0.1:8000"
pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    person = Person.objects.create(name="王×")
    return User.objects.create_user("wang", role=Role.OFFICE, person=person)


@pytest.fixture
def demo(settings: Any) -> None:
    settings.DEMO = True


def path_of(address: str) -> str:
    return urlsplit(address).path


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_looking_does_not_use_it(client: Client, clerk: User, demo: None) -> None:
    path = path_of(links.link_for(clerk, BASE))
    for _scanner in range(3):
        page = client.get(path)
        assert "以“创卫办 王×”身份进入" in page.content.decode()
    assert not signed_in(client)
    client.post(path)
    assert signed_in(client)


def test_it_opens_once(clerk: User, demo: None) -> None:
    path = path_of(links.link_for(clerk, BASE))
    Client().post(path)
    second = Client()
    answer = second.post(path)
    assert answer.status_code == 410
    assert "这个链接已不能用" in answer.content.decode()
    assert not signed_in(second)


@pytest.mark.parametrize(("is_demo", "life"), [(True, 24 * 60), (False, 10)])
def test_it_lives_ten_minutes_and_in_the_demo_a_day(
    client: Client, clerk: User, settings: Any, is_demo: bool, life: int
) -> None:
    settings.DEMO = is_demo
    path = path_of(links.link_for(clerk, BASE))
    with time_machine.travel(timezone.now() + timedelta(minutes=life - 1)):
        assert client.get(path).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=life, seconds=1)):
        assert client.get(path).status_code == 410


def test_only_its_hash_is_kept(clerk: User) -> None:
    secret = path_of(links.link_for(clerk, BASE)).split("/")[-2]
    assert len(secret) == 43
    assert LoginLink.objects.get().digest != secret
    assert secret not in str(LoginLink.objects.values_list())


def test_the_link_of_a_closed_account_is_dead(client: Client, clerk: User) -> None:
    path = path_of(links.link_for(clerk, BASE))
    User.objects.update(is_active=False)
    assert client.post(path).status_code == 410


def test_a_made_up_link_opens_nothing(client: Client) -> None:
    assert client.get("/login/link/made-up/").status_code == 410


def test_a_demo_link_opens_a_signer_s_pages_at_once(client: Client, demo: None) -> None:
    leader = User.objects.create_user("zhou", role=Role.LEADER)
    client.post(path_of(links.link_for(leader, BASE)))
    assert client.get("/me/").status_code == 200


def test_outside_the_demo_a_signer_still_shows_the_second_factor(client: Client) -> None:
    leader = User.objects.create_user("zhou", role=Role.LEADER)
    answer = client.post(path_of(links.link_for(leader, BASE)))
    assert answer.headers["Location"] == "/login/code/"
    assert not signed_in(client)


def test_outside_the_demo_the_newcomer_sets_a_password_first(client: Client, clerk: User) -> None:
    client.post(path_of(links.link_for(clerk, BASE)))
    assert client.get("/me/").headers["Location"] == "/me/password/"
    page = client.get("/me/password/").content.decode()
    assert "设密码" in page
    assert "现在的密码" not in page
    client.post("/me/password/", {"new": "Wutong-4521z", "again": "Wutong-4521z"})
    assert client.get("/me/").status_code == 200


def test_the_demo_gives_one_link_for_each_role_it_has(clerk: User, demo: None) -> None:
    User.objects.create_user("zhou", role=Role.LEADER)
    User.objects.create_user("wang2", role=Role.OFFICE)
    found = links.demo_links(BASE)
    assert [label for label, _address in found] == ["指挥长 zhou", "创卫办 王×"]
    assert len({address for _label, address in found}) == 2


def test_the_demo_gives_the_head_of_a_group_a_link_beside_the_first_of_the_role(
    clerk: User, demo: None
) -> None:
    group = Unit.objects.create(name="市容环境专责组", short_name="市容组", kind=UnitKind.GROUP)
    head = Person.objects.create(name="韩×")
    Post.objects.create(person=head, unit=group, sort=Post.Sort.WORKING)
    User.objects.create_user("huanwei", role=Role.UNIT)
    User.objects.create_user("zuzhang", role=Role.UNIT, person=head)
    found = [label for label, _address in links.demo_links(BASE)]
    assert found == ["创卫办 王×", "责任单位 huanwei", "责任单位 韩×（市容组）"]


def test_an_empty_installation_gets_its_first_office_account() -> None:
    first = links.first_office_link(BASE)
    assert first is not None
    assert User.objects.get().role == Role.OFFICE
    assert links.first_office_link(BASE) is not None
    assert User.objects.count() == 1


def test_an_installation_in_use_gives_no_such_link(clerk: User) -> None:
    clerk.set_password("Wutong-4521z")
    clerk.save()
    assert links.first_office_link(BASE) is None
