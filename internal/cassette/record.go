package cassette

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// format begins a record's first line; the checksum of the rest follows.
const format = "autoresearch-cassette 1 "

// response is a recorded answer. Chunks are the lengths in which it arrived
// where that matters to the client: a stream of events.
type response struct {
	Kind   string      `json:"kind"` // "http"
	What   string      `json:"what"` // "POST api.openai.com/v1/responses"
	Made   time.Time   `json:"made"`
	Status int         `json:"status"`
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
	Chunks []int       `json:"chunks,omitempty"`
}

// errDamaged is a record that isn't what was written.
var errDamaged = errors.New("its content is not what was written")

func (s *Server) path(key string) string {
	return filepath.Join(s.options.Dir, "http", key[:2], key+".json")
}

// load gives a record, nil if there is none. One that is damaged is set aside.
func (s *Server) load(key string) *response {
	data, err := os.ReadFile(s.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var r response
	if err == nil {
		data, err = verified(data)
	}
	if err == nil {
		err = json.Unmarshal(data, &r)
	}
	if err != nil {
		s.problem(fmt.Sprintf("record %s is damaged (%v): set aside, the request is made anew", s.path(key), err))
		if err := os.Rename(s.path(key), s.path(key)+".damaged"); err != nil {
			s.problem(err.Error())
		}
		return nil
	}
	return &r
}

// verified gives a record's body if its checksum holds.
func verified(data []byte) ([]byte, error) {
	head, body, _ := bytes.Cut(data, []byte("\n"))
	sum := sha256.Sum256(body)
	if string(head) != format+hex.EncodeToString(sum[:]) {
		return nil, errDamaged
	}
	return body, nil
}

// save writes a record whole or not at all. It isn't synced: one that a power
// cut damages is made anew.
func (s *Server) save(key string, r *response) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	dir := filepath.Dir(s.path(key))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".tmp-") // mode 0600
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	_, err = f.WriteString(format + hex.EncodeToString(sum[:]) + "\n")
	if err == nil {
		_, err = f.Write(body)
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), s.path(key))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
