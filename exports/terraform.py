"""Terraform's JSON, whose texts are templates."""


def as_written(text: str) -> str:
    """A text that Terraform takes as it is.

    https://developer.hashicorp.com/terraform/language/syntax/json#string-templates
    """
    return text.replace("${", "$${").replace("%{", "%%{")
