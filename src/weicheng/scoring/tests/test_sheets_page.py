"""Local rules are examples: their words are quoted, and no screen knows a line for passing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.district import District, dispatched, filed, op, sign_in
from tests.inspecting import with_sheets

from weicheng import scoring
from weicheng.inspections import acts
from weicheng.problems.models import Problem
from weicheng.scoring.asking import asked
from weicheng.scoring.sheets_page import SheetsPage, sheets_page

PASS_LINE = "合格" + "线"
ROOM = Path(scoring.__file__).parent


def _page(d: District, **given: str) -> SheetsPage:
    question = asked(d.office, given)
    assert question is not None
    return sheets_page(question, d.office)


@pytest.fixture
def seen(district: District) -> District:
    with_sheets(district)
    look = acts.Look(site=district.sites["张家沟小区"], failed=("estate-01",))
    acts.record_visit(by=district.users["检查员"], look=look, op_id=op())
    return district


@pytest.mark.django_db
def test_every_rule_gives_its_result_from_the_same_visits_and_problems(seen: District) -> None:
    late = dispatched(seen)
    Problem.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=1))
    filed(seen, "cable")
    page = _page(seen)
    assert (page.counts.found, page.counts.fixed, page.counts.overdue) == (2, 0, 1)
    results = {result.sheet.key: result for result in page.results}
    assert set(results) == {"deduction", "band", "shaoyang", "jiangmen", "ankang"}
    assert [row[1:] for row in results["shaoyang"].taken] == [(1, 5_000)]
    assert results["ankang"].milli is None  # nobody marked the papers


@pytest.mark.django_db
def test_problems_are_counted_as_of_the_moment_and_of_the_part(seen: District) -> None:
    filed(seen)
    before = (timezone.localdate() - timedelta(days=2)).isoformat()
    assert _page(seen, on=before).counts.found == 0
    assert _page(seen, town=str(seen.regions["红叶镇"].pk)).counts.found == 1
    assert _page(seen, town=str(seen.regions["石桥镇"].pk)).counts.found == 0
    assert _page(seen, type="toilet").counts.found == 0
    assert _page(seen, unit=str(seen.units["档案局"].pk)).counts.found == 1


@pytest.mark.django_db
def test_the_word_of_an_example_is_quoted_as_the_example_s(client: Client, seen: District) -> None:
    look = acts.Look(site=seen.sites["张家沟小区"], failed=())
    acts.record_visit(by=seen.users["检查员"], look=look, op_id=op())
    sign_in(client, seen.users["指挥长"])
    page = client.get(reverse("scoring:sheets")).content.decode()
    assert "邵阳新闻网" in page
    assert "凭记忆，待核" in page
    assert "照那里的规则会叫“基本合格”" in page
    assert "不代表本地的结论" in page
    # outside the rule itself and its quotation the word stands nowhere
    told = page.replace("照那里的规则会叫“基本合格”", "").replace("80%以上为基本合格", "")
    assert "基本合格" not in told


@pytest.mark.django_db
def test_no_screen_of_the_scores_speaks_of_a_line_for_passing(
    client: Client, seen: District
) -> None:
    for name in ("创卫办", "指挥长"):
        sign_in(client, seen.users[name])
        for page in ("score", "why", "figures", "compare", "sheets"):
            shown = client.get(reverse(f"scoring:{page}"))
            assert PASS_LINE not in shown.content.decode()


def test_no_template_code_or_data_of_the_room_does() -> None:
    files = [p for ending in ("html", "py", "yaml", "js") for p in ROOM.rglob(f"*.{ending}")]
    assert len(files) > 30
    assert not [str(p) for p in files if "tests" not in p.parts and _speaks(p)]


def _speaks(path: Path) -> bool:
    return PASS_LINE in path.read_text("utf-8")


@pytest.mark.django_db
def test_nobody_below_the_region_opens_it(client: Client, seen: District) -> None:
    for name in ("环卫局", "红叶镇", "张家沟", "档案局", "管理员"):
        sign_in(client, seen.users[name])
        assert client.get(reverse("scoring:sheets")).status_code == 404
