"""Make classifier/lexicon.json: by which words people look for what the networks name, in English and Korean.

    apt-get install wordnet-base
    python tools/lexicon.py [--wordnet /usr/share/wordnet] [--check]

A word means the concepts of ml/pictures/words.json that it names, that WordNet 3.0 calls so, whose kind of thing it is
(a puppy is a dog), or that everyday.tsv beside this file says; #female and its like are no concepts of WordNet. What
the detector's 80 objects are, objects.tsv says: WordNet's first sense of an orange is a colour. `kinds`
says of each what it is a kind of, `objects` repeats what the objects are.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ml.pictures.words import Words, load_words  # noqa: E402 - the path above makes it importable

EVERYDAY, SENSES = ROOT / "tools/everyday.tsv", ROOT / "tools/objects.tsv"
OBJECTS = ROOT / "ml/pictures/coco.json"
LEXICON = ROOT / "classifier/lexicon.json"
FEW = 130  # classes: a word for a kind of what has more of them ("thing") would mean next to everything
ALL = {
    "n00001740",
    "n00001930",
    "n00002684",
    "n00003553",
    "n00002137",
}  # entity, physical entity, object, whole, …


def read_wordnet(folder: Path) -> dict[str, tuple[list[str], list[str]]]:
    """By wnid the words of a noun's sense, and the wnids of what it is a kind of."""
    found = {}
    for line in (folder / "data.noun").read_text(encoding="utf-8").splitlines():
        if not line.startswith("  "):
            offset, _file, _type, count, *rest = line.split(" | ", 1)[0].split()
            pointers = rest[2 * int(count, 16) + 1 :]
            above = [
                f"n{to}"
                for sign, to in zip(pointers[::4], pointers[1::4], strict=True)
                if sign in ("@", "@i")
            ]
            found[f"n{offset}"] = (rest[: 2 * int(count, 16) : 2], above)
    return found


def first_senses(folder: Path) -> dict[str, str]:
    """By word, written as WordNet writes it, the wnid of what it mostly means."""
    lines = (folder / "index.noun").read_text(encoding="utf-8").splitlines()
    parts = (line.split() for line in lines if not line.startswith("  "))
    return {word: f"n{rest[-int(count)]}" for word, _type, count, *rest in parts}


def objects_of() -> dict[str, str]:
    """By the detector's name, the wnid."""
    return dict(line.split("\t") for line in SENSES.read_text(encoding="utf-8").splitlines()[1:])


def plainly(name: str) -> str:
    return re.sub(r" ?\(.*\)", "", name).replace("_", " ").casefold()


def names_of(
    words: Words, senses: dict[str, tuple[list[str], list[str]]], first: dict[str, str]
) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for wnid, concept in words.concepts.items():
        for name in (concept.en, concept.ko, *senses[wnid][0]):
            found[plainly(name)].add(wnid)
    everyday = [line.split("\t") for line in EVERYDAY.read_text(encoding="utf-8").splitlines()[1:]]
    own = {word for word, _meanings in everyday}
    few = {wnid for wnid in words.concepts if len(classes_of(words, wnid)) <= FEW and words.is_plain(wnid)}
    for word, wnid in first.items():
        above = few & set(senses[wnid][1])
        if plainly(word) not in found and word not in own and above and word.isalpha() and len(word) > 2:
            found[plainly(word)] |= above
    for word, meanings in everyday:
        for meaning in meanings.split():
            found[word] |= (
                {meaning} if meaning.startswith("#") else found.get(plainly(meaning)) or {first[meaning]}
            )
    objects = objects_of()
    for one in json.loads(OBJECTS.read_text(encoding="utf-8")):
        for name in (one["en"], one["ko"]):
            found[plainly(name)].add(objects[one["label"]])
    return {word: sorted(wnids) for word, wnids in sorted(found.items())}


def classes_of(words: Words, wnid: str) -> list[str]:
    return [one for one in words.classes if one == wnid or wnid in words.ancestors(one)]


def kinds_of(words: Words, senses: dict[str, tuple[list[str], list[str]]]) -> dict[str, list[str]]:
    """By wnid what it is directly a kind of, for all that can be named; without what nearly everything is a kind of."""
    found: dict[str, list[str]] = {}
    waiting = [*words.concepts, *objects_of().values()]
    while waiting:
        wnid = waiting.pop()
        if wnid not in found and wnid not in ALL:
            above = words.concepts[wnid].parents if wnid in words.concepts else senses[wnid][1]
            found[wnid] = [one for one in above if one not in ALL]
            waiting += found[wnid]
    return dict(sorted(found.items()))


def lexicon(wordnet: Path) -> str:
    words, senses = load_words(), read_wordnet(wordnet)
    parts = {
        "names": names_of(words, senses, first_senses(wordnet)),
        "kinds": kinds_of(words, senses),
        "objects": objects_of(),
    }
    lines = [
        f'"{part}":{{\n'
        + ",\n".join(
            f"{json.dumps(key, ensure_ascii=False)}:{json.dumps(some, separators=(',', ':'))}"
            for key, some in rows.items()
        )
        + "\n}"
        for part, rows in parts.items()
    ]
    return "{" + ",\n".join(lines) + "}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text = lexicon(options.wordnet)
    if options.check:
        is_current = LEXICON.read_text(encoding="utf-8") == text
        print("up to date" if is_current else "not up to date: run python tools/lexicon.py")
        return int(not is_current)
    LEXICON.write_text(text, encoding="utf-8")
    print(f"{len(json.loads(text)['names'])} words, {len(text.encode()) // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
