"""The databases of the integration tests."""

from integration.conftest import *  # noqa: F403 - fixtures, all of them
