"""What a start does inside Django: tables and rights, style sheets, the demo, the log-in links."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

from weicheng.server import catalogues, roles
from weicheng.server.layout import Layout

# Extensions that django_htmx carries; they import what a browser could not find here.
UNSERVED = ("django_htmx/ext/*", "django_htmx/htmx-4*", "django_htmx/htmax-4*")


def tell(*words: str) -> None:
    """Tells the starter a fact: one line that `stages.run` takes out of the output."""
    print("\x1e" + "\t".join(words), flush=True)


def tables() -> None:
    """As the owner: migrates if the tables are behind and gives the app its rights."""
    app = os.environ["DATABASE_URL"]
    os.environ["DATABASE_URL"] = os.environ.get("DATABASE_OWNER_URL") or app
    _django()
    from django.db import connection

    if _is_behind():
        from django.core.management import call_command

        print("正在建立或更新数据表……", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    if os.environ["DATABASE_URL"] != app:
        with connection.cursor() as cursor:
            roles.grant(cursor.connection, _user(app))
    tell("empty", "yes" if _is_empty() else "no")


def everything() -> None:
    """Tables and files in one go, since waking Django takes the longest."""
    tables()
    files()


def files() -> None:
    """Collects style sheets and scripts, and compiles the catalogues, when they have changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    for folder in settings.LOCALE_PATHS:
        catalogues.compile_changed(Path(folder))
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        unused = list(UNSERVED)
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=unused)
        stamp.write_text(digest.hexdigest())


def demo() -> None:
    """Builds the demo district by performing its acts."""
    _django()
    from weicheng.demo import build

    with contextlib.suppress(build.NotEmpty):  # built by a start that was killed right after
        build.build_demo(progress=lambda *words: print(*words, flush=True))


def links(base: str, kind: str) -> None:
    """Tells the one-time log-in links: one per role in the demo, else the first account's."""
    _django()
    from weicheng.people import links as people

    if kind == "demo":
        for role, address in people.demo_links(base):
            tell("link", role, address)
        return
    _standard()
    if first := people.first_office_link(base):
        tell("link", "创卫办", first)


def _standard() -> None:
    """An empty installation knows the shipped standard: without kinds nothing can be filed.

    Where the table of time limits is empty, the shipped rows are put in, too.
    """
    from weicheng.problems.limits_load import load_limits
    from weicheng.standards.load import load_standard
    from weicheng.standards.models import ProblemKind

    if not ProblemKind.objects.exists():
        print("正在装入自带的标准……", flush=True)
        load_standard()
    load_limits()


def _django() -> None:
    import django

    django.setup()


def _is_behind() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _is_empty() -> bool:
    from django.contrib.auth import get_user_model

    return not get_user_model()._default_manager.exists()


def _user(address: str) -> str:
    from psycopg.conninfo import conninfo_to_dict

    return str(conninfo_to_dict(address).get("user", roles.APP))


STEPS: dict[str, Callable[..., None]] = {
    "tables": tables,
    "everything": everything,
    "demo": demo,
    "links": links,
}

if __name__ == "__main__":
    Layout.of_environment().make()
    STEPS[sys.argv[1]](*sys.argv[2:])
