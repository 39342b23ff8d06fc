"""The texts of the page that looks inside the network: its script puts numbers into the braces."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXTS: Final[dict[str, str | Promise]] = {
    "failed": _("The numbers could not be fetched. Please load the page again."),
    "position": _("Step {place} of {count}"),
    "way_back": _("The way back"),
    "way_back_explanation": _(
        "So far the numbers went forwards, from the picture to the answer. Tell the network which digit"
        " is right, and see how it learns on the way back: the loss, the gradients and one step of"
        " gradient descent."
    ),
    "left": _("Left"),
    "right": _("Right"),
    "up": _("Up"),
    "down": _("Down"),
    "move": _("Move the cursor"),
    "cell": _("Row {row}, column {column}: {value}"),
    "map": _("Map {map}"),
    "maps": _("Maps"),
    "maps_title": _("Choose one of {count} maps"),
    "before": _("Before"),
    "after": _("After"),
    "the_input": _("The input"),
    "input_title": _("The picture as the network gets it"),
    "input_hint": _("Point at the picture, tap it, or move over it with the arrow keys."),
    "input_cell": _("Row {row}, column {column}: {value} ({level} of 255)"),
    "loupe": _("The numbers around the cursor"),
    "all_numbers": _("All {count} numbers as a table"),
    "point_hint": _("Point at a number to see what becomes of it."),
    "before_after": _("Before and after"),
    "relu_cell": _("Row {row}, column {column}: {before} becomes {after}"),
    "relu_graph": _("The graph of ReLU with the number {value} on it"),
    "pooling_title": _("The largest of each window, and the average beside it"),
    "pooling_hint": _(
        "The network keeps the largest number of each window of {kernel} × {kernel} and then moves on"
        " by {stride}; the average is shown for comparison only."
    ),
    "pooling_cut": _("The last row and column are left out, because no whole window fits there."),
    "maximum": _("Max pooling"),
    "average": _("Average pooling"),
    "maximum_of": _("The largest:"),
    "average_of": _("The average: {sum} ÷ {count} ="),
    "window": _("The numbers in the window"),
    "pooling_cell": _("Row {row}, column {column}: maximum {maximum}, average {average}"),
    "flatten_title": _("Where each number goes"),
    "flatten_hint": _("The row is broken into lines here so that it fits. Point at a number on either side."),
    "flatten_formula": _("({map} − 1) × {area} + ({row} − 1) × {columns} + {column} = place {place}:"),
    "flatten_formula_plane": _("({row} − 1) × {columns} + {column} = place {place}:"),
    "flatten_cell": _("Map {map}, row {row}, column {column} goes to place {place}: {value}"),
    "excerpt": _("A part of the row, with the place of each number"),
    "value_is": "{value}",
    "the_row": _("All {count} numbers in a row"),
    "feature_maps": _("Feature maps"),
    "kernels_and_maps": _("{count} kernels, and the feature map that each one draws"),
    "feature_maps_title": _("Choose one of {count} feature maps"),
    "feature_map": _("Feature map {map}"),
    "map_before": _("Map {map} of the step before"),
    "one_number": _("How one number is made"),
    "convolution_hint": _(
        "Point at the feature map: the frame in the other picture is the window of {kernel} × {kernel}"
        " that its number comes from. Stride {stride}, padding {padding}; hatched cells are the zeros"
        " of the padding."
    ),
    "convolution_cell": _("Feature map {map}, row {row}, column {column}: {value}"),
    "products": _("Value times weight, cell by cell"),
    "padding_zero": _("Padding: a zero outside of the map"),
    "sum_of_products": _("Sum of the {count} products:"),
    "products_together": _("The products together"),
    "whole_sum": _("The whole sum"),
    "channel": _("map {map}"),
    "show_channel": _("Show the products with map {map}"),
    "other_channels": _("the other {count} maps together"),
    "bias": _("bias"),
    "together": _("Together:"),
    "same_as_map": _("the number in feature map {map}"),
    "playground_title": _("Try it: a convolution of your own on your digit"),
    "playground_hint": _("Choose a kernel or write your own numbers, and watch what it finds."),
    "kernel": _("Kernel"),
    "kernel_weights": _("The weights of the kernel"),
    "kernel_size": _("Kernel size"),
    "stride": _("Stride"),
    "padding": _("Padding"),
    "kernel_vertical": _("Vertical edges"),
    "kernel_horizontal": _("Horizontal edges"),
    "kernel_outline": _("Outline"),
    "kernel_blur": _("Blur"),
    "kernel_sharpen": _("Sharpen"),
    "kernel_nothing": _("No change"),
    "kernel_own": _("My own numbers"),
    "weight_at": _("Weight in row {row}, column {column}"),
    "slide": _("▶ Slide the kernel"),
    "size_formula": _("Output size: ⌊({size} + 2 × {padding} − {kernel}) ÷ {stride}⌋ + 1 = {out}"),
    "the_input_padded": _("The input, with padding {padding}"),
    "playground_output": _("What the kernel finds: {rows} × {columns}"),
    "neurons_title": _("The neurons, and what one of them listens to"),
    "neurons_hint": _(
        "Choose a neuron: the other picture shows how much every number before it speaks for the neuron"
        " (blue) or against it (orange)."
    ),
    "neurons": _("{count} neurons"),
    "neuron": _("Neuron {number}"),
    "digit_neuron": _("Neuron of digit {number}"),
    "neuron_cell": "{neuron}: {value}",
    "contributions_map": _("value × weight, for every number before"),
    "contributions_title": _("What counts most"),
    "share_cell": "{place}: {value}",
    "speaks_for": _("Speaks for: {neuron}"),
    "speaks_against": _("Speaks against: {neuron}"),
    "dense_total": _("All that speaks for it {gains}, all against it {losses}, bias {bias}; together"),
    "place_in_map": _("map {map}, row {row}, column {column}"),
    "place_in_input": _("row {row}, column {column}"),
    "logits_title": _("The score of each digit"),
    "digit": _("Digit"),
    "score": _("Score z"),
    "softmax": _("Softmax"),
    "sigmoid": _("Sigmoid"),
    "sum": _("Sum"),
    "softmax_title": _("From a score to a probability"),
    "softmax_table": _("All ten digits"),
    "softmax_cell": _("Softmax for {digit}: {share}"),
    "sigmoid_hint": _(
        "The sigmoid, 1 ÷ (1 + e⁻ᶻ), looks at one score alone: it suits questions like “is there a cat,"
        " is there a dog?”, where several answers may be right."
    ),
    "what_if": _("What if?"),
    "what_if_hint": _(
        "Change the score of the chosen digit: softmax takes from the others what it gives to one, the"
        " sigmoids of the others stay."
    ),
    "change_score": _("Score of {digit}:"),
    "true_scores": _("Back to the true scores"),
    "is_digit_title": _("A digit, or nothing of the kind?"),
    "none_formula": _("sum of e to the scores ÷ (1 + that sum) ="),
    "a_digit": _("A digit"),
    "no_digit": _("None of them"),
    "none_hint": _(
        "The 1 is e⁰, the power of “none of them”: while it trains, the network also sees letters and"
        " scribbles and learns to give all ten digits low scores for them."
    ),
    "right_digit": _("The right digit is {digit}"),
    "which_is_right": _("Which digit is right?"),
    "label_hint": _("Choose a wrong one too: then there is more to learn, and the gradients grow."),
    "loss": _("Loss"),
    "loss_title": _("How wrong was the answer?"),
    "loss_graph": _("The curve of −ln p; at p = {probability} it is {loss}"),
    "gradients_title": _("Back through the layers"),
    "gradients_hint": _("The bars say how large the gradients of a layer are on average. Choose a layer."),
    "gradient_of": _("{name}, mean size of its gradients {size}"),
    "values_of": "{name}",
    "gradient_map": _("Its gradient"),
    "gradient_cell": _(
        "Row {row}, column {column}: value {value}, gradient {slope}. If this number were larger by"
        " 0.1, the loss would change by about {change}."
    ),
    "logit_gradients": _("The gradient of the scores"),
    "logit_gradients_hint": _(
        "It is simply the probability minus what was wanted: 1 for the right digit, 0 for all others."
    ),
    "wanted": _("Wanted"),
    "difference": _("Gradient"),
    "descent_title": _("One step of gradient descent"),
    "rate": _("Learning rate:"),
    "before_step": _("Before the step"),
    "after_step": _("After the step"),
    "descent_hint": _(
        "The step looks at this one digit alone. A large learning rate answers it well, but may unlearn"
        " all others; that is why training takes small steps over many digits."
    ),
    "changes_title": _("How much each layer changes"),
    "layer": _("Layer"),
    "weights": _("Weights"),
    "changed_by": _("Changed by"),
    "weights_title": _("The weights that change most"),
    "weights_hint": _("weight − learning rate × gradient = new weight"),
    "weight": _("Weight"),
    "old_weight": _("weight − rate × gradient"),
    "new_weight": _("New weight"),
    "dense_weight": _("neuron {neuron}, number {input}"),
    "kernel_weight": _("kernel {map}, channel {channel}, row {row}, column {column}"),
}
