"""The Flatpak, which is built where Flathub can be reached: its manifest, sources and metadata."""

import os

from install import ROOT, InstallTest


class FlatpakTests(InstallTest):
    def test_manifest_sources_and_metadata_are_valid(self):
        self.run_program(ROOT / "scripts/check-flatpak", environment=os.environ)
