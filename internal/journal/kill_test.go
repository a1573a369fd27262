//go:build unix

package journal

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain plays the processes that are killed or run out of space.
func TestMain(m *testing.M) {
	if path := os.Getenv("JOURNAL_TEST_APPEND"); path != "" {
		appendForEver(path)
	}
	if path := os.Getenv("JOURNAL_TEST_FULL"); path != "" {
		appendUntilFull(path)
	}
	os.Exit(m.Run())
}

// appendForEver says which record is in the journal only after Append did.
func appendForEver(path string) {
	j, err := Open(path)
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	fmt.Println(len(j.Records())) // the clock of the kill starts here
	for {
		r, err := j.Append(Record{Type: TypeNote, Note: &Note{Text: strings.Repeat("x", len(j.Records())%5000)}})
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		fmt.Println(r.Seq)
	}
}

func TestAppendKilledAtAnyPoint(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	total, grew := 0, 0
	for point := range 100 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "JOURNAL_TEST_APPEND="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		said, first := total, true
		for lines := bufio.NewScanner(out); lines.Scan(); first = false {
			if first {
				time.AfterFunc(time.Duration(point*13%100)*100*time.Microsecond, func() { cmd.Process.Kill() })
			}
			if said, err = strconv.Atoi(lines.Text()); err != nil {
				t.Fatalf("point %d: %s", point, lines.Text())
			}
		}
		cmd.Wait()
		records, err := Load(path) // also checks that the numbers are 1, 2, 3 …
		if err != nil {
			t.Fatalf("point %d: %v", point, err)
		}
		if len(records) < said || len(records) > said+1 {
			t.Fatalf("point %d: %d records, but %d were confirmed", point, len(records), said)
		}
		if len(records) > total {
			grew++
		}
		total = len(records)
	}
	if grew < 20 {
		t.Errorf("only %d of 100 kills fell into the writing", grew)
	}
}

// appendUntilFull meets a limit of the file's size, then the space is back.
func appendUntilFull(path string) {
	signal.Ignore(syscall.SIGXFSZ)
	var old syscall.Rlimit
	syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old)
	limit := old
	limit.Cur = 1000
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		fmt.Println("skip", err)
		os.Exit(0)
	}
	j, err := Open(path)
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	for err == nil {
		_, err = j.Append(Record{Type: TypeNote, Note: &Note{Text: strings.Repeat("x", 200)}})
	}
	fmt.Println(len(j.Records()), err)
	syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old)
	if r, err := j.Append(Record{Type: TypeNote, Note: &Note{Text: "again"}}); err != nil {
		fmt.Println("error", err)
	} else {
		fmt.Println(r.Seq)
	}
	os.Exit(0)
}

func TestAFullDiskLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "JOURNAL_TEST_FULL="+path)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if strings.HasPrefix(string(out), "skip") {
		t.Skip(string(out))
	}
	var before, after int
	first, second, _ := strings.Cut(string(out), "\n")
	if _, err := fmt.Sscan(first, &before); err != nil || !strings.Contains(first, "file too large") {
		t.Fatalf("got %q, want the write to fail", out)
	}
	if _, err := fmt.Sscan(second, &after); err != nil || before == 0 || after != before+1 {
		t.Errorf("got %q, want an append after the space is back", out)
	}
	if records, err := Load(path); err != nil || len(records) != after {
		t.Errorf("got %d records, %v, want %d", len(records), err, after)
	}
}
