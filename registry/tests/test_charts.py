"""The plot's geometry: every value within it, round ticks, the axis as long as the training."""

import pytest

from registry.presentation.charts import (
    BOTTOM,
    LEFT,
    LETTER,
    RIGHT,
    TOP,
    comparison_chart,
    training_chart,
)


def points(*losses: float) -> list[dict[str, float]]:
    return [
        {
            "epoch": epoch,
            "train_loss": loss,
            "validation_loss": loss / 10,
            "train_accuracy": 1 - loss / 5,
            "validation_accuracy": 0.9973,
        }
        for epoch, loss in enumerate(losses, 1)
    ]


def places(line) -> list[tuple[float, float]]:
    return [tuple(map(float, point.split(","))) for point in line.points.split()]


@pytest.mark.parametrize("losses", [(0.48, 0.2, 0.09), (2.3, 2.3), (0.003, 0.0001), (41.0,), (0.0, 0.0)])
def test_every_line_lies_within_the_plot(losses):
    for line in training_chart(points(*losses)).lines:
        assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in places(line))


def test_losses_stand_on_zero_and_accuracies_hang_from_one():
    drawn = training_chart(points(0.48, 0.2, 0.09))
    assert drawn.losses[0].text == "0"
    assert float(drawn.losses[0].at) == BOTTOM
    assert drawn.accuracies[-1].text == "100 %"
    assert float(drawn.accuracies[-1].at) == TOP


def test_a_smaller_loss_is_drawn_lower_and_a_better_accuracy_higher():
    lines = {line.name: places(line) for line in training_chart(points(0.5, 0.2)).lines}
    assert lines["train_loss"][1][1] > lines["train_loss"][0][1]
    assert lines["train_accuracy"][1][1] < lines["train_accuracy"][0][1]


def test_the_axis_is_as_long_as_the_training_is_planned():
    half = training_chart(points(*[0.1] * 5), planned=9)
    assert places(half.lines[0])[-1][0] == (LEFT + RIGHT) / 2
    assert half.right == RIGHT  # the axis of the accuracies
    assert [tick.text for tick in half.epochs] == ["2", "4", "6", "8"]


def test_one_epoch_is_a_dot_and_none_is_no_plot():
    first, second = places(training_chart(points(0.3)).lines[0])
    assert first == second
    assert training_chart([]) is None


@pytest.mark.parametrize("epochs", [1, 2, 9])
def test_letters_of_trainings_that_end_alike_are_whole_and_beside_each_other(epochs):
    """At the top of the plot, too, where accuracies near 1 end."""
    runs = [(letter, points(*[0.001] * epochs)) for letter in "ABCD"]
    ends = [line.letter_at for line in comparison_chart(runs).lines]
    assert len(ends) == len(set(ends)) == 8
    assert all(x - LETTER >= LEFT and x <= RIGHT and y - LETTER >= TOP and y <= BOTTOM for x, y in ends)
    for at, (x, y) in enumerate(ends):
        assert all(abs(x - left) >= LETTER or abs(y - foot) >= LETTER for left, foot in ends[:at])
