"""Names for screen readers."""

import unittest

from desktop import DesktopTest, make_video, wait_for

CONTROLS = {"push button", "toggle button", "check box", "text", "combo box", "slider",
            "spin button"}


class NameTests(DesktopTest):
    def check(self, root):
        """Every control has a name that means something."""
        bad, count = [], 0

        def walk(node, is_part):
            nonlocal count
            role, name = node.getRoleName(), node.name or ""
            if name == "AdwToastWidget":
                return  # libadwaita's own.
            if role in CONTROLS and not is_part:
                count += 1
                if not name.strip() or name.startswith(("Gtk", "Adw")):
                    bad.append((role, name, node.parent.name))
            # The button inside of a drop-down or of a menu's button is no control of its own.
            is_part = is_part or role in ("combo box", "push button")
            for place in range(node.childCount):
                child = node.getChildAtIndex(place)
                if child is not None:
                    walk(child, is_part)

        walk(root, False)
        self.assertEqual([], bad)
        return count

    def test_all_controls_have_names(self):
        """In the main window, its small windows, and the settings."""
        app = self.start(make_video(self.folder / "video.mp4"))
        app.wait_for_text("0:12 · 0 clips")
        app.click("Export")
        wait_for("the marker", app.markers)
        self.assertGreater(self.check(app.windows()[0]), 25)
        for button in ["Export Options", "Mask Options", "Mask Appearance"]:
            app.toggle_popover(button)
            wait_for("it to open", lambda: app.all("check box"))
            self.check(app.windows()[0])
            app.toggle_popover(button)
            wait_for("it to close", lambda: not app.all("check box"))
        app.action("settings")
        window = app.dialog("Checkpoints")
        app.wait_for_text("Download depth-anything-v2-small")
        self.assertGreater(self.check(window), 10)


if __name__ == "__main__":
    unittest.main()
