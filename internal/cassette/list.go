package cassette

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Entry is one record, whoever wrote it.
type Entry struct {
	Key     string    `json:"key"`
	Slot    string    `json:"slot"` // shared, or one repetition's own
	Kind    string    `json:"kind"` // call | http
	What    string    `json:"what"` // the function, or method, host and path
	Made    time.Time `json:"made"`
	Bytes   int64     `json:"bytes"`
	Damaged bool      `json:"damaged,omitempty"`
	path    string
}

// List reads the records below an experiment's cassettes folder, in the
// order of their paths; none where there is no folder.
func List(dir string) ([]Entry, error) {
	out := []Entry{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // none yet, or cleared meanwhile
		}
		if err != nil || d.IsDir() {
			return err
		}
		name, damaged := strings.CutSuffix(d.Name(), ".damaged")
		key, ok := strings.CutSuffix(name, ".json")
		if !ok {
			return nil
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		e := Entry{Key: key, Slot: strings.Split(filepath.ToSlash(rel), "/")[0], Damaged: damaged, path: path}
		out = append(out, e.read())
		return nil
	})
	return out, err
}

// read fills in what stands in the file.
func (e Entry) read() Entry {
	data, err := os.ReadFile(e.path)
	e.Bytes = int64(len(data))
	if err == nil {
		data, err = verified(data)
	}
	var said struct {
		Kind, What string
		Made       time.Time
	}
	if err != nil || json.Unmarshal(data, &said) != nil {
		e.Damaged = true
		return e
	}
	e.Kind, e.What, e.Made = said.Kind, said.What, said.Made
	return e
}

// Content is the record as JSON: what was answered, never what was asked.
func (e Entry) Content() (json.RawMessage, error) {
	data, err := os.ReadFile(e.path)
	if err != nil {
		return nil, err
	}
	return verified(data)
}

// Clear removes every record below the folder, and the folder.
func Clear(dir string) error { return os.RemoveAll(dir) }
