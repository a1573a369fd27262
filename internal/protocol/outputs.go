package protocol

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Output is what the system gave for one case: an output, or the error that it
// raised.
type Output struct {
	ID      string          `json:"id"`
	Output  json.RawMessage `json:"output,omitempty"`
	Seconds float64         `json:"seconds,omitempty"`
	Timed   bool            `json:"-"` // Seconds was given
	Error   string          `json:"error,omitempty"`
	// Answer is the whole answer, for a person who labels; only where the
	// evaluation was asked for it. No metric looks at it.
	Answer json.RawMessage `json:"answer,omitempty"`
}

// ReadOutputs reads the outputs of `run`, one JSON object a line, and returns
// them in the order of ids. Each id has exactly one line; the lines may come in
// any order. The error is an *Error, or the reader's.
func ReadOutputs(name string, r io.Reader, ids []string) ([]Output, error) {
	at := make(map[string]int, len(ids))
	for n, id := range ids {
		at[id] = n
	}
	outs, lines := make([]Output, len(ids)), make([]int, len(ids))
	err := eachLine(name, r, func(line int, data []byte) error {
		o, err := readOutput(data)
		if err != nil {
			return located(Error{File: name, Line: line, Case: o.ID}, err)
		}
		n, known := at[o.ID]
		if !known {
			return &Error{File: name, Line: line, Want: fmt.Sprintf("one of the %d cases asked for", len(ids)), Got: fmt.Sprintf("case %q", o.ID)}
		}
		if lines[n] > 0 {
			return &Error{File: name, Line: line, Case: o.ID, Want: "one line a case", Got: fmt.Sprintf("a second one after line %d", lines[n])}
		}
		outs[n], lines[n] = o, line
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := complete(name, ids, lines); err != nil {
		return nil, err
	}
	return outs, nil
}

func complete(name string, ids []string, lines []int) error {
	var missing []string
	for n, id := range ids {
		if lines[n] == 0 {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return &Error{File: name, Want: fmt.Sprintf("%d cases", len(ids)),
		Got: fmt.Sprintf("%d: missing are %s", len(ids)-len(missing), some(missing))}
}

// readOutput returns the id it found also with an error, for the message.
func readOutput(line []byte) (Output, error) {
	if err := checkJSON(line); err != nil {
		return Output{}, err
	}
	o, err := readObject(line, "id", "output", "seconds", "error", "answer")
	if err != nil {
		return Output{}, err
	}
	var out Output
	if out.ID, err = o.text("id"); err != nil {
		return Output{}, err
	}
	_, hasError := o["error"]
	raw, hasOutput := o["output"]
	if hasError == hasOutput {
		return out, deviation(`either "output" or "error"`, "%s", map[bool]string{true: "both", false: "neither"}[hasError])
	}
	if _, timed := o["seconds"]; timed {
		if out.Seconds, err = o.number("seconds"); err != nil {
			return out, err
		}
		if out.Timed = true; out.Seconds < 0 {
			return out, deviation("seconds from 0 on", "%v", out.Seconds)
		}
	}
	if hasError {
		if out.Error, err = o.text("error"); err == nil && strings.TrimSpace(out.Error) == "" {
			out.Error = "(no message)"
		}
		return out, err
	}
	out.Output = bytes.Clone(bytes.TrimSpace(raw))
	out.Answer = bytes.Clone(bytes.TrimSpace(o["answer"]))
	return out, nil
}
