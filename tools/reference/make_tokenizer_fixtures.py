"""Makes Tests/Fixtures/tokenizer: a part of CLIP's vocabulary, and the tokens of texts.

Needs transformers (without torch), and CLIP's list of merges, bpe_simple_vocab_16e6.txt.gz, which
PyPI's open-clip-torch contains: pip download --no-deps open-clip-torch, unpacked.

usage: make_tokenizer_fixtures.py MERGES.gz LABELS.csv

LABELS.csv has a label in the first column of each row: data/stat.csv of hche11/VGGSound.
"""

import argparse
import csv
import gzip
import json
import tempfile
from pathlib import Path

import transformers
from transformers import CLIPTokenizer

# Those whose logits the evaluation of OWL-ViT averages; and two that users type.
TEMPLATES = [
    "itap of a {}.",
    "a bad photo of the {}.",
    "a origami {}.",
    "a photo of the large {}.",
    "a {} in a video game.",
    "art of the {}.",
    "a photo of the small {}.",
    "{}",
    "a photo of a {}",
]
ODD = [
    "",
    " ",
    "!",
    "dog!",
    "!!dog !",
    "it's the dog's, they're, I've, I'm, we'll, he'd, don't",
    "'s's ''s !'s",
    "1234 dogs 56",
    "playing_violin",
    "café",
    "cafe\u0301",
    "İstanbul",
    "ΑΣ ΣΑΣ",
    "犬が吠える",
    "🐶 dog 👨‍👩‍👧",
    "Straße ẞ",
    "ﬁsh ﬃ",
    "a\tb\n\nc \u00a0 d\u2003e\u0085f\u200bg",
    "½ ² ⅷ ٣",
    "DOG Barking",
    "clip-clop",
    "don’t",
    "<|startoftext|>dog<|endoftext|>cat",
    "<|StartOfText|>",
    "a\u0000b",
    "a cat and a dog and a horse and a cow and a sheep and a goat and a duck",
    "Ångström Å",
    "한국어 개",
    "e\u0323\u0302",
    "supercalifragilisticexpialidocious",
]


def byte_characters() -> list[str]:
    """The characters of the 256 bytes in the order of the vocabulary."""
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in visible]
    return [chr(byte) for byte in visible] + [chr(0x100 + place) for place in range(len(hidden))]


def tokenizer(folder: Path, vocabulary: dict, merges: list, padding: str) -> CLIPTokenizer:
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False))
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n")
    settings = {"pad_token": padding, "tokenizer_class": "CLIPTokenizer"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings) + "\n")
    return CLIPTokenizer.from_pretrained(folder)


def used_merges(texts: list[str], encode, names: dict, merges: list) -> list:
    """The merges without which one of the texts would get other tokens."""
    whole = {"".join(pair): pair for pair in reversed(merges)}
    wanted, open_symbols = set(), {names[token] for text in texts for token in encode(text)}
    while open_symbols:
        pair = whole.get(open_symbols.pop())
        if pair and pair not in wanted:
            wanted.add(pair)
            open_symbols.update(pair)
    return [pair for pair in merges if pair in wanted]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("merges", type=Path)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--output", type=Path, default=Path("Tests/Fixtures/tokenizer"))
    options = parser.parse_args()
    lines = gzip.decompress(options.merges.read_bytes()).decode().split("\n")
    # The file has more lines than CLIP's vocabulary of 49,408 takes.
    merges = [tuple(line.split()) for line in lines[1 : 49408 - 512 - 2 + 1]]
    characters = byte_characters()
    symbols = characters + [character + "</w>" for character in characters]
    symbols += ["".join(pair) for pair in merges] + ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {symbol: token for token, symbol in enumerate(symbols)}
    labels = [row[0] for row in csv.reader(options.labels.open())]
    texts = [template.replace("{}", label) for label in labels for template in TEMPLATES]

    with tempfile.TemporaryDirectory() as folder:
        reference = tokenizer(Path(folder), vocabulary, merges, "!")
        kept = used_merges(texts + ODD, lambda text: reference(text).input_ids, symbols, merges)
        expected = [reference(text).input_ids for text in texts + ODD]
    parts = {part for pair in kept for part in (*pair, "".join(pair))}
    parts.update(symbols[:512] + symbols[-2:])
    options.output.mkdir(parents=True, exist_ok=True)
    small = {symbol: vocabulary[symbol] for symbol in symbols if symbol in parts}
    cut = tokenizer(options.output, small, kept, "!")
    for text, tokens in zip(texts + ODD, expected):
        assert cut(text).input_ids == tokens, text
    document = {
        "transformers": transformers.__version__,
        "templates": TEMPLATES,
        "labels": labels,
        "labelTokens": [
            expected[place : place + len(TEMPLATES)]
            for place in range(0, len(texts), len(TEMPLATES))
        ],
        "odd": [
            {"text": text, "tokens": tokens} for text, tokens in zip(ODD, expected[len(texts) :])
        ],
    }
    (options.output / "expected.json").write_text(
        json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
    )
    print(f"{len(kept)} merges, {len(texts)} texts, longest {max(map(len, expected))}")


if __name__ == "__main__":
    main()
