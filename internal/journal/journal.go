package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// Journal is a journal that is open for appending. Only the holder of the
// experiment's lock may have one open; everybody else uses Load.
type Journal struct {
	mu       sync.Mutex
	file     *os.File
	size     int64
	records  []Record
	repaired *Repair
}

// Repair says what Open did to a last line that was only half written.
type Repair struct {
	Bytes int    // how much was set aside
	Aside string // the file that has it now; "" where only the line's end was missing
}

// CorruptError is a line that no crash of ours explains.
type CorruptError struct {
	Path string
	Line int
	Why  string
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("read journal %s:%d: %s", e.Path, e.Line, e.Why)
}

// Open opens a journal for appending and makes it where it is missing. A last
// line that was torn by a crash or a full disk is completed where only its
// end is missing, and otherwise set aside into a file beside the journal.
func Open(path string) (*Journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	j := &Journal{file: f}
	if err := j.load(path); err != nil {
		f.Close()
		return nil, err
	}
	return j, nil
}

func (j *Journal) load(path string) error {
	data, err := io.ReadAll(j.file)
	if err != nil {
		return fmt.Errorf("open journal: %w", err)
	}
	if len(data) == 0 {
		return syncDir(filepath.Dir(path)) // the file may be new
	}
	records, good, bad := parse(data)
	if bad != nil {
		if !torn(data[good:]) {
			bad.Path = path
			return bad
		}
		if err := j.setAside(path, data[good:]); err != nil {
			return fmt.Errorf("repair journal: %w", err)
		}
		if err := j.file.Truncate(int64(good)); err != nil {
			return fmt.Errorf("repair journal: %w", err)
		}
		data = data[:good]
	}
	if n := len(data); n > 0 && data[n-1] != '\n' {
		if _, err := j.file.Write([]byte("\n")); err != nil {
			return fmt.Errorf("repair journal: %w", err)
		}
		j.repaired = &Repair{}
		data = append(data, '\n')
	}
	if j.repaired != nil {
		if err := j.file.Sync(); err != nil {
			return fmt.Errorf("repair journal: %w", err)
		}
	}
	j.size, j.records = int64(len(data)), records
	return nil
}

func (j *Journal) setAside(path string, torn []byte) error {
	aside := fmt.Sprintf("%s.torn-%s", path, time.Now().UTC().Format("20060102T150405.000000000"))
	f, err := os.OpenFile(aside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(torn)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	j.repaired = &Repair{len(torn), aside}
	return syncDir(filepath.Dir(path))
}

// Repaired says what Open repaired, nil if nothing.
func (j *Journal) Repaired() *Repair { return j.repaired }

// Append writes one record with one write and one fsync: when it returns nil
// the record survives a power cut, and when it returns an error the journal
// is as it was. It numbers the record and dates it where it has no time.
func (j *Journal) Append(r Record) (Record, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	r.Seq = len(j.records) + 1
	if r.Time.IsZero() {
		r.Time = time.Now().UTC()
	}
	if err := r.check(); err != nil {
		return r, fmt.Errorf("append to journal: %w", err)
	}
	line, err := r.line()
	if err != nil {
		return r, fmt.Errorf("append to journal: %w", err)
	}
	info, err := j.file.Stat()
	if err != nil {
		return r, fmt.Errorf("append to journal: %w", err)
	}
	if info.Size() != j.size {
		return r, fmt.Errorf("append to journal: %s changed under us: %d bytes, want %d", j.file.Name(), info.Size(), j.size)
	}
	_, err = j.file.Write(line)
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		return r, fmt.Errorf("append to journal: %w", errors.Join(err, j.file.Truncate(j.size)))
	}
	j.size += int64(len(line))
	j.records = append(j.records, r)
	return r, nil
}

// Records returns all records, oldest first. They are not to be changed.
func (j *Journal) Records() []Record {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.records[:len(j.records):len(j.records)]
}

// Close closes the file.
func (j *Journal) Close() error { return j.file.Close() }

// Load reads a journal without changing it; a last line that is being
// written, or was torn, is left out. No journal is no records.
func Load(path string) ([]Record, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	records, good, bad := parse(data)
	if bad != nil && !torn(data[good:]) {
		bad.Path = path
		return nil, bad
	}
	return records, nil
}

// parse reads lines until one is bad; good is where that one begins.
func parse(data []byte) (records []Record, good int, bad *CorruptError) {
	for good < len(data) {
		line, _, ended := bytes.Cut(data[good:], []byte("\n"))
		r, err := decodeLine(line)
		if err == nil && r.Seq != len(records)+1 {
			err = fmt.Errorf("record %d, want %d: a line is missing or doubled", r.Seq, len(records)+1)
		}
		if err != nil {
			return records, good, &CorruptError{Line: len(records) + 1, Why: err.Error()}
		}
		records = append(records, r)
		good += len(line)
		if ended {
			good++
		}
	}
	return records, good, nil
}

// torn reports whether what begins with a bad line can be one write that a
// crash cut short: it is the last line, and no complete JSON. A file system
// may also have grown the file and not filled it: NULs.
func torn(rest []byte) bool {
	rest = bytes.TrimRight(rest, "\n\x00")
	return bytes.IndexByte(rest, '\n') < 0 && (len(rest) == 0 || !json.Valid(rest))
}

func decodeLine(line []byte) (Record, error) {
	var r Record
	if err := r.UnmarshalJSON(line); err != nil { // not through json.Unmarshal, which would read the line twice more
		return Record{}, err
	}
	return r, r.check()
}

func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
