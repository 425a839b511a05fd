"""What the new model is compared on where the operator gave a sample of its messages."""

from huiyin.retraining import within_sample

ROW = {"text": "…", "intent": "report", "category": "政法", "categories": ["政法", "民政"]}


def test_a_class_that_the_sample_lacks_is_not_counted_but_the_rest_of_the_row_is() -> None:
    assert within_sample(ROW, {"城乡建设"}) == {"text": "…", "intent": "report"}


def test_a_class_of_the_sample_counts_and_without_a_sample_all_do() -> None:
    also = ROW | {"category_also": ["城乡建设"]}
    assert within_sample(ROW, {"政法"}) == ROW
    assert within_sample(also, {"城乡建设"}) == also
    assert within_sample(ROW, set()) == ROW
