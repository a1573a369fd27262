package state

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestLockNamesItsHolder(t *testing.T) {
	d := Dir{t.TempDir()}
	ctx := t.Context()
	l, err := d.Lock(ctx, "try -m x", 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Lock(ctx, "start", 60*time.Millisecond)
	var held *HeldError
	if !errors.As(err, &held) || !errors.Is(err, ErrHeld) || held.Holder.PID != os.Getpid() || held.Holder.Command != "try -m x" {
		t.Errorf("got %v, want the holder's name", err)
	}
	if h, ok, err := d.Held(); !ok || h.Command != "try -m x" || err != nil {
		t.Errorf("Held: got %+v, %v, %v", h, ok, err)
	}
	stop, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := d.Lock(stop, "start", time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	time.AfterFunc(100*time.Millisecond, func() { l.Unlock() })
	second, err := d.Lock(ctx, "second", time.Minute)
	if err != nil {
		t.Fatalf("the second didn't get it after the first: %v", err)
	}
	if l.Died || second.Died {
		t.Error("a holder that let go is taken for a dead one")
	}
	if err := second.Unlock(); err != nil {
		t.Error(err)
	}
	if _, ok, err := d.Held(); ok || err != nil {
		t.Errorf("still held: %v", err)
	}
}

// A dead holder's lock is free at once, and its signature is overwritten.
func TestADeadHoldersLockIsTakenOver(t *testing.T) {
	d := Dir{t.TempDir()}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "STATE_TEST_HOLD="+d.Path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out.Read(make([]byte, 1)) // it has the lock
	_, err = d.Lock(t.Context(), "us", 0)
	var held *HeldError
	if !errors.As(err, &held) || held.Holder.PID != cmd.Process.Pid {
		t.Errorf("got %v, want process %d as the holder", err, cmd.Process.Pid)
	}
	cmd.Process.Kill()
	cmd.Wait()
	l, err := d.Lock(t.Context(), "us", 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Unlock()
	if !l.Died {
		t.Error("nothing says that the last holder was killed")
	}
	if h := d.Holder(); h.PID != os.Getpid() {
		t.Errorf("got holder %+v", h)
	}
}

// TestMain plays the processes that are killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("STATE_TEST_HOLD"); dir != "" {
		if _, err := (Dir{dir}).Lock(context.Background(), "doomed", 0); err != nil {
			os.Exit(1)
		}
		os.Stdout.Write([]byte("."))
		time.Sleep(time.Minute)
	}
	if path := os.Getenv("STATE_TEST_WRITE"); path != "" {
		os.Stdout.Write([]byte(".")) // the clock of the kill starts here
		for i := 0; ; i++ {
			if err := WriteFile(path, version(i), 0o600); err != nil {
				os.Exit(1)
			}
		}
	}
	os.Exit(m.Run())
}

// version is content of which every part tells the number.
func version(i int) []byte {
	return []byte(strings.Repeat(strconv.Itoa(i)+"\n", 2000+i%1000))
}

func TestWriteFileKilledAtAnyPoint(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	seen := map[string]bool{}
	for point := range 60 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "STATE_TEST_WRITE="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		out.Read(make([]byte, 1))
		time.Sleep(time.Duration(point*7%40) * 500 * time.Microsecond)
		cmd.Process.Kill()
		cmd.Wait()
		data, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			continue // killed before the first
		}
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(data), "\n")
		i, err := strconv.Atoi(first)
		if err != nil || string(data) != string(version(i)) {
			t.Fatalf("point %d: torn: %d bytes that begin with %q", point, len(data), first)
		}
		seen[first] = true
	}
	if len(seen) < 3 {
		t.Errorf("only %d versions were seen: the kills didn't fall into the writing", len(seen))
	}
	if err := Sweep(dir); err != nil {
		t.Error(err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left after Sweep: %v", entries)
	}
}
