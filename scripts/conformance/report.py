"""Makes a page of what the Autobahn test suite found: report.py INDEX PAGE. Fails when a case was not passed."""

import collections
import json
import sys

SECTIONS = {
    "1": "frames",
    "2": "pings and pongs",
    "3": "reserved bits",
    "4": "opcodes",
    "5": "fragments",
    "6": "UTF-8",
    "7": "closing",
    "9": "large messages and many of them",
    "10": "odds and ends",
    "12": "compression",
    "13": "compression with parameters",
}

# As the suite calls them.
PASSED = ["OK", "NON-STRICT", "INFORMATIONAL"]
NOT_OFFERED = "UNIMPLEMENTED"
# What collabd deliberately has not (docs/protocol.md), so that the suite finds nothing to try.
WITHOUT = ["12", "13"]

ABOUT = """# Conformance

`make conformance` runs every case of the [Autobahn test suite](https://github.com/crossbario/autobahn-testsuite) against
the WebSockets of collabd, fails when one that applies is not passed, and writes this page.

The suite says something and expects to hear it again. So the server is built with an echo, which no release has: in place
of a project and its room, and on everything that other sockets run on, from the upgrade to the farewell. Its limits are raised
to the suite's largest messages, 16 MiB; with those of a release such a message is answered with 1009, as
`the_limit_is_exact` shows.

| section | cases | OK | not strict | informational | failed | not applicable |
|---|---|---|---|---|---|---|
"""

NOTES = """
*Not strict* is what the suite calls behaviour that the RFC allows and it would have done otherwise: in two cases a text becomes
invalid in the middle of a frame, and collabd says so when the frame is whole. *Informational* cases have no right answer. *Not
applicable* are those about compression, which collabd never negotiates: it costs memory for each socket, and a compressed
message cannot be bounded before it is unpacked.
"""


def behaviour(case, result):
    """How a case counts: the worse of what was said and how the socket was closed."""
    closing = result["behaviorClose"]
    if result["behavior"] == NOT_OFFERED and case.split(".")[0] in WITHOUT:
        return NOT_OFFERED
    if result["behavior"] not in PASSED:
        return "FAILED"
    return result["behavior"] if closing in PASSED else "FAILED"


def order(case):
    return [int(part) for part in case.split(".")]


def main(index, page):
    with open(index) as file:
        results = json.load(file)["collabd"]
    counts = collections.defaultdict(collections.Counter)
    named = collections.defaultdict(list)
    for case in sorted(results, key=order):
        found = behaviour(case, results[case])
        counts[case.split(".")[0]][found] += 1
        named[found].append(case)
    with open(page, "w") as file:
        file.write(ABOUT)
        rows = [(f"{number} {name}", counts[number]) for number, name in SECTIONS.items()]
        rows.append(("**all**", sum(counts.values(), collections.Counter())))
        for name, count in rows:
            cells = [sum(count.values()), *(count[one] for one in [*PASSED, "FAILED", NOT_OFFERED])]
            file.write("| " + " | ".join([name, *map(str, cells)]) + " |\n")
        file.write(NOTES)
        for found, about in [("NON-STRICT", "Not strict"), ("INFORMATIONAL", "Informational"), ("FAILED", "Failed")]:
            if named[found]:
                file.write(f"\n{about}: {', '.join(named[found])}.\n")
    for case in named["FAILED"]:
        result = results[case]
        print(f"{case}: {result['behavior']}, closed: {result['behaviorClose']}", file=sys.stderr)
    print(f"{len(results)} cases, {len(named['FAILED'])} failed, {len(named[NOT_OFFERED])} not applicable")
    sys.exit(bool(named["FAILED"]) or not results)


main(*sys.argv[1:])
