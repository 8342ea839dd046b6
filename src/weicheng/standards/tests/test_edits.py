"""An office edit is kept as a numbered revision; nobody else may edit."""

from __future__ import annotations

from uuid import UUID

import pytest

from weicheng.journal.ids import uuid7
from weicheng.journal.once import ForeignOperation
from weicheng.people.models import User
from weicheng.people.roles import Role
from weicheng.standards.edits import revise_item, revise_kind
from weicheng.standards.models import Aspect, Item, ProblemKind, Revision, Standard
from weicheng.standards.refusals import Refused


@pytest.fixture
def edition(db: None) -> Standard:
    """A small edition with one item, markets."""
    standard = Standard.objects.create(edition="t", name_zh="试用版", name_en="Trial")
    aspect = Aspect.objects.create(
        standard=standard, key="A3", number=3, name_zh="市容", name_en="City"
    )
    Item.objects.create(
        standard=standard, aspect=aspect, key="markets", number=17, name_zh="农贸市场",
        name_en="Markets", demand_zh="划行归市", onsite_milli=31_000,
    )  # fmt: skip
    return standard


@pytest.fixture
def kind(db: None) -> ProblemKind:
    """The kind 小广告 with a day to fix it."""
    return ProblemKind.objects.create(
        key="small_ads", name_zh="小广告", name_en="Small adverts", group_zh="小广告",
        group_en="small adverts", tag="净", due_hours=24,
    )  # fmt: skip


def revise(
    by: User, edition: Standard, points: int, op_id: UUID | None = None, seen: int | None = None
) -> Revision:
    """Give the market item other points."""
    return revise_item(
        by=by, standard=edition, item_key="markets", changes={"onsite_milli": points},
        op_id=op_id or uuid7(), seen=seen,
    )  # fmt: skip


def test_an_edit_makes_a_version_and_keeps_what_was_there(office: User, edition: Standard) -> None:
    made = revise(office, edition, 30_000)
    edition.refresh_from_db()
    assert (edition.version, made.number) == (2, 2)
    assert made.changes == {"onsite_milli": [31_000, 30_000]}
    assert edition.items.get(key="markets").onsite_milli == 30_000
    assert made.operation.actor == office


def test_the_same_edit_sent_twice_is_one_revision(office: User, edition: Standard) -> None:
    op_id = uuid7()
    first, again = revise(office, edition, 30_000, op_id), revise(office, edition, 30_000, op_id)
    assert first == again
    assert Revision.objects.count() == 1


def test_the_same_id_with_another_body_is_refused(office: User, edition: Standard) -> None:
    op_id = uuid7()
    revise(office, edition, 30_000, op_id)
    with pytest.raises(Refused, match="other_body"):
        revise(office, edition, 29_000, op_id)


def test_the_same_id_of_another_person_does_not_exist(office: User, edition: Standard) -> None:
    op_id = uuid7()
    revise(office, edition, 30_000, op_id)
    other = User.objects.create_user("office2", role=Role.OFFICE)
    with pytest.raises(ForeignOperation):
        revise(other, edition, 30_000, op_id)


def test_a_unit_cannot_edit_the_standard(unit: User, edition: Standard) -> None:
    with pytest.raises(Refused, match="office_only") as refused:
        revise(unit, edition, 30_000)
    assert refused.value.sentence() == "只有创卫办能改标准和问题类别。"
    assert not Revision.objects.exists()


def test_an_edit_that_changes_nothing_is_refused(office: User, edition: Standard) -> None:
    with pytest.raises(Refused, match="no_change"):
        revise(office, edition, 31_000)
    edition.refresh_from_db()
    assert edition.version == 1


def test_an_edit_of_what_was_changed_meanwhile_is_refused(office: User, edition: Standard) -> None:
    revise(office, edition, 30_000, seen=1)
    with pytest.raises(Refused, match="changed_meanwhile"):
        revise(office, edition, 29_000, seen=1)


def test_an_edit_of_another_item_meanwhile_does_not_matter(office: User, edition: Standard) -> None:
    item = edition.items.get()
    item.pk, item.key, item.number = uuid7(), "toilets", 15
    item.save(force_insert=True)
    revise_item(
        by=office, standard=edition, item_key="toilets", changes={"name_zh": "公厕"},
        op_id=uuid7(),
    )  # fmt: skip
    assert revise(office, edition, 30_000, seen=1).number == 3


def test_the_key_of_an_item_cannot_be_edited(office: User, edition: Standard) -> None:
    with pytest.raises(Refused, match="not_editable"):
        revise_item(
            by=office, standard=edition, item_key="markets", changes={"key": "x"}, op_id=uuid7()
        )


def test_a_word_outside_the_list_is_refused(office: User, kind: ProblemKind) -> None:
    with pytest.raises(Refused, match="bad_value"):
        revise_kind(by=office, kind_key=kind.key, changes={"tag": "乱"}, op_id=uuid7())


def test_a_kind_cannot_be_due_in_hours_and_in_days(office: User, kind: ProblemKind) -> None:
    with pytest.raises(Refused, match="bad_value"):
        revise_kind(by=office, kind_key=kind.key, changes={"due_days": 2}, op_id=uuid7())


def test_a_kind_edited_from_hours_to_days_keeps_both_values(
    office: User, kind: ProblemKind
) -> None:
    changes = {"due_hours": None, "due_days": 2}
    made = revise_kind(by=office, kind_key=kind.key, changes=changes, op_id=uuid7(), seen=1)
    assert made.changes == {"due_hours": [24, None], "due_days": [None, 2]}
    assert made.number == 2


def test_a_grave_problem_is_verified_on_site_and_a_trifle_by_picture(kind: ProblemKind) -> None:
    assert kind.verification_for("minor") == "picture"
    assert kind.verification_for("key") == "onsite"
    assert kind.verification_for("minor", from_above=True) == "above"
