"""Records the app in use: a video is dropped, a clip is cut, its masks are made. Run by
scripts/make-screencast.
"""

import contextlib
import ctypes
import pathlib
import subprocess
import sys
import tempfile
import time

from desktop import HERE, wait_for
from screenshots import Stage

WIDTH, HEIGHT, CAPTION = 880, 690, 38
RATE = 10
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"
# Where the pointer covers nothing and shows no tooltip.
REST = (WIDTH - 40, HEIGHT // 3)
# What an animated WebP may have on a page of documents.
LIMIT = 2_000_000


class Recording:
    """Grabs a part of the screen into a file, and notes what is to be read below it, and when."""

    def __init__(self, file):
        self.file = file
        # Pairs of the second from which a caption is shown and its text.
        self.captions = []
        # Pairs of the seconds from and to which nothing is shown.
        self.gaps = []
        self.process = subprocess.Popen(
            [
                "ffmpeg", "-v", "error", "-y", "-f", "x11grab", "-draw_mouse", "1",
                "-framerate", str(2 * RATE), "-video_size", f"{WIDTH}x{HEIGHT}", "-i", "+0,0",
                "-c:v", "libx264rgb", "-preset", "ultrafast", "-qp", "0", str(file),
            ],
            stdin=subprocess.PIPE,
        )
        wait_for("the first frame", lambda: file.exists() and file.stat().st_size > 0)
        self.start = time.monotonic()

    def now(self):
        return time.monotonic() - self.start

    def caption(self, text):
        """Shows a text from now on. It has no quotation marks and colons, for ffmpeg."""
        self.captions.append((self.now(), text))

    @contextlib.contextmanager
    def leaving_out(self, after=0.0, before=0.0):
        """Leaves out what happens meanwhile, but for the seconds at its start and its end."""
        start = self.now() + after
        yield
        end = self.now() - before
        if start < end:
            self.gaps.append((start, end))

    def stop(self):
        end = self.now()
        self.process.communicate(b"q")
        duration = subprocess.run(
            ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0",
             self.file],
            check=True, capture_output=True, text=True,
        ).stdout
        # The file began some time before that was noticed; its last frame is of now.
        lead = float(duration) - end
        self.captions = [(max(0, start + lead), text) for start, text in self.captions]
        self.captions[0] = (0, self.captions[0][1])
        self.gaps = [(0, lead)] + [(start + lead, end + lead) for start, end in self.gaps]

    def write(self, output, quality):
        """Writes the recording without its gaps, and with the captions."""
        shown = "*".join(f"not(between(t,{a:.2f},{b:.2f}))" for a, b in self.gaps)
        ends = [start for start, _ in self.captions[1:]] + [1e6]
        texts = ",".join(
            f"drawtext=fontfile={FONT}:text='{text}':fontsize=17:fontcolor=white:x=(w-tw)/2"
            f":y={HEIGHT}+({CAPTION}-th)/2:enable='gte(t,{start:.2f})*lt(t,{stop:.2f})'"
            for (start, text), stop in zip(self.captions, ends)
        )
        filters = (
            f"pad={WIDTH}:{HEIGHT + CAPTION}:0:0:color=0x303030,{texts},"
            f"select='{shown}',setpts=N/({2 * RATE}*TB),fps={RATE}"
        )
        subprocess.run(
            [
                "ffmpeg", "-v", "error", "-y", "-i", self.file, "-vf", filters, "-an",
                "-c:v", "libwebp_anim", "-quality", str(quality), "-compression_level", "6",
                "-preset", "text", "-loop", "0", output,
            ],
            check=True,
        )


