"""Files that are written all or not at all, and for their owner alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from usage_tui.files import replacing, writable_by_others


def test_a_file_is_there_once_it_is_whole_and_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with replacing(path) as file:
        file.write(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_fault_on_the_way_leaves_all_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before")

    def write_half() -> None:
        with replacing(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert [one.read_text() for one in tmp_path.iterdir()] == ["before"]


def test_a_link_keeps_leading_to_where_it_led(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("before")
    link.symlink_to(target)
    with replacing(link) as file:
        file.write(b"after")
    assert link.is_symlink()
    assert target.read_text() == "after"


def test_what_is_no_regular_file_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="it is not a regular file"), replacing(tmp_path):
        pass


def test_a_folder_far_above_that_others_may_write_makes_a_file_unsafe(tmp_path: Path) -> None:
    open_to_all, folder = tmp_path / "open", tmp_path / "open" / "home" / "config"
    folder.mkdir(parents=True)
    file = folder / "config.toml"
    file.write_text("")
    assert writable_by_others(file) is None
    open_to_all.chmod(0o777)
    assert writable_by_others(file) == open_to_all
    open_to_all.chmod(0o1777)  # as /tmp has it: each may remove only what is theirs
    assert writable_by_others(file) is None
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    open_to_all.chmod(0o775)
    assert writable_by_others(link) == open_to_all


def test_every_link_on_the_way_to_a_file_counts(tmp_path: Path) -> None:
    file, open_to_all = tmp_path / "config.toml", tmp_path / "open"
    file.write_text("")
    open_to_all.mkdir()
    middle, link = open_to_all / "middle", tmp_path / "link"
    middle.symlink_to(file)
    link.symlink_to(middle)
    assert writable_by_others(link) is None
    open_to_all.chmod(0o777)  # whoever may write there may lead the link elsewhere
    assert writable_by_others(link) == open_to_all


def test_links_that_lead_to_each_other_end(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.symlink_to(two)
    two.symlink_to(one)
    assert writable_by_others(one) is None  # there is nothing to be read


def test_links_that_lead_around_in_ever_longer_words_end(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    one, two = tmp_path / "folder" / "one", tmp_path / "folder" / "two"
    one.symlink_to("../folder/two")
    two.symlink_to("../folder/one")
    with pytest.raises(OSError, match="symbolic links"):
        writable_by_others(one / "config.toml")
