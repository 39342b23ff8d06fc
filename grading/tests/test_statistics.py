import numpy as np
import pytest

from grading.statistics import ItemColumn, alpha, statistics

# Four students, three items; worked by hand.
RIGHT = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]], float)


def columns(points: np.ndarray, most: float = 1.0) -> list[ItemColumn]:
    values = [["1" if one else "2" for one in column] for column in points.T]
    return [
        ItemColumn(i + 1, "choice", most, list(column), values[i], ("1", "2", "3"), ("1",))
        for i, column in enumerate(points.T)
    ]


def test_kr_20_of_a_small_table_is_what_a_hand_finds():
    # k/(k-1) (1 - sum pq / var) = 1.5 (1 - (3/16 + 1/4 + 3/16) / 1.25) = 0.75
    found = statistics(columns(RIGHT))
    assert found["reliability"] == {"name": "KR-20", "value": 0.75}
    assert found["sem"] == pytest.approx(np.std([3, 2, 1, 0], ddof=1) * 0.5, abs=1e-4)


def test_alpha_of_unequal_points_has_its_own_name():
    weighted = columns(RIGHT)
    weighted[0] = ItemColumn(1, "open", 4.0, [4, 3, 1, 0], ["4", "3", "1", "0"])
    found = statistics(weighted)
    assert found["reliability"]["name"] == "Cronbach's alpha"
    assert found["items"][0]["distractors"] == []


def test_mean_spread_and_histogram_describe_the_scores():
    found = statistics(columns(RIGHT))
    assert (found["mean"], found["median"], found["lowest"], found["highest"]) == (1.5, 1.5, 0, 3)
    assert found["sd"] == pytest.approx(1.291, abs=1e-3)
    assert sum(bar["count"] for bar in found["histogram"]) == 4


def test_an_item_does_not_correlate_with_itself():
    first, second, _third = statistics(columns(RIGHT))["items"]
    rest = RIGHT.sum(1) - RIGHT[:, 1]
    assert second["point_biserial"] == pytest.approx(np.corrcoef(RIGHT[:, 1], rest)[0, 1], abs=1e-4)
    assert first["difficulty"] == 0.75
    assert first["discrimination"] == 1.0


def test_distractors_are_counted_with_the_unmarked_ones():
    [column] = columns(np.array([[1.0], [0.0], [0.0]]))
    column = ItemColumn(1, "choice", 1.0, [1, 0, 0], ["1", "", "2,3"], ("1", "2", "3"), ("1",))
    counts = {one["value"]: one["count"] for one in statistics([column])["items"][0]["distractors"]}
    assert counts == {"1": 1, "2": 1, "3": 1, "": 1}


def test_many_papers_raise_flags_and_few_do_not():
    rng = np.random.default_rng(0)
    able = rng.random(40)
    points = np.stack([able > 0.5, able < 0.5, np.ones(40), able > 0.95], 1).astype(float)
    items = statistics(columns(points))["items"]
    assert "wrong_key" in items[1]["flags"]
    assert "too_easy" in items[2]["flags"]
    assert "too_hard" in items[3]["flags"]
    assert "unused_option" in items[0]["flags"]
    assert all(not item["flags"] for item in statistics(columns(points[:5]))["items"])


@pytest.mark.parametrize("papers", [0, 1])
def test_too_few_papers_give_no_number_instead_of_a_wrong_one(papers):
    found = statistics(columns(RIGHT[:papers]))
    assert found["papers"] == papers
    assert found["reliability"]["value"] is None and found["sem"] is None and found["sd"] is None


def test_papers_that_are_all_alike_have_no_reliability():
    assert alpha(np.ones((5, 3))) is None
    assert statistics(columns(np.ones((5, 3))))["items"][0]["point_biserial"] is None


def test_an_exam_without_a_key_has_no_statistics_yet():
    found = statistics([])
    assert (found["items"], found["mean"], found["sem"], found["max_score"]) == ([], None, None, 0)
