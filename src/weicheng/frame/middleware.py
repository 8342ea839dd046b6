"""What every request passes: language, declared audience, reading that cannot write, no caches."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import translation

from weicheng.frame.audience import declared

Answer = Callable[[HttpRequest], HttpResponseBase]

READING = frozenset({"GET", "HEAD", "OPTIONS"})
# What a reading request may write: the session (idle clock, messages) and failed log-ins.
WRITABLE_TABLES = ("django_session", "people_session", "axes_")
_FIRST_WORD = re.compile(r"^[\s(]*(?:/\*.*?\*/\s*|--[^\n]*\n\s*)*(\w+)", re.S)
_CHANGE = {"INSERT", "UPDATE", "DELETE", "MERGE", "COPY", "CALL", "DO", "LOCK"}
_WRITING = _CHANGE | {"TRUNCATE", "CREATE", "ALTER", "DROP", "GRANT", "REVOKE"}
_INNER = re.compile(
    r"\b(INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\"|MERGE\s+INTO|nextval\s*\(|procrastinate_defer)",
    re.I,
)
_TABLE = re.compile(r"\b(?:INTO|UPDATE|FROM)\s+\"?(\w+)", re.I)


class WriteWhileReading(RuntimeError):
    """A GET tried to change the database; the message is the statement's beginning."""


def writes(sql: str) -> bool:
    """Whether a statement changes data, tables of the allow-list excepted."""
    first = _FIRST_WORD.match(sql)
    word = first.group(1).upper() if first else ""
    if word not in _WRITING and not _INNER.search(sql):
        return False
    table = _TABLE.search(sql)
    return not (word in _WRITING and table and table.group(1).startswith(WRITABLE_TABLES))


def refuse_writes(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    """A database wrapper that lets reading through and stops writing."""
    if writes(str(sql)):
        raise WriteWhileReading(str(sql)[:120])
    return execute(sql, params, many, context)


class ReadingCannotWrite:
    """GET, HEAD and OPTIONS run with a database that refuses to be changed."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in READING:
            return self.get_response(request)
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(refuse_writes))
            return self.get_response(request)


class DeclaredAudience:
    """A view that did not declare its audience does not exist."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if "Cache-Control" not in answer and request.user.is_authenticated:
            answer["Cache-Control"] = "no-store"
        return answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Stop before an undeclared view."""
        if not declared(view):
            raise Http404


class PlainAddress:
    """An address with a NUL character is answered 400: no text of the database can hold one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Stop before a view reads it."""
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path:
            raise BadRequest("NUL")


class Language:
    """Chinese unless the reader chose otherwise by the switch; the browser's list is not asked."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = chosen in dict(settings.LANGUAGES)
        with translation.override(chosen if known else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            answer = self.get_response(request)
            answer.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            return answer
