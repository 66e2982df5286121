"""What holds for all tests: their order, and that nothing is skipped where CI is set."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator, Iterator
from itertools import count

import pytest

from tests.postgres import Postgres

STRICT = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def pytest_collection_finish() -> None:
    """Looking for what nobody needs any more, through all that was imported, took half of the laws' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers come last: while Playwright's loop runs in this thread, no other test can have a loop of its own. Before
    them, what was made beside the others is looked at. Where a whole run is at stake, a test with real processes is
    tried once more: the summary names it (RERUN), and that is a bug to be mended, in the program or in the test."""
    items.sort(key=lambda item: (1 if "thousand" in getattr(item, "fixturenames", ()) else 0) + 2 * _browses(item))
    if STRICT:
        for item in items:
            if _browses(item) or "chaos" in item.path.parts:
                item.add_marker(pytest.mark.flaky(reruns=1))


def _browses(item: pytest.Item) -> bool:
    return "classroom" in item.path.parts


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} may not be skipped here: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One for all tests that only need databases of their own; who stops and kills makes another."""
    made = Postgres(hasty=True).start()
    yield made
    made.remove()


@pytest.fixture(scope="session")
def database(postgres: Postgres) -> Callable[[], str]:
    """The address of a new, empty database, each time it is called."""
    numbers = count(1)
    return lambda: postgres.made(f"t{next(numbers)}")
