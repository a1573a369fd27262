package cases

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"autoresearch-skill/internal/experiment"
)

var spec = experiment.Cases{File: "cases.csv", ID: "id", Stratum: "kind", Expected: "expected", Hidden: 0.3}

func read(t *testing.T, text string) *Table {
	t.Helper()
	table, err := Read("cases.csv", []byte(text), spec)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestRead(t *testing.T) {
	table := read(t, "id,query,kind,expected\r\nq1,\"trails, easy\",location,a1|a2\r\n\r\nq2,\"say \"\"hi\"\"\nthere\",gear,\r\nq3,x,gear,a3\r\n")
	want := []Case{
		{ID: "q1", Stratum: "location", Expected: "a1|a2", Inputs: map[string]string{"query": "trails, easy"}, Row: 2},
		{ID: "q2", Stratum: "gear", Inputs: map[string]string{"query": "say \"hi\"\nthere"}, Row: 4},
		{ID: "q3", Stratum: "gear", Expected: "a3", Inputs: map[string]string{"query": "x"}, Row: 6},
	}
	if d := cmp.Diff(want, table.Cases); d != "" {
		t.Errorf("cases (-want +got):\n%s", d)
	}
	if got := table.Labelled(); got != 2 {
		t.Errorf("labelled: got %d, want 2", got)
	}
	if d := cmp.Diff([]string{"gear", "location"}, table.Strata()); d != "" {
		t.Errorf("strata (-want +got):\n%s", d)
	}
}

func TestReadErrors(t *testing.T) {
	head := "id,query,kind,expected\n"
	tests := []struct{ name, text, want string }{
		{"empty", "", `cases.csv:1: empty file: want a header line such as "id,kind,expected"`},
		{"only blank", "\n\n", `cases.csv:1: empty file`},
		{"missing column", "id,query,expected\n", `cases.csv:1: no column "kind", the columns are "id", "query", "expected"`},
		{"near column", "id,query,Kind ,expected\n", `is it "Kind "?`},
		{"semicolons", "id;query;kind;expected\n", `separated by commas`},
		{"twice", "id,id,kind,expected\n", `cases.csv:1: column "id" twice`},
		{"unnamed", "id,,kind,expected\n", `cases.csv:1: column 2 has no name`},
		{"ragged", head + "q1,a,b\n", `cases.csv:2: 3 cells, want 4`},
		{"double id", head + "q1,a,b,c\n\nq1,d,e,f\n", `cases.csv:4: id "q1" again, first on line 2`},
		{"empty id", head + " ,a,b,c\n", `cases.csv:2: column "id" is empty`},
		{"open quote", head + "q1,\"a,b,c\nq2,a,b,c\n", `cases.csv:2: a quote opens here`},
		{"text after quote", head + "q1,\"a\"b,k,c\n", `cases.csv:2: text after a closing quote`},
		{"bare quote", head + "q1,5\" tube,k,c\n", `cases.csv:2: a quote inside`},
		{"lone CR", head + "q1,a\rb,k,c\n", `cases.csv:2: a carriage return`},
		{"latin-1", head + "q1,caf\xe9,k,c\n", `cases.csv:2: byte 0xe9`},
		{"utf-16", "\xff\xfei\x00d\x00", `cases.csv:1: UTF-16`},
		{"NUL", head + "q1,\x00,k,c\n", `cases.csv:2: a NUL byte`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table, err := Read("cases.csv", []byte(tt.text), spec)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want %q in it", err, tt.want)
			}
			if table != nil {
				t.Error("a table beside an error")
			}
		})
	}
}

func TestReadListsSeveralProblems(t *testing.T) {
	_, err := Read("c.csv", []byte("id,kind,expected\na,b\n,b,c\n"+strings.Repeat("x\n", 10)), spec)
	if got := strings.Count(err.Error(), "c.csv:"); got != maxProblems {
		t.Errorf("got %d problems, want %d:\n%v", got, maxProblems, err)
	}
}

// styles are files whose bytes a rewrite must not change.
var styles = map[string]string{
	"plain":         "id,query,kind,expected\nq1,a,k,x\nq2,b,k,y\n",
	"crlf":          "id,query,kind,expected\r\nq1,a,k,x\r\nq2,b,k,y\r\n",
	"mark":          mark + "id,query,kind,expected\nq1,a,k,x\nq2,b,k,y\n",
	"no end":        "id,query,kind,expected\nq1,a,k,x\nq2,b,k,y",
	"blank lines":   "\n\nid,query,kind,expected\n\nq1,a,k,x\n\n\nq2,b,k,y\n\n",
	"blank, no end": "id,query,kind,expected\r\n\r\nq1,a,k,x\r\nq2,b,k,y",
	"quotes":        "\"id\",query,\"kind\",expected\n\"q1\",\"a\",k,\"x\"\nq2,\"b\nc\",k,\"y\"\"\"\n",
	"mixed ends":    "id,query,kind,expected\nq1,a,k,x\r\nq2,b,k,y\n",
	"spaces":        "id,query,kind,expected\nq1, a ,k,x\nq2,\tb,k,y\n",
	"header only":   "id,query,kind,expected",
}

func TestBytesRoundTrip(t *testing.T) {
	for name, text := range styles {
		if got := string(read(t, text).Bytes()); got != text {
			t.Errorf("%s: got %q, want %q", name, got, text)
		}
	}
}

