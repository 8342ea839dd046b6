"""One's own account: password policy, sessions that end, nothing kept about log-ins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from weicheng.people import passwords, sessions
from weicheng.people.models import OldPassword, Person, Session, User
from weicheng.people.roles import Role

PASSWORD = "Hongye-7788x"
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) Chrome/90"
PHONE = "Mozilla/5.0 (Linux; Android 10) Mobile MicroMessenger/8"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def clerk() -> User:
    person = Person.objects.create(name="王小明", pinyin="wangxiaoming")
    return User.objects.create_user("wxm01", role=Role.OFFICE, person=person, password=PASSWORD)


def enter(user: User, agent: str = DESKTOP) -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post("/login/", {"username": user.username, "password": PASSWORD})
    return client


@pytest.mark.parametrize(
    "bad",
    [
        "Ab1-short",
        "alllowercaseletters",
        "lowercase12345678",
        "Password123!",
        "Chuangwei-2026",
        "我们创卫Abc-9981",
        "wxm01-Abcdefg",
        "王小明-Abcdefg7",
        "Wangxiaoming-77",
    ],
)
def test_a_weak_password_is_refused(clerk: User, bad: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(bad, clerk)


@pytest.mark.parametrize("good", ["Wutong-4521z", "柳树Xia-2931", "correct Horse 7 battery"])
def test_a_good_password_is_taken(clerk: User, good: str) -> None:
    validate_password(good, clerk)
    passwords.take(clerk, good)
    clerk.refresh_from_db()
    assert clerk.check_password(good)
    assert not clerk.check_password(PASSWORD)


def test_the_last_five_are_not_taken_again(clerk: User) -> None:
    for n in range(5):
        passwords.take(clerk, f"Wutong-452{n}z")
    for n in range(5):
        with pytest.raises(ValidationError):
            validate_password(f"Wutong-452{n}z", clerk)
    validate_password(PASSWORD, clerk)
    assert OldPassword.objects.filter(user=clerk).count() == 5


def test_the_current_password_is_not_taken_again(clerk: User) -> None:
    with pytest.raises(ValidationError):
        validate_password(PASSWORD, clerk)


def test_changing_the_password_asks_for_the_old_one(clerk: User) -> None:
    client = enter(clerk)
    new = {"new": "Wutong-4521z", "again": "Wutong-4521z"}
    assert "现在的密码不对" in client.post("/me/password/", {"old": "x", **new}).content.decode()
    assert client.post("/me/password/", {"old": PASSWORD, **new}).status_code == 302
    clerk.refresh_from_db()
    assert clerk.check_password("Wutong-4521z")


def test_changing_the_password_ends_other_sessions_but_not_this(clerk: User) -> None:
    here, elsewhere = enter(clerk), enter(clerk)
    new = {"old": PASSWORD, "new": "Wutong-4521z", "again": "Wutong-4521z"}
    here.post("/me/password/", new)
    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302


def test_two_different_new_ones_are_refused(clerk: User) -> None:
    new = {"old": PASSWORD, "new": "Wutong-4521z", "again": "Wutong-4522z"}
    assert "两遍填的不一样" in enter(clerk).post("/me/password/", new).content.decode()


def test_after_ninety_days_a_new_password_is_due(clerk: User) -> None:
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=91))
    client = enter(clerk)
    assert client.get("/me/").headers["Location"] == "/me/password/"


@pytest.mark.parametrize(
    ("role", "agent", "minutes"),
    [
        (Role.OFFICE, DESKTOP, 30),
        (Role.ADMIN, DESKTOP, 15),
        (Role.INSPECTOR, PHONE, 12 * 60),
        (Role.ADMIN, PHONE, 15),
        (Role.OFFICE, PHONE, 30),
    ],
)
def test_an_idle_session_ends(role: str, agent: str, minutes: int) -> None:
    user = User(username="x", role=role)
    assert sessions.idle_seconds(user, sessions.device_of(agent)) == minutes * 60


def test_half_an_hour_of_rest_ends_the_session(clerk: User) -> None:
    client, start = enter(clerk), timezone.now()
    with time_machine.travel(start + timedelta(minutes=29)):
        assert client.get("/me/").status_code == 200
    with time_machine.travel(start + timedelta(minutes=58)):
        assert client.get("/me/").status_code == 200
    with time_machine.travel(start + timedelta(minutes=89)):
        assert client.get("/me/").status_code == 302


def test_no_session_outlives_twelve_hours(clerk: User) -> None:
    client, start = enter(clerk), timezone.now()
    for look in range(1, 26):  # never at rest for half an hour
        with time_machine.travel(start + timedelta(minutes=28.5 * look)):
            assert client.get("/me/").status_code == 200
    with time_machine.travel(start + timedelta(hours=12, seconds=1)):
        assert client.get("/me/").status_code == 302


def test_my_page_shows_my_sessions_and_ends_one(clerk: User) -> None:
    here, phone = enter(clerk), enter(clerk, PHONE)
    page = here.get("/me/").content.decode()
    assert "手机微信" in page
    assert "就是这台" in page
    other = Session.objects.get(user=clerk, device="phone:wechat")
    assert str(other.public_id) in page
    assert other.session_key not in page
    here.post(f"/me/sessions/{other.public_id}/end/")
    assert phone.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200


def test_somebody_else_s_session_cannot_be_ended(clerk: User) -> None:
    stranger = User.objects.create_user("zhao", role=Role.UNIT, password=PASSWORD)
    here, theirs = enter(clerk), enter(stranger)
    foreign = Session.objects.get(user=stranger)
    assert here.post(f"/me/sessions/{foreign.public_id}/end/").status_code == 404
    assert theirs.get("/me/").status_code == 200


def test_all_other_sessions_end_at_once(clerk: User) -> None:
    here, one, two = enter(clerk), enter(clerk), enter(clerk, PHONE)
    here.post("/me/sessions/end-others/")
    assert [c.get("/me/").status_code for c in (here, one, two)] == [200, 302, 302]


def test_a_session_keeps_its_public_name(clerk: User) -> None:
    client = enter(clerk)
    before = Session.objects.get(user=clerk).public_id
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        client.get("/me/")
    assert Session.objects.get(user=clerk).public_id == before


def test_pages_of_the_signed_in_are_not_kept_by_browsers(clerk: User) -> None:
    assert enter(clerk).get("/me/").headers["Cache-Control"] == "no-store"


def test_nobody_s_log_ins_are_counted_or_dated(clerk: User) -> None:
    for _n in range(3):
        enter(clerk).post("/logout/")
    assert not Session.objects.filter(user=clerk).exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name ~ 'login|last_seen'"
        )
        assert cursor.fetchall() == []


def test_the_nightly_sweep_throws_away_what_is_over(clerk: User) -> None:
    from weicheng.people.jobs import sweep_nightly
    from weicheng.people.models import LoginLink, Tries

    enter(clerk)
    past = timezone.now() - timedelta(days=2)
    Session.objects.update(expire_date=past)
    LoginLink.objects.create(user=clerk, digest="x", expires_at=past)
    Tries.objects.create(key="y", last_at=past)
    sweep_nightly(timestamp=0)
    assert not Session.objects.exists()
    assert not LoginLink.objects.exists()
    assert not Tries.objects.filter(key="y").exists()
