"""Pictures and what was found in them; classifiers that people teach.

Album ── Picture ─┬─ Likeness     a folder or ZIP sent together; a picture; which others look like it
                  └─ PictureTerm  by which it is found
Classifier ─┬─ Label              what someone teaches; one of its classes
            ├─ Delivery ── Example    pictures that came in together; one of them
            └─ Training           one training and how well its result names held-out pictures
"""

from classifier.models.albums import Album, AlbumGrant
from classifier.models.classifiers import Classifier, ClassifierGrant, Delivery, Example, Label, Training
from classifier.models.pictures import Likeness, Picture, index_new, index_pictures, record
from classifier.models.terms import PictureTerm
