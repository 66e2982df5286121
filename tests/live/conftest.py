import pytest

from tests.live.stage import staged


@pytest.fixture
async def stage():
    async with staged() as made:
        yield made
