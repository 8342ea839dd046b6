"""python -m bench.triage: how well texts are told apart, by words, by a model, by both together.

Labels are made by hand: `data/inspector_lines.tsv` are our own lines, the other files name real
messages by number alone; without the file of the messages (--messages) only the lines are measured,
and it is said. One half of lines and messages, chosen by a fixed hash, was used while words and
numbers were chosen (dev); the other half (test) only to measure. See docs/triage.md for the rest.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import django
import numpy as np
import yaml

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weicheng.settings")
django.setup()

from weicheng.sheets.messages import read_messages  # noqa: E402
from weicheng.sheets.workbook import read_tables  # noqa: E402
from weicheng.standards.reading import DATA as STANDARDS  # noqa: E402
from weicheng.triage.features import features  # noqa: E402
from weicheng.triage.judging import LIKELY, MAYBE, Judge, Proposal  # noqa: E402
from weicheng.triage.lexicon import OUTSIDE, Lexicon  # noqa: E402
from weicheng.triage.outside import categories, key_of  # noqa: E402
from weicheng.triage.prior import prior  # noqa: E402
from weicheng.triage.weights import Taught, Weights, softmax, taught  # noqa: E402

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Labelled:
    """A text and the classes that a careful reader would accept, the likeliest first."""

    name: str
    text: str
    answers: tuple[str, ...]
    sample: str = ""

    @property
    def held_out(self) -> bool:
        """Whether it belongs to the half that only measures."""
        return hashlib.sha256(f"triage:{self.name}".encode()).digest()[0] % 2 == 1

    @property
    def inside(self) -> bool:
        return not self.answers[0].startswith(OUTSIDE)


def lexicon() -> Lexicon:
    """The shipped words, without a database."""
    kinds = yaml.safe_load((STANDARDS / "problem_kinds.yaml").read_text("utf-8"))["problem_kinds"]
    outside = [(key, list(one.words)) for key, one in categories().items() if key]
    return Lexicon([(row["key"], row["search_words"]) for row in kinds], outside)


def _class(label: str) -> str:
    return f"{OUTSIDE}{key_of(label[len(OUTSIDE) :])}" if label.startswith(OUTSIDE) else label


def labelled(file: str, text_of: Callable[[str], str | None]) -> list[Labelled]:
    """The labelled texts of a file whose text is at hand."""
    found = []
    with (DATA / file).open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            name = row.get("line") or row["message"]
            answers = tuple(_class(label) for label in (row["label"], row["also"]) if label)
            if (text := text_of(name)) is not None:
                found.append(Labelled(name, text, answers, row.get("sample", "")))
    return found


def inspector_lines() -> list[Labelled]:
    """Our own short lines, as people write them on their round."""
    return labelled("inspector_lines.tsv", lambda line: line)


def messages(path: Path) -> dict[str, str]:
    """Title and text of each message by its number."""
    tz = ZoneInfo("Asia/Shanghai")
    rows = read_messages(read_tables(path)[0], today=date(2026, 1, 1), tz=tz)
    return {row.external_id: f"{row.title} {row.text}".strip() for row in rows}


def lessons(judge: Judge, texts: Sequence[Labelled], words: Lexicon | None) -> list[Taught]:
    """What the office's decisions on these texts teach; without words the model stands alone."""
    made: list[Taught] = []
    for one in texts:
        said = words.said(one.text) if words else {}
        logits = (
            prior(judge.start, judge.place, said, len(one.text))
            if words
            else np.zeros(len(judge.classes), dtype=np.float32)
        )
        made.append((features(one.text), logits, one.answers))
    return made


class Alone:
    """The model without the words' say."""

    def __init__(self, judge: Judge, weights: Weights) -> None:
        self.classes, self._weights = judge.classes, weights

    def propose(self, text: str, limit: int = 3) -> list[Proposal]:
        """The likeliest classes by what was learnt alone."""
        shares = softmax(self._weights.add(features(text)))
        outside = np.array([key.startswith(OUTSIDE) for key in self.classes])
        best = np.argsort(-np.where(outside, 0, shares))[:limit]
        found = [Proposal(self.classes[n], False, float(shares[n]), ()) for n in best]
        beyond = float(shares[outside].sum())
        top = found[0].confidence
        return [Proposal("", True, beyond, ()), *found] if beyond > max(top, 0.5) else found


