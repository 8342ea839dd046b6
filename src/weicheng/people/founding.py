"""The first day of an empty installation: a campaign, a district, its office and first account."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from weicheng.journal.ids import uuid7
from weicheng.people.directory import changed
from weicheng.people.models import Person, Post, Unit, UnitKind, User
from weicheng.people.roles import Role
from weicheng.places.models import Campaign, Participation, Region, RegionLevel
from weicheng.places.pinyin import key

#: Codes of places that have no official code yet; no code of the real division begins so.
UNCODED = "000000"


@transaction.atomic
def found(*, district: str = "", person: str = "", username: str = "chuangweiban") -> User:
    """Make the campaign of an applicant county with one office account, and return the account.

    Names may be given later; a table dropped on the first page also tells the district's name.
    """
    name = district or _("本区")
    region_id = uuid7()
    region = Region.objects.create(
        id=region_id, code=UNCODED, name=name, level=RegionLevel.COUNTY, letters="QT",
        ancestors=[region_id], pinyin=key(name),
    )  # fmt: skip
    campaign = Campaign.objects.create(
        name=_("%(district)s创建国家卫生城市") % {"district": name}, applicant=region
    )
    Participation.objects.create(
        campaign=campaign, region=region, part=Participation.Part.APPLICANT
    )
    office = Unit.objects.create(
        name=_("创卫办"), kind=UnitKind.OFFICE, region=region, pinyin=key(_("创卫办"))
    )
    who = Person.objects.create(name=person or _("创卫办值班员"), pinyin=key(person))
    Post.objects.create(person=who, unit=office)
    changed()
    return User.objects.create_user(username, role=Role.OFFICE, person=who)


@transaction.atomic
def name_district(region: Region, name: str) -> None:
    """Give a district found under a stand-in name its own, also in the campaign's name."""
    old = region.name
    region.name, region.pinyin = name, key(name)
    region.save(update_fields=["name", "pinyin"])
    for campaign in Campaign.objects.filter(applicant=region):
        campaign.name = campaign.name.replace(old, name)
        campaign.save(update_fields=["name"])
    changed()
