"""The job of a killed worker goes back to the queue, once; nobody else's is touched."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync
from django.db import connection

from weicheng.journal import jobs

pytestmark = pytest.mark.django_db(transaction=True)


def a_job(*, silent: int, queueing_lock: str | None = None) -> int:
    """A job in work at a worker that last gave a sign of life `silent` seconds ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [silent],
        )
        (worker,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id,"
            " queueing_lock) VALUES ('default', 'a', '{}', 'doing', %s, %s) RETURNING id",
            [worker, queueing_lock],
        )
        return int(cursor.fetchone()[0])


def status(job: int) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])
        row = cursor.fetchone()
    return row and str(row[0])


def look() -> None:
    async_to_sync(jobs.return_stalled.func)(timestamp=0)


def test_the_job_of_a_silent_worker_goes_back_to_the_queue() -> None:
    job = a_job(silent=jobs.SILENT + 5)
    look()
    assert status(job) == "todo"


def test_the_job_of_a_living_worker_is_left_alone() -> None:
    job = a_job(silent=jobs.SILENT - 5)
    look()
    assert status(job) == "doing"


def test_a_silent_workers_job_is_dropped_when_an_equal_one_already_waits() -> None:
    job = a_job(silent=jobs.SILENT + 5, queueing_lock="one")
    other = a_job(silent=jobs.SILENT + 5)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, queueing_lock)"
            " VALUES ('default', 'a', '{}', 'one')"
        )
    look()
    assert (status(job), status(other)) == (None, "todo")
