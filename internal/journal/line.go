package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// plain is Record without its methods.
type plain Record

var known = map[string]bool{
	"seq": true, "type": true, "n": true, "time": true, "start": true, "intent": true, "outcome": true,
	"undo": true, "eval": true, "note": true, "finish": true,
}

// UnmarshalJSON keeps the fields that it doesn't know in Extra.
func (r *Record) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, (*plain)(r)); err != nil {
		return err
	}
	r.Extra = nil
	if !stranger(data) {
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	for name, value := range fields {
		if !known[name] {
			if r.Extra == nil {
				r.Extra = map[string]json.RawMessage{}
			}
			r.Extra[name] = value
		}
	}
	return nil
}

// stranger reports whether a valid JSON object has a key that is not known,
// or one that cannot be compared byte by byte. It spares almost every line a
// second parse.
func stranger(object []byte) bool {
	depth, key := 0, -1 // where a string that may be a key began
	for i := 0; i < len(object); i++ {
		switch object[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ':':
			if depth == 1 && key >= 0 && !known[string(object[key:bytes.LastIndexByte(object[:i], '"')])] {
				return true
			}
			key = -1
		case '"':
			key = i + 1
			for i++; i < len(object) && object[i] != '"'; i++ {
				if object[i] == '\\' {
					i++
				}
			}
		}
	}
	return false
}

// MarshalJSON writes Extra after the fields that it knows.
func (r Record) MarshalJSON() ([]byte, error) {
	data, err := marshal(plain(r))
	if err != nil || len(r.Extra) == 0 {
		return data, err
	}
	out := bytes.NewBuffer(data[:len(data)-1])
	for _, name := range slices.Sorted(maps.Keys(r.Extra)) {
		if known[name] {
			continue
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(out, ",%s:%s", key, r.Extra[name])
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// line is the record as it stands in the file; JSON has no raw line break in it.
func (r Record) line() ([]byte, error) {
	data, err := marshal(r)
	return append(data, '\n'), err
}

// check refuses a record without the payload that its type names. A type
// that this version doesn't know is let through: a newer one wrote it.
func (r Record) check() error {
	missing := false
	switch r.Type {
	case TypeStart:
		missing = r.Start == nil
	case TypeIntent:
		missing = r.Intent == nil
	case TypeOutcome:
		missing = r.Outcome == nil
	case TypeUndo:
		missing = r.Undo == nil
	case TypeEval:
		missing = r.Eval == nil
	case TypeNote:
		missing = r.Note == nil
	case TypeFinish:
		missing = r.Finish == nil
	case "":
		return fmt.Errorf("a record without a type")
	}
	if missing {
		return fmt.Errorf("a record of type %q without its %q", r.Type, r.Type)
	}
	return nil
}
