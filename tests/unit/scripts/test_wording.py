"""Fields in scripts: named ones only, never an exception, never interpreted."""

from hypothesis import given
from hypothesis import strategies as st

from scripts.wording import FALLBACKS, fields_in, fill, has_stray_brace


@given(st.text(), st.dictionaries(st.sampled_from(sorted(FALLBACKS)), st.text()), st.sampled_from(["id", "en", ""]))
def test_filling_never_fails_during_a_call(text: str, fields: dict[str, str], language: str) -> None:
    assert isinstance(fill(text, fields, language), str)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda value: value.strip()))
def test_a_value_is_put_in_as_it_is(value: str) -> None:
    assert fill("<{customer_name}>", {"customer_name": value}, "id") == f"<{value.strip()}>"


def test_braces_in_a_value_are_not_filled_again() -> None:
    assert fill("{customer_name}", {"customer_name": "{order}", "order": "secret"}, "id") == "{order}"


def test_attributes_and_indexes_are_not_looked_up() -> None:
    assert fill("{agent_name.__class__} {0}", {"agent_name": "Ayu"}, "en") == "… …"


def test_a_missing_or_blank_field_is_said_in_other_words_in_each_language() -> None:
    assert fill("Halo {customer_name}.", {}, "id") == "Halo Bapak atau Ibu."
    assert fill("Hello {customer_name}.", {"customer_name": "  "}, "en") == "Hello Sir or Madam."


def test_markup_stays_text() -> None:
    assert fill("{customer_name}", {"customer_name": "<script>x</script>"}, "en") == "<script>x</script>"


def test_fields_and_stray_braces_are_found() -> None:
    assert fields_in("{customer_name} {order} {nama}") == ["customer_name", "order", "nama"]
    assert has_stray_brace("a } b")
    assert not has_stray_brace("{a} b")


def test_an_answer_that_is_not_there_is_said_in_other_words() -> None:
    assert fill("{answer.pay_on}", {}, "id") == "jawaban Anda"
