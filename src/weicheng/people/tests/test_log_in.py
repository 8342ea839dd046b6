"""People come in by password; guessing is slow, and unknown names are treated like known ones."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from weicheng.people import codes, tries
from weicheng.people.models import Person, Session, User
from weicheng.people.roles import Role

PASSWORD = "Hongye-7788x"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def clerk() -> User:
    person = Person.objects.create(name="王×")
    return User.objects.create_user("wang", role=Role.OFFICE, person=person, password=PASSWORD)


@pytest.fixture
def leader() -> User:
    return User.objects.create_user("zhou", role=Role.LEADER, password=PASSWORD)


def enter(client: Client, username: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post("/login/", {"username": username, "password": password, **extra})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_opens(client: Client, clerk: User) -> None:
    assert enter(client, "wang").status_code == 302
    assert signed_in(client)


def test_a_wrong_password_does_not(client: Client, clerk: User) -> None:
    answer = enter(client, "wang", "wrong")
    assert "账号或密码不对" in answer.content.decode()
    assert not signed_in(client)


def test_what_was_typed_stays_but_never_the_password(client: Client, clerk: User) -> None:
    page = enter(client, "wang", "wrong-secret").content.decode()
    assert 'value="wang"' in page
    assert "wrong-secret" not in page


def test_an_unknown_name_gets_the_same_words(client: Client, clerk: User) -> None:
    def words(name: str) -> str:
        page = enter(Client(), name, "wrong").content.decode()
        shown = page.split("<main")[1].split("</main>")[0].replace(name, "·")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", shown)

    assert words("wang") == words("nobody")


def test_an_unknown_name_costs_the_same_hashing(
    client: Client, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    counted: list[str] = []
    whole = MD5PasswordHasher.encode

    def counting(*args: Any) -> str:
        counted.append("x")
        return whole(*args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    enter(client, "wang", "wrong")
    known = len(counted)
    enter(client, "nobody", "wrong")
    assert len(counted) - known == known


def test_a_closed_account_stays_out(client: Client, clerk: User) -> None:
    User.objects.update(is_active=False)
    assert "账号或密码不对" in enter(client, "wang").content.decode()


def test_the_eleventh_try_is_not_even_checked(client: Client, clerk: User) -> None:
    for _n in range(10):
        enter(Client(), "wang", "wrong")
    answer = enter(client, "wang")
    assert "试的次数太多" in answer.content.decode()
    assert not signed_in(client)


def test_a_name_that_does_not_exist_locks_alike(client: Client) -> None:
    for _n in range(10):
        enter(Client(), "nobody", "wrong")
    assert "试的次数太多" in enter(client, "nobody").content.decode()


def test_the_lock_ends_after_a_quarter_of_an_hour(client: Client, clerk: User) -> None:
    for _n in range(10):
        enter(Client(), "wang", "wrong")
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        enter(client, "wang")
        assert signed_in(client)


def test_one_address_is_stopped_after_a_hundred_failures(client: Client, clerk: User) -> None:
    now = timezone.now()
    for _n in range(tries.PER_ADDRESS):
        assert not tries.admit("address", "127.0.0.1", tries.PER_ADDRESS, now=now)
    assert "试的次数太多" in enter(client, "wang").content.decode()


def test_colleagues_behind_one_address_do_not_stop_each_other(client: Client, clerk: User) -> None:
    for _n in range(tries.PER_ADDRESS - 1):
        tries.admit("address", "127.0.0.1", tries.PER_ADDRESS)
    for _n in range(3):
        one = Client()
        enter(one, "wang")
        assert signed_in(one)


def test_a_success_clears_the_account(client: Client, clerk: User) -> None:
    for _n in range(9):
        enter(Client(), "wang", "wrong")
    enter(Client(), "wang")
    for _n in range(9):
        enter(Client(), "wang", "wrong")
    enter(client, "wang")
    assert signed_in(client)


def test_no_names_or_addresses_stand_in_the_table_of_tries(client: Client, clerk: User) -> None:
    from weicheng.people.models import Tries

    enter(client, "wang", "wrong")
    assert Tries.objects.count() == 2
    assert all(len(row.key) == 64 for row in Tries.objects.all())


def test_the_session_id_changes_at_log_in(client: Client, clerk: User) -> None:
    client.get("/login/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    enter(client, "wang")
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != str(session.session_key)
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_the_way_back_is_kept(client: Client, clerk: User) -> None:
    assert client.get("/me/").headers["Location"] == "/login/?next=%2Fme%2F"
    assert 'value="/me/"' in client.get("/login/?next=/me/").content.decode()
    assert enter(client, "wang", next="/me/").headers["Location"] == "/me/"


@pytest.mark.parametrize("bad", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_never_leads_outside(client: Client, clerk: User, bad: str) -> None:
    assert "evil" not in enter(client, "wang", next=bad).headers["Location"]
    assert "javascript" not in client.get("/me/").headers.get("Location", "")


def test_a_signer_without_authenticator_must_set_one_up(client: Client, leader: User) -> None:
    assert enter(client, "zhou").headers["Location"] == "/login/code/"
    assert not signed_in(client)
    page = client.get("/login/code/").content.decode()
    assert "设置验证器" in page
    secret = page.split('class="secret">')[1].split("<")[0].replace(" ", "")
    answer = client.post("/login/code/", {"code": code_now(secret)})
    assert signed_in(client)
    assert answer.content.decode().count('class="code"') == 8


def test_the_password_alone_opens_nothing_for_a_signer(client: Client, leader: User) -> None:
    enter(client, "zhou")
    assert client.get("/me/").headers["Location"].startswith("/login/")


def test_a_signer_shows_the_code(client: Client, leader: User) -> None:
    secret = with_authenticator(leader)
    enter(client, "zhou", next="/me/")
    with time_machine.travel(timezone.now() + timedelta(seconds=60)):
        answer = client.post("/login/code/", {"code": code_now(secret)})
    assert answer.headers["Location"] == "/me/"
    assert client.session["second_factor"] == "totp"


def test_a_wrong_code_is_refused_and_five_end_it(client: Client, leader: User) -> None:
    secret = with_authenticator(leader)
    enter(client, "zhou")
    with time_machine.travel(timezone.now() + timedelta(seconds=60), tick=False):
        right = code_now(secret)
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        for _n in range(5):
            assert "验证码不对" in client.post("/login/code/", {"code": wrong}).content.decode()
        assert "试的次数太多" in client.post("/login/code/", {"code": right}).content.decode()
    assert not signed_in(client)


def test_a_clerk_who_chose_an_authenticator_is_asked_too(client: Client, clerk: User) -> None:
    with_authenticator(clerk)
    assert enter(client, "wang").headers["Location"] == "/login/code/"


def test_the_session_id_changes_before_the_second_factor_too(client: Client, leader: User) -> None:
    client.get("/login/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    enter(client, "zhou")
    planted = Client()
    planted.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    assert planted.get("/login/code/").headers["Location"] == "/login/"


def test_the_half_open_door_closes_after_ten_minutes(client: Client, leader: User) -> None:
    enter(client, "zhou")
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert client.get("/login/code/").headers["Location"] == "/login/"


def test_a_clerk_raised_to_signer_must_show_more_at_once(client: Client, clerk: User) -> None:
    enter(client, "wang")
    assert client.get("/me/").status_code == 200
    User.objects.update(role=Role.LEADER)
    assert client.get("/me/").headers["Location"].startswith("/login/code/")
    assert "设置验证器" in client.get("/login/code/").content.decode()


def test_log_out_kills_the_session_on_the_server(client: Client, clerk: User) -> None:
    enter(client, "wang")
    stolen = client.session.session_key
    client.post("/logout/")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = str(stolen)
    assert thief.get("/me/").status_code == 302
    assert not Session.objects.filter(session_key=stolen).exists()


def test_log_out_empties_the_browser_only_when_its_page_says_that_nothing_waits(
    client: Client, clerk: User
) -> None:
    enter(client, "wang")
    assert client.post("/logout/")["Clear-Site-Data"] == '"cache"'
    enter(client, "wang")
    answer = client.post("/logout/", {"clear_storage": "1"})
    assert answer["Clear-Site-Data"] == '"cache", "storage"'


def test_the_browser_is_told_who_signed_in_last(client: Client, clerk: User) -> None:
    enter(client, "wang")
    assert client.cookies["weicheng_signed_in"].value.split(".")[0] == str(clerk.pk)
    client.post("/logout/")
    assert client.cookies["weicheng_signed_in"].value == ""


def test_log_out_needs_a_post(client: Client, clerk: User) -> None:
    enter(client, "wang")
    assert client.get("/logout/").status_code == 405
    assert signed_in(client)


def code_now(secret: str) -> str:
    """What the authenticator shows now, reckoned apart from the code under test."""
    import base64
    import hmac
    import struct

    step = int(timezone.now().timestamp()) // 30
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), "sha1").digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def with_authenticator(user: User) -> str:
    secret = codes.new_secret()
    assert codes.enrol(user, secret, code_now(secret))
    return secret


@pytest.mark.django_db(transaction=True)
def test_parallel_tries_are_counted_one_by_one() -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    def one(_n: int) -> bool:
        try:
            return not tries.admit("account", "wang", tries.PER_ACCOUNT)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(30))) == tries.PER_ACCOUNT
