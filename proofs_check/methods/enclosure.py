"""Prove an inequality on a whole domain: interval arithmetic with adaptive bisection."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from proofs_check.certificates import cover_certificate
from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.cover import Cover, cover, middle
from proofs_check.definedness import demands
from proofs_check.errors import ClaimError
from proofs_check.evidence import Enclosure
from proofs_check.methods.search import refuted
from proofs_check.problem import Problem, carried_back, problems
from proofs_check.verdict import Finding, Verdict
from proofs_check.witness import certified_failure

__all__ = ["run"]


def run(claim: Claim, evidence: Enclosure, context: Context) -> Finding:
    """Cover the domain of a claim by settled boxes.

    Returns
    -------
    Finding
        PROVED on the whole domain, ENCLOSED when a sample size or a box restricts it, REFUTED with
        an exact witness, UNDECIDED with the reason.
    """
    covers: list[tuple[Problem, Cover]] = []
    try:
        for problem in problems(claim, evidence):
            most = evidence.max_boxes * (5 if context.full else 1)
            done = cover(problem, min(most, context.cover_boxes or most))
            covers.append((problem, done))
            for box in done.failing:
                point = carried_back(claim, problem, middle(box))
                if point is not None and certified_failure(claim, point) is not None:
                    return refuted(claim, point, context, method="enclosure")
            if done.open_boxes or done.failing:
                return replace(_open(done), boxes=_examined(covers))
    except ClaimError as error:
        return Finding(method="enclosure", verdict=Verdict.UNDECIDED, detail=str(error))
    if not _positive_factor(evidence, covers):
        return Finding(
            method="enclosure",
            verdict=Verdict.UNDECIDED,
            detail=f"the factor {evidence.times} is not certainly positive",
        )
    unclear = _undefined(problem for problem, _ in covers)
    if unclear is not None:
        return Finding(method="enclosure", verdict=Verdict.UNDECIDED, detail=unclear)
    total = sum(len(c.boxes) for _, c in covers)
    if all(how.hypothesis is not None for _, c in covers for _, how in c.boxes):
        return Finding(
            method="enclosure",
            verdict=Verdict.VACUOUS,
            detail="no point meets the hypotheses",
            certificate=cover_certificate(claim, evidence, covers, context),
        )
    whole = evidence.points is None and not evidence.box
    where = "the whole domain" if whole else _restriction(evidence)
    return Finding(
        method="enclosure",
        verdict=Verdict.PROVED if whole else Verdict.ENCLOSED,
        detail=f"{total} box{'' if total == 1 else 'es'} cover{'s' if total == 1 else ''} {where}",
        certificate=cover_certificate(claim, evidence, covers, context),
        boxes=_examined(covers),
    )


def _examined(covers: list[tuple[Problem, Cover]]) -> int:
    return sum(done.examined for _, done in covers)


def _restriction(evidence: Enclosure) -> str:
    parts = [] if evidence.points is None else [f"every sample of {evidence.points} points"]
    parts += [f"{s} in {d}" for s, d in evidence.box.items()]
    return " and ".join(parts)


def _open(done: Cover) -> Finding:
    box = (done.failing or done.open_boxes)[0]
    kind = "fails" if done.failing else "is not settled"
    shown = ", ".join(f"{s} in [{_end(a)}, {_end(b)}]" for s, (a, b) in box.items())
    return Finding(
        method="enclosure",
        verdict=Verdict.UNDECIDED,
        detail=f"the margin {kind} on the box {shown}; {len(done.open_boxes)} boxes are open",
    )


def _end(value: Fraction | None) -> str:
    if value is None:
        return "oo"
    digits = len(str(abs(value).__floor__()))
    return f"{float(value):.6g}" if digits < 300 else f"about 10^{digits}"


def _positive_factor(evidence: Enclosure, covers: Iterable[tuple[Problem, Cover]]) -> bool:
    if evidence.margin is None or evidence.times.is_positive:
        return True
    for problem, _ in covers:
        goal = Problem(problem.domains, problem.hypotheses, evidence.times, True, problem.back)
        if evidence.times.free_symbols - set(problem.domains):
            return False
        done = cover(goal, evidence.max_boxes)
        if done.open_boxes or done.failing:
            return False
    return True


def _undefined(solved: Iterable[Problem]) -> str | None:
    """Return why a statement may be undefined somewhere, ``None`` if it is defined everywhere."""
    for problem in solved:
        needed = (d for side in problem.sides for d in demands(side))
        for expr, nonzero in dict.fromkeys(needed):
            goals = (expr, -expr, expr**2) if nonzero else (expr,)
            try:
                good = any(_covered(problem.about(g, strict=nonzero)) for g in goals)
            except ClaimError:
                good = False
            if not good:
                sense = "zero" if nonzero else "negative"
                return f"the statement may be undefined: {expr} is not certainly not {sense}"
    return None


def _covered(problem: Problem) -> bool:
    done = cover(problem, 400)
    return not done.open_boxes and not done.failing
