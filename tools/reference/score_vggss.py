#!/usr/bin/env python3
"""Score the thresholds of `8cut detect --text` on the boxes of VGG-SS.

VGG-SS (Chen et al., "Localizing Visual Sounds the Hard Way", CVPR 2021) has boxes around what sounds
in one frame of each of 5,158 clips of VGGSound: metadata/vggss.json of
github.com/hche11/Localizing-Visual-Sounds-the-Hard-Way. The videos have to be there already, as
FILE.mp4 or with another ending. It takes two runs over them:

    score_vggss.py list vggss.json > clips.tsv
        file, label, and the label of another clip, of a thing that is probably not in this one

    8cut detect -i VIDEOS/FILE.mp4 --text LABEL --frames N, --text-threshold 0 \\
        --count 1 --json > PRESENT/FILE.json
        for each row; N is the frame that was annotated, the middle one of the clip. The same with
        the other label into ABSENT/FILE.json

    score_vggss.py score vggss.json --videos VIDEOS --present PRESENT [--absent ABSENT]
        a table with a row for each threshold

Needs Python and ffprobe only.
"""

import argparse
import json
import math
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

THRESHOLDS = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6]
# The least overlap with a true box of a box that is right.
LEAST_IOU = 0.5

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Clip:
    """A clip of VGG-SS."""

    file: str
    label: str
    # Left, top, right and bottom as parts of the sides of what was annotated.
    boxes: list[Box]


@dataclass(frozen=True)
class Answer:
    """The best box that was found, in pixels; its score is 0 where there is none."""

    score: float
    box: Box | None


@dataclass(frozen=True)
class Row:
    """What a threshold does: shares of clips, and the mean IoU of what is found."""

    threshold: float
    found: float
    precision: float
    recall: float
    iou: float
    # Of clips without the thing: there is none, it says. And Matthews' correlation coefficient of
    # "it is there".
    none: float | None
    mcc: float | None


def area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def iou(one: Box, other: Box) -> float:
    left, top = max(one[0], other[0]), max(one[1], other[1])
    common = area((left, top, min(one[2], other[2]), min(one[3], other[3])))
    union = area(one) + area(other) - common
    return common / union if union > 0 else 0.0


def read_clips(path: Path) -> list[Clip]:
    """All clips with a box that has an area."""
    clips = []
    for entry in json.loads(path.read_text()):
        boxes = [tuple(box) for box in entry["bbox"]]
        boxes = [box for box in boxes if area(box) > 0]
        if boxes:
            clips.append(Clip(entry["file"], entry["class"], boxes))
    return clips


def other_labels(clips: list[Clip]) -> dict[str, str]:
    """For each clip a label that has no word in common with its own."""
    labels = sorted({clip.label for clip in clips})
    step = len(labels) // 2 + 1
    chosen = {}
    for number, clip in enumerate(clips):
        own = set(clip.label.replace(",", "").split())
        start = labels.index(clip.label) + step + number
        rotated = [labels[(start + index) % len(labels)] for index in range(len(labels))]
        others = [label for label in rotated if not own & set(label.replace(",", "").split())]
        if others:
            chosen[clip.file] = others[0]
    return chosen


def read_answer(path: Path) -> Answer | None:
    """What `8cut detect --json` has printed; None if it was not run. It prints nothing when it finds
    nothing."""
    if not path.exists():
        return None
    text = path.read_text()
    candidates = json.loads(text)["candidates"] if text.strip() else []
    if not candidates:
        return Answer(0.0, None)
    best = max(candidates, key=lambda candidate: candidate["score"])
    return Answer(best["score"], tuple(best["box"]))


def frame_size(videos: Path, file: str) -> tuple[int, int]:
    """Width and height of the upright frames."""
    path = next((path for path in sorted(videos.glob(f"{file}.*")) if path.is_file()), None)
    if path is None:
        raise FileNotFoundError(f"there is no {file}.mp4 in {videos}")
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
               "stream=width,height:stream_side_data=rotation", "-of", "json", path]  # fmt: skip
    stream = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    stream = stream["streams"][0]
    size = stream["width"], stream["height"]
    turns = [data.get("rotation", 0) for data in stream.get("side_data_list", [])]
    return size[::-1] if any(turn % 180 for turn in turns) else size


