"""The thumbnails on the timeline: no cell is empty, none shows another time."""

import subprocess

from desktop import DesktopTest, wait_for

# Red in the first half, green in the second.
SECONDS = 12
# Rows from the top of the timeline to the middle of the thumbnails.
MIDDLE = 20 + 18 + 22


class FilmstripTests(DesktopTest):
    def video(self, name, size, *options):
        path = self.folder / name
        subprocess.run(
            [
                "ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i",
                f"color=red:size={size}:rate=10:duration={SECONDS / 2}", "-f", "lavfi", "-i",
                f"color=lime:size={size}:rate=10:duration={SECONDS / 2}", "-filter_complex",
                "[0][1]concat=n=2", "-c:v", "libx264", "-pix_fmt", "yuv420p", *options, str(path),
            ],
            check=True,
        )
        return path

    def colours(self, app):
        """What a row of pixels through the thumbnails shows: "r", "g" or "?" for each."""
        x, y, width, _ = app.box(app.find("Timeline", "slider"))
        pixels = subprocess.run(
            [
                "import", "-window", "root", "-crop", f"{width}x1+{x}+{y + MIDDLE}", "-depth", "8",
                "rgb:-",
            ],
            check=True,
            capture_output=True,
        ).stdout
        rows = [pixels[at:at + 3] for at in range(0, len(pixels), 3)]
        return "".join(
            "r" if red - max(green, blue) > 60 else "g" if green - max(red, blue) > 60 else "?"
            for red, green, blue in rows
        )

    def check(self, video, cell):
        app = self.start(video)
        app.wait_for_text(f"/ 0:{SECONDS}.000")
        # The lines of the cursor and of the span are no thumbnails.
        row = wait_for(
            "all thumbnails",
            lambda: (row := self.colours(app)) and row.count("?") <= 8 and row,
        )
        half = len(row) // 2
        self.assertNotIn("g", row[: half - cell])
        self.assertNotIn("r", row[half + cell:])

    def test_one_keyframe(self):
        """A video with nothing but one keyframe."""
        self.check(self.video("one.mp4", "160x90", "-g", "1000", "-sc_threshold", "0"), 78)

    def test_portrait(self):
        """A portrait video with many keyframes."""
        self.check(self.video("portrait.mp4", "90x160", "-g", "5"), 25)