func TestSelect(t *testing.T) {
	tests := []struct{ name, text, keep, want string }{
		{"first", styles["no end"], "q1", "id,query,kind,expected\nq1,a,k,x"},
		{"last", styles["no end"], "q2", "id,query,kind,expected\nq2,b,k,y"},
		{"crlf", styles["crlf"], "q2", "id,query,kind,expected\r\nq2,b,k,y\r\n"},
		{"none", styles["plain"], "-", "id,query,kind,expected\n"},
		{"quotes", styles["quotes"], "q2", "\"id\",query,\"kind\",expected\nq2,\"b\nc\",k,\"y\"\"\"\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			whole := read(t, tt.text)
			part := whole.Select(func(c Case) bool { return c.ID == tt.keep })
			if got := string(part.Bytes()); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got := string(whole.Bytes()); got != tt.text {
				t.Errorf("the whole became %q", got)
			}
		})
	}
}

func TestSet(t *testing.T) {
	tests := []struct{ name, text, column, value, want string }{
		{"plain", styles["plain"], "expected", "a|b", "id,query,kind,expected\nq1,a,k,a|b\nq2,b,k,y\n"},
		{"needs quotes", styles["plain"], "expected", `a,"b"`, "id,query,kind,expected\nq1,a,k,\"a,\"\"b\"\"\"\nq2,b,k,y\n"},
		{"keeps quotes", styles["quotes"], "expected", "z", "\"id\",query,\"kind\",expected\n\"q1\",\"a\",k,\"z\"\nq2,\"b\nc\",k,\"y\"\"\"\n"},
		{"same", styles["quotes"], "expected", "x", styles["quotes"]},
		{"emptied", styles["plain"], "expected", "", "id,query,kind,expected\nq1,a,k,\nq2,b,k,y\n"},
		{"id", styles["plain"], "id", "q9", "id,query,kind,expected\nq9,a,k,x\nq2,b,k,y\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table := read(t, tt.text)
			other := table.Select(func(Case) bool { return true })
			if err := table.Set("q1", tt.column, tt.value); err != nil {
				t.Fatal(err)
			}
			if got := string(table.Bytes()); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got := string(other.Bytes()); got != tt.text {
				t.Errorf("a table with the same rows became %q", got)
			}
			again := read(t, string(table.Bytes()))
			if d := cmp.Diff(again.Cases, table.Cases); d != "" {
				t.Errorf("cases against their own bytes (-bytes +table):\n%s", d)
			}
		})
	}
	table := read(t, styles["plain"])
	for _, bad := range [][3]string{{"q1", "id", "q2"}, {"q1", "id", ""}, {"q1", "no", "x"}, {"q3", "expected", "x"}, {"q1", "expected", "\x00"}} {
		if err := table.Set(bad[0], bad[1], bad[2]); err == nil {
			t.Errorf("Set(%q) passed", bad)
		}
	}
	if got := string(table.Bytes()); got != styles["plain"] {
		t.Errorf("refused changes left %q", got)
	}
}

func TestAppend(t *testing.T) {
	for name, text := range styles {
		table := read(t, text)
		if err := table.Append(map[string]string{"id": "q7", "query": "a, b"}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again := read(t, string(table.Bytes()))
		if d := cmp.Diff(again.Cases, table.Cases); d != "" {
			t.Errorf("%s (-bytes +table):\n%s", name, d)
		}
	}
	table := read(t, styles["plain"])
	for _, bad := range []map[string]string{{"id": "q1"}, {"query": "x"}, {"id": "q8", "who": "x"}} {
		if err := table.Append(bad); err == nil {
			t.Errorf("Append(%v) passed", bad)
		}
	}
}

func TestNew(t *testing.T) {
	table, err := New("cases.csv", []string{"id", "a, b", "kind", "expected"}, spec)
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Append(map[string]string{"id": "q1", "a, b": "x"}); err != nil {
		t.Fatal(err)
	}
	if got, want := string(table.Bytes()), "id,\"a, b\",kind,expected\nq1,x,,\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The standard library's reader is the oracle: what Read accepts, it reads the
// same (it turns CRLF inside a quoted cell into LF, so that is evened out).
func FuzzRead(f *testing.F) {
	for _, text := range styles {
		f.Add([]byte(text))
	}
	f.Add([]byte("id,kind,expected\nq1,\"a\r\nb\",\"c\"\"\"\r\nq2,,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := Read("cases.csv", data, spec)
		if err != nil {
			if table != nil {
				t.Fatal("a table beside an error")
			}
			return
		}
		if got := table.Bytes(); !bytes.Equal(got, data) {
			t.Fatalf("got %q, want %q", got, data)
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), mark)))
		records, err := r.ReadAll()
		if err != nil {
			t.Fatalf("encoding/csv refuses %q: %v", data, err)
		}
		if len(records) != len(table.Cases)+1 {
			t.Fatalf("%d records, encoding/csv has %d", len(table.Cases)+1, len(records))
		}
		for i, c := range table.Cases {
			for j, name := range table.Header {
				got := table.rows[i].value(j)
				if strings.ReplaceAll(got, "\r\n", "\n") != records[i+1][j] {
					t.Fatalf("case %q, %s: got %q, encoding/csv has %q", c.ID, name, got, records[i+1][j])
				}
			}
		}
	})
}
