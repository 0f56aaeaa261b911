"""Train one model for a bounded time: `python -m training.train --config fsrcnn --scale 3 --minutes 10 --resume`."""
import argparse
import json
from pathlib import Path

import torch

from .config import load
from .learning.team import joined
from .learning.train import train
from .paths import DATA


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", required=True)
    parser.add_argument("--minutes", type=float, required=True, help="for each run; a model may have one a scale")
    parser.add_argument("--scale", type=int, help="only this scale of a model with one set of weights a scale")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint, else the committed model")
    parser.add_argument("--encoder", default="", help="a new run stands on the encoder of this source: "
                        "`edsr` for EDSR's newest")
    parser.add_argument("--start", help="sources separated by commas instead of the config's `start`")
    parser.add_argument("--set", default="{}", help="JSON: fields of the recipe that are other than in the config")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--workers", type=int, default=0, help="processes that make degraded pictures ahead, for a GPU "
                        "that would wait for them (any-scale models)")
    parser.add_argument("--data", type=Path, default=DATA)
    wanted = parser.parse_args()
    torch.set_num_threads(wanted.threads)
    team, device = joined(wanted.device)
    torch.backends.cudnn.benchmark = wanted.device == "cuda"  # shapes come again and again
    config = load(wanted.config).changed(json.loads(wanted.set), wanted.start)
    for task, scales in config.tasks():
        if config.together or wanted.scale in (None, scales[0]):
            record = train(config, task, scales, wanted.minutes, device, wanted.resume, wanted.data, wanted.encoder, team,
                           wanted.workers)
            if team.leads:
                print(json.dumps(record))


if __name__ == "__main__":
    main()
