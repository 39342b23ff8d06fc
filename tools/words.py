"""Make ml/pictures/words.json: the ImageNet classes and all that WordNet 3.0 says they are, in English and Korean.

    apt-get install wordnet-base
    python tools/words.py [--wordnet /usr/share/wordnet] [--check]

Which concepts there are, how they are called and which of them is which output of an ImageNet network is said by the
table words.tsv beside this file; what a concept is a kind of, and its gloss, come from WordNet. An uncertain answer is
a concept above the likely classes, and must be true: words.corrections.tsv says anew what a few are a kind of, and
their gloss where ImageNet's pictures show something else. To WordNet a cup is a punch and thus alcohol, a car is a
container, and television is a system of communication. People edit both tables.
The ids are those of WordNet 3.0, as ImageNet has them: later versions number otherwise.
--check changes nothing and fails where words.json is not what the table and WordNet give.
"""

import argparse
import csv
import json
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tools/words.tsv"
CORRECTIONS = ROOT / "tools/words.corrections.tsv"
WORDS = ROOT / "ml/pictures/words.json"


class Sense(NamedTuple):
    """What a noun means: the wnids of what it is a kind of, and its gloss."""

    parents: list[str]
    gloss: str


class Row(NamedTuple):
    """A line of the table. output: which one of the network's 1,000, or empty; plain: "x" where people who are no
    scientists would say the word."""

    wnid: str
    output: str
    plain: str
    en: str
    ko: str


def read_senses(wordnet: Path) -> dict[str, Sense]:
    lines = (wordnet / "data.noun").read_text(encoding="utf-8").splitlines()
    senses = dict(sense_of(line) for line in lines if not line.startswith("  "))  # the licence is indented
    for wnid, parents, gloss in read_lines(CORRECTIONS):
        senses[wnid] = Sense(parents.split(), gloss or senses[wnid].gloss)
    return senses


def sense_of(line: str) -> tuple[str, Sense]:
    """The wnid and the sense of a line of data.noun, whose format is described in wndb(5WN)."""
    data, gloss = line.split(" | ", 1)
    offset, _file, _type, words, *rest = data.split()
    pointers = rest[2 * int(words, 16) + 1 :]  # each word with its lex_id, then how many pointers there are
    parents = [f"n{to}" for symbol, to in zip(pointers[::4], pointers[1::4], strict=True) if symbol == "@"]
    return f"n{offset}", Sense(parents, without_examples(gloss))


def without_examples(gloss: str) -> str:
    return re.split(r'[;,:]?\s*"', gloss.strip())[0]


def read_lines(table: Path) -> list[list[str]]:
    with table.open(encoding="utf-8", newline="") as file:
        _header, *lines = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    return lines


def outputs_of(rows: list[Row]) -> list[str]:
    """The wnids of the classes in the order of the network's outputs."""
    numbered = sorted((int(row.output), row.wnid) for row in rows if row.output)
    if [number for number, _wnid in numbered] != list(range(1000)):
        raise SystemExit("The table must name each of the outputs 0 to 999 once.")
    return [wnid for _number, wnid in numbered]


def with_ancestors(classes: list[str], senses: dict[str, Sense]) -> set[str]:
    found: set[str] = set()
    waiting = list(classes)
    while waiting:
        wnid = waiting.pop()
        if wnid not in found:
            found.add(wnid)
            waiting += senses[wnid].parents
    return found


def words_of(rows: list[Row], senses: dict[str, Sense]) -> dict[str, Any]:
    classes = outputs_of(rows)
    needed, named = with_ancestors(classes, senses), {row.wnid for row in rows}
    if needed != named or len(named) != len(rows):
        raise SystemExit(
            f"The table lacks {sorted(needed - named)} and has needlessly {sorted(named - needed)}."
        )
    concepts = {
        row.wnid: {
            "en": row.en,
            "ko": row.ko,
            "is_plain": row.plain == "x",
            "parents": senses[row.wnid].parents,
            "gloss": senses[row.wnid].gloss,
        }
        for row in rows
    }
    return {"classes": classes, "concepts": concepts}


def as_json(words: dict[str, Any]) -> str:
    """One line for each concept, so that a change of one is a change of one line."""
    classes = json.dumps(words["classes"], separators=(",", ":"))
    lines = [
        f'"{wnid}":{json.dumps(concept, ensure_ascii=False, separators=(",", ":"))}'
        for wnid, concept in words["concepts"].items()
    ]
    return f'{{"classes":{classes},\n"concepts":{{\n' + ",\n".join(lines) + "\n}}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text = as_json(words_of([Row(*line) for line in read_lines(TABLE)], read_senses(options.wordnet)))
    if options.check:
        is_current = WORDS.read_text(encoding="utf-8") == text
        print("up to date" if is_current else "not up to date: run python tools/words.py")
        return int(not is_current)
    WORDS.write_text(text, encoding="utf-8")
    print(f"{text.count('is_plain')} concepts, {len(text.encode()) // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
