"""Groups a chat into findings: a sender's text with the pictures that belong to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .chats import Message
from .chatter import is_chatter, says_fixed
from .photos import Photo, natural

NEAR = dt.timedelta(minutes=10)
"""Items of one finding lie no further apart."""
_TOLERANCE = 300.0
_SKIP_PHOTO, _SKIP_MESSAGE = 200.0, 101.0
_LONGEST = 24
_LARGEST = 4_000_000


@dataclass(frozen=True)
class Finding:
    """A sender's finding. `photos` are indexes into the photos given; `lines` its texts.

    `doubtful` says why somebody should look: 'no_text', 'no_photo', 'photo_missing' (the chat shows
    more pictures than there are files), 'photo_by_order' (matched by order alone), 'photo_by_time'
    (near in time, but no picture message for it), 'no_sender', 'says_fixed' (reports a fix),
    'shared_pictures' (pictures between two texts, either might own them).
    """

    sender: str
    at: dt.datetime | None
    lines: tuple[str, ...]
    photos: tuple[int, ...]
    doubtful: tuple[str, ...] = ()
    messages: tuple[int, ...] = ()
    """Indexes of its messages."""

    @property
    def text(self) -> str:
        """Its lines as one text."""
        return "\n".join(self.lines)


@dataclass
class _Draft:
    items: list[int]
    photos: list[int] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def group(messages: Sequence[Message], photos: Sequence[Photo] = ()) -> list[Finding]:
    """Findings in order of time. Chatter is left out; every photo is in exactly one finding."""
    kept = [
        n
        for n, m in enumerate(messages)
        if m.is_picture or (m.kind == "text" and not is_chatter(m.text))
    ]
    placed, by_order = _place(messages, kept, photos)
    drafts: list[_Draft] = []
    senders = dict.fromkeys(messages[n].sender for n in kept)
    for sender in senders:
        own = [n for n in kept if messages[n].sender == sender]
        drafts += [_Draft(items) for items in _segments(own, messages, placed, photos)]
    for draft in drafts:
        pictures = [n for n in draft.items if messages[n].is_picture]
        draft.photos = [placed[n] for n in pictures if n in placed]
        if len(draft.photos) < len(pictures) and photos:
            draft.doubts.append("photo_missing")
        if by_order and draft.photos:
            draft.doubts.append("photo_by_order")
    rest = [n for n in range(len(photos)) if n not in set(placed.values())]
    lone = _adopt(rest, photos, drafts, messages)
    findings = [_finding(draft, messages) for draft in drafts]
    findings += [Finding("", at, (), tuple(found), ("no_text", "no_sender")) for at, found in lone]
    first = {n: i for i, n in enumerate(kept)}
    late = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(
        findings, key=lambda f: (f.at or late, first.get(f.messages[0], 0) if f.messages else 0)
    )


def _finding(draft: _Draft, messages: Sequence[Message]) -> Finding:
    texts = [messages[n].text for n in draft.items if not messages[n].is_picture]
    doubts = list(draft.doubts)
    if not texts:
        doubts.append("no_text")
    if not draft.photos:
        doubts.append("no_photo")
    if texts and says_fixed("\n".join(texts)):
        doubts.append("says_fixed")
    first = messages[draft.items[0]]
    if not first.sender:
        doubts.append("no_sender")
    lines = tuple(line for text in texts for line in text.split("\n") if line)
    return Finding(
        first.sender,
        next((messages[n].at for n in draft.items if messages[n].at), None),
        lines,
        tuple(draft.photos),
        tuple(dict.fromkeys(doubts)),
        tuple(draft.items),
    )


def _place(
    messages: Sequence[Message], kept: Sequence[int], photos: Sequence[Photo]
) -> tuple[dict[int, int], bool]:
    """Picture message → photo; and whether only the order decided."""
    pictures = [n for n in kept if messages[n].is_picture]
    placed = _by_name(pictures, messages, photos)
    pictures = [n for n in pictures if n not in placed]
    used = set(placed.values())
    files = sorted(
        (n for n in range(len(photos)) if n not in used), key=lambda n: _order(photos[n])
    )
    dated = [n for n in files if photos[n].at]
    timed = [n for n in pictures if messages[n].at]
    timed.sort(key=lambda n: (messages[n].at, n))
    matched = _aligned(timed, dated, messages, photos)
    if files and len(matched) * 2 < len(files) and len(files) == len(pictures):
        placed.update(zip(pictures, files, strict=True))
        return placed, True
    placed.update(matched)
    left = [n for n in pictures if n not in placed]
    undated = [n for n in files if n not in set(placed.values()) and photos[n].at is None]
    if undated and len(undated) == len(left):
        placed.update(zip(left, undated, strict=True))
        return placed, not matched
    return placed, False


def _order(photo: Photo) -> tuple[bool, float, tuple[tuple[int, str], ...]]:
    return photo.at is None, _seconds(photo.at), natural(photo.name)


def _by_name(
    pictures: Sequence[int], messages: Sequence[Message], photos: Sequence[Photo]
) -> dict[int, int]:
    """Pictures whose file the chat names."""
    names = {photo.name.rsplit("/", 1)[-1].lower(): n for n, photo in enumerate(photos)}
    found: dict[int, int] = {}
    for n in pictures:
        name = messages[n].file.replace("\\", "/").rsplit("/", 1)[-1].lower()
        if name in names and names[name] not in found.values():
            found[n] = names[name]
    return found


def _aligned(
    timed: Sequence[int],
    dated: Sequence[int],
    messages: Sequence[Message],
    photos: Sequence[Photo],
) -> dict[int, int]:
    """Pairs messages and photos in order of time, so that the sum of the differences is least."""
    if not timed or not dated or len(timed) * len(dated) > _LARGEST:
        return {}
    ours = [_seconds(messages[n].at) for n in timed]
    theirs = [_seconds(photos[n].at) for n in dated]
    width = len(theirs) + 1
    costs = [[_SKIP_PHOTO * j for j in range(width)]]
    for i, own in enumerate(ours, 1):
        above, row = costs[-1], [_SKIP_MESSAGE * i]
        for j, other in enumerate(theirs, 1):
            apart = abs(own - other)
            pair = above[j - 1] + apart if apart <= _TOLERANCE else float("inf")
            row.append(min(pair, above[j] + _SKIP_MESSAGE, row[j - 1] + _SKIP_PHOTO))
        costs.append(row)
    found: dict[int, int] = {}
    i, j = len(ours), len(theirs)
    while i and j:
        apart = abs(ours[i - 1] - theirs[j - 1])
        if apart <= _TOLERANCE and costs[i][j] == costs[i - 1][j - 1] + apart:
            found[timed[i - 1]] = dated[j - 1]
            i, j = i - 1, j - 1
        elif costs[i][j] == costs[i - 1][j] + _SKIP_MESSAGE:
            i -= 1
        else:
            j -= 1
    return found


def _seconds(at: dt.datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _segments(
    own: Sequence[int],
    messages: Sequence[Message],
    placed: Mapping[int, int],
    photos: Sequence[Photo],
) -> list[list[int]]:
    """Cuts one sender's items into findings at the least cost."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(own) + 1):
        options = []
        for start in range(end - 1, max(-1, end - 1 - _LONGEST), -1):
            cost = _cost(own[start:end], messages)
            if cost == float("inf"):
                break
            options.append((best[start][0] + cost, start))
        best.append(min(options, key=lambda option: (round(option[0], 6), -option[1])))
    cuts, end = [], len(own)
    while end:
        start = best[end][1]
        cuts.append(list(own[start:end]))
        end = start
    return cuts[::-1]


