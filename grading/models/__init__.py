"""Exams and what was read of them.

    Exam ─┬─ Item                     what is asked, what is right
          ├─ SheetLayout              where its boxes are, as they were printed
          ├─ Candidate                who sits it, of school's classes, or why not
          ├─ RosterUpload             a table of students, until a worker has read it
          ├─ ExamImport               the file that it came in from another site
          ├─ Scan ── ScanPage         an upload and its pages, with every cell's probabilities
          │          PageAssignment   what a person says of a page that was rejected
          ├─ Paper ── Answer          one student's pages together, one row an item
          │           Correction      who changed what, when
          │           RegradeRequest  what a student thinks was graded wrongly, and what was answered
          └─ Release ── ReleasedPaper results that were given out: the score that a student was told, and her link

Pages keep the probabilities of their cells, so that a changed key never needs the scans again.
"""

from grading.models.candidates import Candidate
from grading.models.exams import Exam, ExamGrant, Item, ItemKind, SheetLayout
from grading.models.imports import ExamImport
from grading.models.papers import Answer, Correction, Paper
from grading.models.releases import RegradeRequest, Release, ReleasedPaper
from grading.models.rosters import RosterUpload
from grading.models.scans import AGAIN, IfThere, PageAssignment, PageCells, Scan, ScanPage
