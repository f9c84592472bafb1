"""What scripts/prove-gpu does where there is no card."""

import contextlib
import importlib.machinery
import importlib.util
import io
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
import zlib
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from proving import (  # noqa: E402
    cards, checkpoints, fatbinaries, gathering, masks, parts, proofs, steps,
)


def script():
    loader = importlib.machinery.SourceFileLoader("prove_gpu", str(ROOT / "scripts/prove-gpu"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("prove_gpu", loader))
    loader.exec_module(module)
    return module


class FolderTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def program(self, name, text):
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return str(path)


class PartTests(FolderTests):
    def setUp(self):
        super().setUp()
        self.source, self.out = self.folder / "source", self.folder / "out"
        (self.source / "bin").mkdir(parents=True)
        self.data = random.Random(1).randbytes(25_000)
        (self.source / "bin/program").write_bytes(self.data)
        (self.source / "bin/program").chmod(0o755)
        (self.source / "empty").touch()
        self.sizes = parts.pack(self.source, self.out, part_bytes=10_000, preset=0)

    def unpack(self):
        parts.unpack(self.out, self.folder / "again")

    def test_what_was_split_is_joined(self):
        self.assertEqual([10_000, 10_000], self.sizes[:2])
        self.assertEqual(3, len(self.sizes))
        self.unpack()
        self.assertEqual(self.data, (self.folder / "again/bin/program").read_bytes())
        self.assertTrue(os.access(self.folder / "again/bin/program", os.X_OK))
        self.assertTrue((self.folder / "again/empty").exists())

    def test_packing_again_leaves_no_part_of_before(self):
        (self.source / "bin/program").write_bytes(b"short")
        self.assertEqual(1, len(parts.pack(self.source, self.out, part_bytes=10_000, preset=0)))
        self.assertEqual(["parts.json", "proof.tar.xz.00"], sorted(os.listdir(self.out)))

    def test_damage_is_named_and_leaves_nothing(self):
        path = self.out / "proof.tar.xz.01"
        whole = path.read_bytes()
        flipped = whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:]
        for bytes_now in [flipped, whole[:-1], whole + b"x", None]:
            path.unlink()
            if bytes_now is not None:
                path.write_bytes(bytes_now)
            with self.assertRaisesRegex(parts.DamagedParts, r"out is damaged|proof\.tar\.xz\.01"):
                self.unpack()
            self.assertFalse((self.folder / "again").exists())
            path.write_bytes(whole)
        self.unpack()

    def test_damaged_list(self):
        for text in ["", "{}", '{"parts": [{"name": "../x", "bytes": 1, "sha256": ""}]}']:
            (self.out / parts.LIST).write_text(text)
            with self.assertRaises(parts.DamagedParts):
                self.unpack()
        (self.out / parts.LIST).unlink()
        with self.assertRaisesRegex(parts.DamagedParts, "parts.json cannot be read"):
            self.unpack()


def fat_binary(*codes):
    """A container of pairs of a compute capability and its code."""
    body = b""
    for capability, code in codes:
        body += struct.pack("<HHIQ12xI32x", 2, 0x101, 64, len(code), capability) + code
    return struct.pack("<IHHQ", 0xBA55ED50, 1, 16, len(body)) + body


class FatBinaryTests(unittest.TestCase):
    def test_code_for_other_cards_becomes_zeros(self):
        one = fat_binary((75, b"a" * 40), (90, b"b" * 24), (120, b"c" * 8))
        without = fat_binary((75, b"d" * 16), (80, b"e" * 16))
        data = bytearray(b"ELF" + one + b"\0" * 5 + without + one)
        self.assertEqual(2 * 48, fatbinaries.blank(data, 90))
        blanked = fat_binary((75, bytes(40)), (90, b"b" * 24), (120, bytes(8)))
        self.assertEqual(b"ELF" + blanked + b"\0" * 5 + without + blanked, bytes(data))

    def test_what_only_looks_like_a_container_stays(self):
        for end in [b"", b"\x01\x00", fat_binary((75, b"a"), (90, b"b"))[4:-1]]:
            data = bytearray(struct.pack("<I", 0xBA55ED50) + end)
            self.assertEqual(0, fatbinaries.blank(data, 90))


