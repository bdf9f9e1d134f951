"""One error tree: every error of the program hangs on it and is drawn in it."""

from __future__ import annotations

import inspect

import pytest

from vademecum import errors
from vademecum.errors import PackError, VademecumError

CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_error_hangs_on_the_root_and_is_drawn(kind: type) -> None:
    assert issubclass(kind, VademecumError)
    assert kind.__name__ in (errors.__doc__ or "")
    assert kind.__doc__


def test_the_problems_of_a_pack_are_its_message_line_by_line() -> None:
    error = PackError(("a.yaml:1: one; mend it", "a.yaml:2: two; mend it"))
    assert error.problems == ("a.yaml:1: one; mend it", "a.yaml:2: two; mend it")
    assert str(error) == "a.yaml:1: one; mend it\na.yaml:2: two; mend it"
