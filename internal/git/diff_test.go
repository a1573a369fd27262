package git

import (
	"bytes"
	"os"
	"testing"
	"time"
)

// An edit of the same length, with the very time that the index remembers, is
// no edit to a git that trusts a younger index: the diff must see it.
func TestDiffSeesASameLengthEditWithinTheSameSecond(t *testing.T) {
	r := newRepo(t, "")
	// The index was written before the time that it remembers of the file, as
	// after a write of ours, which dates files ahead.
	at := time.Now().Add(2 * time.Second).Truncate(time.Second)
	r.write("src/target.py", "a = 2\n")
	if err := os.Chtimes(r.path("src/target.py"), at, at); err != nil {
		t.Fatal(err)
	}
	r.git("commit", "--quiet", "-m", "second", "--", "src/target.py")
	r.write("src/target.py", "a = 3\n")
	if err := os.Chtimes(r.path("src/target.py"), at, at); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Until(at.Add(1100 * time.Millisecond))) // a copy made now is younger than the file
	patch, err := r.Diff(t.Context(), "HEAD", "", "src/target.py")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(patch, []byte("+a = 3")) {
		t.Errorf("got %q, want the edit in it", patch)
	}
}
