"""Checks a JSON file against a JSON schema: as much of draft 2020-12 as our schemas use; an unknown keyword is an error.

usage: schema_check.py SCHEMA FILE. SPDX-License-Identifier: MIT
"""
import json
import sys

WORDS = {"$schema", "$defs", "title", "description"}  # say nothing about the data
TYPES = {"object": dict, "array": list, "string": str, "null": type(None)}


def is_type(value, name):
    if name in ("integer", "number"):
        return not isinstance(value, bool) and isinstance(value, int if name == "integer" else (int, float))
    return isinstance(value, TYPES[name])


def check(root, schema, value, path):
    """Yields what is wrong."""
    for word, rule in schema.items():
        if word in WORDS:
            continue
        if word == "$ref":
            yield from check(root, root["$defs"][rule.removeprefix("#/$defs/")], value, path)
        elif word == "const":
            if value != rule:
                yield f"{path}: not {rule!r}"
        elif word == "enum":
            if value not in rule:
                yield f"{path}: not one of {rule}"
        elif word == "type":
            if not any(is_type(value, name) for name in ([rule] if isinstance(rule, str) else rule)):
                yield f"{path}: not {rule}"
        elif word == "minimum":
            if is_type(value, "number") and value < rule:
                yield f"{path}: {value} is under {rule}"
        elif word == "maximum":
            if is_type(value, "number") and value > rule:
                yield f"{path}: {value} is over {rule}"
        elif word == "minItems":
            if isinstance(value, list) and len(value) < rule:
                yield f"{path}: under {rule} items"
        elif word == "maxItems":
            if isinstance(value, list) and len(value) > rule:
                yield f"{path}: over {rule} items"
        elif word == "items":
            for i, item in enumerate(value if isinstance(value, list) else []):
                yield from check(root, rule, item, f"{path}[{i}]")
        elif word == "required":
            for name in rule:
                if isinstance(value, dict) and name not in value:
                    yield f"{path}: no {name!r}"
        elif word == "properties":
            for name, part in rule.items():
                if isinstance(value, dict) and name in value:
                    yield from check(root, part, value[name], f"{path}.{name}")
        elif word == "additionalProperties":
            for name in value if isinstance(value, dict) else {}:
                if name in schema.get("properties", {}):
                    continue
                if rule is False:
                    yield f"{path}: unknown {name!r}"
                else:
                    yield from check(root, rule, value[name], f"{path}.{name}")
        else:
            yield f"the schema uses {word!r}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        value = json.load(file, parse_constant=lambda word: sys.exit(f"FAILED: {word} is no JSON"))
    wrong = list(check(schema, schema, value, "$"))
    if wrong:
        sys.exit("FAILED: " + "\n".join(wrong[:20]))


main()
