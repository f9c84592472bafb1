"""The page for reviewing masks, in a browser: opened from its file, as a person opens it."""

import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

import browser

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("EIGHTCUT_PROGRAMS", ROOT / ".build" / "release"))
COUNT = 5
LABEL = "</script><b id=evil> & \"כלב\" '🐕"


class Clips:
    """Clips of a library of their own, with masks, and a page of them."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="8cut-page-"))
        unittest.addModuleCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.page = self.folder / "page with a space"
        # A box moves over noise, with a tone.
        subprocess.run(
            [
                "ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i",
                "color=gray:s=320x180:d=6:r=12,noise=alls=20:all_seed=1[a];"
                "color=white:s=60x60:d=6:r=12[b];[a][b]overlay=x='30*mod(t,6)':y=60",
                "-f", "lavfi", "-i", "sine=440:d=6", "-c:v", "libx264", "-preset", "ultrafast",
                "-pix_fmt", "yuv420p", "-c:a", "aac", self.folder / "source.mp4",
            ],
            check=True,
        )
        for number in range(COUNT):
            self.run_8cut(
                "export", "-i", "source.mp4", "-s", str(number), "--duration", "1",
                "--to", "clips", "--name", "box", "--label", LABEL,
            )
            self.run_8cut("masks", "saliency", "--clip", str(number + 1))
        self.make_page()

    def run_8cut(self, *arguments, home="home"):
        result = subprocess.run(
            [PROGRAMS / "8cut", *arguments], cwd=self.folder, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120,
            env=os.environ | {"EIGHTCUT_HOME": str(self.folder / home)},
        )
        assert result.returncode == 0, f"{arguments}: {result.stdout}{result.stderr}"
        return result.stdout

    def make_page(self):
        self.run_8cut("review", "--html", self.page, "--reviewer", "maria")

    def shown(self):
        """What the page knows of its clips, in their order."""
        html = (self.page / "index.html").read_text()
        return json.loads(re.search(r'id="data">(.*?)</script>', html)[1])["clips"]


@functools.cache
def shared():
    """The clips of all tests."""
    return Clips()


class ReviewTest(unittest.TestCase):
    """A test that opens the page in a browser of its own."""

    @classmethod
    def setUpClass(cls):
        cls.program = browser.installed()
        if not cls.program:
            raise unittest.SkipTest("there is no Chromium here")
        cls.made = shared()

    def setUp(self):
        self.downloads = pathlib.Path(tempfile.mkdtemp(prefix="8cut-downloads-"))
        self.addCleanup(shutil.rmtree, self.downloads, ignore_errors=True)
        self.browser = browser.Browser(self.program, self.downloads)
        self.addCleanup(self.browser.close)
        self.browser.resize(1280, 900)
        self.open()

    def open(self):
        self.clips = self.made.shown()
        self.browser.open((self.made.page / "index.html").as_uri())

    # What a person sees

    def focused(self):
        """The place of the card that has the focus, or in which something has it."""
        return int(self.browser.run(
            "document.activeElement.closest('.card')?.dataset.index ?? -1"
        ))

    def pressed(self):
        """What is chosen on each card."""
        return self.browser.run(
            "[...document.querySelectorAll('.card')].map((card) =>"
            "card.querySelector('[aria-pressed=true]')?.dataset.verdict ?? null)"
        )

    def count(self):
        return self.browser.run("document.getElementById('count').textContent")

    def shown(self):
        return self.browser.run(
            "[...document.querySelectorAll('.card')].filter((card) => card.offsetParent)"
            ".map((card) => Number(card.dataset.index))"
        )

    def saved(self, reviewer="maria"):
        """Presses the button, and reads the file that the browser has saved."""
        self.browser.click("#save")
        return json.loads(self.browser.downloaded(f"verdicts-{reviewer}.json"))

    def expect_no_mistake(self):
        """Nothing was refused by the page's policy, and no script has failed."""
        errors = [
            event["entry"] for event in self.browser.events("Log.entryAdded")
            if event["entry"]["level"] == "error"
        ]
        self.assertEqual([], errors)
        self.assertEqual([], self.browser.events("Runtime.exceptionThrown"))


