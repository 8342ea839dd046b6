"""Hostile words in names, places, descriptions, file names, chats and tables run nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings

from tests.district import District, filed, in_hours, op, picture, sign_in
from tests.journeys.browser import WIDE, Office
from tests.journeys.house import House
from weicheng.evidence.models import Attachment
from weicheng.people.models import Person, Post, Unit
from weicheng.places.models import Site
from weicheng.problems import acts
from weicheng.problems.models import Problem
from weicheng.sheets.tests.makers import xlsx

pytestmark = pytest.mark.journey

RUN = "alert(1)"
TEXTS = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg/onload={RUN}//",
    f"<body onload={RUN}>",
    f"'><script>{RUN}</script>",
    f'"><script>{RUN}</script>',
    f'" onmouseover="{RUN}',
    f"' onfocus='{RUN}' autofocus='",
    f'" autofocus onfocus="{RUN}" x="',
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f"<a href=javascript:{RUN}>x</a>",
    f"<iframe src=javascript:{RUN}>",
    f"<iframe srcdoc='<script>{RUN}</script>'>",
    f"<object data=javascript:{RUN}>",
    f"<embed src=javascript:{RUN}>",
    f"<form action=javascript:{RUN}><button>",
    f"<details open ontoggle={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<select autofocus onfocus={RUN}>",
    f"<textarea autofocus onfocus={RUN}>",
    f"<marquee onstart={RUN}>",
    f"<math><mi xlink:href=javascript:{RUN}>",
    "<style>@import 'javascript:alert(1)'</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=javascript:alert(1)>",
    f"<!--><script>{RUN}</script>-->",
    f"]]><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</option></select><img src=x onerror={RUN}>",
    f"</style><script>{RUN}</script>",
    f"</noscript><img src=x onerror={RUN}>",
    "{{constructor.constructor('alert(1)')()}}",
    "{% debug %}",
    "{{ request.user }}",
    "${alert(1)}",
    "<%= alert(1) %>",
    "#{alert(1)}",
    f"\\u003cscript\\u003e{RUN}",
    f"\\x3cscript\\x3e{RUN}",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}",
    f"%3Cscript%3E{RUN}%3C/script%3E",
    f"＜script＞{RUN}＜/script＞",
    f"<ſcript>{RUN}</ſcript>",
    f"<script\u00a0>{RUN}</script>",
    f"<img/src=`x`onerror={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<x contenteditable onblur={RUN}>x",
    f"<div hx-on:load='{RUN}'>x</div>",
    "<div hx-get='/me/' hx-trigger='load'>x</div>",
    f"<button data-undo='\"><script>{RUN}</script>'>x",
    "=cmd|' /C calc'!A0",
    "\u202ecod.exe<b>",
    "<b>粗</b>&amp;“引号”",
    "A" * 180,
)
PAGES = (
    "/problems/", "/workbench/", "/workbench/?pick=1", "/check/", "/units/", "/places/", "/today/",
    "/orders/", "/orders/post/", "/problems/new/", "/search/?q=alert", "/leads/", "/inbox/",
    "/import/", "/campaign/", "/regions/",
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile(city: District, house: House) -> Iterator[dict[str, Any]]:
    """Every text in every kind of place; dozens of rows."""
    with override_settings(EVIDENCE_ROOT=house.var / "evidence"):
        yield {"matters": list(_matters(city)), "batches": _dropped(city)}


def _matters(city: District) -> Iterator[Problem]:
    type_, region = city.sites["张家沟小区"].site_type, city.regions["红叶镇"]
    for n, text in enumerate(TEXTS):
        site = Site.objects.create(
            site_type=type_, region=region, name=text[:90], address=text, pinyin=f"a{n}"
        )
        unit = Unit.objects.create(
            name=text[:60], short_name=text[:20], kind="bureau", region=city.regions["凤凰区"]
        )
        person = Person.objects.create(name=text[:40], phone=text[:20])
        Post.objects.create(person=person, unit=unit, title=text[:40])
        unit.head = person
        unit.save()
        if n % 4:
            continue
        photo = picture(f"{n}")
        Attachment.objects.filter(pk=photo.pk).update(filename=f"{text[:80]}.jpg")
        photo.refresh_from_db()
        problem = filed(city, site=site, description=text, place=text[:190], photos=[photo])
        acts.remark(problem=problem, words=text, by=city.office, op_id=op())
        if n % 8 == 0:
            acts.dispatch(
                problem=problem, lead=unit, due_at=in_hours(40),
                requirement=text, by=city.office, op_id=op(),
            )  # fmt: skip
        yield problem


def _dropped(city: District) -> list[str]:
    """A chat, a ledger and citizens' messages full of the texts, as far as the preview."""
    client = sign_in(Client(), city.office)
    rows = [["编号", "检查时间", "点位", "存在问题", "责任单位", "整改时限"]]
    rows += [[t[:60], "2026.11.02", t[:60], t, t[:30], "11月20日前"] for t in TEXTS]
    said = [["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"]]
    said += [[str(n), t, t, "2026/11/2 11:25:05", t, "0", "0"] for n, t in enumerate(TEXTS, 1)]
    chat = "\n\n".join(
        f"{t[:20]} 2026-11-20 08:{n % 60:02}:00\n张家沟小区垃圾 {t}" for n, t in enumerate(TEXTS)
    )
    found = []
    for name, content in (
        ("<img src=x onerror=alert(1)>.xlsx", xlsx(rows)),
        ("留言.xlsx", xlsx(said)),
    ):
        found.append(_drop(client, {"files": _File(name, content)}))
    found.append(_drop(client, {"text": chat}))
    for address in found[1:]:
        client.post(f"{address}take/")
    return found


def _drop(client: Client, data: dict[str, Any]) -> str:
    answer = client.post("/import/", data)
    assert answer.status_code == 303
    return str(answer["Location"])


def _File(name: str, content: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


def test_hostile_words_run_nowhere(city: District, office: Office, hostile: dict[str, Any]) -> None:
    clerk = office.clerk(city.office, WIDE)
    matters = hostile["matters"]
    pages = [*PAGES, *hostile["batches"]]
    pages += [f"/problems/{p.pk}/" for p in matters[::4]]
    pages += [f"/workbench/?item={p.pk}" for p in matters[1::4]]
    pages += [f"/places/{p.site_id}/" for p in matters[::5]]
    for problem in Problem.objects.exclude(lead_unit=None)[:4]:
        pages += [f"/units/{problem.lead_unit_id}/", f"/orders/{problem.lead_unit_id}/"]
        pages += [f"/units/{problem.lead_unit_id}/todo/", f"/units/{problem.lead_unit_id}/edit/"]
    for path in pages:
        clerk.goes_to(path)
    clerk.goes_to("/leads/")
    for _n in range(5):
        clerk.page.keyboard.press("j")
        clerk.page.wait_for_load_state("networkidle")
    assert clerk.complaints == []


def test_hostile_words_in_an_address_run_nowhere(city: District, office: Office) -> None:
    from urllib.parse import quote

    clerk = office.clerk(city.office, WIDE)
    for text in TEXTS[::6]:
        for path in ("/search/?q=", "/problems/?q=", "/units/?q=", "/places/?q=", "/leads/?words="):
            clerk.goes_to(path + quote(text))
    assert clerk.complaints == []
