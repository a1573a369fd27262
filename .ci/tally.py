"""Print a `go test -json` stream as go test would, and count what ran.

The output of passing tests is dropped, that of failing and skipped ones kept.
The last line is `N passed, N failed, N skipped`; a test with subtests counts
as well as they do, as in go test's own figures. The exit is 1 if anything
failed, nothing ran, or the stream holds a package that never ended.
"""

import json
import sys
from collections import Counter, defaultdict


def main():
    counts = Counter()
    output = defaultdict(list)  # (package, test) -> lines
    closing, failed, running = [], [], set()
    for line in sys.stdin:
        try:
            event = json.loads(line)
        except ValueError:
            sys.stdout.write(line)
            continue
        package = event.get("Package") or event.get("ImportPath", "")
        key = (package, event.get("Test", ""))
        action = event["Action"]
        if action in ("output", "build-output"):
            output[key].append(event["Output"])
        elif action == "build-fail":
            sys.stdout.writelines(output.pop(key, []))
            failed.append(package + " (build)")
        elif action == "start":
            running.add(package)
        elif action in ("pass", "fail", "skip"):
            lines = output.pop(key, [])
            if key[1]:
                counts[action] += 1
                if action != "pass":
                    sys.stdout.writelines(lines)
                if action == "fail":
                    failed.append(f"{package} {key[1]}")
            else:
                running.discard(package)
                if action == "fail":
                    sys.stdout.writelines(lines[:-1])
                    failed.append(package)
                closing.extend(lines[-1:])
            sys.stdout.flush()

    for lines in output.values():  # of tests that a panic or the deadline cut off
        sys.stdout.writelines(lines)
    for package in sorted(running):
        failed.append(package + " (never ended)")
    print()
    sys.stdout.writelines(closing)
    for name in failed:
        print("failed:", name)
    bad = counts["fail"] + (1 if failed and not counts["fail"] else 0)
    print(f"{counts['pass']} passed, {bad} failed, {counts['skip']} skipped")
    return 1 if failed or not counts["pass"] else 0


sys.exit(main())