def in_pixels(box: Box, size: tuple[int, int], annotated: str) -> Box:
    """A true box. What was annotated is the frame, or the square in its middle."""
    width, height = size
    side = min(size)
    extent = (side, side) if annotated == "square" else size
    left, top = (width - extent[0]) / 2, (height - extent[1]) / 2
    return (left + box[0] * extent[0], top + box[1] * extent[1],
            left + box[2] * extent[0], top + box[3] * extent[1])  # fmt: skip


def score(present: list[tuple[float, float]], absent: list[float], threshold: float) -> Row:
    """Counts what a threshold does.

    present: score and IoU of the best box of each clip. absent: scores of the best boxes of things
    that are not there.
    """
    found = [overlap for value, overlap in present if value >= threshold]
    right = sum(overlap >= LEAST_IOU for overlap in found)
    none = sum(value < threshold for value in absent)
    there, missed = len(found), len(present) - len(found)
    false = len(absent) - none
    product = (there + false) * (there + missed) * (none + false) * (none + missed)
    return Row(
        threshold=threshold,
        found=there / len(present),
        precision=right / there if there else 0.0,
        recall=right / len(present),
        iou=sum(found) / there if there else 0.0,
        none=none / len(absent) if absent else None,
        mcc=(there * none - false * missed) / math.sqrt(product) if absent and product else None,
    )


def table(rows: list[Row]) -> list[str]:
    names = ["threshold", "found", "precision", "recall", "mean IoU", '"there is none"', "MCC"]
    lines = [f"| {' | '.join(names)} |", "|" + " --- |" * len(names)]
    for row in rows:
        figures = [row.found, row.precision, row.recall, row.iou, row.none, row.mcc]
        cells = ["–" if figure is None else f"{figure:.3f}" for figure in figures]
        lines.append(f"| {row.threshold:g} | {' | '.join(cells)} |")
    return lines


def run_list(arguments: argparse.Namespace) -> None:
    clips = read_clips(arguments.boxes)
    others = other_labels(clips)
    for clip in clips:
        print(clip.file, clip.label, others.get(clip.file, ""), sep="\t")


def run_score(arguments: argparse.Namespace) -> None:
    present, absent = [], []
    for clip in read_clips(arguments.boxes):
        answer = read_answer(arguments.present / f"{clip.file}.json")
        if answer is not None:
            overlap = 0.0
            if answer.box:
                size = frame_size(arguments.videos, clip.file)
                truths = [in_pixels(box, size, arguments.annotated) for box in clip.boxes]
                overlap = max(iou(answer.box, truth) for truth in truths)
            present.append((answer.score, overlap))
        if arguments.absent:
            other = read_answer(arguments.absent / f"{clip.file}.json")
            absent += [] if other is None else [other.score]
    if not present:
        raise FileNotFoundError(f"{arguments.present} has no answer to any clip of the list")
    print(f"clips with the thing: {len(present)}, without: {len(absent)}\n")
    print("\n".join(table([score(present, absent, value) for value in THRESHOLDS])))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    listing = commands.add_parser("list", help="what to look for in which clip")
    listing.set_defaults(run=run_list)
    scoring = commands.add_parser("score", help="the table of thresholds")
    scoring.set_defaults(run=run_score)
    for command in [listing, scoring]:
        command.add_argument("boxes", type=Path, help="vggss.json")
    scoring.add_argument("--videos", type=Path, required=True, help="the folder of the videos")
    scoring.add_argument(
        "--present", type=Path, required=True, help="what was found by the clips' own labels"
    )
    scoring.add_argument("--absent", type=Path, help="what was found by other labels")
    scoring.add_argument(
        "--annotated",
        choices=["frame", "square"],
        default="frame",
        help="what the published boxes are parts of: all figures are multiples of 1/320 in both "
        "directions, so it was a square, to which frames were stretched (frame) or cropped "
        "(square). Nothing published says which; the right one has the higher IoU",
    )
    arguments = parser.parse_args()
    try:
        arguments.run(arguments)
    except (OSError, ValueError, KeyError, subprocess.CalledProcessError) as error:
        print(f"score_vggss.py: error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
