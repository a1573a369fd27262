package state

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// CommandsHash identifies the commands that a contract would run. The lengths
// are hashed too, so that no two lists run together.
func CommandsHash(commands []string) string {
	h := sha256.New()
	for _, c := range commands {
		fmt.Fprintf(h, "%d:%s\n", len(c), c)
	}
	return hex.EncodeToString(h.Sum(nil))
}

type confirmation struct {
	Commands []string  `json:"commands"`
	At       time.Time `json:"at"`
}

// Trusts reports whether this user has confirmed exactly these commands, or
// had them rendered by this program.
func (d Dir) Trusts(commands []string) (bool, error) {
	known, err := d.confirmed()
	_, ok := known[CommandsHash(commands)]
	return ok && err == nil, err
}

// Trust remembers that these commands may run.
func (d Dir) Trust(commands []string) error {
	known, err := d.confirmed()
	if err != nil {
		return err
	}
	known[CommandsHash(commands)] = confirmation{commands, time.Now().UTC()}
	data, err := json.MarshalIndent(known, "", "  ")
	if err != nil {
		return fmt.Errorf("trust commands: %w", err)
	}
	return WriteFile(d.File("trust.json"), append(data, '\n'), 0o600)
}

func (d Dir) confirmed() (map[string]confirmation, error) {
	known := map[string]confirmation{}
	data, err := os.ReadFile(d.File("trust.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return known, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &known)
	}
	if err != nil {
		return nil, fmt.Errorf("read what is trusted: %w", err)
	}
	return known, nil
}
