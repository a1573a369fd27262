package journal

import (
	"compress/gzip"
	"slices"
	"strings"
	"testing"
)

// TestImportKinds has one log for each kind of irregularity that real ones
// have, in as few lines as show it.
func TestImportKinds(t *testing.T) {
	f := func(v float64) *float64 { return &v }
	tests := []struct {
		name, log        string
		iterations, kept int
		baseline, best   *float64
		direction        string
		format           string
		unread, inferred int
	}{
		{"karpathy", "commit\tval_bpb\tmemory_gb\tstatus\tdescription\na\t1.0\t44\tkeep\tbaseline\nb\t0.9\t44\tkeep\tx\nc\t0\t0\tcrash\ty\nd\t1.1\t44\tdiscard\tz\n",
			4, 2, f(1), f(0.9), "minimize", "karpathy-tsv", 0, 1},
		{"no header", "a1b2c3d\t0.5\t44\tkeep\tbaseline\nb1b2c3d\t0.6\t44\tkeep\tx\nc1b2c3d\t0.55\t44\tdiscard\ty\n",
			3, 2, f(0.5), f(0.6), "maximize", "tsv", 0, -1},
		{"uditgoenka, told direction, no-op", "# metric_direction: lower_is_better\niteration\tcommit\tmetric\tdelta\tguard\tstatus\tdescription\n0\t-\t14\t0\tpass\tbaseline\tx\n1\tb\t12\t-2\tpass\tkeep\ty\n2\t-\t12\t0\t-\tno-op\tz\n3\t-\t13\t+1\tfail\tguard-failed\tz\n",
			4, 1, f(14), f(12), "minimize", "uditgoenka-tsv", 0, 0},
		{"words for keeping", "n\tscore\tkept\n1\t1\tyes\n2\t2\tKEPT\n3\t3\tKeep (tie)\n4\t2\tno\n5\t2\tNOT kept\n6\t4\t✅\n",
			6, 4, f(1), f(4), "maximize", "tsv", 0, 1},
		{"units and ratios", "run\tresult\tstatus\n1\t1,061 ms\tbaseline\n2\t1,002 ms\tkeep\n3\t990ms\tkeep\n",
			3, 2, f(1061), f(990), "minimize", "tsv", 0, 4},
		{"ratio", "run\tpass_rate\tstatus\n1\t15/30\tbaseline\n2\t30/30\tkeep\n", 2, 1, f(0.5), f(1), "maximize", "tsv", 0, 3},
		{"CRLF, BOM, quotes", "\ufeffcommit\tscore\tstatus\tdescription\r\na\t1\tkeep\t\"said \"\"hi\"\"\"\r\n", 1, 1, f(1), f(1), "maximize", "karpathy-tsv", 0, 1},
		{"CSV with a comma in quotes", "iteration,score,status,description\n0,0.5,baseline,\"a, b\"\n1,0.4,discard,c\n", 2, 0, f(0.5), f(0.5), "maximize", "csv", 0, 1},
		{"Markdown", "| # | metric | status | change |\n|---|---:|---|---|\n| 0 | 10 | baseline | – |\n| 1 | **8** | keep | x |\n", 2, 1, f(10), f(8), "minimize", "table", 0, -1},
		{"header twice", "commit\tscore\tstatus\na\t1\tkeep\ncommit\tscore\tstatus\nb\t2\tkeep\n", 2, 2, f(1), f(2), "maximize", "tsv", 0, 2},
		{"notes and unknown words", "commit\tscore\tstatus\na\t1\tkeep\nNOTE: a remark\nb\t2\tpondered\n", 2, 1, f(1), f(1), "maximize", "tsv", 1, 2},
		{"nothing measured", "commit\tscore\tstatus\na\t-\tcrash\nb\tN/A\tcrash\n", 2, 0, nil, nil, "maximize", "tsv", 0, -1},
		{"pi", `{"type":"config","name":"x","metricName":"total_ms","metricUnit":"ms","bestDirection":"lower"}
{"run":1,"commit":"a","metric":10,"status":"keep","description":"baseline"}
{"run":2,"commit":"a","metric":0,"status":"crash","description":"y"}
{"run":3,"commit":"b","metric":8,"status":"keep","description":"z"}
{"run":4,"commit":"b","metric":7,"status":"checks_failed","description":"z"}
`, 4, 2, f(10), f(8), "minimize", "pi-jsonl", 0, 0},
		{"pi, an attempt before its configuration", `{"run":1,"metric":13,"status":"keep"}
{"type":"config","metricName":"hops","bestDirection":"higher"}
{"run":2,"metric":8,"status":"keep"}
`, 2, 2, f(8), f(8), "maximize", "pi-jsonl", 0, 1},
		{"pi, configured twice in a row", `{"type":"config","metricName":"a","bestDirection":"lower"}
{"type":"config","metricName":"b","bestDirection":"higher"}
{"run":1,"metric":1,"status":"keep"}
`, 1, 1, f(1), f(1), "maximize", "pi-jsonl", 0, 0},
		{"pjhoberman", `{"type":"config","constrained_file":"a.py","eval_command":"x","metric":"debt (lower is better)","baseline":9}
{"type":"result","iteration":1,"score":8,"delta":"-1","guard_pass":true,"status":"keep"}
{"type":"result","iteration":1.5,"score":8.5,"status":"baseline"}
`, 3, 1, f(9), f(8), "minimize", "pjhoberman-jsonl", 0, 1},
		{"pjhoberman, a baseline row", `{"type":"config","constrained_file":"a.py","metric":"P@12 (higher is better)","baseline":0.5}
{"type": "result", "iteration": 0, "score": "0.5", "status": "baseline"}
{"type": "result", "iteration": 1, "score": 0.6, "status": "KEEP"}
`, 2, 1, f(0.5), f(0.6), "maximize", "pjhoberman-jsonl", 0, 0},
		{"metric by its name", `{"type":"config","metricName":"ms","bestDirection":"lower"}
{"run":1,"metrics":{"ms":5},"status":"keep"}
`, 1, 1, f(5), f(5), "minimize", "pi-jsonl", 0, 0},
		{"torn and foreign lines", `{"type":"config","metricName":"ms","bestDirection":"lower"}
{"run":1,"metric":5,"status":"keep"}
{"type":"hook","stage":"before"}
[1]
{"run":2,"met`, 1, 1, f(5), f(5), "minimize", "pi-jsonl", 3, 0},
		{"two records on a line", `{"run":1,"metric":5,"status":"keep"}{"run":2,"metric":6,"status":"keep"}` + "\n" + `{"run":3,"metric":6,"status":"discard"}`,
			3, 2, f(5), f(6), "maximize", "jsonl", 0, 1},
		{"booleans", `{"iteration":1,"score":5,"kept":true}` + "\n" + `{"iteration":2,"score":4,"kept":false}`, 2, 1, f(5), f(5), "maximize", "jsonl", 0, 1},
		{"no statuses at all", `{"composite":1}` + "\n" + `{"composite":2}`, 2, 0, f(1), f(1), "maximize", "jsonl", 0, -1},
		{"UTF-16 of PowerShell", "\xff\xfec\x00o\x00m\x00m\x00i\x00t\x00\t\x00s\x00c\x00o\x00r\x00e\x00\t\x00s\x00t\x00a\x00t\x00u\x00s\x00\n\x00a\x00\t\x001\x00\t\x00k\x00e\x00e\x00p\x00", 1, 1, f(1), f(1), "maximize", "tsv", 0, 1},
		{"line ends of an old Mac", "commit\tscore\tstatus\ra\t1\tkeep\rb\t2\tkeep\r", 2, 2, f(1), f(2), "maximize", "tsv", 0, 1},
		{"semicolons and decimal commas", "iteration;score;status;description\n0;0,693;baseline;a\n1;0,701;keep;b\n2;0,690;discard;c\n", 3, 1, f(0.693), f(0.701), "maximize", "csv", 0, 1},
		{"columns aligned with spaces", "iter   score    status     description\n0      0.5      baseline   start\n1      0.6      keep       bigger pool\n", 2, 1, f(0.5), f(0.6), "maximize", "table", 0, 1},
		{"a drawn table", "┌───┬───────┬──────────┐\n│ # │ score │ status   │\n├───┼───────┼──────────┤\n│ 0 │ 0.5   │ baseline │\n│ 1 │ 0.6   │ keep     │\n└───┴───────┴──────────┘\n", 2, 1, f(0.5), f(0.6), "maximize", "table", 0, 1},
		{"a table of something else first", "| param | value |\n|---|---|\n| pool | 120 |\n\n| # | score | status |\n|---|---|---|\n| 0 | 0.5 | baseline |\n| 1 | 0.6 | keep |\n", 2, 1, f(0.5), f(0.6), "maximize", "table", 1, 1},
		{"a quote that is never closed", "iteration,score,status,description\n0,0.5,baseline,\"two\nlines, and a comma\"\n1,0.4,discard,\"never closed\n2,0.7,keep,a 5\" pipe\n3,0.8,keep,\"y\"\n", 4, 2, f(0.5), f(0.8), "maximize", "csv", 0, 2},
		{"key=value", "# metric: score\niter=0 score=0.50 status=baseline\niter=1 score=0.60 status=keep msg=\"a bigger pool=60\"\nand a remark\niter=2 score=0.40 status=discard\n", 3, 1, f(0.5), f(0.6), "maximize", "pairs", 1, 1},
		{"objects of several lines", "{\n \"iteration\": 1,\n \"score\": 1,\n \"status\": \"keep\"\n}\n{\n \"iteration\": 2, \"score\": 2,\n \"status\": \"keep\"\n}\n", 2, 2, f(1), f(2), "maximize", "jsonl", 0, 1},
		{"remarks before JSON, a comma after it", "// ours\n# since Monday\n{\"iteration\":1,\"score\":1,\"status\":\"keep\"},\n", 1, 1, f(1), f(1), "maximize", "jsonl", 0, 1},
		{"a fenced block", "Log:\n\n```\n{\"iteration\":1,\"score\":1,\"status\":\"keep\"}\n{\"iteration\":2,\"score\":2,\"status\":\"keep\"}\n{\"iteration\":3,\"score\":3,\"status\":\"keep\"}\n{\"iteration\":4,\"score\":3,\"status\":\"no\"}\n```\n", 4, 3, f(1), f(3), "maximize", "jsonl", 3, 1},
		{"Python's NaN", "{\"iteration\":1,\"score\":NaN,\"status\":\"crash\"}\n{\"iteration\":2,\"score\":0.7,\"status\":\"keep\"}\n", 2, 1, f(0.7), f(0.7), "maximize", "jsonl", 0, 2},
		{"a tree of solutions", `{"nodes":[{"step":0,"metric":{"value":0.4,"maximize":false},"is_buggy":false},{"step":1,"metric":{"value":null},"is_buggy":true}]}`, 2, 0, f(0.4), f(0.4), "minimize", "jsonl", 0, -1},
		{"a table of a sweep", "number,value,params_lr,state\n0,0.91,0.1,COMPLETE\n1,,0.5,PRUNED\n2,,0.5,FAIL\n", 3, 0, f(0.91), f(0.91), "maximize", "csv", 0, -1},
		{"per cent", "n,acc,status\n0,81.5%,baseline\n1,82 %,keep\n", 2, 1, f(81.5), f(82), "maximize", "csv", 0, 2},
		{"a per cent beside shares", "n\tacc\tstatus\n0\t0.81\tbaseline\n1\t82%\tkeep\n", 2, 1, f(0.81), f(0.82), "maximize", "tsv", 0, 2},
		{"decimal commas between tabs", "n\tscore\tstatus\n0\t0,815\tbaseline\n1\t0,82\tkeep\n2\t0,8\tdiscard\n", 3, 1, f(0.815), f(0.82), "maximize", "tsv", 0, 2},
		{"decimal commas, points between thousands", "n\tms\tstatus\n0\t1.234,5\tbaseline\n1\t1.101,25\tkeep\n", 2, 1, f(1234.5), f(1101.25), "minimize", "tsv", 0, 2},
		{"commas that may be either stay between thousands", "n\tms\tstatus\n0\t1,234\tbaseline\n1\t1,101\tkeep\n", 2, 1, f(1234), f(1101), "minimize", "tsv", 0, 3},
		{"units of one kind", "n,time,verdict\n0,900 ms,baseline\n1,850ms,keep\n2,0.0005 h,discard\n3,1.3 s,discard\n", 4, 1, f(900), f(850), "minimize", "csv", 0, 4},
		{"several metrics, one that sums up", "n,precision,recall,f1,status\n0,.7,.6,.646,baseline\n1,.72,.61,.66,keep\n2,.8,.4,.533,discard\n", 3, 1, f(.646), f(.66), "maximize", "csv", 0, 2},
		{"parameters before the metric", "n,lr,depth,val_loss,status\n0,.1,3,1,baseline\n1,.2,4,.9,keep\n2,.3,5,.95,discard\n", 3, 1, f(1), f(.9), "minimize", "csv", 0, 2},
		{"a metric by a name of its own", `{"iteration":0,"lr":0.1,"val_loss":1,"status":"baseline"}` + "\n" + `{"iteration":1,"lr":0.2,"val_loss":0.9,"status":"keep"}` + "\n" + `{"iteration":2,"lr":0.1,"val_loss":0,"status":"crash"}`,
			3, 1, f(1), f(.9), "minimize", "jsonl", 0, 2},
		{"Markdown with pictures and bars", "| # | Score | Status | Change |\n|:-:|--:|:-:|:--|\n| 0 | 0.5 | baseline | a |\n| 1 | **0.55** | ✔️ keep | b \\| c |\n| 2 | – | 💥 crash | d |\n", 3, 1, f(.5), f(.55), "maximize", "table", 0, 1},
		{"commas before the end", "[\n {\"iteration\":0,\"score\":1,\"status\":\"baseline\",},\n {\"iteration\":1,\"score\":2,\"status\":\"keep\",\"note\":\"a,]\",},\n]\n", 2, 1, f(1), f(2), "maximize", "jsonl", 0, 2},
		{"commas before the end of lines", "{\"iteration\":0,\"score\":1,\"status\":\"baseline\",}\n{\"iteration\":1,\"score\":2,\"status\":\"keep\",},\n", 2, 1, f(1), f(2), "maximize", "jsonl", 0, 2},
		{"a list that is torn", "[\n {\"iteration\":0,\n  \"score\":1,\"status\":\"baseline\"},\n {\"iteration\":1,\"score\":2,\"status\":\"keep\"},\n {\"iter", 2, 1, f(1), f(2), "maximize", "jsonl", 1, 1},
		{"a log with times in brackets", "[2026-01-03 10:00:00] baseline: score=0.50\n[2026-01-03 10:05:00] iter 1: score=0.52 KEEP (raise k1)\n[2026-01-03 10:10:00] iter 2: score=0.51 DISCARD\n[2026-01-03 10:15:00] iter 3: crashed: ZeroDivisionError\n", 4, 1, f(.5), f(.52), "maximize", "pairs", 0, 1},
		{"remarks of key=value in a table", "n\tscore\tstatus\tnotes\n0\t1\tbaseline\tfeats=3\n1\t2\tkeep\tfeats=4\n", 2, 1, f(1), f(2), "maximize", "tsv", 0, 1},
		{"colours", "n\tscore\tstatus\n0\t1\t\x1b[32mbaseline\x1b[0m\n1\t2\t\x1b[32mkeep\x1b[0m\n", 2, 1, f(1), f(2), "maximize", "tsv", 0, 1},
		{"a stray zero byte", "commit\tscore\tstatus\tdescription\na\t1\tkeep\ta base\x00line\nb\t2\tkeep\tx\n", 2, 2, f(1), f(2), "maximize", "karpathy-tsv", 0, 2},
		{"a long line, blank ones", "\n\ncommit\tscore\tstatus\tdescription\n\na\t1\tkeep\t" + strings.Repeat("x", 1<<20) + "\n \n\t\t\nb\t2\tkeep\ty\n", 2, 2, f(1), f(2), "maximize", "karpathy-tsv", 0, 1},
		{"compressed", packed("commit\tscore\tstatus\na\t1\tkeep\nb\t2\tkeep\n"), 2, 2, f(1), f(2), "maximize", "tsv", 0, 1},
		{"decisions against the name", "step,score,kept\n0,0.5,true\n1,0.40,true\n2,0.45,false\n3,0.35,true\n4,0.6,false\n5,0.3,true\n", 6, 4, f(.5), f(.3), "minimize", "csv", 0, 1},
		{"decisions at odds, a name", "step,score,kept\n0,0.5,true\n1,0.40,true\n2,0.45,false\n3,0.55,true\n", 4, 3, f(.5), f(.55), "maximize", "csv", 0, 1},
		{"a header with one known word", "commit\tval_bpb\na1b2c3d\t0.9\nb1b2c3d\t0.8\n", 2, 0, f(.9), f(.9), "minimize", "tsv", 0, -1},
		{"one document", `{"metricName":"acc","direction":"maximize","results":[{"score":1,"status":"keep"},{"score":2,"status":"keep"},3]}`, 2, 2, f(1), f(2), "maximize", "pi-jsonl", 1, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			log, err := Import("log", []byte(test.log))
			if err != nil {
				t.Fatal(err)
			}
			if log.Iterations != test.iterations || log.Kept != test.kept {
				t.Errorf("got %d iterations, %d kept, want %d, %d: %+v", log.Iterations, log.Kept, test.iterations, test.kept, log.Attempts)
			}
			if show(log.Baseline) != show(test.baseline) || show(log.Best) != show(test.best) {
				t.Errorf("got %s to %s, want %s to %s", show(log.Baseline), show(log.Best), show(test.baseline), show(test.best))
			}
			if log.Direction != test.direction || log.Format != test.format {
				t.Errorf("got %s, %s, want %s, %s", log.Direction, log.Format, test.direction, test.format)
			}
			if len(log.Unread) != test.unread {
				t.Errorf("unread: got %v, want %d", log.Unread, test.unread)
			}
			if got := len(log.Inferred); test.inferred >= 0 && got != test.inferred || test.inferred < 0 && got == 0 {
				t.Errorf("inferred: got %q, want %d (−1: any)", log.Inferred, test.inferred)
			}
		})
	}
}

