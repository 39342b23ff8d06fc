"""Pictures of pages that come from another site: written anew, as ours are kept."""

from pathlib import Path

import cv2

from uploads.archive import read_named
from uploads.pictures import open_rgb

from .cutting import MOST_KEPT, downscale_to, page_jpeg


def kept_picture(path: Path, most_files: int, name: str) -> bytes:
    """In a child: the picture of this name in a ZIP. Raises BadFile."""
    picture = open_rgb(read_named(path, most_files, name))
    return page_jpeg(downscale_to(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), MOST_KEPT))
