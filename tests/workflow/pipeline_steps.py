"""Prints the scripts of a GitHub workflow or a GitLab pipeline as one shell script, each step as its runner starts it.

Usage: pipeline_steps.py FILE
What the runner sets itself comes from the environment: GITHUB_REPOSITORY for github.repository, a secret by its name. So does what
shall replace a variable of the file. Steps that install ecc (they name $ECC_RELEASE) are left out. Whatever else the runner would
not understand is an error.
"""

import re
import sys

import yaml


def exports(variables):
    return "".join(f'export {name}="${{{name}-{value}}}"\n' for name, value in variables.items())


def github_exports(variables):
    def value_of(match):
        context, name = match.groups()
        return "${GITHUB_" + name.upper() + "}" if context == "github" else "${" + name + "}"

    expression = re.compile(r"\$\{\{ (github|secrets)\.(\w+) \}\}")
    return exports({name: expression.sub(value_of, value) for name, value in variables.items()})


def as_step(script):
    """As both runners do: bash, ended by the first failure."""
    return "bash -eo pipefail <<'END_OF_STEP' || exit\n" + script.rstrip("\n") + "\nEND_OF_STEP\n"


def github_steps(document):
    yield github_exports(document["env"]) + 'export GITHUB_ENV="$PWD/github.env"\n: > "$GITHUB_ENV"\n'
    for job in document["jobs"].values():
        assert job["runs-on"]
        for step in job["steps"]:
            assert ("run" in step) != ("uses" in step), step
            if "run" in step and "ECC_RELEASE" not in step["run"]:
                assert "${{" not in step["run"], "an expression in a script is an injection: " + step["run"]
                yield as_step(github_exports(step.get("env", {})) + step["run"])
                yield 'set -a; . "$GITHUB_ENV"; set +a\n'


def gitlab_steps(document):
    yield exports(document["variables"])
    reserved = {"stages", "variables", "default"}
    for name, job in document.items():
        if name in reserved:
            continue
        assert job["stage"] in document["stages"], name
        assert all(isinstance(line, str) for line in job["script"]), job["script"]
        yield as_step("\n".join(job["script"]))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = yaml.safe_load(file)
    for text in github_steps(document) if "jobs" in document else gitlab_steps(document):
        print(text, end="")


main()