def png(width, rows, filters, depth=8):
    """A grey PNG file whose lines have these filters."""
    lines, above = b"", [0] * width
    for row, kind in zip(rows, filters):
        line = []
        for x, value in enumerate(row):
            left, up = (row[x - 1] if x else 0), above[x]
            corner = above[x - 1] if x else 0
            estimate = left + up - corner
            # The order decides between equals.
            nearest = min((abs(estimate - v), i, v) for i, v in enumerate((left, up, corner)))[2]
            guess = [0, left, up, (left + up) // 2, nearest][kind]
            line.append((value - guess) % 256)
        lines += bytes([kind, *line])
        above = row
    head = struct.pack(">IIBBBBB", width, len(rows), depth, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b"")]
    return masks.SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


class MaskTests(FolderTests):
    def write(self, name, rows, filters=None, **more):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(png(len(rows[0]), rows, filters or [0] * len(rows), **more))
        return path

    def test_every_filter_is_undone(self):
        source = random.Random(3)
        rows = [[source.randrange(256) for _ in range(13)] for _ in range(10)]
        path = self.write("a.png", rows, [0, 1, 2, 3, 4] * 2)
        self.assertEqual((13, 10, bytes(sum(rows, []))), masks.read(path))

    def test_other_files_are_refused(self):
        path = self.folder / "b.png"
        for data in [b"", masks.SIGNATURE, png(2, [[0, 0]], [0])[:40], png(2, [[0, 0]], [0], 16)]:
            path.write_bytes(data)
            with self.assertRaises(masks.NoMask):
                masks.read(path)

    def test_two_folders(self):
        self.write("a/frame_0000.png", [[255, 255, 0], [0, 0, 0]])
        self.write("b/frame_0000.png", [[255, 0, 0], [255, 0, 0]])
        self.write("a/frame_0001.png", [[0, 0, 0], [0, 0, 0]])
        self.write("b/frame_0001.png", [[0, 0, 0], [0, 0, 0]])
        self.write("b/frame_0002.png", [[255, 0, 0], [0, 0, 0]])
        mean, least = masks.compare(self.folder / "a", self.folder / "b")
        self.assertAlmostEqual(2 / 3, mean)
        self.assertAlmostEqual(1 / 3, least)
        self.assertAlmostEqual(1 / 3, masks.covered(masks.read(self.folder / "a/frame_0000.png")))
        with self.assertRaisesRegex(masks.NoMask, "frame_0002.png"):
            masks.compare(self.folder / "b", self.folder / "a")
        self.write("b/frame_0000.png", [[255, 0]])
        with self.assertRaisesRegex(masks.NoMask, "3x2 and of 2x1"):
            masks.compare(self.folder / "a", self.folder / "b")


class CardTests(FolderTests):
    def test_output_of_nvidia_smi(self):
        found = cards.parse(
            "NVIDIA H200, 580.159.03, 143771, 9.0\nCard, odd name, 535.1, [N/A], 8.6\n\n"
            "No devices were found\n"
        )
        self.assertEqual(
            [cards.Card("NVIDIA H200", "580.159.03", 143771, "9.0"),
             cards.Card("Card, odd name", "535.1", 0, "8.6")],
            found,
        )
        self.assertEqual("NVIDIA H200, 143771 MiB, driver 580.159.03", str(found[0]))

    def test_without_a_card_the_reason_is_named(self):
        with self.assertRaisesRegex(cards.NoCard, "no NVIDIA card: there is no nvidia-none"):
            cards.find("nvidia-none")
        program = self.program("smi", "echo 'No devices were found'; exit 6")
        with self.assertRaisesRegex(cards.NoCard, "no NVIDIA card: .*No devices were found"):
            cards.find(program)
        with self.assertRaisesRegex(cards.NoCard, "status 0"):
            cards.find(self.program("smi", "exit 0"))

    def test_most_memory_beyond_what_others_use(self):
        program = self.program("smi", "echo 500; echo 900; echo '[N/A]'; echo 700; exec sleep 60")
        with cards.MemoryMeter(program) as meter:
            deadline = time.monotonic() + 30
            while meter.peak != 400 and time.monotonic() < deadline:
                time.sleep(0.01)
        self.assertEqual(400, meter.peak)
        with cards.MemoryMeter(str(self.folder / "none")) as meter:
            pass
        self.assertIsNone(meter.peak)


