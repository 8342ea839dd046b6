"""All measurements of one size, in a process of its own; the claims go to a file as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import django

from bench.figures import Claim, p50, side_by_side
from bench.servers import serving

START_MOST, MEMORY_MOST, MEMORY_MIB = 2, 2, 130


def say(words: str) -> None:
    """What is going on, on the error stream."""
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def main(n: int, target: Path, *, quick: bool, only: str = "") -> None:
    """Measure at ``n`` problems and write the claims."""
    django.setup()
    from django.core.management import call_command

    from bench import loading, world, writing
    from bench.lives import Lives
    from weicheng.cli import steps

    size = f"{n // 1000}k" if n < 1_000_000 else f"{n // 1_000_000}M"
    call_command("migrate", interactive=False, verbosity=0)
    call_command("migrate", "floor", run_syncdb=True, interactive=False, verbosity=0)
    steps.files()
    say(f"{size}: making {n} problems")
    place = world.build()
    Lives(place).write(n)
    writing.fill_floor(place, n)
    times = 60 if quick else 240
    if only:
        claims = _alone(place, size, only, quick=quick)
        target.write_text(json.dumps([c.as_json() for c in claims]))
        return
    say(f"{size}: acts")
    claims = [*writing.create(place, size, times), *writing.change(place, size, times)]
    claims += _tallies(place, size, times)
    claims += _served(place, size, quick=quick)
    say(f"{size}: import")
    claims += loading.load(place, size, 2000 if quick else n if n <= 100_000 else 100_000)
    claims.append(_verified(size))
    target.write_text(json.dumps([c.as_json() for c in claims]))


def _tallies(place: object, size: str, times: int) -> list[Claim]:
    from bench.floor.models import Plain
    from weicheng.problems import tallies

    scopes = place.users["office"].scopes()  # type: ignore[attr-defined]
    key = Plain._default_manager.order_by("id").values_list("pk", flat=True)[0]
    tallies.fold()
    mine, theirs = side_by_side(
        times, lambda: tallies.counts(scopes), lambda: Plain._default_manager.get(pk=key)
    )
    return [
        Claim("dashboard, tallies of a scope", size, "ms p50", p50(mine), p50(theirs), at_most=10)
    ]


def _served(place: object, size: str, *, quick: bool) -> list[Claim]:
    from bench.pages import Pages

    say(f"{size}: pages")
    bare_start, bare_memory = _bare()
    with (
        serving("weicheng.wsgi:application") as ours,
        serving("bench.floor.wsgi:application", "bench.floor.settings") as floor,
    ):
        seconds = 0.7 if quick else 2.0
        pages = Pages(place, size, ours, floor, 40 if quick else 150, seconds)  # type: ignore[arg-type]
        claims = [*pages.lists(), *pages.detail(), *pages.dashboard()]
        say(f"{size}: filing over HTTP")
        claims += pages.create()
        memory, start = ours.worker_mib(), ours.start_seconds
    return [
        *claims,
        Claim("web start to first answer", size, "s", start, bare_start, at_most=START_MOST),
        Claim("memory per worker after the run", size, "MiB", memory, at_most=MEMORY_MIB),
        Claim("memory / bare Django", size, "MiB", memory, bare_memory, at_most=MEMORY_MOST),
    ]  # fmt: skip


def _alone(place: object, size: str, only: str, *, quick: bool) -> list[Claim]:
    """The readers' pages alone, beside the floor; or filing over HTTP alone."""
    from bench.pages import Pages

    say(f"{size}: {only} alone")
    with (
        serving("weicheng.wsgi:application") as ours,
        serving("bench.floor.wsgi:application", "bench.floor.settings") as floor,
    ):
        seconds = 0.7 if quick else 2.0
        pages = Pages(place, size, ours, floor, 40 if quick else 150, seconds)  # type: ignore[arg-type]
        if only == "creates":
            return pages.create()
        told = _tallies(place, size, 60 if quick else 240)
        return [*told, *pages.lists(), *pages.detail(), *pages.dashboard()]


def _bare() -> tuple[float, float]:
    """Start and memory of a bare Django with one view, after a thousand requests."""
    from bench.wire import Line, get

    with serving("bench.floor.bare:application", "") as bare:
        line = Line(bare.port)
        for _ in range(1000):
            line.ask(get("/healthz"))
        line.close()
        return bare.start_seconds, bare.worker_mib()


def _verified(size: str) -> Claim:
    """Everything the run left is still the fold of its events."""
    from weicheng.problems.verify import verify_problems

    differences = verify_problems()
    for difference in differences[:5]:
        say(str(difference))
    return Claim("differences found by verify", size, "", len(differences), at_most=0)


if __name__ == "__main__":
    main(
        int(sys.argv[1]), Path(sys.argv[2]),
        quick="--quick" in sys.argv,
        only=next((w for w in ("reads", "creates") if f"--only-{w}" in sys.argv), ""),
    )  # fmt: skip
