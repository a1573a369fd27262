package command

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/loop"
	"autoresearch-skill/internal/screen"
	"autoresearch-skill/internal/state"
)

// Where outcomes are remembered, in the state folder.
const (
	probeMemory    = "probe.jsonl"
	couplingMemory = "coupling.jsonl"
)

// memory is a measurement's outcomes in the state folder: a line for the state
// of the repository that they belong to, then a line each.
type memory struct {
	file  string
	known map[string]screen.Outcome
	used  int // outcomes that were asked for, and known
}

type remembered struct {
	Key     string         `json:"key"`
	Outcome screen.Outcome `json:"outcome"`
}

// recall opens the outcomes of this very state; those of another are dropped.
func recall(c *cli.Context, b *loop.Bench, p *loop.Place, name string) (*memory, error) {
	scope, err := scopeOf(c, b, p)
	if err != nil {
		return nil, err
	}
	m := &memory{file: p.State.File(name), known: map[string]screen.Outcome{}}
	data, err := os.ReadFile(m.file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	first, rest, _ := bytes.Cut(data, []byte("\n"))
	if string(first) != scope || c.Bool("again") {
		return m, state.WriteFile(m.file, []byte(scope+"\n"), 0o600)
	}
	for lines := bufio.NewScanner(bytes.NewReader(rest)); lines.Scan(); {
		var r remembered
		if json.Unmarshal(lines.Bytes(), &r) == nil { // a torn last line is measured again
			m.known[r.Key] = r.Outcome
		}
	}
	return m, nil
}

// scopeOf names what an outcome depends on beside the target: the commit, what
// differs from it, the contract.
func scopeOf(c *cli.Context, b *loop.Bench, p *loop.Place) (string, error) {
	head, err := p.Git.Head(c.Context)
	if err != nil {
		return "", err
	}
	dirt, err := b.Dirt(c.Context)
	if err != nil {
		return "", err
	}
	// Of the harnesses only these are measured with; probe and next write the rest.
	maps.DeleteFunc(dirt, func(name, _ string) bool { return strings.HasPrefix(name, path.Dir(p.Harness)+"/") })
	var files []string
	for _, file := range []string{p.Path(loop.ContractFile), filepath.Join(p.Top, filepath.FromSlash(p.CasesPath()))} {
		data, err := os.ReadFile(file)
		if err != nil && p.CasesPath() != "" {
			return "", err
		}
		files = append(files, string(data))
	}
	data, err := json.Marshal([]any{head, dirt, files})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

func (m *memory) Recall(key string) (screen.Outcome, bool) {
	o, ok := m.known[key]
	if ok {
		m.used++
	}
	return o, ok
}

// about is what is remembered of a version, or else measured: content by path,
// nothing for what stands in the work tree.
func (m *memory) about(content map[string][]byte, measure func() (screen.Outcome, error)) (screen.Outcome, error) {
	data, err := json.Marshal(content) // its keys in order
	if err != nil {
		return screen.Outcome{}, err
	}
	sum := sha256.Sum256(data)
	key := hex.EncodeToString(sum[:])
	if o, ok := m.Recall(key); ok {
		return o, nil
	}
	o, err := measure()
	if err != nil {
		return screen.Outcome{}, err
	}
	return o, m.Keep(key, o)
}

func (m *memory) Keep(key string, o screen.Outcome) error {
	line, err := json.Marshal(remembered{key, o})
	if err != nil {
		return err
	}
	f, err := os.OpenFile(m.file, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep an outcome: %w", err)
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}
