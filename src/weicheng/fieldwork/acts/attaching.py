"""Puts photos that came after their act to what the act made: visit, finding, problem."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from weicheng.fieldwork.words import ActType, SentState
from weicheng.inspections.models import Found, LookBack, Visit
from weicheng.problems import acts as problem_acts
from weicheng.problems.models import Photo

if TYPE_CHECKING:
    from weicheng.evidence.models import Attachment
    from weicheng.fieldwork.models import Sent

#: What a photo proves on the problem, by the act that it came with.
STAGES = {
    ActType.FINDING: Photo.Stage.BEFORE,
    ActType.LOOK_BACK: Photo.Stage.BEFORE,
    ActType.HAND_IN: Photo.Stage.AFTER,
}


def attach(sent: Sent, came: Mapping[str, Attachment]) -> None:
    """Put what came (by hash, of what the act listed) to what it made; twice does no harm."""
    voice = (sent.told.get("body") or {}).get("voice") or ""
    photos = [came[one] for one in sent.photos if one in came and one != voice]
    is_remark = sent.state == SentState.REMARK
    if sent.sort == ActType.VISIT:
        Visit.objects.get(operation=sent.op_id).photos.add(*photos)
    elif sent.sort == ActType.FINDING:
        found = Found.objects.get(operation=sent.op_id)
        found.photos.add(*photos)
        if voice in came:
            found.voice = came[voice]
            found.save(update_fields=["voice"])
        sent.problem = found.problem  # a sealed one was released meanwhile
    elif sent.sort == ActType.LOOK_BACK and not is_remark:
        LookBack.objects.get(operation=sent.op_id).photos.add(*photos)
    if sent.problem is not None and sent.operation is not None:
        stage = STAGES.get(ActType(sent.sort), Photo.Stage.OTHER)
        problem_acts.photos_arrive(
            problem=sent.problem, operation=sent.operation, photos=photos,
            stage=Photo.Stage.OTHER if is_remark else stage,
        )  # fmt: skip
