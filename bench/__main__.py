"""python -m bench: every claim at every size, as a table or as JSON; exit 1 on unmet targets."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.figures import Claim, table, unmet

ROOT = Path(__file__).resolve().parents[1]
FLAT_MOST = 1.3
FLAT = ("list, ", "detail, ", "dashboard, ")
#: Why a target is not reached, as far as it is known; said beside the figure.
REASONS: dict[str, str] = {
    "dashboard, page of today": "The page counts live over the open problems; only the tallies are"
    " kept as counts.",
    "import, rows filed": "Each row is made as model objects in Python: about 0.9 ms of processor"
    " a row on the box of docs/performance.md, before any waiting.",
}


def main() -> int:
    """Parse, measure each size in its own process and database, and tell."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--sizes", default="10k,100k", help="10k,100k,1M")
    parser.add_argument("--large", action="store_true", help="1M as well")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, small import")
    parser.add_argument(
        "--only-reads", action="store_true", help="the readers' pages alone: no acts, no import"
    )
    parser.add_argument("--only-creates", action="store_true", help="filing over HTTP alone")
    parser.add_argument("--json", action="store_true", help="JSON instead of the table")
    parser.add_argument("--keep", action="store_true", help="leave the databases for a look")
    given = parser.parse_args()
    sizes = [_number(word) for word in given.sizes.split(",")]
    sizes += [1_000_000] if given.large and 1_000_000 not in sizes else []
    claims: list[Claim] = []
    for size in sizes:
        claims += _measured(size, _asked(given), keep=given.keep)
    claims += flatness(claims)
    for claim in claims:
        known = (why for name, why in REASONS.items() if name in claim.name)
        claim.why = next(known, "No cause established.")
    _tell(claims, as_json=given.json)
    return 1 if unmet(claims) else 0


def _asked(given: argparse.Namespace) -> list[str]:
    flags = {
        "--quick": given.quick,
        "--only-reads": given.only_reads,
        "--only-creates": given.only_creates,
    }
    return [flag for flag, on in flags.items() if on]


def _number(word: str) -> int:
    factors = {"k": 1000, "m": 1_000_000}
    factor = factors.get(word[-1:].lower(), 1)
    return int(word[:-1] if factor > 1 else word) * factor


def _measured(size: int, asked: list[str], *, keep: bool) -> list[Claim]:
    address = os.environ["DATABASE_URL"]
    name = f"weicheng_bench_{size}_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    try:
        with tempfile.TemporaryDirectory() as folder:
            told = Path(folder) / "claims.json"
            command = [sys.executable, "-m", "bench.measure", str(size), str(told)]
            subprocess.run(  # noqa: S603
                [*command, *asked], cwd=ROOT, check=True,
                env=_environment(address, name, folder),
            )  # fmt: skip
            return [_claim(row) for row in json.loads(told.read_text())]
    finally:
        if not keep:
            with psycopg.connect(address, autocommit=True) as admin:
                admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _claim(row: dict[str, object]) -> Claim:
    return Claim(**{k: v for k, v in row.items() if k not in {"ratio", "met"}})  # type: ignore[arg-type]


def _environment(address: str, name: str, folder: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": urlunsplit(urlsplit(address)._replace(path=f"/{name}")),
        "DJANGO_SETTINGS_MODULE": "bench.floor.settings",
        "WEICHENG_VAR": folder,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }


def flatness(claims: list[Claim]) -> list[Claim]:
    """Each read at the larger sizes over the same read at the smallest.

    The floor's own figures move the comparison's base, so that a slower minute is not growth.
    """
    first: dict[str, Claim] = {}
    found = []
    for claim in claims:
        if not claim.name.startswith(FLAT) or not claim.floor:
            continue
        base = first.setdefault(claim.name, claim)
        if base is not claim and base.floor:
            ours, theirs = claim.ours / claim.floor, base.ours / base.floor
            found.append(Claim(
                f"flat: {claim.name}", f"{claim.size}/{base.size}", "× floor", ours, theirs,
                at_most=FLAT_MOST,
            ))  # fmt: skip
    return found


def _tell(claims: list[Claim], *, as_json: bool) -> None:
    box = f"{platform.node()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}"
    at = datetime.now(UTC).isoformat(timespec="seconds")
    if as_json:
        rows = [c.as_json() for c in claims]
        print(json.dumps({"box": box, "at": at, "claims": rows}, ensure_ascii=False, indent=1))
        return
    print(f"{at}  {box}\n\n{table(claims)}\n")
    for sentence in unmet(claims):
        print(f"not reached: {sentence}")


if __name__ == "__main__":
    sys.exit(main())