class VerdictTests(ReviewTest):
    def test_keys_give_verdicts_that_are_saved(self):
        start = time.time()
        self.assertEqual(0, self.focused())
        self.assertEqual("0 of 5 judged, 5 left", self.count())
        self.browser.press("a", "x", "u", "Enter")
        self.assertEqual(["keep", "reject", "undecided", "keep", None], self.pressed())
        self.assertEqual(4, self.focused())
        self.assertEqual("4 of 5 judged, 1 left", self.count())
        saved = self.saved()
        self.assertEqual(1, saved["v"])
        self.assertEqual("maria", saved["reviewer"])
        self.assertEqual(
            ["keep", "reject", "undecided", "keep"],
            [entry["verdict"] for entry in saved["verdicts"]],
        )
        for entry, clip in zip(saved["verdicts"], self.clips):
            for name in ["clip", "path", "masksDigest", "draw"]:
                self.assertEqual(clip[name], entry[name])
            self.assertEqual(clip.get("score"), entry.get("score"))
            self.assertTrue(start - 1 <= entry["time"] <= time.time() + 1, entry["time"])
        self.expect_no_mistake()

    def test_the_library_takes_what_is_saved(self):
        self.browser.press("a", "x", "u")
        self.saved()
        # The other tests need a library without verdicts.
        copy = self.made.folder / "home of a reader"
        shutil.copytree(self.made.folder / "home", copy)
        self.addCleanup(shutil.rmtree, copy)
        said = self.made.run_8cut(
            "library", "import", "--verdicts", self.downloads / "verdicts-maria.json",
            home=copy.name,
        )
        self.assertIn("3", said)

    def test_backspace_goes_back_and_undoes(self):
        self.browser.press("a", "x", "Backspace")
        self.assertEqual(["keep", None, None, None, None], self.pressed())
        self.assertEqual(1, self.focused())
        self.browser.press("u", "k", "a", "Backspace")
        self.assertEqual(["keep", "undecided", None, None, None], self.pressed())

    def test_a_reload_loses_nothing(self):
        self.browser.press("a", "x")
        self.browser.reload()
        self.assertEqual(["keep", "reject", None, None, None], self.pressed())
        self.assertEqual(2, self.focused())
        self.browser.press("Backspace")
        self.assertEqual(["keep", None, None, None, None], self.pressed())
        self.browser.reload()
        self.assertEqual(["keep", None, None, None, None], self.pressed())

    def test_a_new_page_in_its_place_keeps_them(self):
        self.browser.press("a")
        clip = self.clips[0]["clip"]
        self.made.make_page()
        self.open()
        place = [other["clip"] for other in self.clips].index(clip)
        self.assertEqual("keep", self.pressed()[place])

    def test_buttons_do_the_same(self):
        self.browser.click("[data-index='2'] [data-verdict=reject]")
        self.assertEqual([None, None, "reject", None, None], self.pressed())
        self.assertEqual(3, self.focused())
        self.browser.click("[data-index='2'] [data-verdict=reject]")
        self.assertEqual([None] * 5, self.pressed())
        self.assertTrue(self.browser.run("document.getElementById('save').disabled"))

    def test_a_key_that_is_held_judges_one_clip(self):
        self.browser.press("a")
        self.browser.call(
            "Input.dispatchKeyEvent", type="keyDown", key="a", text="a", autoRepeat=True,
            windowsVirtualKeyCode=65,
        )
        self.assertEqual(["keep", None, None, None, None], self.pressed())

    def test_another_name_is_saved(self):
        self.browser.run(
            "(() => { const field = document.getElementById('reviewer'); field.value = '';"
            "field.focus(); })()"
        )
        self.browser.press(*"Ann/a")
        self.assertEqual([None] * 5, self.pressed())
        self.browser.click("[data-index='0'] [data-verdict=keep]")
        self.assertEqual("Ann/a", self.saved("Ann_a")["reviewer"])

    def test_nothing_is_saved_without_a_name(self):
        self.browser.press("a")
        self.browser.run("document.getElementById('reviewer').value = ' '")
        self.browser.click("#save")
        self.assertEqual("reviewer", self.browser.run("document.activeElement.id"))
        self.assertFalse(self.browser.run("document.getElementById('saving').open"))

    def test_the_text_can_be_copied(self):
        self.browser.press("a")
        saved = self.saved()
        text = self.browser.run("document.getElementById('json').value")
        self.assertEqual(saved, json.loads(text))

    def test_all_can_be_forgotten(self):
        self.browser.press("a", "x")
        self.saved()
        self.browser.click("#forget")
        self.browser.wait("!document.getElementById('saving').open")
        self.assertEqual([None] * 5, self.pressed())
        self.browser.reload()
        self.assertEqual([None] * 5, self.pressed())

    def test_two_windows_know_of_each_other(self):
        self.browser.press("a", "x")
        # What the other window does, and how the browser tells of it.
        self.browser.run(
            "(() => { const [name] = Object.keys(localStorage)"
            f".filter((name) => name.endsWith('/{self.clips[0]['masksDigest']}'));"
            "const entry = JSON.parse(localStorage.getItem(name)); entry.verdict = 'undecided';"
            "localStorage.setItem(name, JSON.stringify(entry));"
            "dispatchEvent(new StorageEvent('storage', { key: name })); })()"
        )
        self.assertEqual(["undecided", "reject", None, None, None], self.pressed())


