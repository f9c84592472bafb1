"""Makes Tests/Fixtures/silero: audio like speech, the probabilities that Silero VAD's own code gives
for it, and the segments that its rule makes of probabilities. Needs NumPy, ONNX, ONNX Runtime,
packaging, safetensors and the package itself without what it requires: pip install --no-deps silero-vad==6.2.3"""

import argparse
import json
import math
import sys
import types
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import save_file


def import_package():
    """The package imports PyTorch, of which nothing that is asked for here has need."""
    stand_in = types.ModuleType("torch")
    stand_in.Tensor = object
    stand_in.device = lambda name: name
    stand_in.no_grad = lambda: lambda function: function
    stand_in.set_num_threads = lambda count: None
    sys.modules["torch"] = stand_in
    from silero_vad import sequence_vad, utils_vad

    return sequence_vad.SileroVADSequence, utils_vad.get_speech_timestamps_from_probs


SileroVADSequence, get_speech_timestamps_from_probs = import_package()

RATE = 16_000
STEP, CONTEXT = 512, 64
# The model whose weights are used. The package's safetensors file has other weights than all models.
WEIGHTS = "silero_vad_16k_op15.onnx"
# The audio is repeated, half as loud each time: exact in any floating point.
REPEATS = 5
# First and second formant of a few vowels, in Hz.
VOWELS = [(730, 1090), (270, 2290), (530, 1840), (570, 840), (300, 870), (660, 1720)]
PACKAGES = ["silero-vad", "onnxruntime", "numpy"]
SEED = 0
# What the rule may be asked for, besides its defaults.
RULES = [
    {},
    {"threshold": 0.3},
    {"threshold": 0.7, "neg_threshold": 0.6},
    {"min_speech_duration_ms": 0, "min_silence_duration_ms": 0, "speech_pad_ms": 0},
    {"min_speech_duration_ms": 1000, "speech_pad_ms": 250},
    {"min_silence_duration_ms": 500, "speech_pad_ms": 400},
    {"max_speech_duration_s": 2},
    {"max_speech_duration_s": 1.5, "use_max_poss_sil_at_max_speech": False},
    {"max_speech_duration_s": 3, "min_silence_duration_ms": 300},
    {
        "max_speech_duration_s": 2.5, "min_silence_duration_ms": 700,
        "use_max_poss_sil_at_max_speech": False, "min_silence_at_max_speech": 40,
    },
    {"threshold": 0.1, "min_silence_at_max_speech": 0, "max_speech_duration_s": 0.8},
]  # fmt: skip


def resonated(signal: np.ndarray, frequencies: np.ndarray, width: float) -> np.ndarray:
    """A resonance whose frequency moves."""
    decay = np.exp(-np.pi * width / RATE)
    result = np.zeros(len(signal))
    last, before = 0.0, 0.0
    for index, sample in enumerate(signal):
        turn = 2 * decay * np.cos(2 * np.pi * frequencies[index] / RATE)
        last, before = sample + turn * last - decay * decay * before, last
        result[index] = last
    return result


