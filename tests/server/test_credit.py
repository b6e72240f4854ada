"""Acknowledgements hold for every frame up to their sequence."""

from hypothesis import given
from hypothesis import strategies as st

from attune.server.credit import FrameLedger
from attune.session.outputs import Disposition

ANALYSED, DROPPED = Disposition.ANALYSED, Disposition.DROPPED


def test_a_frame_that_is_settled_first_waits_for_the_one_before_it() -> None:
    ledger = FrameLedger()
    ledger.expect(1)
    ledger.expect(2)

    assert ledger.settle(2, DROPPED) == []
    assert [one.sequence for one in ledger.settle(1, ANALYSED)] == [1, 2]


def test_a_frame_that_was_not_expected_is_acknowledged_at_once() -> None:
    ledger = FrameLedger()

    assert [one.disposition for one in ledger.settle(1, DROPPED)] == [DROPPED]


@given(st.permutations(range(1, 9)))
def test_acknowledgements_come_in_order_and_none_is_missing(order: list[int]) -> None:
    ledger = FrameLedger()
    for sequence in range(1, 9):
        ledger.expect(sequence)

    acknowledged = [one.sequence for sequence in order for one in ledger.settle(sequence, ANALYSED)]

    assert acknowledged == list(range(1, 9))