class Pointer:
    """Moves the pointer as a hand does: slower at the start and the end."""

    def __init__(self, app):
        self.app = app
        self.place = (WIDTH * 2 // 3, HEIGHT // 2)
        app.x("mousemove", *self.place)

    def move(self, place, seconds=0.6):
        (x, y), start = self.place, time.monotonic()
        part = 0.0
        while part < 1:
            part = min(1, (time.monotonic() - start) / seconds)
            eased = part * part * (3 - 2 * part)
            self.app.x("mousemove", round(x + (place[0] - x) * eased),
                       round(y + (place[1] - y) * eased))
        self.place = place

    def click(self, place, seconds=0.6):
        self.move(place, seconds)
        time.sleep(0.15)
        self.app.x("click", 1)

    def drag(self, places, seconds):
        """Drags from the first place to the others, one after the other."""
        self.move(places[0])
        self.app.x("mousedown", 1)
        for place in places[1:]:
            self.move(place, seconds / (len(places) - 1))
        time.sleep(0.2)
        self.app.x("mouseup", 1)


def drop(app, recording, pointer, video):
    """Drops the video onto the window, from where a file manager would be."""
    with recording.leaving_out(after=0.5):
        source = subprocess.Popen([sys.executable, HERE / "drag_source.py", video])
        window = wait_for("the file", lambda: app.window_ids("drag source"))[-1]
        app.x("windowmove", "--sync", window, 20, HEIGHT - 230)
    time.sleep(0.5)
    pointer.drag([(120, HEIGHT - 150), (WIDTH * 3 // 5, HEIGHT // 3)], 1)
    with recording.leaving_out(after=0.3):
        # Only then the file has been handed over.
        app.wait_sensitive("Export")
        source.kill()
        source.wait()
        app.wait_at(0)


def has_message(app):
    """Whether a message about masks is shown, or comes after another one."""
    for _ in range(3):
        if any(part in text for text in app.texts() for part in ("masks show", "masks are", " done")):
            return True
        time.sleep(0.5)
    return False


def set_cursor():
    """Gives the screen a pointer that looks like one; without it, X has a cross."""
    x11 = ctypes.CDLL("libX11.so.6")
    cursors = ctypes.CDLL("libXcursor.so.1")
    for function in (x11.XOpenDisplay, x11.XDefaultRootWindow, cursors.XcursorLibraryLoadCursor):
        function.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    cursor = ctypes.c_void_p(cursors.XcursorLibraryLoadCursor(display, b"left_ptr"))
    x11.XDefineCursor(display, ctypes.c_void_p(x11.XDefaultRootWindow(display)), cursor)
    x11.XFlush(display)
    # The cursor goes with the connection, which stays open.


def record(stage, file):
    """Uses the app, and records that."""
    set_cursor()
    app = stage.start("light", WIDTH, HEIGHT)
    app.wait_for_text("Drop Videos Here")
    app.x("windowmove", app.window_id(), 0, 0)
    pointer = Pointer(app)
    time.sleep(1)
    recording = Recording(file)
    recording.caption("Drop a video")
    drop(app, recording, pointer, stage.video)
    with recording.leaving_out():
        places = [app.point(app.find("Timeline", "slider"), part, 0.8) for part in (0.1, 0.4, 0.2)]
        label = app.point(app.find("Label", "text"))
        export = app.point(app.find("Export", "push button"))
        # The thumbnails come one by one.
        time.sleep(3)
    time.sleep(0.7)

    recording.caption("Find the sound on the timeline")
    pointer.drag(places, 2.4)
    time.sleep(0.4)

    recording.caption("Cut eight seconds from there, with a label")
    pointer.click(label)
    app.x("type", "--delay", 60, "ball bouncing")
    pointer.click(export)
    pointer.move(REST)
    with recording.leaving_out(after=0.5):
        app.wait_for_text("was cut")
        masks = app.point(app.wait_sensitive("Generate Masks"))
    time.sleep(1.2)

    recording.caption("Make masks of what sounds, one for each frame")
    pointer.click(masks)
    pointer.move(REST)
    with recording.leaving_out(after=1.5):
        app.wait_sensitive("Cancel Masks")
        # The messages cover the frame.
        wait_for("the masks", lambda: app.has("Pause") and not has_message(app), 120)
    recording.caption("Look at them over the clip as it plays")
    time.sleep(5.5)
    recording.stop()
    app.close()
    return recording


def main(output):
    with tempfile.TemporaryDirectory() as home:
        recording = record(Stage(home), pathlib.Path(home, "recording.mkv"))
        for quality in (82, 75, 65, 55):
            recording.write(output, quality)
            if pathlib.Path(output).stat().st_size <= LIMIT:
                break
        else:
            sys.exit(f"{output} is larger than {LIMIT} bytes")
    print(f"{output}: {pathlib.Path(output).stat().st_size} bytes, quality {quality}")


if __name__ == "__main__":
    main(sys.argv[1])
