"""The database's roles: one owns the tables, one works in them, and events are only ever added."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import psycopg
from psycopg import sql

from weicheng.server.layout import write_private

DATABASE = "weicheng"
ADMIN = "weicheng_admin"
OWNER = "weicheng_owner"
APP = "weicheng_app"

# What has happened is never changed: the app may only add to these tables and read them.
APPEND_ONLY = (
    "problems_event", "journal_operation", "complaints_complaint", "complaints_reply",
)  # fmt: skip


def passwords(path: Path) -> dict[str, str]:
    """The roles' passwords; made at the first start, in a file only its owner reads."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = {role: secrets.token_urlsafe(32) for role in (ADMIN, OWNER, APP)}
        write_private(path, json.dumps(made))
    found: dict[str, str] = json.loads(path.read_text())
    return found


def ensure(address: str, words: dict[str, str]) -> None:
    """Makes owner, app and database where they are missing. `address` is the admin's."""
    with psycopg.connect(address, autocommit=True) as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in (OWNER, APP):
            if role not in known:
                make = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
                connection.execute(make.format(sql.Identifier(role), sql.Literal(words[role])))
        named = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(named, [DATABASE]).fetchone() is None:
            make = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(make.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def grant(connection: psycopg.Connection[tuple[object, ...]], app: str) -> None:
    """Gives the app its rights on everything that exists now. Run by the owner after migrating."""
    who = sql.Identifier(app)
    for right in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {}",
    ):
        connection.execute(sql.SQL(right).format(who))
    for table in APPEND_ONLY:
        if connection.execute("SELECT to_regclass(%s)", [f"public.{table}"]).fetchone() == (None,):
            continue
        revoke = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}")
        connection.execute(revoke.format(sql.Identifier(table), who))