func packed(text string) string {
	var b strings.Builder
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text)) // a strings.Builder takes all
	_ = w.Close()
	return b.String()
}

// TestGathered: what is said of many lines is said once.
func TestGathered(t *testing.T) {
	got := gathered([]string{"line 3: a", "b", "line 4: a", "line 9: c", "line 5: a", "line 8: a"})
	if want := []string{"lines 3–5 and 8: a", "b", "line 9: c"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestImportRefusesWhatIsNoLog(t *testing.T) {
	for name, data := range map[string]string{
		"nothing": "", "prose": "# Title\n\nSome words, and more.\nOne line.\n", "binary": "\x7fELF\x00\x00",
		"an archive": "PK\x03\x04aaaa", "blank lines": " \n\t\n", "a torn archive": packed("commit\tscore\tstatus\na\t1\tkeep\n")[:12], "an empty one": packed(""),
		"a header only": "commit\tscore\tstatus\n", "a header of one known word": "commit\tval_bpb\n", "another JSON": `{"dependencies": {"a": "1"}}`, "our own journal": `{"seq":1,"type":"start","start":{"run":"a"}}`, "a list of words": `["a", "b"]`,
	} {
		if log, err := Import(name, []byte(data)); err == nil {
			t.Errorf("%s: got %+v", name, log.Attempts)
		}
	}
}

// TestDirectionSaysWhatContradicts: where name and decisions differ, the remark
// tells both.
func TestDirectionSaysWhatContradicts(t *testing.T) {
	for data, want := range map[string]string{
		"n,score,kept\n0,5,true\n1,4,true\n2,4.5,false\n3,3,true\n": `direction: minimize (3 of 3 decisions fit it, though the metric is called "score")`,
		"n,score,kept\n0,5,true\n1,4,true\n2,4.5,false\n3,6,true\n": `direction: maximize (the metric is called "score", though 2 of 3 decisions fit minimize)`,
		"n,score,kept\n0,5,true\n1,6,true\n":                        `direction: maximize (1 of 1 decisions fit it)`,
	} {
		log, err := Import("log", []byte(data))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(log.Inferred, want) {
			t.Errorf("got %q, want %q", log.Inferred, want)
		}
	}
}

func TestFateOf(t *testing.T) {
	for status, want := range map[string]Fate{
		"KEEP": FateKept, "keep_visual": FateKept, "keep (reworked)": FateKept, "kept*": FateKept, "Accepted": FateKept, "true": FateKept,
		"revert (feature mismatch)": FateReverted, "rolled-back": FateReverted, "no improvement": FateReverted, "not kept": FateReverted, "no_keep": FateUnknown,
		"crash": FateCrashed, "timed out": FateCrashed, "metric-error": FateCrashed, "fail:oom": FateCrashed,
		"checks_failed": FateChecks, "Guard failed": FateChecks, "hook-blocked": FateChecks,
		"baseline": FateBaseline, "re-baseline": FateBaseline, "undone": FateUndone, "invalid": FateInvalid, "restored": FateRestored, "pending": FateSkipped, "no-op": FateSkipped,
		"": FateUnknown, "1.000000": FateUnknown, "milestone": FateUnknown,
	} {
		if got := fateOf(status); got != want {
			t.Errorf("%q: got %q, want %q", status, got, want)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for cell, want := range map[string]float64{
		"1": 1, "-0.5": -0.5, "+3": 3, "1e-3": 0.001, ".5": 0.5, "1,061": 1061, "12,345,678.9": 12345678.9,
		"26ms": 26, "26 ms": 26, "95%": 95, "57 passed": 57, "~3.2": 3.2, "**8**": 8, "26ms/search": 26, "12k": 12000, "−4": -4, "30/32": 0.9375, "3.8µs": 3.8,
	} {
		if got, _, ok := parseNumber(cell); !ok || got != want {
			t.Errorf("%q: got %v, %v, want %v", cell, got, ok, want)
		}
	}
	for _, cell := range []string{"", "-", "N/A", "nan", "inf", "baseline", "route:1.0", "1.2 → 1.3", "2026-01-02", "1.2.3", "1/0", "a1b2c3d", "v2", "12 of 13"} {
		if got, _, ok := parseNumber(cell); ok {
			t.Errorf("%q: got %v, want no number", cell, got)
		}
	}
}

func FuzzImport(f *testing.F) {
	for _, seed := range []string{
		"commit\tscore\tstatus\na\t1\tkeep\nx\n", "a,b\n\"", "|#|metric|\n|-|-|\n|1|2|", `{"type":"config","baseline":1}` + "\n" + `{"status":1}`, `[{"status":"keep"}]`,
		"\ufeff# direction: lower\n", "1\t2\t3\n", `{"results":{"results":[]}}`,
		"\xff\xfea\x00", "a;b;c\n\"1;2\n", "{\n}\n{", "a=1 b=\"", "│a│", `{"score":NaN}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		log, err := Import("x", []byte(data))
		if err != nil {
			if log != nil {
				t.Fatalf("a log beside the error %v", err)
			}
			return
		}
		text, _ := plainText([]byte(data))
		lines := strings.Count(text, "\n") + 1
		kept, rows := 0, 0
		for _, a := range log.Attempts {
			if a.Fate != FateRestored {
				rows++
			}
			if a.Fate == FateKept {
				kept++
			}
			if a.Value != nil && (*a.Value != *a.Value) {
				t.Fatalf("line %d: NaN is no measurement", a.Line)
			}
		}
		if log.Iterations != rows || log.Kept != kept || log.Direction != "minimize" && log.Direction != "maximize" {
			t.Fatalf("%d iterations, %d kept, %q: doesn't agree with its attempts", log.Iterations, log.Kept, log.Direction)
		}
		for _, u := range log.Unread {
			if u.Line < 1 || u.Why == "" || u.Line > lines && !strings.HasPrefix(strings.TrimSpace(data), "[") && !strings.Contains(data, `"`) {
				t.Fatalf("unread %+v of %d lines", u, lines)
			}
		}
	})
}

// TestBase: only the first row of a log may be a baseline by its text.
func TestBase(t *testing.T) {
	log, err := Import("log", []byte("commit\tscore\tstatus\tdescription\na\t1\tkeep\tInitial baseline, 2 routes\nb\t2\tkeep\tbaseline with a bigger pool\nc\t1\tbaseline\tanew\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []bool
	for _, a := range log.Attempts {
		got = append(got, a.Base)
	}
	if !slices.Equal(got, []bool{true, false, true}) || log.Iterations != 3 || log.Kept != 2 {
		t.Errorf("got %v, %d, %d, want the first and the last, counted as the log does", got, log.Iterations, log.Kept)
	}
}
