"""EfficientNet-Lite: the network that names pictures, and whose features serve everything that is learned on top."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor, nn

STEM, FEATURES = 32, 1280  # channels of the first and of the last convolution, the same in every size


@dataclass(frozen=True)
class LiteConfig:
    """width, depth: times the channels and blocks of lite0; hidden: share of features hidden while training."""

    width: float
    depth: float
    hidden: float
    classes: int = 1000


@dataclass(frozen=True)
class Stage:
    """Of lite0: how many blocks, their kernel, the stride of the first, how far each widens, channels that leave it."""

    blocks: int
    kernel: int
    stride: int
    expansion: int
    channels: int


STAGES = (
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)


class EfficientNetLite(nn.Module):
    """Pictures in; logits, pooled features and feature maps out.

    EfficientNet (Tan and Le, 2019, table 1) scales width, depth and resolution together. Its lite versions (Liu,
    Higher accuracy on vision models with EfficientNet-Lite, 2020) have ReLU6 for swish, no squeeze and excitation, and
    a stem and a head that are not scaled. The layers are called as in the published weights.
    """

    def __init__(self, config: LiteConfig) -> None:
        super().__init__()
        blocks = list(build_blocks(config))
        self.conv_stem = SameConv2d(3, STEM, 3, 2, bias=False)  # (n, 3, s, s) -> (n, 32, s / 2, s / 2)
        self.bn0 = norm(STEM)
        self.blocks = nn.Sequential(*blocks)  # -> (n, channels, s / 32, s / 32)
        # -> (n, 1280, s / 32, s / 32)
        self.conv_head = nn.Conv2d(blocks[-1].channels, FEATURES, 1, bias=False)
        self.bn1 = norm(FEATURES)
        self.clip = nn.ReLU6()
        self.hide = nn.Dropout(config.hidden)
        self.fc = nn.Linear(FEATURES, config.classes)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """pictures: (n, 3, s, s), (RGB - 127) / 128. Returns logits (n, classes), features (n, 1280), which are the
        means of the maps, and maps (n, 1280, s / 32, s / 32), sizes rounded up."""
        stem = self.clip(self.bn0(self.conv_stem(pictures)))
        maps = self.clip(self.bn1(self.conv_head(self.blocks(stem))))
        features = maps.mean((2, 3))
        return self.fc(self.hide(features)), features, maps


class InvertedResidual(nn.Module):
    """Widened, filtered channel by channel, narrowed without a clip (MobileNetV2; Sandler et al., 2018, section 3), and
    added to what came in where the shapes allow it. (n, inputs, h, w) -> (n, channels, h / stride, w / stride)."""

    def __init__(self, inputs: int, stage: Stage, channels: int, stride: int) -> None:
        super().__init__()
        wide = inputs * stage.expansion
        self.channels = channels
        self.is_residual = stride == 1 and inputs == channels
        self.expand_conv = nn.Conv2d(inputs, wide, 1, bias=False) if stage.expansion > 1 else nn.Identity()
        self.bn0 = norm(wide) if stage.expansion > 1 else nn.Identity()
        self.depthwise_conv = SameConv2d(wide, wide, stage.kernel, stride, groups=wide, bias=False)
        self.bn1 = norm(wide)
        self.project_conv = nn.Conv2d(wide, channels, 1, bias=False)
        self.bn2 = norm(channels)
        self.clip = nn.ReLU6()

    def forward(self, maps: Tensor) -> Tensor:
        wide = self.clip(self.bn0(self.expand_conv(maps)))
        wide = self.clip(self.bn1(self.depthwise_conv(wide)))
        narrow: Tensor = self.bn2(self.project_conv(wide))
        return maps + narrow if self.is_residual else narrow


class SameConv2d(nn.Conv2d):
    """A convolution padded as TensorFlow's "SAME" is: of an odd number of pixels the larger half comes after."""

    def forward(self, maps: Tensor) -> Tensor:
        kernel, stride, side = self.kernel_size[0], self.stride[0], maps.shape[-1]
        missing = max((math.ceil(side / stride) - 1) * stride + kernel - side, 0)
        before, after = missing // 2, missing - missing // 2
        return super().forward(nn.functional.pad(maps, (before, after, before, after)))


def build_blocks(config: LiteConfig) -> Iterator[InvertedResidual]:
    inputs = STEM
    for stage in STAGES:
        is_scaled = stage not in (STAGES[0], STAGES[-1])
        channels = round_channels(stage.channels * config.width)
        for number in range(math.ceil(stage.blocks * config.depth) if is_scaled else stage.blocks):
            yield InvertedResidual(inputs, stage, channels, stage.stride if number == 0 else 1)
            inputs = channels


def round_channels(channels: float) -> int:
    """To a multiple of 8, at most a tenth below."""
    eights = max(8, int(channels + 4) // 8 * 8)
    return eights + 8 if eights < 0.9 * channels else eights


def norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)
