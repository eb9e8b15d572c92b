"""One town for the whole walk."""

from collections.abc import Iterator

import pytest

from chassis.settings import Settings
from tests.services.permissions.town import Town, a_town


@pytest.fixture(scope="module")
def town(house_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_town(house_settings, tmp_path_factory.mktemp("walk")) as town:
        yield town
