"""Words, numbers and lists as readers of several languages expect them."""

import pytest

from kb.present.words import Reader
from tests import factories


def reader(lang: str) -> Reader:
    return Reader(lang, factories.vocabularies())


@pytest.mark.parametrize("lang", factories.LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_a_list_says_each_name_once_and_apart(lang: str, count: int) -> None:
    names = [f"name{number}" for number in range(count)]
    listed = reader(lang).listed(names)
    for comma in "،、,":
        listed = listed.replace(comma, " ")
    assert listed.split() == names


def test_a_list_has_the_comma_of_its_script() -> None:
    assert reader("en").listed(["a", "b", "c"]) == "a, b, c"
    assert reader("zh").listed(["a", "b"]) == "a、b"
    assert reader("ar").listed(["a", "b"]) == "a، b"
