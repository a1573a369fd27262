package inspect

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"autoresearch-skill/internal/lex"
)

// TestBestIsExact ranks a tree in which many numbers that look like levers are
// none: the first few must be the same whether few or all files are looked at
// closely.
func TestBestIsExact(t *testing.T) {
	root := t.TempDir()
	for i := range 400 {
		text := "def search(items):\n"
		for j := range i % 37 {
			switch (i + j) % 4 {
			case 0:
				text += fmt.Sprintf("    port = %d\n", 8000+j)
			case 1:
				text += fmt.Sprintf("    weight = items[%d] * 0.%d\n", j, j+1)
			case 2:
				text += fmt.Sprintf("    timeout = %d\n", j+3)
			default:
				text += fmt.Sprintf("    status_code = %d\n", 200+j)
			}
		}
		if err := os.WriteFile(filepath.Join(root, fmt.Sprintf("search%d.py", i)), []byte(text+"    return items\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	inspect := func(top int) []Candidate {
		r, err := Inspect(t.Context(), root, Options{Goal: "search accuracy", Top: top})
		if err != nil {
			t.Fatal(err)
		}
		return r.Candidates
	}
	few, all := inspect(5), inspect(1000)
	if len(all) != 400 || len(all[0].Levers) == 0 {
		t.Fatalf("%d candidates", len(all))
	}
	if diff := cmp.Diff(few, all[:5]); diff != "" {
		t.Error(diff)
	}
}

// TestNoRoleWeighsMore holds what best relies on: a number of unknown role is
// counted as one of the weightiest.
func TestNoRoleWeighsMore(t *testing.T) {
	for role, weight := range tunable {
		if weight > tunable[lex.RoleWeight] || weight > 1 {
			t.Errorf("%s weighs %g", role, weight)
		}
	}
}
