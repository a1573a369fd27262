package report

import (
	"bytes"
	"testing"
	"unicode"

	"autoresearch-skill/internal/journal"
)

// FuzzFromLog: whatever another tool's log holds, its report is text without
// control characters, and its page has numbers where numbers belong.
func FuzzFromLog(f *testing.F) {
	f.Add([]byte("commit\tval_bpb\tmemory_gb\tstatus\tdescription\na\t1.0\t4\tkeep\tbaseline\nb\t0.9\t4\tdiscard\tx\n"))
	f.Add([]byte("commit\tscore\tstatus\tdescription\na\t1e308\tkeep\tx\nb\t-1e308\tkeep\ty\nc\t0\tcrash\t\x1b[31m\n"))
	f.Add([]byte(`{"type":"config","name":"n","metricName":"ns","bestDirection":"lower"}` + "\n" + `{"run":1,"metric":3,"status":"keep"}` + "\n" + `{"run":2,"metric":5e-324,"status":"keep"}`))
	f.Add([]byte("iteration,score,status\n1,,keep\n2,,discard\n3,nan,keep\n"))
	f.Add([]byte("\t1e308\n\t-1e308\tkeep"))
	f.Add([]byte("commit\tscore\tstatus\tdescription\na\t1e16\tkeep\tx\nb\t10000000000000002\tkeep\ty\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := journal.Import("log", data)
		if err != nil {
			return
		}
		m := FromLog("log", l)
		page, err := m.HTML()
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range [][]byte{m.Markdown(), page} {
			for _, r := range string(text) {
				if r != '\n' && r != '\t' && unicode.IsControl(r) {
					t.Fatalf("control character %U", r)
				}
			}
		}
		for _, bad := range []string{`="NaN`, `="+Inf`, `="-Inf`, " NaN", "ZgotmplZ"} {
			if i := bytes.Index(page, []byte(bad)); i >= 0 && !bytes.Contains(data, []byte("NaN")) && !bytes.Contains(data, []byte("Zgo")) {
				t.Fatalf("the page holds %q: %s", bad, page[max(0, i-80):i+40])
			}
		}
	})
}
