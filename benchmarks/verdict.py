"""What was read against what was written: counts by kind, and the answers that are wrong."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.client import Site
from benchmarks.exam_day import Exam
from benchmarks.pupils import Item
from grading.sheet.filling.pupils import Pupil

MOST_IN_REVIEW = 0.03


@dataclass(frozen=True)
class Miss:
    """An answer that is wrong or in review."""

    paper: int
    pupil: str
    item: str
    kind: str
    written: str
    read: str
    state: str
    reason: str
    crop_url: str

    def __str__(self) -> str:
        what = f"paper {self.paper} ({self.pupil}), item {self.item} {self.kind}"
        return f"{what}: written {self.written!r}, read {self.read!r}, {self.state} {self.reason}"


@dataclass
class Verdict:
    """Counts over any number of classes. `fields` etc. by kind; "student" counts papers."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: list[Miss] = field(default_factory=list)
    review: list[Miss] = field(default_factory=list)
    papers: int = 0
    identified: int = 0
    scored: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    may_be_wrong: int = 0  # of the answers called certain

    def add(self, kind: str, miss: Miss) -> None:
        """One field, right or wrong."""
        is_right, is_certain = same(miss.written, miss.read), miss.state == "certain"
        self.counts[kind].update(fields=1, certain=is_certain, review=not is_certain, right=is_right)
        if not is_certain:
            self.review.append(miss)
            self.reasons[f"{kind}: {miss.reason}"] += 1
        elif not is_right:
            self.counts[kind]["wrong"] += 1
            self.wrong.append(miss)

    def total(self, what: str) -> int:
        return sum(counter[what] for counter in self.counts.values())

    def merge(self, other: "Verdict") -> None:
        for kind, counter in other.counts.items():
            self.counts[kind].update(counter)
        self.wrong += other.wrong
        self.review += other.review
        self.papers, self.identified = self.papers + other.papers, self.identified + other.identified
        self.scored += other.scored
        self.reasons.update(other.reasons)

    def missed_targets(self) -> list[str]:
        """Sentences about what is not as it must be."""
        share = self.total("review") / max(self.total("fields"), 1)
        checks = {
            f"{self.papers - self.identified} papers were not identified.": self.papers == self.identified,
            f"{self.papers - self.scored} papers have no score or a wrong one.": self.papers == self.scored,
            f"{len(self.wrong)} answers are certain and wrong.": len(self.wrong) <= self.may_be_wrong,
            f"{share:.1%} of the fields are in review.": share <= MOST_IN_REVIEW,
            "Nothing was read.": self.papers > 0,
        }
        return [sentence for sentence, holds in checks.items() if not holds]


def same(written: str, read: str) -> bool:
    """Numbers by value: 042 is 42."""
    return written == read or (written.isdecimal() and read.isdecimal() and int(written) == int(read))


def judge(exam: Exam, papers: Sequence[dict[str, Any] | None]) -> Verdict:
    verdict = Verdict()
    for pupil, paper in zip(exam.pupils, papers, strict=True):
        verdict.papers += 1
        if paper:
            judge_paper(exam, pupil, paper, verdict)
    return verdict


def judge_paper(exam: Exam, pupil: Pupil, paper: dict[str, Any], verdict: Verdict) -> None:
    judge_student(pupil, paper, verdict)
    kinds = {item["number"]: item["kind"] for item in exam.items}
    for answer in paper["answers"]:
        kind, written = kinds[answer["item"]], pupil.answers[answer["item"]]
        read, state, reason = answer["value"], answer["state"], answer["reason_code"]
        label = "changed" if answer["item"] in pupil.changed else kind
        where = (paper["id"], pupil.name, str(answer["item"]), kind)
        verdict.add(label, Miss(*where, written, read, state, reason, answer["crop_url"]))
    verdict.scored += has_right_score(exam.items, paper)


def judge_student(pupil: Pupil, paper: dict[str, Any], verdict: Verdict) -> None:
    """Whose paper it is: a student it is not is as bad as a wrong answer."""
    read = paper["student"]
    verdict.identified += read == pupil.number
    verdict.reasons.update(f"paper: {reason}" for reason in paper["reason_codes"])
    if read and read != pupil.number:
        miss = Miss(paper["id"], pupil.name, "id", "student", pupil.number, read, "certain", "", "")
        verdict.wrong.append(miss)


def has_right_score(items: Sequence[Item], paper: dict[str, Any]) -> bool:
    """The score is the sum of the points of the answers as read: what is in review waits for the teacher."""
    read = {answer["item"]: answer["value"] for answer in paper["answers"]}
    right = sum(
        item["points"]
        for item in items
        if read[item["number"]] and same(item["answer"], read[item["number"]])
    )
    most = sum(item["points"] for item in items)
    return float(paper["score"]) == right and float(paper["max_score"]) == most


def save_crops(site: Site, misses: Sequence[Miss], folder: Path) -> list[Path]:
    """The pictures of these answers, for a person to look at."""
    paths = []
    for miss in misses:
        if miss.crop_url:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"paper{miss.paper}-item{miss.item}-{miss.written or 'empty'}.jpg"
            path.write_bytes(site.fetch(miss.crop_url))
            paths.append(path)
    return paths


def print_verdict(title: str, verdict: Verdict, misses: int = 20) -> None:
    print(f"\n{title}")
    print(f"  papers {verdict.papers}, identified {verdict.identified}, scored {verdict.scored}")
    print(f"  {'':10}{'fields':>8}{'certain':>9}{'certain, wrong':>16}{'in review':>11}{'right':>8}")
    for kind, counter in [*sorted(verdict.counts.items()), ("all", sum(verdict.counts.values(), Counter()))]:
        shares = f"{counter['review'] / max(counter['fields'], 1):>10.1%}"
        figures = f"{counter['fields']:>8}{counter['certain']:>9}{counter['wrong']:>16}"
        print(f"  {kind:10}{figures} {shares}{counter['right']:>8}")
    for reason, count in verdict.reasons.most_common(8):
        print(f"    in review {count:4}  {reason}")
    for miss in verdict.wrong[:misses]:
        print(f"  WRONG {miss}")
