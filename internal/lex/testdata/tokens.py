"""Print the tokens of Python files as the standard library sees them.

One JSON line a file: {"path", "tokens": [[kind, start, end], ...]} with byte
offsets. Files that tokenize itself refuses are left out. An f-string is one
STRING, whatever the interpreter's version.
"""
import io
import json
import sys
import tokenize

KINDS = {tokenize.NUMBER: "number", tokenize.STRING: "string", tokenize.NAME: "name",
         tokenize.OP: "op", tokenize.COMMENT: "comment"}
OPEN = getattr(tokenize, "FSTRING_START", -1)
CLOSE = getattr(tokenize, "FSTRING_END", -1)


def tokens(data):
    text = data.decode("utf-8")
    starts, at = [], 0
    for line in io.StringIO(text, newline="").readlines():
        starts.append(at)
        at += len(line.encode())
    lines = io.StringIO(text, newline="").readlines()

    def offset(place):
        row, col = place
        return starts[row - 1] + len(lines[row - 1][:col].encode())

    depth, begin = 0, 0
    for t in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
        if t.type == OPEN:
            if depth == 0:
                begin = offset(t.start)
            depth += 1
        elif t.type == CLOSE:
            depth -= 1
            if depth == 0:
                yield ["string", begin, offset(t.end)]
        elif depth == 0 and t.type in KINDS:
            yield [KINDS[t.type], offset(t.start), offset(t.end)]


for path in sys.stdin.read().split("\0"):
    try:
        with open(path, "rb") as f:
            data = f.read()
        print(json.dumps({"path": path, "tokens": list(tokens(data))}))
    except (SyntaxError, UnicodeDecodeError, tokenize.TokenError, ValueError):
        continue
