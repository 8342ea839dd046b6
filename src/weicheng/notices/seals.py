"""Addresses and secrets of channels, sealed at rest with a key derived from the installation's."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(words: str) -> str:
    """The words, encrypted; an empty string stays empty."""
    return _box(str(settings.SECRET_KEY)).encrypt(words.encode()).decode() if words else ""


def unseal(sealed: str) -> str:
    """The words again; a ValueError when the installation's key has changed."""
    if not sealed:
        return ""
    for key in map(str, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)):
        try:
            return _box(key).decrypt(sealed.encode()).decode()
        except InvalidToken:
            continue
    raise ValueError("the channel was sealed with another key")


def _box(key: str) -> Fernet:
    derived = hashlib.sha256(b"weicheng.channel" + key.encode())
    return Fernet(base64.urlsafe_b64encode(derived.digest()))