@dataclass
class Figures:
    """What came out on some texts; shares are of all texts unless said."""

    texts: int = 0
    inside: int = 0
    right: int = 0
    kinds: int = 0
    kinds_right: int = 0
    outside: int = 0
    outside_right: int = 0
    inside_kept: int = 0
    outside_kept: int = 0
    outside_sure: int = 0
    lost: int = 0
    lost_sure: int = 0
    one_key: int = 0
    to_change: int = 0
    sure: int = 0
    sure_right: int = 0

    def add(self, one: Labelled, told: Sequence[Proposal]) -> None:
        """Count one text."""
        self.texts += 1
        self.inside += one.inside
        first = told[0] if told else None
        right = first is not None and _fits(first, one)
        self.right += right
        self.inside_kept += right and one.inside
        self.outside_kept += right and not one.inside
        if first is not None:
            self._first(one, first, right)
        offered = [p for p in told if not p.outside][:3]
        reachable = any(_fits(p, one) for p in offered) or any(map(_is_outside, one.answers))
        kept = right and first is not None and first.confidence >= MAYBE
        self.one_key += kept
        self.to_change += not kept and reachable

    def _first(self, one: Labelled, first: Proposal, right: bool) -> None:
        sure = first.confidence >= LIKELY
        self.sure += sure
        self.sure_right += sure and right
        if not first.outside:
            self.kinds += 1
            self.kinds_right += right
            return
        self.outside += 1
        self.outside_right += right
        self.outside_sure += sure
        self.lost += not right
        self.lost_sure += sure and not right

    def row(self) -> list[str]:
        """The figures of a line of the table."""
        really_outside = self.texts - self.inside
        return [
            str(self.texts), _share(self.right, self.texts),
            _share(self.kinds_right, self.kinds), _share(self.inside_kept, self.inside),
            _share(self.outside_right, self.outside), _share(self.outside_kept, really_outside),
            f"{self.lost}/{self.inside}", f"{self.lost_sure}/{self.inside}",
            _share(self.one_key, self.texts), _share(self.to_change, self.texts),
            _share(self.outside_sure, self.texts), _share(self.sure_right, self.sure),
        ]  # fmt: skip


HEAD = (
    "texts", "right", "kind P", "kind R", "outside P", "outside R", "lost", "lost, sure",
    "one key", "one to change", "filtered", "sure right",
)  # fmt: skip


def _is_outside(label: str) -> bool:
    return label.startswith(OUTSIDE)


def _fits(told: Proposal, one: Labelled) -> bool:
    if told.outside:
        return any(map(_is_outside, one.answers))
    return told.key in one.answers


def _share(n: int, of: int) -> str:
    return f"{n / of:.3f}" if of else "–"


def measured(judge: Judge | Alone, texts: Sequence[Labelled]) -> Figures:
    """The figures of a judge on texts."""
    found = Figures()
    for one in texts:
        found.add(one, judge.propose(one.text))
    return found


def _table(title: str, rows: Sequence[tuple[str, Figures]]) -> None:
    print(f"\n{title}\n\n| by | {' | '.join(HEAD)} |\n|---{'|---' * len(HEAD)}|")
    for name, figures in rows:
        print(f"| {name} | {' | '.join(figures.row())} |")


def _compare(sets: dict[str, list[Labelled]], half: str) -> None:
    words = lexicon()
    rules = Judge(words)
    dev = _shuffled(
        t for n, all_ in sets.items() if "fresh" not in n for t in all_ if not t.held_out
    )
    alone = Alone(rules, taught(rules.classes, lessons(rules, dev, None)))
    both = Judge(words, taught(rules.classes, lessons(rules, dev, words)))
    for name, texts in sets.items():
        wanted = [t for t in texts if "fresh" in name or t.held_out == (half == "test")]
        rows = [("words", measured(rules, wanted))]
        if half == "test":
            rows += [("model", measured(alone, wanted)), ("both", measured(both, wanted))]
        _table(f"{name}, {half}", rows)
    if half == "test":
        _curve(words, sets)


def _curve(words: Lexicon, sets: dict[str, list[Labelled]]) -> None:
    """What decisions on texts of the same sort add: the dev half; for fresh letters all others."""
    rules = Judge(words)
    for name, texts in sets.items():
        fresh = "fresh" in name
        wanted = [t for t in texts if fresh or t.held_out]
        given = _shuffled(t for t in sets["messages" if fresh else name] if fresh or not t.held_out)
        rows = []
        for n in dict.fromkeys((0, min(100, len(given)), min(200, len(given)), len(given))):
            made = taught(rules.classes, lessons(rules, given[:n], words)) if n else None
            rows.append((f"{n} decisions", measured(Judge(words, made), wanted)))
        _table(f"{name}, learning", rows)


def _shuffled(texts: Iterable[Labelled]) -> list[Labelled]:
    """In an order that is always the same and has nothing to do with the texts."""
    return sorted(texts, key=lambda one: hashlib.sha256(one.name.encode()).digest())


def _speed(texts: Sequence[str]) -> None:
    words = lexicon()
    weights = Weights.nought(Judge(words).classes)
    for name, judge in (("words", Judge(words)), ("words and model", Judge(words, weights))):
        start = time.perf_counter()
        for text in texts:
            judge.propose(text)
        print(f"{name}: {len(texts) / (time.perf_counter() - start):,.0f} texts a second")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.triage", description=__doc__)
    parser.add_argument("--messages", type=Path, help="the table of residents' messages")
    parser.add_argument("--half", choices=("dev", "test"), default="test")
    given = parser.parse_args()
    sets = {"lines": inspector_lines()}
    if given.messages is None:
        print("Without --messages only our own lines are measured.")
        said = {}
    else:
        said = messages(given.messages)
        sets["messages"] = labelled("message_labels.tsv", said.get)
        if (DATA / "fresh_labels.tsv").exists() and given.half == "test":
            fresh = labelled("fresh_labels.tsv", said.get)
            sets |= {"fresh": fresh, "fresh, drawn evenly": [t for t in fresh if t.sample != "hit"]}
            sets["last fresh, drawn evenly"] = labelled("last_labels.tsv", said.get)
    _compare(sets, given.half)
    _speed([*said.values()] or [one.text for one in sets["lines"]] * 20)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