class StorageTests(ReviewTest):
    def test_without_storage_the_page_works_and_warns(self):
        self.browser.call(
            "Page.addScriptToEvaluateOnNewDocument",
            source="Object.defineProperty(window, 'localStorage', "
            "{ get() { throw new DOMException('no', 'SecurityError'); } });",
        )
        self.open()
        self.assertFalse(self.browser.run("document.getElementById('note').hidden"))
        self.assertFalse(self.is_asked())
        self.browser.press("a")
        self.assertEqual(["keep", None, None, None, None], self.pressed())
        self.assertTrue(self.is_asked())
        self.assertEqual(1, len(self.saved()["verdicts"]))
        self.assertFalse(self.is_asked())
        self.expect_no_mistake()

    def test_with_storage_nobody_is_asked(self):
        self.browser.press("a")
        self.assertFalse(self.is_asked())
        self.assertTrue(self.browser.run("document.getElementById('note').hidden"))

    def test_what_is_damaged_in_the_storage_is_left_out(self):
        self.browser.press("a", "x")
        self.browser.run(
            "(() => { const names = Object.keys(localStorage)"
            ".filter((name) => name.includes('/verdict/')).sort();"
            "localStorage.setItem(names[0], '{\"verdict\":\"maybe\"}');"
            "localStorage.setItem(names[0] + '1', 'no JSON'); })()"
        )
        self.browser.reload()
        self.assertEqual("1 of 5 judged, 4 left", self.count())
        self.expect_no_mistake()

    def is_asked(self):
        """Whether the browser would ask before it leaves the page."""
        return self.browser.run(
            "(() => { const event = new Event('beforeunload', { cancelable: true });"
            "dispatchEvent(event); return event.defaultPrevented; })()"
        )


