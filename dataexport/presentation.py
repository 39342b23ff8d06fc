from django.http import FileResponse

from dataexport.models import Export


def download_of(export: Export) -> FileResponse:
    name = f"nunbit-{export.owner.username}-{export.created_at:%Y-%m-%d}.zip"
    return FileResponse(export.file.open(), as_attachment=True, filename=name, content_type="application/zip")
