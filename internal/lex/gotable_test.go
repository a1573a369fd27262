package lex

import (
	goscan "go/scanner"
	gotoken "go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestGoTokensAgainstScanner compares every token of a sample of Go's own
// sources with what go/scanner says.
func TestGoTokensAgainstScanner(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("go is not here: no truth to compare with")
	}
	files := sample(t, filepath.Join(strings.TrimSpace(string(out)), "src"), ".go", 150)
	total, wrong := 0, 0
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		set := gotoken.NewFileSet()
		file := set.AddFile(name, -1, len(src))
		var s goscan.Scanner
		errs := 0
		s.Init(file, src, func(gotoken.Position, string) { errs++ }, goscan.ScanComments)
		got := scan(For(name, src), src, nil)
		i := 0
		for {
			pos, tok, text := s.Scan()
			if tok == gotoken.EOF || errs > 0 {
				break
			}
			if tok == gotoken.SEMICOLON && text != ";" {
				continue // put in by the scanner
			}
			if text == "" {
				text = tok.String()
			}
			offset := file.Offset(pos)
			total++
			if i >= len(got) || int(got[i].Offset) != offset || !sameText(string(got[i].Text(src)), text) || got[i].Kind != goKind(tok, text) {
				if wrong++; wrong <= 10 {
					t.Errorf("%s: byte %d: want %s %q, got %+v", name, offset, tok, text, got[min(i, len(got)-1)])
				}
				break
			}
			i++
		}
	}
	if total < 100_000 {
		t.Errorf("compared %d tokens only", total)
	}
	t.Logf("%d tokens of %d files, %d wrong", total, len(files), wrong)
}

// sameText allows for the carriage returns that go/scanner takes out.
func sameText(got, want string) bool {
	return got == want || strings.ReplaceAll(got, "\r", "") == want
}

func goKind(tok gotoken.Token, text string) Kind {
	switch {
	case tok == gotoken.COMMENT:
		return Comment
	case tok == gotoken.INT || tok == gotoken.FLOAT || tok == gotoken.IMAG:
		return Number
	case tok == gotoken.STRING || tok == gotoken.CHAR:
		return String
	case tok.IsKeyword() || text == "true" || text == "false":
		return Keyword
	case tok == gotoken.IDENT:
		return Ident
	}
	return Op
}
