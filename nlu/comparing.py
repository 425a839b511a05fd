"""Whether a new model may take the place of the one in use: a table of what may fall how far."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlu.evaluation import Figure


@dataclass(frozen=True, kw_only=True)
class Tolerance:
    """How far the figures whose names begin with ``figure`` may get worse."""

    figure: str
    allowed: float
    lower_is_better: bool = False


TOLERANCES = (
    Tolerance(figure="emergency, recall", allowed=0.0),
    Tolerance(figure="emergency, precision", allowed=0.03),
    Tolerance(figure="intent, calibration error", allowed=0.02, lower_is_better=True),
    Tolerance(figure="intent", allowed=0.01),
    Tolerance(figure="category", allowed=0.01),
    Tolerance(figure="several matters", allowed=0.03),
    Tolerance(figure="place", allowed=0.0),
    Tolerance(figure="", allowed=0.02),
)
"""The first row that fits counts. A missed emergency is never made good by anything else; the
other allowances are what chance moves on some hundred messages. The last row takes the rest."""

ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One figure of both models; ``before`` is None where there was no model."""

    figure: str
    before: float | None
    after: float
    n: int

    @property
    def tolerance(self) -> Tolerance:
        """The row of the table that counts for it."""
        name = self.figure.rpartition(": ")[2]
        return next(row for row in TOLERANCES if name.startswith(row.figure))

    @property
    def is_worse(self) -> bool:
        """Whether it got worse by more than is allowed."""
        if self.before is None:
            return False
        loss = self.before - self.after
        if self.tolerance.lower_is_better:
            loss = -loss
        return loss > self.tolerance.allowed + ROUNDING


def compare(
    name: str, before: Sequence[Figure] | None, after: Sequence[Figure]
) -> tuple[Comparison, ...]:
    """The figures of one evaluation set called ``name``, side by side."""
    old = {figure.name: figure.value for figure in before or ()}
    return tuple(
        Comparison(
            figure=f"{name}: {figure.name}",
            before=old.get(figure.name),
            after=figure.value,
            n=figure.n,
        )
        for figure in after
    )


def lost_ground(comparisons: Iterable[Comparison]) -> bool:
    """Whether anything that matters got worse."""
    return any(comparison.is_worse for comparison in comparisons)


def comparison_lines(comparisons: Iterable[Comparison]) -> list[str]:
    """The table that the operator reads."""
    return [f"{'figure':<46}{'before':>8}{'after':>8}{'n':>6}"] + [
        f"{one.figure:<46}{_number(one.before):>8}{one.after:>8.3f}{one.n:>6}"
        + ("  worse" if one.is_worse else "")
        for one in comparisons
    ]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