class StepTests(FolderTests):
    def setUp(self):
        super().setUp()
        self.output = io.StringIO()
        redirection = contextlib.redirect_stdout(self.output)
        redirection.__enter__()
        self.addCleanup(redirection.__exit__, None, None, None)
        self.steps = steps.Steps(self.folder / "results", 600)
        self.addCleanup(self.steps.close)

    def row(self, action, limit=60):
        self.steps.run("a step", action, limit)
        return self.steps.rows[-1][1]

    def test_a_failed_step_is_a_row_and_the_next_one_runs(self):
        def fail():
            raise steps.Failure("status 71: why")

        self.assertEqual("status 71: why", self.row(fail).remark)
        self.assertEqual("ZeroDivisionError: division by zero", self.row(lambda: 1 / 0).remark)
        self.assertEqual(steps.PASSED, self.row(lambda: steps.Row(rate=2.5)).result)
        self.assertTrue(self.steps.has_failed)
        table = (self.folder / "results/table.md").read_text().splitlines()
        self.assertEqual(5, len(table))
        self.assertEqual("| a step | FAILED | 0.0 |  |  |  |  |  |  | status 71: why |", table[2])
        self.assertEqual("| a step | passed | 0.0 | 2.50 |  |  |  |  |  |  |", table[4])
        self.assertEqual(1, len({line.count(" | ") for line in table}))

    def test_a_step_that_hangs_ends_with_all_of_its_processes(self):
        mark = self.folder / "pid"

        def hang():
            steps.Run(["sh", "-c", f"sleep 300 & echo $! > {mark}; wait"], None)

        row = self.row(hang, 0.5)
        self.assertEqual((steps.FAILED, "took longer than 0.5 s"), (row.result, row.remark))
        state = pathlib.Path(f"/proc/{mark.read_text().strip()}/stat")
        deadline = time.monotonic() + 30
        while state.exists() and " Z " not in state.read_text() and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertTrue(not state.exists() or " Z " in state.read_text())

    def test_without_time_a_step_is_skipped_and_that_is_no_success(self):
        late = steps.Steps(self.folder / "late", 0)
        self.addCleanup(late.close)
        late.run("a step", lambda: self.fail("it ran"), 60)
        self.assertEqual(steps.SKIPPED, late.rows[0][1].result)
        self.assertTrue(late.has_failed)

    def test_frames_of_a_child(self):
        run = steps.Run(["printf", "frame %d/9\\n", "1", "2", "3"], None, self.steps.note)
        self.assertEqual([1, 2, 3], [count for _, count in run.marks])
        run.marks = [(1.0, 1), (2.0, 10), (2.5, 11), (4.0, 14)]
        self.assertEqual((1.0, 2.0), (run.first, run.rate(10)))
        self.assertIsNone(run.rate(14))
        with self.assertRaisesRegex(steps.Failure, "status 3: why"):
            steps.Run(["sh", "-c", "echo why >&2; exit 3"], None).check()


class GatheringTests(FolderTests):
    def test_only_libraries_of_a_wheel_are_kept(self):
        kept = [
            "onnxruntime/capi/libonnxruntime.so.1.31.1",
            "onnxruntime/capi/libonnxruntime_providers_cuda.so",
            "onnxruntime/capi/libonnxruntime_providers_shared.so",
            "nvidia/cu13/lib/libcublasLt.so.13",
        ]
        others = [
            "onnxruntime/capi/libonnxruntime_providers_tensorrt.so", "onnxruntime/__init__.py",
            "onnxruntime/capi/onnxruntime_pybind11_state.so", "nvidia/cu13/include/cublas.h",
            "nvidia/../../lib/libx.so",
        ]
        code = fat_binary((75, b"a" * 8), (90, b"b" * 8))
        with zipfile.ZipFile(self.folder / "a.whl", "w") as wheel:
            for name in kept + others:
                wheel.writestr(name, code)
        gathering.unpack(self.folder / "a.whl", self.folder / "out", 90)
        files = [path for path in (self.folder / "out").rglob("*") if path.is_file()]
        self.assertEqual(
            sorted(kept), sorted(str(path.relative_to(self.folder / "out")) for path in files)
        )
        blanked = fat_binary((75, bytes(8)), (90, b"b" * 8))
        self.assertEqual({blanked}, {path.read_bytes() for path in files})

    def test_libraries_of_a_program(self):
        text = (
            "\tlinux-vdso.so.1 (0x00007ffc)\n\tlibpng16.so.16 => /lib/libpng16.so.16 (0x00007f)\n"
            "\tlibc.so.6 => /lib/libc.so.6 (0x00007f)\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n"
        )
        self.assertEqual({"libpng16.so.16": "/lib/libpng16.so.16"}, gathering.parse_libraries(text))
        with self.assertRaisesRegex(gathering.CannotPack, "libx.so is not found"):
            gathering.parse_libraries("\tlibx.so => not found\n")

    def test_packages_are_those_that_8cut_installs(self):
        source = (ROOT / "Sources/Data/MLTools/ToolSelection.swift").read_text()
        for requirement in gathering.REQUIREMENTS.values():
            self.assertIn(f'["{requirement}"]', source)

    def test_compute_capability(self):
        self.assertEqual([90, 120], [gathering.capability(text) for text in ["9.0", "12.0"]])
        for text in ["90", "9", "sm_90", ""]:
            with self.assertRaises(ValueError):
                gathering.capability(text)


