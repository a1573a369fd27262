package lex

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzParse feeds every table any text: nothing panics, and every reported
// place lies within the text and holds what is reported.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"x = 0.5\ndef f(a, *, b=2.0):\n    return a ** 1.5\n", "f\"{a['k']}{{}}{x:'>9}\"", "'''open", "\"a\\\n", "[[[(((", ")]}", "\xff\xfe = 1.\xe9",
		"const a = `x${`y${1}`}`; /re[/]/g", "func (r *T) M(a, b int) { x := 0.5 }", "<<~EOS\n  1\nEOS\n", "r#\"raw\"# 'a 'b'", "R\"x(\n)x\"",
		"a: [1, 2.5, {b: c}]\n- d: |\n    text\n", "# Title\n\ntext\n## Part\n", "[a.b]\nc = 0.5 # d\n", "{\"a\": {\"b\": [1, 2]}}", "#define K 0.7f\n#include \"a.h\"\n",
	} {
		f.Add(uint8(0), []byte(seed))
	}
	names := tableNames()
	for i := range names {
		f.Add(uint8(i), []byte("def f(x) { return 1 + log(x) * 0.5 }\n"))
	}
	f.Fuzz(func(t *testing.T, which uint8, src []byte) {
		checkParse(t, names[int(which)%len(names)], src)
	})
}

func tableNames() []string {
	var names []string
	for _, l := range languages() {
		names = append(names, "a"+l.Extensions[0])
	}
	return names
}

func checkParse(t *testing.T, name string, src []byte) {
	t.Helper()
	file, err := Parse(name, src)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	end := uint32(0)
	for _, tok := range file.Tokens {
		if tok.Offset < end || tok.End <= tok.Offset || int(tok.End) > len(src) {
			t.Fatalf("%s: token %+v behind byte %d of %d", name, tok, end, len(src))
		}
		end = tok.End
	}
	for _, l := range file.Levers {
		if l.Offset < 0 || l.End > len(src) || l.Offset >= l.End || string(src[l.Offset:l.End]) != l.Value {
			t.Fatalf("%s: lever %+v is not at its bytes", name, l)
		}
		before := string(src[:l.Offset])
		line, column := strings.Count(before, "\n")+1, l.Offset-strings.LastIndex(before, "\n")
		if l.Line != line || l.Column != column {
			t.Fatalf("%s: lever %q at %d:%d, its bytes are at %d:%d", name, l.Value, l.Line, l.Column, line, column)
		}
	}
	for _, fn := range file.Functions {
		if fn.Name == "" || fn.Line < 1 || fn.EndLine < fn.Line {
			t.Fatalf("%s: function %+v", name, fn)
		}
	}
}

// TestBrokenSource cuts and shuffles a real file in ways that editors do.
func TestBrokenSource(t *testing.T) {
	files, _ := filepath.Glob("*.go")
	for _, name := range tableNames() {
		for _, file := range files[:5] {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for cut := 0; cut < len(src); cut += len(src)/23 + 1 {
				checkParse(t, name, src[:cut])
				checkParse(t, name, src[cut:])
			}
		}
	}
}
