"""The steps of a proof: what is run, and what has to come of it."""

import json
import os
import pathlib
import re

from . import cards, checkpoints, masks, pythons
from .gathering import PACKAGES
from .steps import PASSED, SEEN, Failure, Row, Run

# Frames of the clip, and those of them that the CPU makes masks of too.
FRAMES = 200
CPU_FRAMES = {"depth": 24, "sam": 8}
WARM_UP = 10
POINT = "640,360"
# The least mean IoU. What fp16 changes in masks of random weights is more than in those of trained
# ones, so less is asked of it.
AGREEMENT = {"fp32": 0.99, "fp16": 0.8}
NAMES = {
    "depth-small": "Depth Anything V2 Small", "depth-base": "Depth Anything V2 Base",
    "depth-large": "Depth Anything V2 Large", "sam2-tiny": "SAM 2.1 Tiny",
    "sam2-small": "SAM 2.1 Small", "sam2-base-plus": "SAM 2.1 Base Plus",
    "sam2-large": "SAM 2.1 Large", "sam2-edgetam": "EdgeTAM",
}
FIRST = ["depth-small", "sam2-tiny"]
OTHERS = [name for name in NAMES if name not in FIRST]
# What pip puts beside ONNX Runtime, and where else it may be.
CUDA_LIBRARIES = ["libcudart.so", "libcublasLt.so", "libcublas.so", "libcurand.so", "libcufft.so",
                  "libcudnn.so"]
CANNOT = "cannot use the GPU"