def _cost(items: Sequence[int], messages: Sequence[Message]) -> float:
    """How unlikely these items are one finding; inf if they cannot be."""
    cost, runs, was_text = 0.5, 0, False
    for before, n in zip([None, *items], items, strict=False):
        is_text = not messages[n].is_picture
        if before is not None:
            apart = _apart(messages[before], messages[n], n - before)
            if apart > NEAR.total_seconds():
                return float("inf")
            cost += apart / 20 + (4 + apart / 10 if is_text and was_text else 0)
        runs += is_text and not was_text
        was_text = is_text
    if runs > 1:
        return float("inf") if runs > 2 else cost + 12 * runs
    pictures = sum(1 for n in items if messages[n].is_picture)
    if not runs:
        return cost + 10
    if not pictures:
        return cost + 8
    inside = messages[items[0]].is_picture and messages[items[-1]].is_picture
    return cost + (3 if inside else 0) + (0 if not messages[items[0]].is_picture else 0.1)


def _apart(first: Message, second: Message, between: int) -> float:
    """Seconds between two messages; without times, others' messages between them count."""
    if first.at and second.at:
        return abs((second.at - first.at).total_seconds())
    return (between - 1) * 60.0


def _adopt(
    rest: Sequence[int],
    photos: Sequence[Photo],
    drafts: Sequence[_Draft],
    messages: Sequence[Message],
) -> list[tuple[dt.datetime | None, list[int]]]:
    """Photos without a picture message go to the finding nearest in time, else stand alone."""
    times = [(at, draft) for draft in drafts for n in draft.items if (at := messages[n].at)]
    lone: list[tuple[dt.datetime | None, list[int]]] = []
    for n in sorted(rest, key=lambda n: _order(photos[n])):
        at = photos[n].at
        near = min(times, key=lambda pair: abs(pair[0] - at), default=None) if at else None
        if near and at and abs(near[0] - at) <= NEAR:
            near[1].photos.append(n)
            near[1].doubts.append("photo_by_time")
        elif lone and at and (last := lone[-1][0]) and at - last <= dt.timedelta(minutes=1):
            lone[-1][1].append(n)
        else:
            lone.append((at, [n]))
    return lone
