"""Pieces of a list join without a gap and without a repeat."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType

from weicheng.frame.paging import page_of

ORDER = ("-app_label", "id")


@pytest.fixture
def rows(db: None) -> list[str]:
    ContentType.objects.all().delete()
    for n in range(11):
        ContentType.objects.create(app_label=f"a{n // 3}", model=f"m{n}")
    return list(ContentType.objects.order_by(*ORDER).values_list("model", flat=True))


def models(found: list[ContentType]) -> list[str]:
    return [row.model for row in found]


def test_forward_reads_every_row_once(rows: list[str]) -> None:
    seen: list[str] = []
    query: dict[str, str] = {}
    for _turn in range(4):
        page = page_of(ContentType.objects.all(), order=ORDER, query=query, size=4)
        seen += models(page.rows)
        if not page.after:
            break
        query = {"after": page.after}
    assert seen == rows


def test_back_gives_the_same_pieces(rows: list[str]) -> None:
    everything = ContentType.objects.all()
    first = page_of(everything, order=ORDER, query={}, size=4)
    second = page_of(everything, order=ORDER, query={"after": first.after}, size=4)
    again = page_of(everything, order=ORDER, query={"before": second.before}, size=4)
    assert models(again.rows) == models(first.rows)
    assert (first.before, again.before) == ("", "")
    assert again.after


def test_a_forged_key_gives_the_first_piece(rows: list[str]) -> None:
    page = page_of(ContentType.objects.all(), order=ORDER, query={"after": "forged"}, size=4)
    assert models(page.rows) == rows[:4]


def test_a_key_of_another_order_gives_the_first_piece(rows: list[str]) -> None:
    other = page_of(ContentType.objects.all(), order=("id",), query={}, size=4)
    page = page_of(ContentType.objects.all(), order=ORDER, query={"after": other.after}, size=4)
    assert models(page.rows) == rows[:4]


def test_an_empty_list_has_no_links(rows: list[str]) -> None:
    page = page_of(ContentType.objects.none(), order=ORDER, query={})
    assert (page.rows, page.before, page.after) == ([], "", "")
