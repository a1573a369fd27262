package protocol

import (
	"strings"
	"testing"
)

// The whole answer is for a person: it is handed on, and no hash sees it.
func TestReadOutputsAnswer(t *testing.T) {
	read := func(line string) []Output {
		t.Helper()
		outs, err := ReadOutputs("outputs", strings.NewReader(line+"\n"), []string{"q1"})
		if err != nil {
			t.Fatal(err)
		}
		return outs
	}
	bare := read(`{"id": "q1", "output": ["a1"]}`)
	told := read(`{"id": "q1", "output": ["a1"], "answer": [{"id": "a1", "title": "<b>"}]}`)
	if got, want := string(told[0].Answer), `[{"id": "a1", "title": "<b>"}]`; got != want {
		t.Errorf("answer: got %s, want %s", got, want)
	}
	if bare[0].Answer != nil {
		t.Errorf("an answer where none was given: %s", bare[0].Answer)
	}
	if Hash(bare) != Hash(told) {
		t.Error("the answer changes the hash of the outputs")
	}
}
