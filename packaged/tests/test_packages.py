"""Packages that carry weights are found where they are installed, and missed where they are not."""

from dataclasses import replace
from importlib.metadata import version

import pytest

from packaged.networks import AGE, HANGUL, NETWORKS, OBJECTS, PACKAGES, TEXT_DETECTOR
from packaged.packages import Package

NOBODYS = Package("nobody-installed-it", "nothing", "MIT", "nobody_installed_it")


def test_each_package_says_its_version_and_licence():
    for package in PACKAGES:
        if package.module:
            assert package.version == version(package.name)
        assert package.licence_url.endswith(f"/{package.licence}.html")
    texts = {path.name for path in AGE.package.licence_files()}
    assert {"LICENSE", "Cydral-age-gender-models.md"} <= texts


def test_every_network_is_of_a_package_in_the_list_and_has_a_key_of_its_own():
    assert {network.package for network in NETWORKS.values()} <= set(PACKAGES)
    assert all(network.key == key for key, network in NETWORKS.items())


def test_the_files_of_python_packages_are_there():
    for network in NETWORKS.values():
        if network.package.module:
            assert [path.name for path in network.paths()] == [
                file.rpartition("/")[2] for file in network.files
            ]


def test_a_package_that_is_not_installed_has_no_folder_version_or_licence(monkeypatch, tmp_path):
    monkeypatch.setenv("NUNBIT_NPM", str(tmp_path))
    for package in (NOBODYS, OBJECTS.package):
        assert (package.folder, package.version, package.licence_files()) == (None, "", [])
    with pytest.raises(FileNotFoundError, match=HANGUL.package.name):
        HANGUL.paths()


def test_a_file_that_a_package_lacks_is_named():
    with pytest.raises(FileNotFoundError, match=r"another\.onnx"):
        replace(TEXT_DETECTOR, files=(*TEXT_DETECTOR.files, "models/another.onnx")).paths()
