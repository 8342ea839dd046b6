"""A GET cannot write, every answer carries the policy, the language is the reader's choice."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from weicheng.frame.middleware import ReadingCannotWrite, WriteWhileReading, writes


@pytest.mark.parametrize(
    "sql",
    [
        'INSERT INTO "problems_problem" ("id") VALUES (%s)',
        'UPDATE "problems_problem" SET "status" = %s',
        'DELETE FROM "problems_problem"',
        'TRUNCATE "problems_problem"',
        "/* x */ UPDATE problems_problem SET a = 1",
        "-- x\n  delete from problems_problem",
        "WITH gone AS (DELETE FROM problems_problem RETURNING id) SELECT * FROM gone",
        "SELECT procrastinate_defer_job_v1(%s)",
        "SELECT nextval('series')",
        'INSERT INTO "problems_event" SELECT * FROM "django_session"',
        'CREATE TABLE "django_session2" ()',
    ],
)
def test_statements_that_change_something_are_known(sql: str) -> None:
    assert writes(sql)


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT "problems_problem"."id" FROM "problems_problem"',
        'SELECT * FROM "problems_problem" FOR UPDATE',
        'INSERT INTO "people_session" ("session_key") VALUES (%s)',
        'UPDATE "people_session" SET "expire_date" = %s',
        'DELETE FROM "people_session" WHERE "session_key" = %s',
        "SAVEPOINT s1",
        "SELECT 'UPDATE' AS word",
        'SELECT "updated_at" FROM "problems_problem"',
    ],
)
def test_reading_and_the_session_are_let_through(sql: str) -> None:
    assert not writes(sql)


def write(request: HttpRequest) -> HttpResponse:
    ContentType.objects.create(app_label="x", model="y")
    return HttpResponse("written")


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_reading_request_cannot_write(rf: RequestFactory, method: str) -> None:
    with pytest.raises(WriteWhileReading), transaction.atomic():
        ReadingCannotWrite(write)(getattr(rf, method)("/x/"))
    assert not ContentType.objects.filter(app_label="x").exists()


@pytest.mark.django_db
def test_a_post_may_write(rf: RequestFactory) -> None:
    assert ReadingCannotWrite(write)(rf.post("/x/")).status_code == 200
    assert ContentType.objects.filter(app_label="x").exists()


@pytest.mark.django_db
def test_the_refusal_ends_with_the_request(rf: RequestFactory) -> None:
    ReadingCannotWrite(lambda request: HttpResponse(""))(rf.get("/x/"))
    assert connection.execute_wrappers == []


@pytest.mark.django_db
def test_every_answer_carries_a_policy_without_inline_or_eval(client: Client) -> None:
    policy = client.get("/login/").headers["Content-Security-Policy"]
    for part in ("default-src 'self'", "script-src 'self'", "object-src 'none'", "base-uri 'none'"):
        assert part in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.django_db
def test_the_browser_s_language_is_not_asked(client: Client) -> None:
    page = client.get("/login/", headers={"Accept-Language": "en"})
    assert page.headers["Content-Language"] == "zh-hans"
    assert "登录" in page.content.decode()


@pytest.mark.django_db
def test_size_and_language_are_kept_by_a_plain_form(client: Client) -> None:
    answer = client.post("/look/", {"size": "elder", "next": "/login/"})
    assert answer.headers["Location"] == "/login/"
    assert 'data-size="elder"' in client.get("/login/").content.decode()
    client.post("/look/", {"language": "en", "next": "/login/"})
    assert client.get("/login/").headers["Content-Language"] == "en"


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_switch_never_leads_outside(client: Client, bad: str) -> None:
    assert client.post("/look/", {"size": "large", "next": bad}).headers["Location"] == "/"


@pytest.mark.django_db
def test_an_unknown_size_is_not_kept(client: Client) -> None:
    assert "weicheng_size" not in client.post("/look/", {"size": "x"}).cookies


@pytest.mark.django_db
def test_a_page_that_does_not_exist_says_what_to_do(client: Client) -> None:
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "没有这一页" in answer.content.decode()


def test_the_process_says_it_is_alive(client: Client) -> None:
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_readiness_names_database_disk_and_queue(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "disk": True, "queue": True}


@pytest.mark.django_db
def test_a_queue_that_stands_still_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weicheng.frame.views._queue_age", lambda: 601.0)
    assert client.get("/readyz").status_code == 503


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused() -> None:
    answer = Client(enforce_csrf_checks=True).post("/look/", {"size": "elder"})
    assert answer.status_code == 403
    assert "页面放得太久了" in answer.content.decode()
