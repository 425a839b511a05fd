import pytest

from knowledge.numerals import read_numeral, write_numeral


def test_every_article_number_reads_as_it_is_written():
    assert all(read_numeral(write_numeral(number)) == number for number in range(1, 10_000))


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零三", 103),
        ("一千二百五十七", 1257),
        ("二〇二四", 2024),
        ("12", 12),
    ],
)
def test_known_numerals(words, number):
    assert read_numeral(words) == number


@pytest.mark.parametrize("words", ["", "第十", "一x", "百分"])
def test_what_is_no_numeral_is_refused(words):
    with pytest.raises(ValueError, match="numeral"):
        read_numeral(words)