class Proof:
    """Everything that is unpacked in one folder."""

    def __init__(self, work, steps):
        self.work = work
        self.steps = steps
        self.environment = self._environment("home")

    def _environment(self, home):
        found = {**os.environ, "EIGHTCUT_HOME": str(self.work / home), "HF_HUB_OFFLINE": "1"}
        found.pop("EIGHTCUT_ONNXRUNTIME", None)
        found["PATH"] = f"{self.work / 'bin'}:{found.get('PATH', '')}"
        before = found.get("LD_LIBRARY_PATH")
        found["LD_LIBRARY_PATH"] = ":".join(filter(None, [before, str(self.work / "lib")]))
        return found

    def run(self, *command, home=None):
        environment = self._environment(home) if home else self.environment
        return Run(command, environment, self.steps.note)

    def masks(self, model, clip, name, *flags, home=None):
        """Makes masks into `masks/NAME`; what is there of an earlier run is kept."""
        is_depth = model.startswith(("depth", "tiny"))
        folder = self.work / ("tiny" if model == "tiny" else f"checkpoints/{model}")
        prompt = [] if is_depth else ["--point", POINT]
        return self.run(
            self.work / "bin/8cut", "masks", "depth" if is_depth else "sam", "--input",
            self.work / clip, "--output", self.work / "masks" / name, "--model", folder, *prompt,
            "--progress", "plain", *flags, home=home,
        )

    # Without a card

    def without_card(self, models):
        """The parts that need no card."""
        run = self.steps.run
        run("8cut and ffmpeg start", self.programs, 60)
        run("ONNX Runtime for CUDA loads", self.runtime, 60)
        run("clips", self.clips, 60)
        for model in models:
            run(f"checkpoint: {NAMES[model]}", lambda model=model: self.checkpoint(model), 120)
        for model in FIRST:
            run(f"{NAMES[model]}, CPU, fp32", lambda model=model: self.on_cpu(model), 200)
        run("device number that is not there", self.wrong_number, 60)
        run("CUDA's libraries missing, --device cuda", self.no_libraries, 60)
        run("CUDA's libraries missing, --device auto", self.falls_back, 60)

    def programs(self):
        version = self.run(self.work / "bin/8cut", "--version").check().output.strip()
        for name in ["ffmpeg", "ffprobe"]:
            self.run(self.work / "bin" / name, "-version").check()
        return Row(remark=f"{version}, {os.cpu_count()} cores")

    def runtime(self):
        library = next((self.work / PACKAGES / "onnxruntime/capi").glob("libonnxruntime.so*"))
        output = self.run(self.work / "bin/8cut", "tools", "probe", library).check().output
        return Row(remark=output.strip().splitlines()[-1])

    def clips(self):
        encoding = ["-c:v", "mpeg4", "-q:v", 2]
        self.ffmpeg("clip.mkv", FRAMES, *pattern("1280x720"), *encoding)
        self.ffmpeg("small.mkv", 4, *pattern("160x90"), *encoding)
        for kind, count in CPU_FRAMES.items():
            # The same packets, so the same frames.
            self.ffmpeg(f"{kind}.mkv", count, "-i", self.work / "clip.mkv", "-c", "copy")
        return Row(remark=f"{FRAMES} frames of 1280x720")

    def ffmpeg(self, name, frames, *arguments):
        self.run(self.work / "bin/ffmpeg", "-v", "error", "-nostdin", "-y", *arguments,
                 "-frames:v", frames, self.work / name).check()

    def checkpoint(self, model):
        family, size = model.split("-", 1)
        folder = self.work / "checkpoints" / model
        checkpoints.write(self.work / "published" / family / size, folder)
        return Row(remark=f"{(folder / 'model.safetensors').stat().st_size >> 20} MiB")

    def on_cpu(self, model):
        kind = "depth" if model.startswith("depth") else "sam"
        name = f"{model}-cpu"
        run = self.masks(model, f"{kind}.mkv", name, "--device", "cpu").check()
        return Row(rate=run.rate(2), first=run.first, memory=run.memory, remark=self.share(name))

    def share(self, name):
        """Raises Failure where masks are all empty or all full: nothing can be told from those."""
        files = sorted((self.work / "masks" / name).glob("frame_*.png"))
        parts = [masks.covered(masks.read(path)) for path in files]
        if not parts or max(parts) < 0.001 or min(parts) > 0.999:
            raise Failure("the masks are empty or full")
        return f"object {100 * sum(parts) / len(parts):.0f} % of the frame"

    def wrong_number(self):
        run = self.masks("tiny", "small.mkv", "wrong", "--device", "cuda:99")
        return self.refused(run, "wrong")

    def no_libraries(self):
        run = self.masks("tiny", "small.mkv", "none", "--device", "cuda", home=self.bare_home())
        if run.status == 0:
            return Row(SEEN, remark="the system itself has CUDA's libraries")
        return self.refused(run, "none")

    def falls_back(self):
        run = self.masks("tiny", "small.mkv", "auto", "--device", "auto", home=self.bare_home())
        run.check()
        if "using the CPU, because the GPU does not work" not in run.errors:
            return Row(SEEN, remark="no warning: the GPU was used")
        return Row(remark="masks by the CPU; " + _line(run.errors, "using the CPU"))

    def refused(self, run, name):
        """A run that could not use the card: it says so and leaves no masks."""
        if run.status <= 0:
            raise Failure(f"status {run.status} instead of an error: {run.last_words}")
        if CANNOT not in run.errors:
            raise Failure(f"status {run.status} without the reason: {run.last_words}")
        if list((self.work / "masks" / name).glob("*.png")):
            raise Failure("there are masks all the same")
        return Row(remark=f"status {run.status}: {_line(run.errors, CANNOT)}")

    def bare_home(self):
        """A home whose ONNX Runtime has none of CUDA's libraries beside it."""
        source = self.work / PACKAGES / "onnxruntime/capi"
        folder = self.work / "bare" / PACKAGES / "onnxruntime/capi"
        if not folder.exists():
            folder.mkdir(parents=True)
            for path in source.iterdir():
                os.link(path, folder / path.name)
        return "bare/home"

    # With a card

    def with_card(self, found, models):
        """The parts that need one."""
        run = self.steps.run
        self.steps.add("card", Row(SEEN, remark="; ".join(map(str, found))))
        if not run("CUDA's libraries", self.link_libraries, 60):
            return
        for model in FIRST:
            for precision in ["fp32", "fp16"]:
                run(f"{NAMES[model]}, GPU, {precision}",
                    lambda model=model, precision=precision: self.on_card(model, precision), 60)
        run("GPU memory taken, --device cuda", lambda: self.out_of_memory("cuda", 64), 60)
        run("GPU memory taken, --device auto", lambda: self.out_of_memory("auto", 64), 60)
        run("GPU memory runs out during the run", self.runs_out, 60)
        run("the same run with the memory free again", self.recovers, 60)
        for model in models:
            if model not in FIRST:
                for precision in ["fp32", "fp16"]:
                    run(f"{NAMES[model]}, GPU, {precision}",
                        lambda model=model, precision=precision: self.on_card(model, precision), 90)

    def link_libraries(self):
        place = self.work / PACKAGES / "nvidia"
        if not place.exists():
            for folder in pythons.packages():
                if (folder / "nvidia").is_dir():
                    place.symlink_to(folder / "nvidia")
                    break
        files = [path.name for path in place.glob("*/lib/lib*.so*")]
        missing = [name for name in CUDA_LIBRARIES
                   if not any(file.startswith(name) for file in files)]
        if missing:
            raise Failure(f"missing: {', '.join(missing)}; pack with --cuda-libraries")
        return Row(remark=str(place.resolve()))

    def on_card(self, model, precision):
        name = f"{model}-{precision}"
        with cards.MemoryMeter() as meter:
            run = self.masks(model, "clip.mkv", name, "--device", "cuda", "--precision", precision)
        run.check()
        row = Row(rate=run.rate(WARM_UP), first=run.first, memory=run.memory,
                  card_memory=meter.peak, remark=self.share(name))
        # The other sizes have no masks by the CPU: theirs in fp32 stand for them.
        other = next((folder for folder in (f"{model}-cpu", f"{model}-fp32") if folder != name
                      and (self.work / "masks" / folder).exists()), None)
        if other:
            row.mean, row.least = masks.compare(self.work / "masks" / other,
                                                self.work / "masks" / name)
            if row.mean < AGREEMENT[precision]:
                raise Failure(f"IoU {row.mean:.4f} with {other}, {AGREEMENT[precision]} is needed")
        return row

    def out_of_memory(self, device, spare):
        name = f"taken-{device}"
        with cards.Holder(self.steps.note, spare) as holder:
            run = self.masks("depth-small", "depth.mkv", name, "--device", device)
        if device == "auto":
            run.check()
            return Row(remark=f"{holder.said}; {_line(run.errors, 'using the CPU')}")
        row = self.refused(run, name)
        row.remark = f"{holder.said}; {row.remark}"
        return row

    def runs_out(self):
        """Memory for CUDA itself, but not for the model: how much that is differs from card to
        card, so a run that fits is no failure."""
        with cards.Holder(self.steps.note, 900) as holder:
            run = self.masks("sam2-tiny", "sam.mkv", "runs-out", "--device", "cuda")
        if run.status < 0:
            raise Failure(f"it crashed: status {run.status}")
        said = f"status {run.status}: {run.last_words}" if run.status else "it fits"
        return Row(PASSED if run.status else SEEN, remark=f"{holder.said}; {said}")

    def recovers(self):
        self.masks("sam2-tiny", "sam.mkv", "runs-out", "--device", "cuda").check()
        mean, least = masks.compare(self.work / "masks/sam2-tiny-cpu", self.work / "masks/runs-out")
        if mean < AGREEMENT["fp32"]:
            raise Failure(f"IoU {mean:.4f} with the CPU's masks")
        return Row(mean=mean, least=least)

    def with_torch(self):
        """PyTorch on the same checkpoints, where some Python of this machine has it."""
        python = pythons.with_torch()
        if python is None:
            self.steps.add("PyTorch", Row(SEEN, remark="no Python here has torch and transformers"))
            return
        script = pathlib.Path(__file__).with_name("torch_speed.py")
        checkpoint = self.work / "checkpoints/depth-small"
        rows = {}

        def depth():
            run = Run([python, script, "depth", checkpoint], dict(os.environ), self.steps.note)
            for line in run.check().output.splitlines():
                if line.startswith("{"):
                    found = json.loads(line)
                    rows[found["name"]] = Row(SEEN, rate=found["rate"], card_memory=found["memory"])
            return Row(SEEN, remark="the model alone, without video and files")

        def sam(way):
            with cards.MemoryMeter() as meter:
                run = Run([python, script, "sam", self.work / "tools", way, "--input",
                           self.work / "clip.mkv", "--output", self.work / f"masks/torch-{way}",
                           "--model", self.work / "checkpoints/sam2-tiny"],
                          dict(os.environ), self.steps.note)
            run.check()
            return Row(SEEN, rate=run.rate(4 * WARM_UP), first=run.first, memory=run.memory,
                       card_memory=meter.peak)

        self.steps.run("Depth Anything V2 Small, PyTorch", depth, 150)
        for name, row in rows.items():
            self.steps.add(f"Depth Anything V2 Small, PyTorch, {name}", row)
        for way in ["eager", "compiled"]:
            self.steps.run(f"SAM 2.1 Tiny, PyTorch, {way}", lambda way=way: sam(way), 150)


def pattern(size):
    """A moving test pattern, as ffmpeg's input."""
    return ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate=30"]


def _line(text, part):
    """The line of a text with some words, without its program's name and without the middle of a
    long one, which the log has."""
    line = next((line for line in text.splitlines() if part in line), "")
    line = re.sub(r"^8cut: (?:error|warning): ", "", line.strip())
    return line if len(line) <= 200 else f"{line[:60]} … {line[-130:]}"
