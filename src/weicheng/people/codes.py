"""The second factor: codes of RFC 6238 (six digits, 30 s, one step either way) and recovery codes.

Every code is taken once.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import segno
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from weicheng.people.credentials import SecondFactor

STEP = 30
DIGITS = 6
SECRET_BYTES = 20
RECOVERY_CODES = 8
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_secret() -> str:
    """A fresh secret in Base32, as authenticators take it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def seal(secret: str) -> str:
    """The secret encrypted with a key derived from the installation's key."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret again; a ValueError when the installation's key has changed."""
    for key in map(str, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)):
        try:
            return _box(key).decrypt(sealed.encode()).decode()
        except InvalidToken:
            continue
    raise ValueError("the second factor was sealed with another key")


def picture(user: Any, secret: str) -> str:
    """The QR code of a secret as a data: address of an SVG."""
    label = quote(f"卫城:{user.get_username()}")
    query = urlencode({"secret": secret, "issuer": "卫城", "digits": DIGITS, "period": STEP})
    return str(
        segno.make(f"otpauth://totp/{label}?{query}", error="m").svg_data_uri(scale=5, border=2)
    )


def matching_step(secret: str, code: str, *, now: datetime | None = None) -> int | None:
    """The time step whose code this is, looking one step either way."""
    digits = plain(code)
    if len(digits) != DIGITS or not digits.isdigit():
        return None
    clock = TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP, enforce_key_length=False)  # noqa: S303
    step = int((now or timezone.now()).timestamp()) // STEP
    for near in (step, step - 1, step + 1):
        if secrets.compare_digest(clock.generate(near * STEP), digits.encode()):
            return near
    return None


def enrol(user: Any, secret: str, code: str, *, now: datetime | None = None) -> list[str] | None:
    """Tie the authenticator to the account: its recovery codes, or None for a wrong code."""
    step = matching_step(secret, code, now=now)
    if step is None:
        return None
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    kept = {"secret": seal(secret), "last_step": step, "recovery": [_digest(c) for c in codes]}
    SecondFactor.objects.update_or_create(user=user, defaults=kept)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def accept(user: Any, code: str, *, now: datetime | None = None) -> bool:
    """Whether the code of the authenticator, or a recovery code, is right; each is taken once."""
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user).first()
        if factor is None:
            return False
        step = matching_step(unseal(factor.secret), code, now=now)
        if step is not None and step > factor.last_step:
            factor.last_step = step
        elif _digest(plain(code)) in factor.recovery:
            factor.recovery.remove(_digest(plain(code)))
        else:
            return False
        factor.save()
        return True


def is_enrolled(user: Any) -> bool:
    """Whether the account has an authenticator."""
    return SecondFactor.objects.filter(user=user).exists()


def plain(code: str) -> str:
    """The code as it was meant: full-width digits, spaces and dashes do no harm."""
    narrow = code.translate({0xFF10 + n: str(n) for n in range(10)})
    return "".join(sign for sign in narrow if sign.isalnum()).upper()


def _digest(code: str) -> str:
    return salted_hmac("weicheng.recovery", code, algorithm="sha256").hexdigest()


def _box(key: str = "") -> Fernet:
    derived = hashlib.sha256(b"weicheng.second-factor" + (key or settings.SECRET_KEY).encode())
    return Fernet(base64.urlsafe_b64encode(derived.digest()))