def voice(seconds: float, pitch: float, generator: np.random.Generator) -> np.ndarray:
    """Syllables: pulses of a moving pitch through two moving formants."""
    count = int(seconds * RATE)
    time = np.arange(count) / RATE
    tone = pitch * (1 + 0.15 * np.sin(2 * np.pi * 0.9 * time) + 0.03 * np.sin(2 * np.pi * 5 * time))
    phase = np.cumsum(tone) / RATE
    pulses = np.diff(np.floor(phase), prepend=0) + 0.02 * generator.standard_normal(count)
    steps = np.arange(0, count + RATE // 5, RATE // 5)
    path = [VOWELS[index] for index in generator.integers(0, len(VOWELS), len(steps))]
    for number, width in enumerate([80, 110]):
        formant = np.interp(np.arange(count), steps, [vowel[number] for vowel in path])
        pulses = resonated(pulses, formant, width)
    syllables = np.clip(np.sin(2 * np.pi * 2.6 * time) + 0.5, 0, 1)
    result = pulses * syllables
    return result / np.abs(result).max()


def made_audio() -> np.ndarray:
    """Six seconds: noise, a voice, tones, a voice in noise. 16 bits."""
    generator = np.random.default_rng(SEED)
    noise = generator.standard_normal(6 * RATE)
    time = np.arange(RATE) / RATE
    tones = sum(np.sin(2 * np.pi * frequency * time) for frequency in [440, 660, 1320]) / 3
    audio = 0.002 * noise
    audio[RATE // 2 : RATE // 2 * 5] += 0.6 * voice(2, 120, generator)
    audio[RATE // 2 * 5 : RATE // 2 * 7] += 0.3 * tones
    audio[RATE * 4 : RATE * 6] += 0.4 * voice(2, 190, generator) + 0.02 * noise[: RATE * 2]
    return np.round(np.clip(audio, -1, 1) * 32_767).astype(np.int16)


def longer(audio: np.ndarray) -> np.ndarray:
    """Thirty seconds of it, from -1 to 1."""
    samples = audio.astype(np.float32) / 32_768
    return np.concatenate([samples / 2**number for number in range(REPEATS)])


def stepwise(model: Path, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities by the streaming model, one step after the other, and its last state."""
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    state = np.zeros((2, 1, 128), np.float32)
    padded = np.pad(samples, (CONTEXT, -len(samples) % STEP))
    probabilities = []
    for start in range(0, len(padded) - CONTEXT, STEP):
        window = padded[None, start : start + CONTEXT + STEP]
        inputs = {"input": window, "state": state, "sr": np.array(RATE)}
        output, state = session.run(None, inputs)
        probabilities.append(output[0, 0])
    return np.array(probabilities), state


def probabilities_of_rule(number: int) -> np.ndarray:
    """Probabilities that wander, jump and stay: 20 s of them, on a grid that hits thresholds."""
    generator = np.random.default_rng(1000 + number)
    levels = generator.choice([0.02, 0.3, 0.36, 0.45, 0.5, 0.9], 120, p=[0.3, 0.1, 0.1, 0.1, 0.1, 0.3])
    steps = np.repeat(levels, generator.integers(1, 14, len(levels)))[:625]
    return np.round(np.clip(steps + 0.06 * generator.standard_normal(len(steps)), 0, 1) * 50) / 50


def rule_cases(tensors: dict) -> list[dict]:
    """The segments of each rule, with the audio's end in the middle of a step in some."""
    cases = []
    for number, parameters in enumerate(RULES):
        probabilities = probabilities_of_rule(number).astype(np.float32)
        samples = len(probabilities) * STEP - (number % 3) * 100
        segments = get_speech_timestamps_from_probs(
            [float(value) for value in probabilities], audio_length_samples=samples, **parameters
        )
        tensors[f"rule.{number}"] = probabilities
        spans = [[segment["start"], segment["end"]] for segment in segments]
        cases.append({"parameters": parameters, "samples": samples, "segments": spans})
        print(parameters, len(spans), "segments")
    return cases


def write_weight_list(model: onnx.ModelProto, path: Path) -> None:
    """Names and shapes of the published weights."""
    weights = {tensor.name: list(tensor.dims) for tensor in model.graph.initializer}
    title = {
        "checkpoint": f"silero-vad {version('silero-vad')}",
        "origin": f"read from {WEIGHTS}",
        "parameters": sum(math.prod(shape) for shape in weights.values()),
    }
    start = json.dumps(title, indent=1).removesuffix("\n}")
    rows = [f"{json.dumps(key)}: {weights[key]}" for key in sorted(weights)]
    path.write_text(start + ',\n "tensors": {' + ",\n  ".join(rows) + "}\n}\n")


def main() -> None:
    """Make everything anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("Tests/Fixtures/silero"))
    output: Path = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    data = Path(str(files("silero_vad") / "data"))
    audio = made_audio()
    samples = longer(audio)
    # The end of a file is hardly ever the end of a step.
    probabilities, state = stepwise(data / "silero_vad.onnx", samples[:-100])
    together = SileroVADSequence(data / "silero_vad_16k_sequence.onnx").audio_forward(samples[:-100])
    print("audio:", np.histogram(probabilities, 5, (0, 1))[0], "probabilities by fifths;",
          "largest difference of the package's two forms:", np.abs(probabilities - together).max())  # fmt: skip
    tensors = {
        "audio": audio, "probabilities": probabilities, "state": state[:, 0],
        "together": together,
    }  # fmt: skip
    cases = rule_cases(tensors)
    segments = get_speech_timestamps_from_probs(
        [float(value) for value in probabilities], audio_length_samples=len(samples) - 100
    )
    save_file(tensors, output / "expected.safetensors")
    content = {
        "seed": SEED,
        "packages": {package: version(package) for package in PACKAGES},
        "speech": [[segment["start"], segment["end"]] for segment in segments],
    }
    start = json.dumps(content).removesuffix("}")
    rows = ",\n  ".join(json.dumps(case) for case in cases)
    (output / "expected.json").write_text(start + ',\n "rules": [' + rows + "]}\n")
    write_weight_list(onnx.load(data / WEIGHTS), output / "weights.json")


if __name__ == "__main__":
    main()
