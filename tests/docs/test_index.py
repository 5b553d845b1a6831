"""The map of the documentation leads to every page."""

from tests.repo.tree import ROOT, files

# Linked as a folder: one would not look for a decision or a vector by its name.
FOLDERS = {"decisions", "vectors", "screens"}
# The figures that the page of benchmarks is made from, and the scripts that make pages.
SOURCES = {".py", ".json"}


def test_the_map_leads_to_every_page():
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    pages = [path.relative_to("docs") for path in files() if path.parts[0] == "docs" and path.name != "index.md"]
    listed = [page for page in pages if not FOLDERS & set(page.parts) and page.suffix not in SOURCES]
    assert [str(page) for page in listed if f"({page.as_posix()})" not in index] == []
    assert all(f"{folder}/)" in index for folder in FOLDERS)
