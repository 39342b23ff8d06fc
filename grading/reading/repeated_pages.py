"""What became of pages of a scan whose students had such a page already, in sentences."""

from collections.abc import Sequence

from django.utils.translation import ngettext

from grading.models import ScanPage


def repeated_pages(pages: Sequence[ScanPage]) -> list[str]:
    """Those that replaced others, papers that are there twice, and copies that were set aside."""
    filed = [page for page in pages if page.paper and not page.is_rejected]
    replaced = sum(page.instead_of_id is not None for page in filed)
    doubled = len(
        {page.paper_id for page in filed if page.paper and "duplicate_student" in page.paper.reasons}
    )
    copies = sum(page.is_rejected and page.reason == "duplicate_page" for page in pages)
    sentences = {
        ngettext(
            "%(count)s page took the place of one that was there.",
            "%(count)s pages took the place of others that were there.",
            replaced,
        ): replaced,
        ngettext(
            "%(count)s paper is of a student who has another one.",
            "%(count)s papers are of students who have another one.",
            doubled,
        ): doubled,
        ngettext(
            "%(count)s page was there already with the same answers, and is set aside.",
            "%(count)s pages were there already with the same answers, and are set aside.",
            copies,
        ): copies,
    }
    return [sentence % {"count": count} for sentence, count in sentences.items() if count]
