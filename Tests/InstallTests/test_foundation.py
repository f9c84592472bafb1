"""The programs are linked without ICU's data (CEmptyICUData): nothing in them asks for it.

What would ask is found twice: by its names in the sources, and by the files in which ICU looks for data
that it does not have.
"""

import os
import pathlib
import re
import subprocess

from install import FFMPEG, ROOT, InstallTest, project

PROGRAM = project.BUILD / "release" / "8cut"
# What Foundation answers with ICU's data. A date as ISO 8601 needs none.
NAMES = re.compile(
    r"^\s*(?:package |public )?import Foundation$"
    r"|\b(?:Locale|TimeZone|Calendar|(?:Date|Number|ByteCount|List)\w*Formatter|NSLocale)\b"
    r"|\.formatted\((?!\.iso8601\))|\.localized(?:Standard|CaseInsensitive|Compare|Lower|Upper|Capital)"
    r"|\bcollating\(|\blocalizedCompare\b|\bDate\.(?!now)",
    re.MULTILINE,
)
COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)


class FoundationTests(InstallTest):
    def test_no_source_names_what_needs_the_data(self):
        found = [
            f"{path.relative_to(ROOT)}: {match[0].strip()}"
            for path in sorted(pathlib.Path(ROOT, "Sources").rglob("*.swift"))
            for match in NAMES.finditer(COMMENT.sub("", path.read_text()))
        ]
        self.assertEqual([], found)

    def test_the_data_are_not_in_the_program(self):
        names = project.run("nm", "--print-size", PROGRAM)
        sizes = [
            int(line.split()[1], 16) for line in names.splitlines()
            if re.search(r" icudt\d+_dat$", line)
        ]
        self.assertTrue(sizes)
        self.assertLess(max(sizes), 1000)

    def test_no_command_looks_for_the_data(self):
        clips, home = self.folder / "clips", self.folder / "home"
        video = self.folder / "video.mkv"
        subprocess.run(
            [
                "ffmpeg", "-nostdin", "-loglevel", "error",
                "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=10:duration=2",
                "-f", "lavfi", "-i", "sine=duration=2", video,
            ],
            check=True,
        )
        rows = self.folder / "rows.jsonl"
        for words in (
            ["export", "--input", video, "--start", "0", "--duration", "1", "--to", clips,
             "--name", "ÄRGER", "--label", "Straße", "--category", "Tier"],
            ["masks", "saliency", "--last", "--quiet"],
            ["masks", "score", "--input", clips / "ÄRGER_001.mp4", "--masks", clips / "ÄRGER_001_masks"],
            ["library", "list", "--sort", "score"],
            ["library", "find", "STRASSE"],
            ["library", "verdict", "keep", "1"],
            ["library", "agreement"],
            ["library", "calibration"],
            ["library", "show", "1"],
            ["library", "check"],
            ["dataset", "export", "--profile", "hf", "--to", self.folder / "hf"],
            ["dataset", "export", "--profile", "coco", "--to", self.folder / "coco"],
            ["batch", "plan", "--method", "saliency", "--output", rows],
            ["batch", "run", "--list", rows],
            ["preview", "--input", clips / "ÄRGER_001.mp4", "--output", self.folder / "p.mp4"],
            ["review", "--html", self.folder / "page"],
            ["models", "list"],
            ["tools", "status"],
            ["doctor"],
            ["masks", "saliency", "--input", self.folder / "none.mp4"],
        ):
            self.check_that_nothing_is_looked_for(words, home)

    def test_what_needs_the_data_would_be_seen(self):
        """The proof that the test above can fail."""
        source = self.folder / "main.swift"
        source.write_text('import Foundation\nprint("a".localizedCaseInsensitiveCompare("B").rawValue)\n')
        stub = ROOT / "Sources/Base/System/CEmptyICUData"
        subprocess.run(
            ["clang", "-c", f"-I{stub}/include", stub / "empty_icu_data.c", "-o", "stub.o"],
            check=True, cwd=self.folder,
        )
        subprocess.run(
            ["swiftc", "-static-stdlib", source, "stub.o", "-o", "compare"],
            check=True, cwd=self.folder, capture_output=True,
        )
        self.assertTrue(self.lookups([self.folder / "compare"], self.folder))

    def check_that_nothing_is_looked_for(self, words, home):
        self.assertEqual([], self.lookups([PROGRAM, *words], home), words)

    def lookups(self, words, home):
        """The files of ICU's data that a program looks for in a folder that has none."""
        folder, trace = self.folder / "icu", self.folder / "trace"
        folder.mkdir(exist_ok=True)
        run = subprocess.run(
            ["strace", "--follow-forks", "--trace=%file", f"--output={trace}", *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={
                "PATH": f"{FFMPEG}:{os.environ['PATH']}", "HOME": str(self.folder), "LANG": "de_DE.UTF-8",
                "TZ": "Europe/Berlin", "EIGHTCUT_HOME": str(home), "ICU_DATA": str(folder),
            },
        )
        # A mistake in these lines would show nothing.
        self.assertNotEqual(64, run.returncode, run.stdout)
        return [line for line in trace.read_text().splitlines() if str(folder) in line]
