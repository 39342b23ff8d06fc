"""From words to edits, in Korean and English. Needs no torch.

No model of language: a face is described by few words, and who is told which of them were not understood can say it
otherwise. English words are looked up whole, Korean ones by how they begin, since endings follow them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

LONGEST = 500  # characters that are looked at
MOST = 3.0  # steps
PLAIN = 1.5  # steps of a word: several at once still make a face
STEPS = {"glasses": 2.0}  # of which a step and a half leaves out every second face's

Edits = dict[str, float]  # steps along each direction

ENGLISH: dict[str, Edits] = {
    **dict.fromkeys(
        ("smile", "smiling", "smiles", "happy", "laughing", "grinning", "cheerful"), {"smile": 1}
    ),
    **dict.fromkeys(("serious", "sad", "unsmiling", "stern", "grim"), {"smile": -1}),
    **dict.fromkeys(("glasses", "eyeglasses", "spectacles", "bespectacled"), {"glasses": 1}),
    **dict.fromkeys(("beard", "bearded", "moustache", "mustache", "goatee", "unshaven"), {"beard": 1}),
    **dict.fromkeys(("shaven", "shaved", "beardless"), {"beard": -1}),
    **dict.fromkeys(("bangs", "fringe"), {"bangs": 1}),
    **dict.fromkeys(("forehead",), {"bangs": -1}),
    **dict.fromkeys(("man", "male", "guy", "gentleman", "masculine", "mr"), {"gender": 1}),
    **dict.fromkeys(("woman", "female", "lady", "feminine", "mrs", "ms"), {"gender": -1}),
    "boy": {"gender": 1, "age": -1},
    "girl": {"gender": -1, "age": -1},
    **dict.fromkeys(("grandfather", "grandpa"), {"gender": 1, "age": 1}),
    **dict.fromkeys(("grandmother", "grandma"), {"gender": -1, "age": 1}),
    **dict.fromkeys(("old", "elderly", "older", "aged", "senior"), {"age": 1}),
    **dict.fromkeys(("young", "younger", "child", "teenager", "teenage", "youthful"), {"age": -1}),
    **dict.fromkeys(("blond", "blonde", "fair", "golden"), {"blond": 1}),
    **dict.fromkeys(("dark", "black", "brunette", "brown"), {"blond": -1}),
    **dict.fromkeys(("curly", "wavy", "curls"), {"curls": 1}),
    **dict.fromkeys(("straight",), {"curls": -1}),
    **dict.fromkeys(("makeup", "lipstick"), {"makeup": 1}),
    **dict.fromkeys(("left", "leftwards"), {"pose": -1}),
    **dict.fromkeys(("right", "rightwards"), {"pose": 1}),
}
KOREAN: dict[str, Edits] = {
    **dict.fromkeys(("웃", "미소", "행복", "기쁜", "즐거", "밝은"), {"smile": 1}),
    **dict.fromkeys(("무표정", "진지", "슬픈", "슬퍼", "심각"), {"smile": -1}),
    **dict.fromkeys(("안경", "선글라스"), {"glasses": 1}),
    **dict.fromkeys(("수염", "콧수염", "턱수염"), {"beard": 1}),
    **dict.fromkeys(("면도",), {"beard": -1}),
    **dict.fromkeys(("앞머리",), {"bangs": 1}),
    **dict.fromkeys(("이마",), {"bangs": -1}),
    **dict.fromkeys(("남자", "남성", "신사", "남학생"), {"gender": 1}),
    **dict.fromkeys(("여자", "여성", "숙녀", "여학생"), {"gender": -1}),
    **dict.fromkeys(("소년", "남자아이", "남자애"), {"gender": 1, "age": -1}),
    **dict.fromkeys(("소녀", "여자아이", "여자애"), {"gender": -1, "age": -1}),
    **dict.fromkeys(("할아버지", "아저씨"), {"gender": 1, "age": 1}),
    **dict.fromkeys(("할머니", "아주머니", "아줌마"), {"gender": -1, "age": 1}),
    **dict.fromkeys(("늙", "노인", "나이", "중년", "어르신"), {"age": 1}),
    **dict.fromkeys(("젊", "어린", "어려", "청년", "아이"), {"age": -1}),
    **dict.fromkeys(("금발", "노란", "노랑"), {"blond": 1}),
    **dict.fromkeys(("검은", "까만", "흑발", "갈색", "어두운"), {"blond": -1}),
    **dict.fromkeys(("곱슬", "파마", "웨이브"), {"curls": 1}),
    **dict.fromkeys(("생머리", "직모"), {"curls": -1}),
    **dict.fromkeys(("화장", "립스틱"), {"makeup": 1}),
    **dict.fromkeys(("왼쪽", "왼편"), {"pose": -1}),
    **dict.fromkeys(("오른쪽", "오른편"), {"pose": 1}),
}
STRENGTHS = {"very": 1.5, "slightly": 0.5, "bit": 0.5, "little": 0.5, "매우": 1.5, "아주": 1.5, "많이": 1.5}
STRENGTHS |= {"활짝": 1.5, "조금": 0.5, "약간": 0.5, "살짝": 0.5}
NOT_BEFORE = {"no", "not", "without", "never", "non", "안"}  # turns what follows
NOT_AFTER = ("없", "않", "아닌", "벗", "깎")  # turns what went before
SILENT = {
    *("a", "an", "the", "with", "and", "of", "in", "on", "to", "who", "that", "is", "has", "have", "having"),
    *("wearing", "wears", "looking", "facing", "looks", "person", "people", "somebody", "someone", "face"),
    *("portrait", "photo", "picture", "hair", "haired", "eyes", "at", "it"),
}
SILENT_KOREAN = (
    *(
        "쓴",
        "쓰고",
        "낀",
        "끼고",
        "있",
        "난",
        "긴",
        "한",
        "하고",
        "머리",
        "사람",
        "얼굴",
        "사진",
        "그리고",
        "의",
    ),
    *("보", "향", "바라", "든", "많은", "기른", "내린", "드러", "모습", "지", "짓"),
)


@dataclass(frozen=True)
class Understood:
    """edits: steps along directions; used: the words that they come from; unknown: those that say nothing here."""

    edits: Edits = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def understand(prompt: str, edits: Sequence[str]) -> Understood:
    """edits: the directions that the network knows; a word for another one is not understood."""
    found: list[tuple[str, Edits]] = []
    unknown: list[str] = []
    sign, strength = 1.0, 1.0
    for word in re.findall(r"[^\W_]+", prompt[:LONGEST].lower()):
        meaning = meaning_of(word, edits)
        if word in NOT_BEFORE:
            sign = -1.0
        elif word in STRENGTHS:
            strength = STRENGTHS[word]
        elif meaning:
            found.append((word, {name: sign * strength * steps for name, steps in meaning.items()}))
            sign, strength = 1.0, 1.0
        elif word.startswith(NOT_AFTER) and found:
            turned, meaning = found.pop()
            found.append((turned, {name: -steps for name, steps in meaning.items()}))
        elif not is_silent(word):
            unknown.append(word)
    return Understood(summed(meaning for _, meaning in found), [word for word, _ in found], unknown)


def meaning_of(word: str, edits: Sequence[str]) -> Edits:
    """What the word means, by the longest beginning where it is Korean."""
    starts = [word[:length] for length in range(len(word), 0, -1)]
    meaning = ENGLISH.get(word) or next((KOREAN[start] for start in starts if start in KOREAN), {})
    return {name: steps for name, steps in meaning.items() if name in edits}


def is_silent(word: str) -> bool:
    return word in SILENT or word.startswith((*SILENT_KOREAN, *NOT_AFTER))


def summed(meanings: Iterator[Edits]) -> Edits:
    edits: Edits = {}
    for meaning in meanings:
        for name, steps in meaning.items():
            edits[name] = max(-MOST, min(MOST, edits.get(name, 0.0) + STEPS.get(name, PLAIN) * steps))
    return edits
