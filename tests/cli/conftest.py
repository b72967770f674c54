"""Commands in this process leave the environment as it was."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """What a command removes from the environment is there again for the next test."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)
