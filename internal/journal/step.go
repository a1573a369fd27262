package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Step is what a record says of the run as a whole: that it began, over which
// files, that it rests, goes on or ends.
type Step struct {
	Seq   int  `json:"seq"`
	Type  Type `json:"type"`
	Start struct {
		Target []string `json:"target"`
	} `json:"start"`
}

// Steps reads a journal for what hooks must know at every call of a tool.
// Attempts, which are nearly all of it, are passed over unread; anything odd
// is left to Load, which tells what a crash leaves from what is corrupt.
func Steps(path string) ([]Step, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	defer f.Close()
	if steps, err := quick(f); err == nil {
		return steps, nil
	}
	records, err := Load(path)
	steps := make([]Step, len(records))
	for i, r := range records {
		steps[i] = Step{Seq: r.Seq, Type: r.Type}
		if r.Start != nil {
			steps[i].Start.Target = r.Start.Target
		}
	}
	return steps, err
}

func quick(f io.Reader) ([]Step, error) {
	var steps []Step
	lines := bufio.NewReaderSize(f, 16<<10)
	for seq := 1; ; seq++ {
		line, err := lines.ReadSlice('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return steps, nil
		}
		if attempt(line, seq) {
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = lines.ReadSlice('\n')
			}
			if err != nil {
				return nil, err // its end is missing
			}
			continue
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			begun := bytes.Clone(line)
			line, err = lines.ReadBytes('\n')
			line = append(begun, line...)
		}
		if err != nil {
			return nil, err
		}
		var s Step
		if err := json.Unmarshal(line, &s); err != nil {
			return nil, err
		}
		if s.Seq != seq || s.Type == "" || s.Type == TypeStart && len(s.Start.Target) == 0 {
			return nil, fmt.Errorf("line %d is no step", seq)
		}
		steps = append(steps, s)
	}
}

// attempt reports whether a line begins as Append writes one that says nothing
// of the run as a whole.
func attempt(line []byte, seq int) bool {
	rest, ok := bytes.CutPrefix(line, fmt.Appendf(nil, `{"seq":%d,"type":"`, seq))
	if !ok {
		return false
	}
	name, _, _ := bytes.Cut(rest, []byte(`"`))
	switch Type(name) {
	case TypeIntent, TypeOutcome, TypeUndo, TypeEval, TypeNote:
		return true
	}
	return false
}
