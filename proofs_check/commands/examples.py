"""What a user would type: the examples that ``--help`` shows for each command."""

from typing import Final

__all__ = ["EXAMPLES"]

EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "verify": (
        "verify                             the whole ledger",
        "verify A.prop7                     one statement, its steps, what they rest on",
        "verify my_claims.py --strict       your own claims; 3 if one stays undecided",
        "verify --html out/report.html --json out/ledger.json",
    ),
    "show": (
        "show A.cor3a                       a refuted corollary, its witness, its repair",
        "show A.thm4 --audit                and which of its hypotheses are needed",
        "show mine.product my_claims.py",
    ),
    "why": (
        "why A.thm8.amended                 the weakest links below a claim",
        "why mine.product my_claims.py",
    ),
    "trust": (
        "trust                              the quick measurements",
        "trust --full --out trust.md",
    ),
    "new": ("new my_claims.py", "verify my_claims.py"),
    "constants": (
        "constants A.prop2a",
        "constants my_claims.py             those of your own claims",
    ),
    "recheck": (
        "recheck out/ledger.json            what 'verify --json' wrote",
        "recheck out/ledger.json --alter 100",
    ),
    "planted": (
        "planted A.prop2b",
        "planted A.prop2b --seeds 3 --csv planted.csv",
    ),
    "linear": (
        "linear --n 50 100 200 --d 50 --T 0.5",
        "linear --n 60:120:20 --d 50 --T 1 --json",
    ),
    "regime": ("regime data.csv --mu 0.81 --sigma 0.57",),
    "memorization": (
        "memorization --train train.npy --generated generated.npy",
        "memorization --train a.csv --generated b.csv --original c.csv --json out.json",
    ),
    "sweep": (
        "sweep                              lists the experiments",
        "sweep A.fig1                       goes on where an earlier run stopped",
        "sweep my_experiment.py --jobs 2",
    ),
    "figures": (
        "figures A.fig1",
        "figures A.fig2 B.fig1 --out out/figures",
        "figures my_figure.py",
    ),
    "numbers": ("numbers theorem8", "numbers variation --out variation.md"),
    "findings": (
        "findings A --out findings.md",
        "findings A --ledger out/ledger.json",
    ),
    "completion": (
        'completion bash      put  eval "$(scoreproof completion bash)"  in ~/.bashrc',
        'completion zsh       put  eval "$(scoreproof completion zsh)"  in ~/.zshrc',
    ),
}
"""Command to words after ``scoreproof``, some with a remark."""
