"""What set-up asks of Debian."""

from debian import Package, command_for, missing


def test_missing_names_only_what_is_not_there_in_the_order_given() -> None:
    wanted = [
        Package("no-such-library", library="libnosuch.so.99"),
        Package("coreutils", command="true"),
        Package("no-such-command", command="no-such-command"),
        Package("base-files", file="/etc"),
        Package("no-such-file", file="/no/such/file"),
        Package("libc6", library="libc.so.6"),
    ]

    assert missing(wanted) == ["no-such-library", "no-such-command", "no-such-file"]


def test_the_command_to_type_is_one_line_with_every_package() -> None:
    assert command_for(["one", "two"]) == (
        "sudo apt-get update && sudo apt-get install --no-install-recommends one two"
    )
