"""Prints the scripts of a GitHub workflow or a GitLab pipeline as one shell script, each step as its runner starts it.

Usage: pipeline_steps.py FILE
Steps that install ecc (they name $ECC_RELEASE) are left out. Whatever else the runner would not understand is an error.
"""

import sys

import yaml


def github_scripts(document):
    for job in document["jobs"].values():
        assert job["runs-on"]
        for step in job["steps"]:
            assert ("run" in step) != ("uses" in step), step
            if "run" in step:
                assert "${{" not in step["run"], "an expression in a script is an injection: " + step["run"]
                yield step["run"]


def gitlab_scripts(document):
    reserved = {"stages", "variables", "default"}
    for name, job in document.items():
        if name in reserved:
            continue
        assert job["stage"] in document["stages"], name
        assert all(isinstance(line, str) for line in job["script"]), job["script"]
        yield "\n".join(job["script"]) + "\n"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = yaml.safe_load(file)
    scripts = github_scripts(document) if "jobs" in document else gitlab_scripts(document)
    for script in scripts:
        if "ECC_RELEASE" not in script:
            # As both runners do: bash, ended by the first failure.
            print("bash -eo pipefail <<'END_OF_STEP' || exit\n" + script + "END_OF_STEP")


main()
