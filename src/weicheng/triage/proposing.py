"""Proposes for a text by the catalogue as it is now and the newest model, both kept in memory."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from django.db import connection

from weicheng.standards.models import ProblemKind
from weicheng.standards.words import catalogue_stamp
from weicheng.triage.features import BUCKETS
from weicheng.triage.judging import Judge, Proposal
from weicheng.triage.lexicon import Lexicon
from weicheng.triage.models import Model
from weicheng.triage.outside import categories
from weicheng.triage.weights import Weights

_kept: dict[str, tuple[object, Judge]] = {}


def judge() -> Judge:
    """The judge in use; made anew when a kind was edited or a model was made."""
    name = str(connection.settings_dict["NAME"])
    stamp = (catalogue_stamp(), Model.objects.values_list("id", flat=True).first())
    kept = _kept.get(name)
    if kept is None or kept[0] != stamp:
        kept = (stamp, Judge(lexicon(), _weights()))
        _kept[name] = kept
    return kept[1]


def lexicon() -> Lexicon:
    """The words of the active kinds and of what lies outside."""
    kinds = ProblemKind.objects.filter(active=True).order_by("order", "key")
    outside = [(key, list(one.words)) for key, one in categories().items() if key]
    return Lexicon(kinds.values_list("key", "search_words"), outside)


def _weights() -> Weights | None:
    row = Model.objects.first()
    if row is None or not row.used:
        return None
    table = np.frombuffer(bytes(row.table), dtype="<f2").reshape(BUCKETS, len(row.classes))
    return Weights(tuple(row.classes), table.astype(np.float32))


def propose(text: str, limit: int = 3) -> list[Proposal]:
    """What a text is about: kinds, or that it lies outside; best first, empty if nothing tells."""
    return judge().propose(text, limit)


def newer_than(moment: datetime) -> bool:
    """Whether a model was made since then."""
    return Model.objects.filter(made_at__gt=moment).exists()
