"""What somebody says about a table: which sheet, whether it has a header, which column is what."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from school.roster.rows import ROLES, Choice, Columns
from uploads.tables import MOST_COLUMNS
from web.parsers import parsed_number

LONGEST = 100


def parsed_columns(text: str) -> Columns:
    """`grade:0,class:1,seat:2,name:3`: the columns are counted from 0. Raises ValidationError."""
    parts = [part.partition(":") for part in text.split(",") if part.strip()]
    columns = tuple((role.strip(), parsed_number(place.strip())) for role, _colon, place in parts)
    if any(role not in ROLES or place is None or place >= MOST_COLUMNS for role, place in columns):
        words = {"roles": ", ".join(ROLES)}
        raise ValidationError(_("Columns are named like number:0,name:1, by %(roles)s.") % words)
    return tuple((role, place) for role, place in columns if place is not None)


def choice_on_page(data: Mapping[str, str]) -> Choice:
    """Of the form of a preview. Another sheet has other columns. Raises ValidationError."""
    sheet = data.get("sheet", "")[:LONGEST]
    said = Choice(
        sheet, grade=data.get("grade", "")[:2].strip(), class_name=data.get("class_name", "")[:2].strip()
    )
    if sheet != data.get("of", sheet):
        return said
    header = {"true": True, "false": False}.get(data.get("header", ""))
    chosen = {
        place: role for place in range(MOST_COLUMNS) if (role := data.get(f"column-{place}", "")) in ROLES
    }
    if data.get("columns") and not chosen:
        return Choice(sheet, header, parsed_columns(data["columns"][:1000]), said.grade, said.class_name)
    columns = tuple((role, place) for place, role in chosen.items())
    return Choice(sheet, header, columns, said.grade, said.class_name)
