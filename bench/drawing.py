"""python -m bench.drawing: what the draw of sites gives away, what it costs, how good routes are.

For each series of draws: the share of places taken by sites in their last round (certain), and how
many of the likeliest sites come, named as many as there are places, by somebody who knows the
whole past, beside what blind naming gives. No database is needed.
"""

from __future__ import annotations

import random
import time

from weicheng.inspections.drawing import Candidate, draw, odds
from weicheng.inspections.routing import length_m, walk_order

KIND = "market"
TURNS = 300
SIZES = ((10, 1), (40, 3), (40, 8), (200, 8))
SLACK = (2, 3, 4)  # rounds as a multiple of the least possible number


def told(number: int, quota: int, slack: int) -> str:
    """One series: certain share, hits of the best guess, hits of a blind one."""
    sites = [Candidate(f"s{i:04}", KIND, f"a{i % 5}") for i in range(number)]
    rounds = slack * -(-number // quota)
    past: list[set[str]] = []
    certain = named = hits = 0.0
    for turn in range(TURNS):
        chance = odds(sites, {KIND: quota}, history=past, rounds=rounds)
        best = sorted(chance, key=lambda key: -chance[key])[:quota]
        seed = f"{number}/{quota}/{slack}/{turn}".encode().ljust(32)
        drawn = draw(seed, sites, {KIND: quota}, history=past, rounds=rounds)
        keys = {pick.key for pick in drawn.picks}
        certain += drawn.odds_summary[0].certain
        named += sum(chance[key] for key in best)
        hits += len(keys & set(best))
        past.append(keys)
    places = TURNS * quota
    return (
        f"| {number} | {quota} | {rounds} | {certain / places:.1%} | {named / places:.1%} "
        f"| {hits / places:.1%} | {quota / number:.1%} |"
    )


def speed(held: int, *, spread: bool) -> str:
    """Milliseconds of processor time to draw 400 of 20,000 sites of 40 types in 20 areas."""
    sites = [Candidate(f"{i:05}", f"t{i % 40}", f"a{i // 40 % 20}") for i in range(20_000)]
    quotas = {f"t{i}": 10 for i in range(40)}
    past: list[set[str]] = []
    for turn in range(held):
        picks = draw(turn.to_bytes(32, "big"), sites, quotas, history=past).picks
        past.append({pick.key for pick in picks})
    began = time.process_time()
    draw(bytes(32), sites, quotas, history=past, spread=spread)
    spent = (time.process_time() - began) * 1000
    return f"20,000 sites after {held} rounds, spread={spread}: {spent:.0f} ms"


def route(stops: int) -> str:
    """Milliseconds for an order, and its length beside the order given."""
    dice = random.Random(stops)  # noqa: S311 - stops on a map, no secret
    points = [(32.6 + dice.random() * 0.08, 112.4 + dice.random() * 0.1) for _ in range(stops)]
    began = time.process_time()
    order = walk_order(points, points[0])
    spent = (time.process_time() - began) * 1000
    before, after = length_m(points, range(stops)), length_m(points, order)
    return f"{stops} stops: {spent:.1f} ms, {before / 1000:.1f} km as given, {after / 1000:.1f} km"


def main() -> None:
    """Print the tables."""
    print("| sites | places | within rounds | certain | best guess, odds | hits | blind |")
    print("|---|---|---|---|---|---|---|")
    for number, quota in SIZES:
        for slack in SLACK:
            print(told(number, quota, slack))
    for held, spread in ((0, False), (0, True), (30, False), (30, True)):
        print(speed(held, spread=spread))
    for stops in (9, 20, 60, 120, 200):
        print(route(stops))


if __name__ == "__main__":
    main()
