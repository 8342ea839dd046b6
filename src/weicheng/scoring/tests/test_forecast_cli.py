"""`weicheng forecast`: figures for whoever stands at the machine, the same for the same seed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone
from tests.district import District

from weicheng.cli.forecast import command
from weicheng.scoring.models import ForecastRun

from .foretold import ready

pytestmark = pytest.mark.django_db


def _run(*words: str) -> Result:
    return CliRunner().invoke(command, ["--region", "990102", "--draws", "400", *words])


def _json(*words: str) -> dict[str, Any]:
    found = _run("--json", *words)
    assert found.exit_code == 0, found.output
    read: dict[str, Any] = json.loads(found.stdout)
    return read


def test_the_same_seed_and_moment_give_the_same_figures_and_nothing_is_kept(
    district: District,
) -> None:
    ready(district)
    as_of = ("--as-of", timezone.now().isoformat(), "--seed", "7")
    first, again = _json(*as_of), _json(*as_of)
    assert first == again
    assert first["seed"] == 7
    assert sum(first["bins"]["counts"]) == 400
    assert first["p10"] <= first["p50"] <= first["p90"]
    assert not ForecastRun.objects.exists()


def test_words_say_likeliest_interval_lines_and_parts(district: District) -> None:
    ready(district)
    found = _run("--model", "walk")
    assert found.exit_code == 0, found.output
    for words in (
        "凤凰区　模拟分",
        "最可能",
        "八成在",
        "到内部预警线 520 分",
        "起伏从哪里来",
        "抽签的运气",
    ):
        assert words in found.stdout, words
    assert "模拟从落脚点步行的抽查" in found.stderr
    assert "合格线" not in found.output


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [(("--region", "1"), "没有代码是“1”的区划", 2),
     (("--as-of", "昨天"), "没看懂“昨天”", 2), (("--region", ""), "有好几个区县", 2),
     ((), "没有能被抽到的点位", 1)],
)  # fmt: skip
def test_bad_input_is_answered_in_a_sentence(
    district: District, words: tuple[str, ...], said: str, code: int
) -> None:
    found = _run(*words)
    assert found.exit_code == code
    assert said in found.output
