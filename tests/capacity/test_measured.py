"""The constants are those of the documents, so that a new run of the bench cannot leave them behind."""

import pytest

from tests.capacity import documents
from v1.capacity import measured
from v1.capacity.measured import Figure

FIGURES = measured.figures()


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_the_one_of_its_document(name: str) -> None:
    figure = FIGURES[name]
    assert documents.figure(figure.source, figure.where) == figure.value, f"{figure.source}: {figure.where}"
    assert figure.unit


def test_every_figure_is_found() -> None:
    assert {"HASH", "TOKEN.keys", "ONE_SERVER.gatepass.check", "SERVICE_BY_CLIENTS.32"} <= set(FIGURES)
    assert all(isinstance(each, Figure) for each in FIGURES.values()) and len(FIGURES) >= 30


def test_a_figure_that_is_not_there_is_an_error() -> None:
    with pytest.raises(AssertionError, match="no table has"):
        documents.figure(measured.LOGIN, "Gatepass, cold (cost 11) | bare hash ms")
    with pytest.raises(AssertionError, match="0 times"):
        documents.figure(measured.LOGIN, "took {} years")
    with pytest.raises(AssertionError, match="no heading"):
        documents.figure("bench/results.md#Nothing", "took {} years")
