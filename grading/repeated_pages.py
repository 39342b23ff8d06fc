"""What became of pages of a scan whose students had such a page already, in sentences."""

from django.utils.translation import ngettext

from grading.models import Paper, Scan, ScanPage


def repeated_pages(scan: Scan) -> list[str]:
    """Those that replaced others, papers that are there twice, and copies that were set aside."""
    replaced = scan.pages.filed().exclude(instead_of=None).count()
    papers = Paper.objects.filter(pk__in=scan.pages.filed().values("paper")).values_list("reasons", flat=True)
    doubled = sum("duplicate_student" in reasons for reasons in papers)
    copies = scan.pages.filter(status=ScanPage.Status.REJECTED, reason="duplicate_page").count()
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
