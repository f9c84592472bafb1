#!/usr/bin/env python3
"""Write the small SAM 2 models' configurations in the words of the transformers at hand.

Run it with every version whose words matter: 4.56 and 4.57 have other fields and files than 5.
"""

import argparse
import json
import shutil
from pathlib import Path

import transformers
from transformers import Sam2VideoConfig

import sam_models

KEPT = {"architectures", "model_type", "transformers_version"}
# Of no use here, and spelt differently in memory and in files.
DROPPED = {"id2label", "label2id"}


def shorten(content: dict[str, object], defaults: dict[str, object]) -> dict[str, object]:
    """Leave out what is a default."""
    short = {}
    for key, value in content.items():
        default = defaults.get(key)
        if key in DROPPED:
            continue
        if isinstance(value, dict) and isinstance(default, dict):
            short[key] = shorten(value, default)
        elif key in KEPT or key not in defaults or value != default:
            short[key] = value
    return short


def main() -> None:
    """Write the folders of both models."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("Tests/Fixtures/sam2/config-variants"))
    parser.add_argument("--short", action="store_true", help="also write one without defaults")
    arguments = parser.parse_args()
    output: Path = arguments.output
    version = transformers.__version__
    places = {version: sam_models.TINY, f"2.0-{version}": sam_models.TINY_FIRST}
    for name, size in places.items():
        place = output / name
        shutil.rmtree(place, ignore_errors=True)
        config = sam_models.configuration(size)
        # As a model writes them beside its weights.
        config.architectures = ["Sam2VideoModel"]
        config.dtype = "float32"
        config.save_pretrained(place)
        sam_models.processor(size).save_pretrained(place)

    if arguments.short:
        write_short(output / version, output / f"{version}-short")


def write_short(whole: Path, short: Path) -> None:
    """Write a configuration once more, without what is a default."""
    shutil.rmtree(short, ignore_errors=True)
    shutil.copytree(whole, short)
    path = short / "config.json"
    defaults = json.loads(Sam2VideoConfig().to_json_string(use_diff=False))
    content = shorten(json.loads(path.read_text()), defaults)
    path.write_text(json.dumps(content, indent=2) + "\n")
    one, other = (Sam2VideoConfig.from_pretrained(place).to_dict() for place in [short, whole])
    if one != other:
        raise AssertionError("the short configuration is another one")


if __name__ == "__main__":
    main()
