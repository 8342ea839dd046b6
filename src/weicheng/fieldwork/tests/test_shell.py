"""The page of the field program, what it keeps on the phone, and who is offered it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from tests.district import District, sign_in

from weicheng.fieldwork.views import shell, shell_words
from weicheng.frame import navigation
from weicheng.frame.storage import HashedStatic

JS = shell.FOLDER / "js"
IMPORTS = re.compile(r'^import [^;]*?"([^"]+)";', re.M)
SAID = re.compile(r'\bsay\(\s*"(\w+)"')


@pytest.fixture
def inspector(district: District) -> Client:
    return sign_in(Client(), district.users["检查员"])


def settings_of(text: str) -> dict[str, Any]:
    """What the server wrote before the worker's own lines."""
    told: dict[str, Any] = json.loads(text.split("\n", 1)[0].removeprefix("const SETTINGS = ")[:-1])
    return told


def modules() -> dict[str, str]:
    """Name → text without comments."""
    texts = {path.name: path.read_text("utf-8") for path in JS.glob("*.js")}
    return {name: re.sub(r"^\s*//.*$", "", text, flags=re.M) for name, text in texts.items()}


def test_the_page_opens_for_those_who_go_out(district: District) -> None:
    for who, status in {
        "检查员": 200, "创卫办": 200, "包片": 200, "红叶镇": 200, "张家沟": 200,
        "环卫局": 404, "审计": 404, "管理员": 404,
    }.items():  # fmt: skip
        client = sign_in(Client(), district.users[who])
        assert client.get("/field/").status_code == status, who


def test_the_signed_out_are_sent_to_the_log_in() -> None:
    assert Client().get("/field/")["Location"] == "/login/?next=%2Ffield%2F"


def test_nothing_of_a_person_but_the_account_s_number_stands_in_the_kept_page(
    inspector: Client, district: District
) -> None:
    text = inspector.get("/field/").content.decode()
    assert f'data-user="{district.users["检查员"].pk}"' in text
    assert "检查员的人" not in text
    assert "csrf" not in text.lower().replace("x-csrftoken", "")


def test_the_page_names_where_to_send(inspector: Client) -> None:
    addresses = inspector.get("/field/").context["addresses"]
    assert addresses["pack"] == "/field/pack"
    assert addresses["photo"] == "/field/photos"
    assert all(addresses.values())


def test_the_worker_may_keep_the_whole_of_the_field_program_and_is_asked_for_anew() -> None:
    answer = Client().get("/field/sw.js")
    assert answer["Service-Worker-Allowed"] == "/field/"
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    told = settings_of(answer.content.decode())
    assert told["page"] == "/field/"
    assert re.fullmatch(r"[0-9a-f]{16}", told["version"])


def test_everything_that_the_page_loads_is_in_the_list_of_what_is_kept(inspector: Client) -> None:
    shelf = settings_of(Client().get("/field/sw.js").content.decode())["shell"]
    page = inspector.get("/field/").content.decode()
    named = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page)) - {""}
    assert named <= set(shelf)
    for name, text in modules().items():
        for wanted in IMPORTS.findall(text):
            found = (Path("/static/fieldwork/js") / wanted).as_posix()
            parts = re.sub(r"[^/]+/\.\./", "", re.sub(r"/\./", "/", found))
            parts = re.sub(r"[^/]+/\.\./", "", parts)
            assert parts in shelf, f"{name} imports {wanted}"


def test_the_page_says_of_which_version_it_is(inspector: Client) -> None:
    told = settings_of(Client().get("/field/sw.js").content.decode())
    assert inspector.get("/field/")["X-Field-Version"] == told["version"]


def test_modules_import_each_other_by_names_that_carry_their_content(tmp_path: Path) -> None:
    for name in ("main.js", "part.js"):
        (tmp_path / name).write_text('import { x } from "./part.js";' if name == "main.js" else "")
    storage = HashedStatic(location=tmp_path, base_url="/static/")
    paths = {name: (storage, name) for name in ("main.js", "part.js")}
    made = {old: new for old, new, _done in storage.post_process(paths)}
    assert f"./{made['part.js']}" in (tmp_path / made["main.js"]).read_text()


def test_every_kept_file_exists() -> None:
    for name in (*shell.NAMED, *shell.modules(), shell.VENDOR, "fieldwork/icon-512.png"):
        assert finders.find(name), name


def test_a_changed_module_makes_a_new_version(tmp_path: Path, monkeypatch: Any) -> None:
    before = shell.version()
    monkeypatch.setattr(shell, "NAMED", shell.NAMED[:-1])
    shell.content.cache_clear()
    changed = shell.version()
    monkeypatch.undo()
    shell.content.cache_clear()
    assert changed != before == shell.version()


def test_every_word_that_the_modules_say_is_there_and_none_is_left_over() -> None:
    text = "\n".join(modules().values())
    known = shell_words.words()
    assert set(SAID.findall(text)) <= set(known)
    unsaid = [key for key in known if not re.search(rf'["\']{key}["\']|\b{key}:', text)]
    assert unsaid == []


def test_no_module_speaks_chinese_by_itself() -> None:
    strings = re.compile(r'"[^"\n]*[\u4e00-\u9fff][^"\n]*"|`[^`]*[\u4e00-\u9fff][^`]*`')
    code = {name: re.sub(r"//.*", "", text) for name, text in modules().items()}
    assert {
        name: strings.findall(text) for name, text in code.items() if strings.search(text)
    } == {}


def test_the_modules_live_in_chromium_90() -> None:
    newer = re.compile(
        r"\.at\(|Object\.hasOwn|structuredClone|\.findLast\(|randomUUID|static \{|#\w+ ="
    )
    texts = {**modules(), "worker.js": (shell.FOLDER / "worker.js").read_text("utf-8")}
    assert {name: newer.findall(text) for name, text in texts.items() if newer.search(text)} == {}


def test_the_manifest_puts_it_on_the_desktop() -> None:
    told = Client().get("/field/manifest.webmanifest").json()
    assert (told["start_url"], told["scope"], told["display"]) == (
        "/field/",
        "/field/",
        "standalone",
    )
    assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}


def test_it_is_the_first_thing_on_an_inspector_s_phone(district: District) -> None:
    inspector = district.users["检查员"]
    bar = navigation.phone_bar(list(navigation.shown(inspector, "/")))
    assert bar[0].url == reverse("fieldwork:home")
    assert navigation.home(inspector) == "/field/"
    for who in ("创卫办", "包片", "红叶镇", "张家沟"):
        offered = [entry.url for _item, entry in navigation.shown(district.users[who], "/")]
        assert "/field/" in offered, who
    offered = [entry.url for _item, entry in navigation.shown(district.users["环卫局"], "/")]
    assert "/field/" not in offered


def test_the_log_out_is_guarded_on_every_page_with_the_frame(inspector: Client) -> None:
    text = inspector.get("/me/").content.decode()
    assert "fieldwork/js/leave" in text
    assert "data-user=" in text
