"""Pictures and what was found in them.

Album ── Picture ── Likeness      a folder or ZIP sent together; a picture; which others look like it
"""

from classifier.models.albums import Album
from classifier.models.pictures import Likeness, Picture

__all__ = ["Album", "Likeness", "Picture"]
