package lex

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestScriptLiteralsAgainstTypeScript compares numbers, strings and regular
// expressions with what the TypeScript compiler says, if node finds one. The
// files are those of the folder TYPESCRIPT_SAMPLE, else the compiler's own.
func TestScriptLiteralsAgainstTypeScript(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "node", "-p", "require.resolve('typescript')").Output()
	if err != nil {
		t.Skip("node finds no typescript (set NODE_PATH): no truth to compare with")
	}
	root := os.Getenv("TYPESCRIPT_SAMPLE")
	if root == "" {
		root = filepath.Dir(strings.TrimSpace(string(out)))
	}
	var files []string
	for _, ext := range []string{".ts", ".tsx", ".js", ".mjs"} {
		files = append(files, sample(t, root, ext, 40)...)
	}
	script, err := filepath.Abs("testdata/tokens.cjs")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", script)
	cmd.Stdin = strings.NewReader(strings.Join(files, "\x00"))
	if out, err = cmd.Output(); err != nil {
		t.Fatalf("tokens.cjs: %v", err)
	}
	total, wrong := 0, 0
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var truth struct {
			Path   string
			Tokens [][3]any
		}
		if err := json.Unmarshal(lines.Bytes(), &truth); err != nil {
			t.Fatal(err)
		}
		src, err := os.ReadFile(truth.Path)
		if err != nil {
			t.Fatal(err)
		}
		total += len(truth.Tokens)
		for _, text := range literalFaults(truth.Tokens, src, truth.Path) {
			if wrong++; wrong <= 10 {
				t.Log(text)
			}
		}
	}
	t.Logf("%d literals of %d files, %d wrong or missed or made up", total, len(files), wrong)
	if total < 1000 || wrong*20_000 > total {
		t.Errorf("%d of %d literals are wrong", wrong, total)
	}
}

// literalFaults compares both ways: what is missed, and what is made up
// outside of strings.
func literalFaults(truth [][3]any, src []byte, name string) []string {
	var faults []string
	want := map[[2]int]string{}
	for _, w := range truth {
		want[[2]int{int(w[1].(float64)), int(w[2].(float64))}] = w[0].(string)
	}
	for _, tok := range scan(For(name, src), src, nil) {
		kind := map[Kind]string{Number: "number", String: "string", Regexp: "regexp"}[tok.Kind]
		span := [2]int{int(tok.Offset), int(tok.End)}
		if kind == "" || kind == "string" && want[span] == "" { // JSX attributes and text
			continue
		}
		if want[span] != kind {
			faults = append(faults, name+": made up "+kind+" "+short(tok.Text(src))+" at "+strconv.Itoa(int(tok.Line)))
		}
		delete(want, span)
	}
	for span, kind := range want {
		faults = append(faults, name+": missed "+kind+" "+short(src[span[0]:span[1]]))
	}
	return faults
}

func short(b []byte) string { return string(b[:min(len(b), 60)]) }
