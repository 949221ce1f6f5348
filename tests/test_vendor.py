"""The files of others are the ones that static/vendor/README.md names."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "static" / "vendor"
ROW = re.compile(r"^\| (?P<file>[^ |]+) \|.*\| (?P<sum>[0-9a-f]{64}) \|$", re.MULTILINE)


def test_every_file_has_the_sum_that_the_readme_names() -> None:
    listed = {match["file"]: match["sum"] for match in ROW.finditer((VENDOR / "README.md").read_text())}
    present = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir() if path.name != "README.md"}
    assert present == listed


def test_every_script_and_style_names_its_version() -> None:
    scripts = [path.name for path in VENDOR.iterdir() if path.suffix in {".js", ".css"}]
    assert scripts
    assert all(re.search(r"-\d+\.\d+\.\d+[.\w]*$", name) for name in scripts)


def test_no_file_names_a_source_map_that_is_not_there() -> None:
    assert not [path.name for path in VENDOR.glob("*.js") if b"sourceMappingURL" in path.read_bytes()]
