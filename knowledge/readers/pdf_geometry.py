"""Points and matrices of a PDF page (ISO 32000-1, 8.3)."""

from collections.abc import Sequence

from knowledge.readers.pdf_content import Rule
from knowledge.readers.pdf_tokens import Operand, last_numbers

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
SKEW = 0.1


def product(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies ``first`` and ``then`` in turn."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def applied(matrix: Matrix, x: float, y: float) -> Point:
    """Where ``matrix`` puts a point."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def quarter_turn(matrix: Matrix) -> int | None:
    """How many quarter turns to the left words run; None where they stand askew."""
    a, b = matrix[0], matrix[1]
    if abs(b) <= SKEW * abs(a):
        return 0 if a >= 0 else 2
    if abs(a) <= SKEW * abs(b):
        return 1 if b > 0 else 3
    return None


def turned_back(point: Point, turns: int) -> Point:
    """The point on the page turned to the right by so many quarters."""
    x, y = point
    for _ in range(turns):
        x, y = y, -x
    return x, y


def rule_turned_back(rule: Rule, turns: int) -> Rule:
    """The ruled line on the page turned to the right by so many quarters."""
    (x0, y0), (x1, y1) = (turned_back(p, turns) for p in ((rule.x0, rule.y0), (rule.x1, rule.y1)))
    return Rule(x0=min(x0, x1), y0=min(y0, y1), x1=max(x0, x1), y1=max(y0, y1))


def last_matrix(operands: Sequence[Operand]) -> Matrix | None:
    """The last six operands as a matrix, or None where the file is damaged."""
    numbers = last_numbers(operands, 6)
    if numbers is None:
        return None
    a, b, c, d, e, f = numbers
    return a, b, c, d, e, f
