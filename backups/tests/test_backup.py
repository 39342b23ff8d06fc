"""What backup and restore refuse, each with a sentence, and what they bear."""

import gzip
import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from backups import files, rows, services
from backups.archive import MANIFEST, SUMS, ArchiveWriter, BackupError
from backups.tests.sites import Elsewhere

pytestmark = pytest.mark.django_db(transaction=True)
Change = Callable[[str, bytes], bytes]
SEAL = "models/a/seal.bin"


@pytest.fixture
def archive(alice, tmp_path: Path) -> Path:
    default_storage.save(SEAL, ContentFile(bytes(range(256)) * 100))
    call_command("backup", tmp_path / "site.tar")
    return tmp_path / "site.tar"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Elsewhere:
    return Elsewhere(tmp_path / "elsewhere")


def refused(path: Path) -> str:
    with pytest.raises(CommandError) as refusal:
        call_command("restore", path)
    return str(refusal.value)


def sealed_again(path: Path, change: Change, *more: tuple[tarfile.TarInfo, bytes]) -> Path:
    """A copy with other contents or more members, and sums that fit them."""
    new = path.with_name("changed.tar")
    with tarfile.open(path) as old, tarfile.open(new, "w") as tar:
        archive = ArchiveWriter(tar)
        for member in old.getmembers():
            if member.name != SUMS:
                archive.add_bytes(member.name, change(member.name, old.extractfile(member).read()))
        for member, content in more:
            tar.addfile(member, io.BytesIO(content))
        sums = "".join(f"{digest}  {name}\n" for name, digest in archive.sums.items())
        archive.add_bytes(SUMS, sums.encode())
    return new


def as_it_is(_name: str, content: bytes) -> bytes:
    return content


def test_an_archive_is_for_its_owner_only_and_any_tar_reads_it(archive, tmp_path):
    assert archive.stat().st_mode & 0o777 == 0o600
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "unpacked", filter="data")
    done = os.system(f"cd {tmp_path / 'unpacked'} && sha256sum --check --quiet {SUMS}")  # as docs say
    assert done == 0


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_archive_is_refused(archive, share):
    with tarfile.open(archive) as tar:
        sums = tar.getmember(SUMS)
    os.truncate(archive, int((sums.offset_data + sums.size) * share))
    assert "cut off" in refused(archive)


@pytest.mark.parametrize("share", [0.01, 0.2, 0.4, 0.6, 0.7])
def test_a_changed_archive_is_refused(archive, share):
    content = bytearray(archive.read_bytes())
    at = next(at for at in range(int(len(content) * share), len(content)) if content[at])
    content[at] ^= 1
    archive.write_bytes(content)
    assert "take another backup" in refused(archive).lower()


def test_what_is_no_archive_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("Buy milk. " * 999)
    assert "is damaged or was cut off" in refused(tmp_path / "notes.txt")
    assert "No such file" in refused(tmp_path / "nothing.tar")


def test_an_archive_of_a_newer_release_is_refused(archive):
    def release(values: dict) -> None:
        values["release"] = "99.0.0"

    def migration(values: dict) -> None:
        values["migrations"]["accounts"].append("0099_fingerprints")

    def form(values: dict) -> None:
        values["format"] = 99

    for change in (release, migration, form):
        assert "A newer release" in refused(sealed_again(archive, manifest_with(change)))


def manifest_with(change: Callable[[dict], None]) -> Change:
    def changed(name: str, content: bytes) -> bytes:
        if name != MANIFEST:
            return content
        values = json.loads(content)
        change(values)
        return json.dumps(values).encode()

    return changed


@pytest.mark.parametrize("name", ["files/../../outside", "/outside", "files/a/../../../outside"])
def test_paths_that_lead_out_are_refused(archive, name):
    member = tarfile.TarInfo(name)
    member.size = 4
    assert "has no place in a backup" in refused(sealed_again(archive, as_it_is, (member, b"evil")))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_links_and_devices_are_refused(archive, kind):
    member = tarfile.TarInfo("files/link")
    member.type, member.linkname = kind, "/etc/passwd"
    assert "has no place in a backup" in refused(sealed_again(archive, as_it_is, (member, b"")))


def test_a_site_in_use_is_not_restored_into(archive):
    assert "The database is in use: it knows 1 users" in refused(archive)


