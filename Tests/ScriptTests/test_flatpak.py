"""The check of the Flatpak's manifest finds what must not be in it."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from testing import flatpak_manifest  # noqa: E402

COMMIT, HASH = "a" * 40, "b" * 64


def faults(*sources, arguments=()):
    """What is wrong with a manifest of these sources, which are those of a module in a module."""
    inner = {"name": "inner", "sources": list(sources)}
    return list(flatpak_manifest.faults(
        {"finish-args": list(arguments), "modules": [{"name": "outer", "modules": [inner]}]}
    ))


class ManifestTests(unittest.TestCase):
    def test_sources_with_commit_or_hash_are_accepted(self):
        self.assertEqual([], faults(
            {"type": "archive", "url": "https://a/b.tar.xz", "sha256": HASH},
            {"type": "git", "url": "https://a/b.git", "commit": COMMIT},
            {"type": "git", "url": "https://a/b", "tag": "1.0", "dest": "swift-packages/a/b"},
            {"type": "dir", "path": "../.."},
            arguments=["--socket=wayland", "--filesystem=xdg-videos"],
        ))

    def test_sources_that_may_change_are_found(self):
        for source, part in [
            ({"type": "archive", "url": "https://a/b.tar.xz"}, "no hash"),
            ({"type": "git", "url": "https://a/b.git", "tag": "1.0"}, "no commit"),
            ({"type": "git", "url": "https://a/b", "dest": "swift-packages/a/b"}, "no tag"),
            ({"type": "archive", "url": "http://a/b.tar.xz", "sha256": HASH}, "not encrypted"),
            ({"type": "script", "commands": ["true"]}, "not expected"),
        ]:
            with self.subTest(part):
                found = faults(source)
                self.assertEqual(1, len(found))
                self.assertIn("inner: ", found[0])
                self.assertIn(part, found[0])

    def test_an_open_sandbox_is_found(self):
        for argument in ("--filesystem=host", "--filesystem=home", "--socket=session-bus"):
            self.assertEqual(
                [f"the sandbox is opened by {argument}"], faults(arguments=[argument])
            )


if __name__ == "__main__":
    unittest.main()
