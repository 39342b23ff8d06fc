import numpy as np
import pytest

from grading.results.statistics import ItemColumn, alpha, alpha_interval, statistics

# Four students, three items; worked by hand.
RIGHT = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]], float)
# How many of 1,000 gave each pattern of right and wrong, from 00000 to 11111 (Bock and Lieberman, Fitting a response
# model for n dichotomously scored items, 1970)
LSAT_6 = [3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15]
LSAT_6 += [10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298]


def columns(points: np.ndarray, most: float = 1.0) -> list[ItemColumn]:
    values = [["1" if one else "2" for one in column] for column in points.T]
    return [
        ItemColumn(i + 1, "choice", most, list(column), values[i], ("1", "2", "3"), {1: ("1",)})
        for i, column in enumerate(points.T)
    ]


def test_section_6_of_the_lsat_gives_the_published_figures():
    """As printed for `descript(LSAT)` by ltm (Rizopoulos, Journal of Statistical Software 17(5), 2006)."""
    patterns = np.array([list(f"{number:05b}") for number in range(32)], float)
    found = statistics(columns(np.repeat(patterns, LSAT_6, axis=0)))
    assert found["papers"] == 1000
    assert found["reliability"]["name"] == "KR-20"
    assert found["reliability"]["value"] == pytest.approx(0.2950, abs=1e-4)
    assert [item["difficulty"] for item in found["items"]] == [0.924, 0.709, 0.553, 0.763, 0.870]
    correlations = [item["point_biserial"] for item in found["items"]]
    assert correlations == pytest.approx([0.1128, 0.1532, 0.1728, 0.1444, 0.1216], abs=2e-4)


def test_kr_20_of_a_small_table_is_what_a_hand_finds():
    # k/(k-1) (1 - sum pq / var) = 1.5 (1 - (3/16 + 1/4 + 3/16) / 1.25) = 0.75, however often the table is repeated
    found = statistics(columns(np.tile(RIGHT, (3, 1))))
    assert (found["reliability"]["name"], found["reliability"]["value"]) == ("KR-20", 0.75)
    assert found["sem"] == pytest.approx(np.std([3, 2, 1, 0] * 3, ddof=1) * 0.5, abs=1e-4)


def test_the_interval_of_alpha_is_wide_for_few_papers_and_narrow_for_many():
    few, many = [tuple(alpha_interval(0.8, papers, 20)) for papers in (12, 400)]
    # Bonett's equation by hand: 1 - 0.2 exp(+-1.96 sqrt(40 / (19 * 10)))
    assert few == pytest.approx((0.5084, 0.9186), abs=1e-3)
    assert few[0] < many[0] < 0.8 < many[1] < few[1]


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
    column = ItemColumn(1, "choice", 1.0, [1, 0, 0], ["1", "", "2,3"], ("1", "2", "3"), {1: ("1",)})
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


def test_chance_in_few_papers_is_no_wrong_key():
    """Answers that say nothing: of 200 such items a handful at most is said to be keyed wrongly."""
    rng = np.random.default_rng(4)
    flagged = [
        item["flags"]
        for _ in range(10)
        for item in statistics(columns((rng.random((19, 20)) < 0.7).astype(float)))["items"]
    ]
    assert sum("wrong_key" in flags for flags in flagged) <= 16
    assert sum("weak" in flags for flags in flagged) > 100


def test_items_that_go_with_each_other_in_every_paper_have_the_greatest_correlation_and_no_flag():
    found = statistics(columns(np.repeat([[1.0, 1.0], [0.0, 0.0]], 6, axis=0)))
    assert [item["point_biserial"] for item in found["items"]] == [1, 1]
    assert not [flag for item in found["items"] for flag in item["flags"] if flag != "unused_option"]


def test_the_right_option_of_another_version_is_no_distractor_there():
    column = ItemColumn(
        1, "choice", 1.0, [1, 0, 1], ["1", "1", "3"], ("1", "2", "3"), {1: ["1"], 2: ["3"]}, "", [1, 2, 2]
    )
    told = statistics([column])["items"][0]["distractors"]
    assert [(one["version"], one["value"], one["count"]) for one in told if one["is_right"]] == [
        (1, "1", 1),
        (2, "3", 1),
    ]
    assert {"version": 2, "value": "1", "count": 1, "is_right": False} in told


def test_an_option_that_the_best_prefer_to_the_right_one_is_said():
    able = np.arange(20)
    easy = (able[:, None] >= np.arange(0, 20, 4)).astype(float)
    tricky = (able < 12).astype(float)
    found = statistics([*columns(easy), *columns(tricky[:, None])])["items"]
    assert "misleading_option" in found[-1]["flags"]
    assert not any("misleading_option" in item["flags"] for item in found[:-1])


def test_the_alpha_of_two_papers_is_none_and_says_so():
    found = statistics(columns(np.array([[1.0, 0, 1, 0], [0, 1, 0, 1]])))["reliability"]
    assert (found["value"], found["interval"], found["has_too_few_papers"]) == (None, None, True)


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
