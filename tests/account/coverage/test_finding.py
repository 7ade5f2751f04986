"""The order of findings."""

from account.coverage.finding import Finding, FindingKind, Gravity, worst_first
from tests.account.coverage.values import HOME


def test_the_worst_comes_first() -> None:
    def finding(kind: FindingKind, gravity: Gravity, key: str) -> Finding:
        return Finding(
            kind=kind, gravity=gravity, region=HOME, key=key, subject="", words="", fix=""
        )

    remark = finding(FindingKind.UNWATCHED, Gravity.INFO, "a")
    gone = finding(FindingKind.GONE, Gravity.MEDIUM, "a")
    muted = finding(FindingKind.MUTED, Gravity.HIGH, "b")
    first, second = (finding(FindingKind.UNWATCHED, Gravity.HIGH, key) for key in "ab")
    assert worst_first([remark, gone, second, muted, first]) == (
        first,
        second,
        muted,
        gone,
        remark,
    )