class PageTests(ReviewTest):
    def test_text_of_others_is_text(self):
        label = self.browser.run("document.querySelector('.label').textContent")
        self.assertEqual(LABEL, label)
        self.assertFalse(self.browser.run("Boolean(document.getElementById('evil'))"))

    def test_arrows_move_the_focus(self):
        self.browser.press("ArrowRight", "j", "ArrowRight")
        self.assertEqual(3, self.focused())
        self.browser.press("k", "ArrowLeft")
        self.assertEqual(1, self.focused())
        self.browser.press("ArrowUp")
        self.assertEqual(1, self.focused())
        self.browser.resize(400, 900)
        self.browser.press("ArrowDown", "ArrowDown")
        self.assertEqual(3, self.focused())

    def test_filters_show_some(self):
        self.browser.press("a", "x")
        shown = {}
        for name in ["left", "keep", "reject", "undecided", "all"]:
            self.filter(name)
            shown[name] = self.shown()
        self.assertEqual(
            {
                "left": [2, 3, 4], "keep": [0], "reject": [1], "undecided": [],
                "all": [0, 1, 2, 3, 4],
            },
            shown,
        )

    def test_what_is_judged_leaves_the_clips_that_are_left(self):
        self.filter("left")
        self.browser.press("j", "a")
        self.assertEqual([0, 2, 3, 4], self.shown())
        self.assertEqual(2, self.focused())
        self.browser.press("Backspace")
        self.assertEqual(1, self.focused())
        self.browser.press("j", "j", "j", "x", "x", "x", "x", "x", "x")
        self.assertEqual([], self.shown())
        self.assertEqual("5 of 5 judged, 0 left", self.count())

    def filter(self, name):
        self.browser.run(
            f"(() => {{ const field = document.getElementById('filter'); field.value = '{name}';"
            "field.dispatchEvent(new Event('change')); })()"
        )

    def test_what_is_in_sight_plays(self):
        self.browser.resize(400, 500)
        self.browser.wait("!document.querySelector('.card video').paused")
        self.browser.wait("document.querySelector('.card video').currentTime > 0")
        paused = "[...document.querySelectorAll('.card video')].map((video) => video.paused)"
        self.assertEqual([True] * 3, self.browser.run(paused)[2:])
        self.assertFalse(self.browser.run(
            "Boolean(document.querySelector('[data-index=\"4\"] video').getAttribute('src'))"
        ))
        self.browser.press(" ")
        self.assertTrue(self.browser.run(paused)[0])
        self.browser.press(" ")
        self.browser.wait(f"!({paused})[0]")
        self.browser.run("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
        self.browser.wait(f"({paused})[0] && !({paused})[4]")
        self.expect_no_mistake()

    def test_nothing_moves_for_those_who_want_it_still(self):
        self.browser.prefer(reduced_motion="reduce")
        self.open()
        self.browser.wait("document.querySelector('.card video').poster")
        time.sleep(0.5)
        playing = "[...document.querySelectorAll('.card video')].filter((v) => !v.paused).length"
        self.assertEqual(0, self.browser.run(playing))
        self.browser.press(" ")
        self.browser.wait(f"{playing} === 1")

    def test_a_clip_plays_large_with_sound(self):
        self.browser.click("[data-index='1'] .screen")
        video = "document.querySelector('#player video')"
        self.browser.wait(f"{video}.currentTime > 0 && !{video}.paused")
        self.assertFalse(self.browser.run(f"{video}.muted"))
        self.browser.press("x")
        self.assertEqual([None, "reject", None, None, None], self.pressed())
        self.assertIn(self.clips[2]["video"], self.browser.run(f"{video}.src"))
        self.browser.press("ArrowRight", "Enter", "Escape")
        self.browser.wait("!document.getElementById('player').open")
        self.assertEqual([None, "reject", None, "keep", None], self.pressed())
        # The event of a dialog that closes comes a little later.
        self.browser.wait("document.activeElement.closest('.card')?.dataset.index === '4'")
        self.expect_no_mistake()

    def test_the_keys_are_listed(self):
        self.browser.press("?")
        self.assertTrue(self.browser.run("document.getElementById('keys').open"))
        self.browser.press("x", "Escape")
        self.assertEqual([None] * 5, self.pressed())
        self.assertFalse(self.browser.run("document.getElementById('keys').open"))

    def test_nothing_is_loaded_from_elsewhere(self):
        self.browser.wait("document.querySelector('.card video').currentTime > 0")
        urls = [
            event["request"]["url"] for event in self.browser.events("Network.requestWillBeSent")
        ]
        self.assertGreater(len(urls), 5)
        start = self.made.page.as_uri() + "/"
        self.assertEqual([], [url for url in urls if not url.startswith(start)])
        refused = "fetch('index.html').then(() => 'loaded', () => 'refused')"
        self.assertEqual("refused", self.browser.run(refused))

    def test_it_fits_narrow_and_wide_windows(self):
        for width in [360, 390, 768, 1280, 2560]:
            self.browser.resize(width, 800)
            with self.subTest(width=width):
                self.assertEqual(
                    width, self.browser.run("document.documentElement.scrollWidth")
                )
                heights = self.browser.run(
                    "[...document.querySelectorAll('.card .choice button')]"
                    ".map((button) => button.offsetHeight)"
                )
                self.assertGreaterEqual(min(heights), 44)
                clipped = self.browser.run(
                    "[...document.querySelectorAll('.card .choice button')]"
                    ".filter((button) => button.scrollWidth > button.clientWidth).length"
                )
                self.assertEqual(0, clipped)

    def test_all_that_can_be_pressed_has_a_name(self):
        nodes = self.browser.call("Accessibility.getFullAXTree")["nodes"]
        roles = {"button", "textbox", "combobox", "article", "banner", "main", "list"}
        found = set()
        for node in nodes:
            role = node.get("role", {}).get("value")
            if node.get("ignored") or role not in roles:
                continue
            found.add(role)
            if role not in ("banner", "main"):
                self.assertTrue(node.get("name", {}).get("value"), node)
        self.assertEqual(roles, found)


if __name__ == "__main__":
    unittest.main()
