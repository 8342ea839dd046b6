"""Search words of a problem: bigrams for Chinese, since two characters are the usual word."""

from __future__ import annotations

import hashlib
import hmac
import re

from django.conf import settings

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9-]+", re.IGNORECASE)


def grams(text: str) -> list[str]:
    """Bigrams of each Chinese run, single characters of runs of one, and latin words lowered."""
    found: list[str] = []
    for run in _RUN.findall(text.lower()):
        if run[0] < "\u3400" or len(run) == 1:
            found.append(run)
        else:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
    return list(dict.fromkeys(found))


def vector(*texts: str) -> str:
    """A tsvector literal of the texts' grams, as the ``simple`` configuration reads them."""
    return " ".join(f"'{gram}'" for gram in grams(" ".join(t for t in texts if t)))


def fingerprint(text: str) -> str:
    """A keyed HMAC of words, so that an event can prove them without holding them."""
    if not text:
        return ""
    key = hashlib.sha256(f"words:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]
