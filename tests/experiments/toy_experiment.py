"""Experiments that take no time, some of them with faults, and a figure of one of them.

Workers import this file by its name, so its folder must be on their path.
"""

import os
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from proofs_check.figures.figure import Figure, Judgement, Seen, Tables, Trend

if TYPE_CHECKING:
    from proofs_check.figures.page import Page

BLOCKS: Final = 4


def cells(profile: Profile) -> Sequence[Parameters]:
    """Return a grid of which the quick one is a part of the other."""
    seeds = 5 if profile == "quick" else 24
    return [
        {"eta": eta, "seed": seed, "pause": 0.004} for eta in (0.5, 0.125) for seed in range(seeds)
    ]


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:
    """Walk at random, block by block, from where a checkpoint left off."""
    state = checkpoint.load()
    first = 0 if state is None else int(state["block"])
    path = [] if state is None else state["path"].tolist()
    for block in range(first, BLOCKS):
        rng = np.random.default_rng([int(parameters["seed"]), block])
        path.append(float(parameters["eta"]) * rng.standard_normal())
        time.sleep(float(parameters["pause"]))
        checkpoint.save({"block": np.array(block + 1), "path": np.array(path)})
    return {"path": np.array(path), "end": np.array(sum(path))}


def fault(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:
    """Give a result, raise, or end the process, as the parameters say."""
    match parameters["fault"]:
        case "raises":
            raise ArithmeticError("the risk\nwas not finite")
        case "dies":
            os._exit(9)
        case "object":
            return {"path": np.array([None])}
        case "once" if checkpoint.load() is None:
            checkpoint.save({"block": np.array(1)})
            os._exit(9)
    return {"path": np.array([float(parameters["seed"])])}


def faulty_cells(_profile: Profile) -> Sequence[Parameters]:
    """Return cells of which some fail."""
    faults = ("none", "raises", "none", "dies", "object", "none")
    return [{"seed": seed, "fault": name} for seed, name in enumerate(faults)]


def threads(_parameters: Parameters, _checkpoint: Checkpoint) -> Arrays:
    """Return how many threads the libraries of this process are allowed."""
    return {"threads": np.array([os.environ.get("OPENBLAS_NUM_THREADS", "as many as cores")])}


def judge(tables: Tables) -> Judgement:
    """Say whether the larger rate walks farther."""
    table = tables["T.walk"]
    near, far = (
        float(np.abs(table.where(eta=eta).stack("end")).mean()) for eta in table.values("eta")
    )
    seen = Seen.REPRODUCED if far > near else Seen.NOT
    return Judgement(seen=seen, numbers=f"ratio {far / near:.1f}")


def draw(page: "Page", tables: Tables) -> None:
    """Draw all walks and a curve of theory."""
    table = tables["T.walk"]
    (panel,) = page.panels(1)
    for k, eta in enumerate(table.values("eta")):
        paths = table.where(eta=eta).stack("path")
        steps = np.arange(paths.shape[1])
        panel.line(f"rate {eta:g}", steps, paths.mean(axis=0), k=k, markers=True)
    panel.theory("A.eq8.mean", "limit", [0, 3], [1, 1])
    panel.label(title="(a) walks", x="block", y="place")
    page.legend()


EXPERIMENT: Final = Experiment(name="T.walk", says="random walks", cells=cells, run=run)
FAULTY: Final = Experiment(name="T.faulty", says="faults", cells=faulty_cells, run=fault)
THREADS: Final = Experiment(
    name="T.threads", says="threads", cells=lambda _: [{"seed": 1}], run=threads
)
FIGURE: Final = Figure(
    name="T.fig1",
    title="random walks",
    experiments=(EXPERIMENT,),
    claims=("A.eq8.mean", "A.eq8.interchange"),
    draw=draw,
    trends=(Trend(says="large rates walk | farther", source="a toy", judge=judge),),
)
