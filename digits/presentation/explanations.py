"""What each step is called and what happens in it: two sentences for someone at high school, with its own numbers."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Step = dict[str, Any]

TITLES = {
    "input": gettext_lazy("Input"),
    "convolution": gettext_lazy("Convolution"),
    "relu": gettext_lazy("ReLU"),
    "pooling": gettext_lazy("Pooling"),
    "flatten": gettext_lazy("Flatten"),
    "dense": gettext_lazy("Dense layer"),
    "logits": gettext_lazy("Logits"),
    "softmax": gettext_lazy("Softmax"),
    "is_digit": gettext_lazy("A digit at all?"),
    "loss": gettext_lazy("Loss"),
    "gradients": gettext_lazy("Gradients"),
    "descent": gettext_lazy("Gradient descent"),
}

EXPLANATIONS = {
    "input": gettext_lazy(
        "Your digit is a table of %(height)s rows and %(width)s columns, and every number says how much ink there is,"
        " from 0 (none) to 1 (full). Here %(inked)s of the %(pixels)s numbers are above 0, and they are all that the"
        " network ever sees."
    ),
    "convolution": gettext_lazy(
        "Each of the %(maps)s kernels, a small window of %(kernel)s × %(kernel)s weights, slides over all %(channels)s"
        " maps before it, multiplies every number under it by its weight and adds everything up. Wherever what it looks"
        " for is found the sum is large, so every kernel draws a feature map of its own, with %(height)s × %(width)s"
        " numbers."
    ),
    "convolution_first": gettext_lazy(
        "Each of the %(maps)s kernels, a small window of %(kernel)s × %(kernel)s weights, slides over the picture,"
        " multiplies every number under it by its weight and adds everything up. Wherever what it looks for is found,"
        " an edge for example, the sum is large, so every kernel draws a feature map of its own, with"
        " %(height)s × %(width)s numbers."
    ),
    "relu": gettext_lazy(
        "ReLU keeps every positive number and turns every negative one into 0, as in max(0, x). Here %(silenced)s of"
        " %(numbers)s numbers became 0; without such a bend, many layers in a row could do no more than a single one."
    ),
    "pooling": gettext_lazy(
        "Every window of %(kernel)s × %(kernel)s numbers is replaced by the largest of them, so a map keeps what was"
        " found and shrinks to %(height)s × %(width)s. If your digit had been drawn one pixel to the side, many of"
        " these numbers would still be the same."
    ),
    "flatten": gettext_lazy(
        "All numbers of the maps are written one after another into a single row of %(count)s numbers. Nothing is"
        " calculated here, but from now on every number can be connected with every neuron."
    ),
    "dense": gettext_lazy(
        "Each of the %(count)s neurons multiplies all %(inputs)s numbers before it by weights of its own, adds them up"
        " and adds its bias. A large positive weight says “this speaks for me”, a negative one “this speaks against"
        " me”."
    ),
    "answer": gettext_lazy(
        "The last ten neurons stand for the digits 0 to 9, and each of them weighs all %(inputs)s numbers before it in"
        " its own way. Their sums are the scores from which the answer is made."
    ),
    "logits": gettext_lazy(
        "These ten scores are called logits, and they may be any number, even a negative one. The highest is"
        " %(score)s for the digit %(top)s, so that is the answer."
    ),
    "softmax": gettext_lazy(
        "Softmax raises e to the power of each score and divides by the sum of all ten, so the results are positive and"
        " add up to 1: they are probabilities. The digit %(top)s gets %(percent)s; the sigmoid beside it would judge"
        " every digit on its own, and its ten results need not add up to 1."
    ),
    "is_digit": gettext_lazy(
        "Softmax always shares out 100 %% among the ten digits, even when somebody draws a cat, so “none of them”"
        " enters the comparison with the fixed score 0. With it, the network is %(percent)s sure that this is a digit"
        " at all."
    ),
    "loss": gettext_lazy(
        "The loss says how wrong the answer was: −ln p, where p = %(probability)s is the probability that the network"
        " gave to the right digit %(label)s. That makes %(loss)s; with p = 1 it would be 0, and the smaller p is, the"
        " faster it grows."
    ),
    "gradients": gettext_lazy(
        "Backpropagation goes through the network from the end to the beginning and calculates with the chain rule how"
        " much the loss would change if a number were a little larger. A positive gradient means that more of this"
        " number makes the loss larger, a negative one that more of it makes the loss smaller."
    ),
    "descent": gettext_lazy(
        "One step of learning: every weight moves a little against its gradient, new weight = weight − %(rate)s ×"
        " gradient. After this single step the loss falls from %(loss)s to %(loss_after)s, and the digit %(label)s gets"
        " %(after)s instead of %(percent)s."
    ),
    "descent_small": gettext_lazy(
        "One step of learning: every weight moves a little against its gradient, new weight = weight − %(rate)s ×"
        " gradient. The loss for the digit %(label)s was only %(loss)s, so its gradients are tiny and this step changes"
        " almost nothing."
    ),
    "descent_worse": gettext_lazy(
        "One step of learning: every weight moves a little against its gradient, new weight = weight − %(rate)s ×"
        " gradient. After this single step the loss goes from %(loss)s to %(loss_after)s: the step was too long, and"
        " the digit %(label)s gets %(after)s instead of %(percent)s."
    ),
}


def title(step: Step) -> str:
    """ "Convolution 3"; the last dense layer is the answer's."""
    if step["name"] == "answer":
        return _("Ten neurons")
    number = re.search(r"\d+$", step["name"])
    return f"{TITLES[step['kind']]} {number[0]}" if number else str(TITLES[step["kind"]])


def explanation(step: Step) -> str:
    """Two sentences in the active language."""
    return str(EXPLANATIONS[variant(step)]) % numbers_of(step)


def variant(step: Step) -> str:
    if step["name"] == "answer":
        return "answer"
    if step["kind"] == "convolution" and step["channels"] == 1:
        return "convolution_first"
    if step["kind"] == "descent" and format_number(step["loss_after"]) == format_number(step["loss"]):
        return "descent_small"
    if step["kind"] == "descent" and step["loss_after"] > step["loss"]:
        return "descent_worse"
    return str(step["kind"])


def numbers_of(step: Step) -> Step:
    """The step's own numbers, written as its sentences want them."""
    shape = step["shape"]
    found = step | {"maps": shape[0], "height": shape[-2] if shape[1:] else 1, "width": shape[-1]}
    found |= {"count": shape[0], "pixels": shape[0] * shape[-1], "inputs": step.get("inputs_count")}
    if "probability" in step:
        found |= {
            "percent": format_percent(step["probability"]),
            "probability": format_number(step["probability"]),
        }
    if "probability_after" in step:
        found["after"] = format_percent(step["probability_after"])
    return found | {
        name: format_number(step[name]) for name in ("score", "loss", "loss_after", "rate") if name in step
    }


def format_number(number: float) -> str:
    """At most four decimals; what is smaller than they can show in powers of ten: 0.9949, 2.1 × 10⁻⁷."""
    if number and abs(number) < 0.00005:
        digits, power = f"{number:.1e}".split("e")
        return f"{digits} × 10{str(int(power)).translate(RAISED)}"
    return f"{number + 0.0:.4f}".rstrip("0").rstrip(".").replace("-", "−")


RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def format_percent(share: float) -> str:
    """99.4879 %, and 100 % only where it is."""
    return f"{format_number(min(share * 100, 99.9999) if share < 1 else 100)} %"
