"""Makes the masks of a list with Ray Data: each batch of rows is one run of 8cut.

usage: python workflows/ray_data.py LIST RESULTS [ROWS]

Reads LIST (JSON lines, as 8cut batch run does), works on ROWS rows in each task (200), and writes
the results to RESULTS, which all nodes see. Paths in the list have to be absolute, since rows reach
8cut through a pipe. The exit status is 0 when all rows are done, and 65 when some cannot be done.
"""

import json
import pathlib
import subprocess
import sys
import time

import ray

# What a task needs; ray schedules by it.
RESOURCES = {"num_cpus": 2}
# Another try may work: a disk is full, the network is down, a program was killed.
TRY_AGAIN = 75
TRIES, PAUSE = 5, 30
SOME_FAILED = 65


def make_masks(batch, results):
    """Runs 8cut on a batch of rows, given as {"row": [JSON, …]}.

    Returns what became of them in the same form: the lines that 8cut prints. When a whole worker
    is lost, ray itself runs this again, and 8cut goes on with what is left.
    """
    command = ["8cut", "batch", "run", "--list", "-", "--results", results, "--quiet"]
    rows = "".join(f"{row}\n" for row in batch["row"])
    for count in range(TRIES):
        run = subprocess.run(command, input=rows, stdout=subprocess.PIPE, text=True)
        if run.returncode != TRY_AGAIN:
            break
        if count + 1 < TRIES:
            time.sleep(PAUSE)
    if run.returncode not in (0, SOME_FAILED):
        raise RuntimeError(f"8cut batch run ended with {run.returncode}")
    return {"result": run.stdout.splitlines()}


def rows_of(path):
    """The rows of a list, with absolute paths or an error."""
    for number, line in enumerate(pathlib.Path(path).read_text().splitlines(), 1):
        if not line.strip():
            continue
        row = json.loads(line)
        for field in ("input", "source", "output", "clip", "prompts"):
            place = row.get(field, "/")
            if not place.startswith(("/", "s3://")):
                sys.exit(f"{path}: line {number}: {field} has to be an absolute path: {place}")
        yield {"row": line}


def main(path, results, size=200):
    rows = ray.data.from_items(list(rows_of(path)))
    done = rows.map_batches(
        make_masks,
        batch_size=int(size),
        fn_kwargs={"results": str(pathlib.Path(results).absolute())},
        **RESOURCES,
    )
    failed = 0
    for row in done.iter_rows():
        print(row["result"], flush=True)
        failed += json.loads(row["result"])["status"] != "done"
    return SOME_FAILED if failed else 0


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__.strip())
    sys.exit(main(*sys.argv[1:]))
