import json

from hypothesis import given
from hypothesis import strategies as st

from vedette.findings.bounds import ENTRY_LIMIT, TEXT_LIMIT, bounded, bounded_text

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.frozensets(st.text()),
)


def test_a_short_text_stays_as_it_is() -> None:
    assert bounded_text("bucket") == "bucket"


def test_a_long_text_is_cut_and_says_so() -> None:
    cut = bounded_text("x" * 64_000)

    assert cut.startswith("x" * TEXT_LIMIT + "…")
    assert cut.endswith("(64,000 characters)")
    assert len(cut) < TEXT_LIMIT + 30


def test_cutting_a_second_time_changes_nothing() -> None:
    cut = bounded_text("x" * 64_000)

    assert bounded_text(cut) == cut
    assert len(bounded_text(f"{cut}{cut}")) < TEXT_LIMIT + 30


def test_a_long_list_is_cut_and_says_how_much_is_missing() -> None:
    cut = bounded(list(range(ENTRY_LIMIT + 3)))

    assert isinstance(cut, list)
    assert len(cut) == ENTRY_LIMIT + 1
    assert cut[-1] == "… 3 more"


def test_a_large_mapping_is_cut_and_says_how_much_is_missing() -> None:
    cut = bounded({str(number): number for number in range(ENTRY_LIMIT + 2)})

    assert isinstance(cut, dict)
    assert cut["…"] == "2 more"


def test_deep_nesting_ends() -> None:
    nested: list[object] = []
    for _ in range(1_000):
        nested = [nested]

    assert len(json.dumps(bounded(nested))) < 50


def test_a_set_comes_out_in_a_stable_order() -> None:
    assert bounded(frozenset({"b", "a", "c"})) == ["a", "b", "c"]


@given(ANYTHING)
def test_whatever_goes_in_json_comes_out(value: object) -> None:
    assert json.dumps(bounded(value))
