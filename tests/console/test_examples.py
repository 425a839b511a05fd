"""The curator looks through what staff put right before understanding learns from it."""

import threading

import pytest
from httpx import Response

from console.auth import FORGERY_HEADER
from nlu.corrections import ReviewState, accepted_examples, examples_in
from nlu.tables import NluExample
from tests.console.desk_world import Browser, Desk

EVIL = "<script>alert(1)</script>"
CLASS = "城乡建设/城市建设和市政管理"


@pytest.fixture
def proposed(desk: Desk) -> Desk:
    """A desk with two corrections: of a class, and of a unit."""
    with desk.session() as session:
        for number, (old, new) in enumerate(
            (
                ({"category_first": "交通运输"}, {"category_first": "城乡建设"}),
                ({"unit": "wuye"}, {"unit": "elevator"}),
            )
        ):
            session.add(
                NluExample(
                    source=f"case {number}",
                    text=f"路灯不亮好几天了{number}{EVIL}",
                    old=old,
                    new=new,
                    corrected_by="committee",
                    corrected_at=desk.now(),
                    state=ReviewState.PROPOSED,
                )
            )
        session.commit()
    return desk


def ids(desk: Desk, state: ReviewState) -> list[int | None]:
    with desk.session() as session:
        return [row.id for row in examples_in(session, state)]


def call(browser: Browser, example_id: object, verb: str, **body: str) -> Response:
    return browser.client.post(
        f"/api/v1/examples/{example_id}/{verb}", headers={FORGERY_HEADER: browser.csrf}, json=body
    )


def test_the_page_shows_what_was_put_right(proposed: Desk) -> None:
    page = proposed.signed_in("curator").get("/desk/examples").text
    for words in ("路灯不亮", "交通运输", "城乡建设", "承办单位"):
        assert words in page
    assert EVIL not in page


def test_accepted_and_refused_ones_leave_the_page_and_are_written_down(proposed: Desk) -> None:
    first, second = ids(proposed, ReviewState.PROPOSED)
    curator = proposed.signed_in("curator")
    assert "下次训练会学" in curator.post(f"/desk/examples/{first}/accept", category="").text
    page = curator.post(f"/desk/examples/{second}/refuse").text
    assert "没有要审的更正" in page
    assert ids(proposed, ReviewState.ACCEPTED) == [first]
    assert ids(proposed, ReviewState.REFUSED) == [second]
    log = proposed.signed_in("admin").get("/desk/audit").text
    assert "采用更正样例" in log
    assert "不用更正样例" in log


def test_a_class_that_does_not_exist_is_told_at_the_field_and_decides_nothing(
    proposed: Desk,
) -> None:
    _, second = ids(proposed, ReviewState.PROPOSED)
    answer = proposed.signed_in("curator").post(
        f"/desk/examples/{second}/accept", category="天文/流星"
    )
    assert answer.status_code == 422
    assert "天文/流星" in answer.text
    assert f'id="category-{second}-error"' in answer.text
    assert second in ids(proposed, ReviewState.PROPOSED)


def test_the_curator_s_class_is_what_training_learns(proposed: Desk) -> None:
    _, second = ids(proposed, ReviewState.PROPOSED)
    curator = proposed.signed_in("curator")
    assert call(curator, second, "accept", category=CLASS).json() == {
        "id": second,
        "state": "accepted",
    }
    with proposed.session() as session:
        (example,) = accepted_examples(session)
    assert f"{example.first}/{example.second}" == CLASS
    listed = curator.get("/api/v1/examples?state=accepted").json()
    assert [(one["id"], one["reviewed_by"]) for one in listed] == [(second, "curator")]


def test_of_two_reviewers_at_once_one_decides_and_the_other_is_told(proposed: Desk) -> None:
    first, _ = ids(proposed, ReviewState.PROPOSED)
    curator, answers = proposed.signed_in("curator"), []
    both = [
        threading.Thread(target=lambda verb=verb: answers.append(call(curator, first, verb)))
        for verb in ("accept", "refuse")
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    told = next(answer.json() for answer in answers if answer.status_code == 409)
    assert told["key"] == "example_decided"
