"""The password policy mlps3: long, mixed, not common, not about the campaign, not reused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

LEAST_CLASSES = 3
REMEMBERED = 5
OLDEST = timedelta(days=90)
#: Words that everybody in the campaign would try first, in small letters.
CAMPAIGN_WORDS = (
    "创卫",
    "卫城",
    "chuangwei",
    "weicheng",
    "guowei",
    "admin",
    "password",
    "cw20",
    "123456",
    "qwerty",
    "abc123",
)


class MixedClasses:
    """At least three of: capital letters, small letters, digits, other signs."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a password of too few classes."""
        if len({_class_of(sign) for sign in password}) < LEAST_CLASSES:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        """The rule in one sentence."""
        return _("大写字母、小写字母、数字、其他符号，至少用其中三种。")


class NoCampaignWords:
    """No words of the campaign, the unit or the account."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a password that contains one of the words."""
        small = password.casefold()
        if any(word in small for word in (*CAMPAIGN_WORDS, *_own_words(user))):
            raise ValidationError(self.get_help_text(), code="password_words")

    def get_help_text(self) -> str:
        """The rule in one sentence."""
        return _("不要用“创卫”、单位名、本人姓名或账号，也不要用连号。")


class NotReused:
    """None of the last five."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse one of the passwords that this account had."""
        if user is None or user.pk is None or user._state.adding:
            return
        old = list(user.old_passwords.all()[:REMEMBERED].values_list("encoded", flat=True))
        if any(check_password(password, encoded) for encoded in old):
            raise ValidationError(self.get_help_text(), code="password_reused")

    def password_changed(self, password: str, user: Any = None) -> None:
        """Remember the new one and forget all but the last five."""
        if user is None or user.pk is None or not user.has_usable_password():
            return
        user.old_passwords.create(encoded=user.password)
        kept = user.old_passwords.all()[:REMEMBERED].values_list("pk", flat=True)
        user.old_passwords.exclude(pk__in=list(kept)).delete()

    def get_help_text(self) -> str:
        """The rule in one sentence."""
        return _("不能与最近五次用过的相同。")


def is_due(user: Any, *, now: datetime | None = None) -> bool:
    """Whether a password-only or administrator's account must take a new password (90 days)."""
    if not user.has_usable_password():
        return False
    if not user.second_factor_required and hasattr(user, "second_factor"):
        return False
    return bool((now or timezone.now()) - user.password_changed_at > OLDEST)


def take(user: Any, password: str, *, now: datetime | None = None) -> None:
    """Give the account its new password (already validated)."""
    user.set_password(password)
    user.password_changed_at = now or timezone.now()
    user.must_change_password = False
    user.save()


def _class_of(sign: str) -> str:
    if sign.isdigit():
        return "digit"
    if sign.isupper():
        return "capital"
    return "small" if sign.islower() else "other"


def _own_words(user: Any) -> list[str]:
    if user is None:
        return []
    person = getattr(user, "person", None)
    found = [user.get_username(), getattr(person, "name", ""), getattr(person, "pinyin", "")]
    for unit in user.working_units() if person else []:
        found += [unit.name, unit.short_name]
    return [word.casefold().replace(" ", "") for word in found if len(word) >= 2]