class CheckpointTests(FolderTests):
    def test_weights_have_their_names_places_and_sizes(self):
        shared = "shared_image_embedding.positional_embedding"
        tensors = {
            "a.bn.num_batches_tracked": [], "a.bn.running_var": [4], "b.weight": [200, 100],
            "norm.weight": [300],
            "prompt_encoder.shared_embedding.positional_embedding": [2, 8], shared: [2, 8],
        }
        (self.folder / "config.json").write_text("{}")
        (self.folder / "weights.json").write_text(json.dumps({"tensors": tensors}))
        out = self.folder / "out"
        checkpoints.write(self.folder, out)
        data = (out / "model.safetensors").read_bytes()
        self.assertEqual(["config.json", "model.safetensors"], sorted(os.listdir(out)))
        length = struct.unpack_from("<Q", data)[0]
        self.assertEqual(0, length % 8)
        header = json.loads(data[8:8 + length])
        values = {}
        for name, shape in tensors.items():
            self.assertEqual(shape, header[name]["shape"])
            start, end = header[name]["data_offsets"]
            values[name] = data[8 + length + start:8 + length + end]
        self.assertEqual(len(data), 8 + length + max(end for end in (
            entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"
        )))
        self.assertEqual(struct.pack("<q", 0), values["a.bn.num_batches_tracked"])
        self.assertEqual(struct.pack("<4f", 1, 1, 1, 1), values["a.bn.running_var"])
        self.assertEqual(*[values[name] for name in values if "positional" in name])
        weights = struct.unpack("<20000f", values["b.weight"])
        self.assertAlmostEqual(0.0144, sum(w * w for w in weights) / len(weights), delta=0.001)
        self.assertAlmostEqual(1, sum(struct.unpack("<300f", values["norm.weight"])) / 300, 1)
        checkpoints.write(self.folder, self.folder / "again")
        self.assertEqual(data, (self.folder / "again/model.safetensors").read_bytes())

    def test_every_size_has_a_list_of_weights(self):
        for model in proofs.NAMES:
            family, size = model.split("-", 1)
            folder = ROOT / "Tests/Fixtures" / family / "published" / size
            self.assertTrue((folder / "weights.json").exists(), model)


class ScriptTests(FolderTests):
    def run_script(self, *words):
        output, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            status = script().main([str(word) for word in words])
        return status, output.getvalue(), errors.getvalue()

    def test_without_a_card_it_says_so_after_what_needs_none(self):
        (self.folder / "source").mkdir()
        (self.folder / "source/file").touch()
        parts.pack(self.folder / "source", self.folder / "pack", preset=0)

        def some(proof, _models):
            proof.steps.add("a part", steps.Row())

        with mock.patch.object(proofs.Proof, "without_card", some), \
                mock.patch.dict(os.environ, PATH=str(self.folder)):
            status, output, errors = self.run_script("run", self.folder / "pack")
        self.assertEqual(2, status)
        self.assertEqual("prove-gpu: no NVIDIA card: there is no nvidia-smi\n", errors)
        rows = [line.split(" | ")[:2] for line in output.splitlines() if line.startswith("| ")]
        self.assertEqual(
            [["| unpack", "passed"], ["| a part", "passed"], ["| card", "FAILED"]], rows[2:]
        )
        self.assertTrue((self.folder / "pack/work/file").exists())

    def test_parts_that_are_missing_are_a_row(self):
        status, output, _ = self.run_script("run", self.folder / "none")
        self.assertEqual(1, status)
        self.assertIn("| unpack | FAILED |", output)
        self.assertIn("parts.json cannot be read", output)

    def test_a_program_that_is_not_built_is_named(self):
        with self.assertRaisesRegex(SystemExit, "there is no .*/absent: build it"):
            self.run_script("pack", self.folder / "out", "--program", self.folder / "absent")

    def test_memory_cannot_be_taken_without_a_card(self):
        child = subprocess.run(
            [ROOT / "scripts/prove-gpu", "hold", "64"], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60,
        )
        self.assertNotEqual(0, child.returncode)


if __name__ == "__main__":
    unittest.main()
