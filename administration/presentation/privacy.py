"""What the site keeps of people: what, why, for how long, who sees it. Figures come from the settings that rule.

`models` names the rows that are meant; a test fails where a model with a file, with bytes or with a person is in none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.services import CODE_LIFETIME, LIFETIME
from jobs.leftovers import ORPHAN_AGE
from siteconfig.models import SiteSettings


@dataclass(frozen=True)
class Kept:
    title: str
    what: str
    why: str
    how_long: str
    who: str
    models: tuple[str, ...] = ()  # labels


def all_kept(site: SiteSettings) -> Iterator[Kept]:
    trash = _("Until it is deleted, and then %(days)s more in the trash.") % {"days": days(site.trash_days)}
    yield from kept_of_people(site)
    yield from kept_of_exams(trash)
    yield from kept_of_pictures(site, trash)
    yield from kept_of_learning()
    yield from kept_of_running(site)


def kept_of_people(site: SiteSettings) -> Iterator[Kept]:
    yield Kept(
        _("Accounts"),
        _(
            "The name to sign in with, the name and the mail address if they were given, the role, when one came last, "
            "of children that a guardian agreed. Of passwords, of codes on cards, of recovery codes, of tokens of "
            "programs and of who one is at the school's login only a value that they can be checked with; of a second "
            "factor the key that is in one's app."
        ),
        _("To tell people apart and to show everyone their own things."),
        _(
            "Until the account is deleted. Tokens last %(days)s unless something else is asked for, codes %(code)s."
        )
        % {"days": days(LIFETIME.days), "code": days(CODE_LIFETIME.days)},
        _("Oneself and administrators."),
        (
            "accounts.User",
            "accounts.Token",
            "accounts.OneTimeCode",
            "accounts.SecondFactor",
            "accounts.RecoveryCode",
        ),
    )
    yield Kept(
        _("Signing in"),
        _(
            "When somebody signed in or tried to with a wrong password: the name, the address on the network (IP), the "
            "kind of browser."
        ),
        _("To notice and to stop who guesses passwords."),
        _("%(days)s.") % {"days": days(site.sign_in_days)},
        _("Administrators."),
        ("axes.AccessLog", "axes.AccessAttempt"),
    )
    if settings.OIDC_NAME:
        yield Kept(
            _("Signing in with %(name)s") % {"name": settings.OIDC_NAME},
            _(
                "%(name)s learns that and when one signs in here, and tells this site one's name and mail address."
            )
            % {"name": settings.OIDC_NAME},
            _("So that nobody needs another password for this site."),
            _("What is kept there, %(name)s decides.") % {"name": settings.OIDC_NAME},
            _("Oneself and administrators; %(name)s.") % {"name": settings.OIDC_NAME},
        )
    yield Kept(
        _("Cookies"),
        _(
            "One that says who is signed in, one against forged forms, and one for the language where you chose it. "
            "What is drawn and the choice of light or dark stay in your browser. Nobody is followed, nothing is "
            "loaded from other sites."
        ),
        _("Without the first two nobody could sign in."),
        _("%(days)s after one signed in, or until one signs out; against forged forms %(year)s.")
        % {
            "days": days(settings.SESSION_COOKIE_AGE // 86400),
            "year": days(settings.CSRF_COOKIE_AGE // 86400),
        },
        _("Your browser and this site."),
    )


def kept_of_exams(trash: str) -> Iterator[Kept]:
    yield Kept(
        _("Classes and students"),
        _(
            "Of students the name, the number, the class and the years in it, and which account is theirs. A file with "
            "a class list is deleted as soon as it is read; the table in it waits for the teacher for a day at most."
        ),
        _("So that a list is kept once, for exams, results and accounts."),
        _("Until the class is deleted. Who leaves a class stays where results name them."),
        _("The teacher whose class it is, and with whom it is shared."),
        ("school.SchoolClass", "school.Student", "school.ClassUpload", "school.ClassGrant"),
    )
    yield Kept(
        _("Exams and scans"),
        _(
            "Who was to take part, how Canvas names them where the list came from there, the pages that were scanned, "
            "what was read on them, scores, and corrections with the name of who made them."
        ),
        _("To grade, and to be able to show later how a score came about."),
        trash,
        _("The teacher whose exam it is, and with whom it is shared."),
        (
            "grading.Exam",
            "grading.ExamGrant",
            "grading.Correction",
            "grading.RosterUpload",
            "grading.ExamImport",
            "grading.PageAssignment",
            "grading.PageCells",
        ),
    )
    yield Kept(
        _("Results that were given out"),
        _(
            "Which score a student was told and by which link, what was asked to be looked at again, and what was "
            "answered, with the name of who did."
        ),
        _("So that students see their own results, and that a score that changes later says so."),
        _(
            "What was given out until it is taken back or the exam is deleted; links as long as the teacher chose, at "
            "most a year; questions and answers as long as the paper."
        ),
        _(
            "The student, and whoever has that link; the teacher whose exam it is, and with whom it is shared."
        ),
        ("grading.Release", "grading.ReleasedPaper", "grading.RegradeRequest"),
    )


def kept_of_pictures(site: SiteSettings, trash: str) -> Iterator[Kept]:
    own = _("Oneself; whoever has the link where one shared it.")
    yield Kept(
        _("Pictures and albums"),
        _(
            "The picture as it was sent; what was found in it, of faces where they are and what age and gender they "
            "seem to have, never whose they are; what the camera wrote into it, which may be when and where it was "
            "taken; and what a person put right."
        ),
        _("To answer, and to find it again."),
        trash,
        own,
        ("classifier.Picture", "classifier.PictureTerm", "classifier.Album", "classifier.AlbumGrant"),
    )
    yield Kept(
        _("Classifiers of one's own"),
        _("The pictures that it learns from, and what it has learned."),
        _("To train it anew when pictures are added."),
        trash,
        _("Oneself; those with whom it is shared use it, and do not see its pictures."),
        ("classifier.Classifier", "classifier.ClassifierGrant", "classifier.Delivery", "classifier.Example"),
    )
    yield Kept(
        _("Handwritten digits"),
        _(
            "The drawing or picture, each digit cut out of it, what was read, and what a person says stands there."
        ),
        _("To answer, and to show what the network looked at."),
        trash,
        own,
        ("digits.Reading", "digits.Inside"),
    )
    yield Kept(
        _("Faces and the photos that they start from"),
        _("The faces that were drawn; a photo that was sent, and the face that was cut out of it."),
        _("To draw faces like it."),
        _("Photos for %(days)s, unless their owner keeps them. Faces until they are deleted.")
        % {"days": days(site.photo_days)},
        own,
        ("generator.Order", "generator.Photo", "generator.Face"),
    )
    if site.has_demos:
        yield Kept(
            _("What visitors try on the first page"),
            _("The drawing or picture, the words, and the answer; not who sent it."),
            _("So that everyone can see what this site does."),
            _("Ten minutes at most."),
            _("Whoever sent it."),
        )


def kept_of_learning() -> Iterator[Kept]:
    yield Kept(
        _("What networks learn from"),
        _(
            "Nothing leaves this site, and nothing is learned by itself. An administrator can train the network for "
            "digits with digits that people put right, and those that read answer sheets with what was put right in "
            "exams whose teacher allows it. Besides the classifiers that people teach themselves, no other network "
            "learns from what people send. Where a new network is tried beside the one that answers, what they "
            "disagree on is kept as a small picture."
        ),
        _("To read the writing of this school better, and to judge whether the new one is better."),
        _(
            "As long as the reading or the page that it came from; what a network has learned stays, and holds no "
            "pictures."
        ),
        _("Administrators."),
        (
            *("registry.Disagreement", "registry.Shadow", "registry.Change"),
            *("registry.Upload", "registry.Measurement"),
        ),
    )


def kept_of_running(site: SiteSettings) -> Iterator[Kept]:
    yield Kept(
        _("Jobs"),
        _("What was asked when, how it went, how large the files were."),
        _("To do the work, to show one's history, and to share the machine fairly."),
        _("As long as what it was about."),
        _("Oneself; administrators see how many there are and which fail."),
        ("jobs.Job", "example.Example"),
    )
    yield Kept(
        _("The log"),
        _(
            "Who opened, changed, shared or deleted whose things, with names and times; who changed how the site is "
            "set."
        ),
        _("To be able to answer who did what."),
        _("%(days)s.") % {"days": days(site.log_days)},
        _("Administrators, and of one's own things oneself."),
        ("audit.Entry", "siteconfig.SiteSettings", "admin.LogEntry"),
    )
    yield Kept(
        _("The trash"),
        _("What was deleted, as it was, and who deleted it."),
        _("So that a mistake can be undone."),
        _("%(days)s, or until its owner empties it.") % {"days": days(site.trash_days)},
        _("Its owner."),
        ("trash.Item",),
    )
    yield Kept(
        _("Copies of all that is one's own"),
        _("A file that somebody asked for, with all that is theirs."),
        _("To take it along, or to see what is kept."),
        _("A day."),
        _("Oneself."),
        ("dataexport.Export",),
    )
    yield Kept(
        _("Files without an owner"),
        _("Parts of uploads that broke off, and files whose row was never stored."),
        _("They are left by chance, for no purpose."),
        _("An hour, and %(days)s.") % {"days": days(ORPHAN_AGE.days)},
        _("Nobody."),
    )
    yield Kept(
        _("Backups"),
        _("Everything on this page, as it was on the day of the backup."),
        _("To bring the site back when a machine breaks."),
        _("As long as administrators keep them: what was deleted since is still in older ones."),
        _("Whoever runs the machine."),
    )


def days(number: int) -> str:
    return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}


def privacy_context(site: SiteSettings) -> dict[str, Any]:
    return {"kept": list(all_kept(site)), "guardian_age": site.guardian_age}
