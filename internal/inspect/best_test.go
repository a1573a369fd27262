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
		text := "import math\n\ndef search(items, a, b):\n"
		for j := range 5 + i%7 {
			switch i % 3 {
			case 0: // known without a close look
				text += "    total = a * math.log(b) + a\n"
			case 1: // many numbers, all for nothing
				text += fmt.Sprintf("    timeout = %d\n    port = %d\n    retry_delay = %d\n", j+3, 8000+j, j+30)
			default: // some numbers, all of weight
				text += fmt.Sprintf("    weight_%d = %d\n    boost_%d = %d\n", j, j+3, j, j+4)
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
	most := tunable[roleAt[lex.RoleAny]].weight
	for _, r := range tunable {
		if r.weight > most {
			t.Errorf("%s weighs %g, more than a number of unknown role", r.role, r.weight)
		}
	}
}
