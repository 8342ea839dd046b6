"""Codes of the authenticator follow RFC 6238 and are taken once."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from weicheng.people import codes
from weicheng.people.models import SecondFactor, User
from weicheng.people.roles import Role

SECRET = base64.b32encode(b"12345678901234567890").decode()


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_examples_of_rfc_6238(seconds: int, code: str) -> None:
    assert codes.matching_step(SECRET, code, now=at(seconds)) == seconds // 30


def test_one_step_either_way_is_allowed_and_two_are_not() -> None:
    moment = at(1111111109)
    for steps, allowed in ((-1, True), (1, True), (-2, False), (2, False)):
        found = codes.matching_step(SECRET, "081804", now=moment + timedelta(seconds=30 * steps))
        assert (found is not None) is allowed


@pytest.mark.parametrize("typed", ["０８１８０４", "081 804", "081-804", " 081804 "])
def test_full_width_digits_and_spaces_do_no_harm(typed: str) -> None:
    assert codes.matching_step(SECRET, typed, now=at(1111111109)) is not None


@pytest.mark.parametrize("typed", ["", "81804", "0818041", "abcdef", "٠٨١٨٠٤"])
def test_anything_else_is_no_code(typed: str) -> None:
    assert codes.matching_step(SECRET, typed, now=at(1111111109)) is None


@pytest.fixture
def leader(db: None) -> User:
    return User.objects.create_user("zhou", role=Role.LEADER)


def test_a_code_is_taken_once(leader: User) -> None:
    codes.enrol(leader, SECRET, "287082", now=at(59))
    assert codes.accept(leader, "081804", now=at(1111111109))
    assert not codes.accept(leader, "081804", now=at(1111111109))


def test_the_code_of_the_set_up_is_not_taken_again(leader: User) -> None:
    codes.enrol(leader, SECRET, "287082", now=at(59))
    assert not codes.accept(leader, "287082", now=at(59))


def test_a_recovery_code_works_once_and_in_any_writing(leader: User) -> None:
    shown = codes.enrol(leader, SECRET, "287082", now=at(59))
    assert shown is not None
    assert codes.accept(leader, shown[0].lower().replace("-", " "), now=at(1111111109))
    assert not codes.accept(leader, shown[0], now=at(1111111109))
    assert codes.accept(leader, shown[1], now=at(1111111109))


def test_a_wrong_code_sets_nothing_up(leader: User) -> None:
    assert codes.enrol(leader, SECRET, "000000", now=at(59)) is None
    assert not codes.is_enrolled(leader)


def test_neither_secret_nor_recovery_codes_stand_in_the_table(leader: User) -> None:
    shown = codes.enrol(leader, SECRET, "287082", now=at(59))
    row = SecondFactor.objects.get(user=leader)
    assert SECRET not in row.secret
    assert codes.unseal(row.secret) == SECRET
    assert shown is not None
    assert not {code.replace("-", "") for code in shown} & set(row.recovery)


def test_a_changed_key_still_opens_with_the_one_before(settings: object) -> None:
    sealed = codes.seal(SECRET)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert codes.unseal(sealed) == SECRET
    settings.SECRET_KEY_FALLBACKS = []  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="another key"):
        codes.unseal(sealed)
