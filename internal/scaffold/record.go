package scaffold

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
)

// recordFile stands in the harness folder and holds the hash of every file as
// it was last rendered, so that an edit by the user is recognised.
const (
	recordFile    = ".rendered.json"
	recordVersion = 1
)

type record struct {
	Version    int               `json:"version"`
	Program    string            `json:"program,omitempty"`    // the version that rendered them
	Standalone bool              `json:"standalone,omitempty"` // a loop without the referee
	Files      map[string]string `json:"files"`                // by name in the harness folder
}

// readRecord returns an empty record where there is none.
func readRecord(root *os.Root, harness string) (record, error) {
	file := path.Join(harness, recordFile)
	w, err := look(root, File{Path: file})
	if err != nil || !w.existed {
		return record{}, err
	}
	var r record
	if err := json.Unmarshal(w.old, &r); err != nil {
		return record{}, fmt.Errorf("read %s: %w: remove it, and every differing file counts as edited", file, err)
	}
	if r.Version > recordVersion {
		return record{}, fmt.Errorf("read %s: version %d, this program knows %d: update it", file, r.Version, recordVersion)
	}
	return r, nil
}

// sisters says that another experiment of the same folder rendered a file to
// this hash: a Go package holds the half of one, and nobody has edited it.
func sisters(root *os.Root, harness, name, sum string) bool {
	folder := path.Dir(harness)
	entries, err := fs.ReadDir(root.FS(), folder)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		r, err := readRecord(root, path.Join(folder, e.Name()))
		return err == nil && r.Files[name] == sum
	})
}

func (r record) marshal() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil { // two plain fields always encode
		panic(err)
	}
	return b.Bytes()
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}