def test_a_database_of_something_else_is_not_restored_into(archive, elsewhere):
    elsewhere.folder.mkdir()
    with sqlite3.connect(elsewhere.folder / "nunbit.sqlite3") as database:
        database.execute("CREATE TABLE shopping (what TEXT)")
    assert "not those of the backup" in elsewhere.refusal("restore", archive)


@pytest.mark.full
def test_no_file_is_overwritten_and_a_second_try_succeeds(archive, elsewhere):
    elsewhere.manage("migrate")  # a prepared site that nobody has used is as good as an empty one
    other = elsewhere.folder / "files" / SEAL
    other.parent.mkdir(parents=True)
    other.write_bytes(b"someone else's")
    assert f"The storage holds another file {SEAL}" in elsewhere.refusal("restore", archive)
    assert elsewhere.files() == {SEAL: b"someone else's"}
    other.write_bytes(
        bytes(range(256)) * 100
    )  # the one of the backup, as a restore that was killed leaves it
    elsewhere.manage("restore", archive)  # which found no rows of the first try


@pytest.mark.parametrize(
    "lines", [b'["id", "shoe_size"]', b'["id"]\n[1]', b'["id"]\n["one"]', b'["id"]\n[1, 2]']
)
def test_rows_that_do_not_fit_are_a_sentence(lines):
    found = {table._meta.label_lower: table for table in rows.tables(rows.applied())}
    with pytest.raises(BackupError, match="does not take the rows of accounts.token"):
        services.put_rows("accounts.token", io.BytesIO(gzip.compress(lines)), found)


def test_too_little_space_is_said_before_anything_is_written(settings, monkeypatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(free=2_000_000_000))
    files.check_disk_space(file_bytes=1_000_000_000, row_bytes=1_000_000_000)
    with pytest.raises(BackupError, match=r"needs 2\.1 GB in .*, 2\.0 GB are free"):
        files.check_disk_space(file_bytes=1_100_000_000, row_bytes=1_000_000_000)


def test_a_backup_replaces_no_file_and_leaves_none_half_written(alice, tmp_path, settings):
    path = tmp_path / "site.tar"
    path.write_text("precious")
    with pytest.raises(CommandError, match="exists: choose another name"):
        call_command("backup", path)
    assert path.read_text() == "precious"
    with pytest.raises(CommandError, match="could not be written"):
        call_command("backup", tmp_path / "no" / "folder.tar")
    with pytest.raises(CommandError, match="lies among the files of the site"):
        call_command("backup", settings.MEDIA_ROOT / "site.tar")
    (tmp_path / "second.tar.part").touch()
    with pytest.raises(CommandError, match="another backup is being written"):
        call_command("backup", tmp_path / "second.tar")


def test_a_file_that_goes_meanwhile_is_missed_only_where_a_row_names_it(alice, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "names", lambda: iter(["faces/gone.jpg"]))
    alice.groups.add(Group.objects.create(name="Physics"))  # a row without any text
    call_command("backup", tmp_path / "site.tar")
    get_user_model().objects.filter(pk=alice.pk).update(first_name="faces/gone.jpg")
    with pytest.raises(CommandError, match="gone.jpg vanished"):
        call_command("backup", tmp_path / "second.tar")
    assert [path.name for path in tmp_path.glob("second*")] == []


@pytest.mark.full
def test_an_archive_of_an_older_release_is_brought_up_to_date(elsewhere, tmp_path):
    """Its rows go into the tables that it had; then the migrations since then run."""
    older = Elsewhere(tmp_path / "older")
    script = (
        "from backups import rows; from django.db.migrations.loader import MigrationLoader as L;"
        "from django.db import connection as c; loader = L(c);"
        "later = set(loader.graph.backwards_plan(('registry', '0007_shadows')));"
        "keys = sorted(set(loader.graph.nodes) - later); old = {};"
        "[old.setdefault(app, []).append(name) for app, name in keys]; rows.make_tables(old);"
        "from accounts.models import User; User.objects.create_user('old', password='x');"
        "from pathlib import Path; from backups.services import back_up; back_up(Path('OLD'))"
    )
    older.manage("shell", "--no-imports", "-c", script.replace("OLD", str(tmp_path / "old.tar")))
    with tarfile.open(tmp_path / "old.tar") as tar:
        assert not [name for name in tar.getnames() if "shadow" in name]
    elsewhere.manage("restore", tmp_path / "old.tar")
    found = elsewhere.rows()
    assert len(found["accounts.User"]) == 1
    assert found["registry.Shadow"] == []
    assert found["registry.ModelVersion"]
