"""The question bank with 5 000 questions: how long a search takes, and how long the index takes to be made.

python -m bench.bank [--questions N]"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from pathlib import Path

from mingtang.catalog.bank import Search
from mingtang.catalog.book import Catalog
from mingtang.catalog.plans import Draft

WORDS = [
    "栈",
    "队列",
    "哈希",
    "排序",
    "二叉树",
    "时间",
    "空间",
    "递归",
    "stack",
    "queue",
    "hash",
    "sorting",
    "tree",
    "Why",
    "Which",
    "complexity",
    "O(log",
    "n)",
]
ASKED = ("", "栈", "哈希 排序", "hash", "Why tree", "复", "nothing at all", "o(log")
A_PLAN = 50


def _draft(chance: random.Random, plan: int) -> Draft:
    steps = []
    for n in range(A_PLAN):
        text = " ".join(chance.choices(WORDS, k=12)) + f" {plan}.{n}"
        options = [" ".join(chance.choices(WORDS, k=4)) for _ in range(4)]
        question = {"form": "single", "text": text, "options": options, "right": ["a"]}
        steps.append({"id": f"step-{plan}-{n}", "kind": "poll", "question": question})
    return Draft(f"Plan {plan}", "CS101", "zh", json.dumps(steps))


async def measure(questions: int) -> None:
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        catalog = Catalog(Path(folder) / "catalog.db")
        for plan in range(questions // A_PLAN):
            await catalog.plans.add(f"plan-{plan}", _draft(chance, plan), plan)
        began = time.perf_counter()
        await catalog.bank.catch_up()
        made = time.perf_counter() - began
        taken = []
        for words in ASKED * 10:
            began = time.perf_counter()
            await catalog.bank.catch_up()
            hits = await catalog.bank.find(Search(words))
            await catalog.bank.times((hit.question.plan, hit.question.step) for hit in hits)
            taken.append((time.perf_counter() - began) * 1000)
        await catalog.close()
    p50, p95 = statistics.median(taken), sorted(taken)[int(len(taken) * 0.95)]
    print(
        f"question bank, {questions} questions: index made in {made:.1f} s, search p50 {p50:.1f} ms, p95 {p95:.1f} ms"
    )


def run(questions: int = 5000) -> None:
    asyncio.run(measure(questions))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--questions", type=int, default=5000)
    run(asked.parse_args().questions)


if __name__ == "__main__":
    main()
