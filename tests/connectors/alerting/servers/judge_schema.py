#!/usr/bin/env python3
"""Judges a JSON document on standard input by a JSON schema (Debian: python3-jsonschema). Exit 0 good, 1 not.

Example: judge_schema.py connectors/alerting/webhook.schema.json <event.json
"""

import argparse
import json
import sys

try:
    import jsonschema
except ImportError:
    jsonschema = None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("schema")
    arguments = parser.parse_args()
    if jsonschema is None:
        sys.exit("jsonschema is missing: install python3-jsonschema (deploy/install-packages test)")
    with open(arguments.schema, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    judge = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    problems = [f"{error.json_path}: {error.message}" for error in judge.iter_errors(json.load(sys.stdin))]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
