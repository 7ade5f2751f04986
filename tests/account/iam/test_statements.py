"""Policies that are too long for one document."""

from account.iam.statements import document, length, parts, statement


def test_a_policy_that_fits_stays_one() -> None:
    policy = document([statement("A", ["s:Get"], ["arn:1"]), statement("B", ["s:Put"], ["arn:2"])])
    assert parts(policy) == [policy]


def test_it_is_cut_between_statements() -> None:
    long = [statement(sid, ["s:Get"], ["x" * 3000]) for sid in ("A", "B", "C")]
    assert [[s["Sid"] for s in part["Statement"]] for part in parts(document(long))] == [
        ["A"],
        ["B"],
        ["C"],
    ]
    # Two of 2,900 characters fit into 6,144, the third does not.
    shorter = [statement(sid, ["s:Get"], ["x" * 2900]) for sid in ("A", "B", "C")]
    assert [[s["Sid"] for s in part["Statement"]] for part in parts(document(shorter))] == [
        ["A", "B"],
        ["C"],
    ]


def test_a_long_statement_is_cut_between_its_resources() -> None:
    arns = [f"arn:{number:05}{'x' * 90}" for number in range(200)]
    condition = {"StringEquals": {"iam:PassedToService": "s.amazonaws.com"}}
    cut = parts(document([statement("Roles", ["iam:PassRole"], arns, condition)]))
    # 200 of 103 characters are 20,600.
    assert len(cut) == 4
    pieces = [piece for part in cut for piece in part["Statement"]]
    assert [piece["Sid"] for piece in pieces] == ["Roles", "Roles2", "Roles3", "Roles4"]
    assert [arn for piece in pieces for arn in piece["Resource"]] == arns
    assert all(piece["Condition"] == condition for piece in pieces)
    assert all(length(part) <= 6144 for part in cut)


def test_white_space_does_not_count() -> None:
    assert length(document([])) == len('{"Version":"2012-10-17","Statement":[]}')
