package git

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// Look is what git's list of differences rests on: while HEAD holds the same,
// the sums of two looks are equal, and the touched files hold the same, git
// would name the same paths. It needs no process.
type Look struct {
	Sum     string
	Touched []string // tracked files that are not, by time, size or kind, what the index says: only their content tells
	Within  []string // tracked files in Bounds.Folder
}

// Bounds are where a look ends.
type Bounds struct {
	Folder  string                 // of the top level, that is not looked into
	Ignored []string               // folders that git ignores as a whole; they end in a slash
	Skip    func(path string) bool // what happens to these paths says nothing
}

// errOddTree is a work tree that only git should look at.
var errOddTree = errors.New("no plain work tree")

// mostNames is how many names beside the tracked ones a look takes in.
const mostNames = 20_000

// Look looks at the work tree without git: at the index, at every tracked
// file's times, at the names in every folder that isn't ignored, at the rules of
// what is ignored. It is an error wherever that is not plain: submodules, files
// that git was told not to look at, a merge that is half done.
func (c *Client) Look(ctx context.Context, b Bounds) (Look, error) {
	l := &looker{Bounds: b, ctx: ctx, top: c.Dir, folders: map[string]*folder{"": {}}, free: make(chan struct{}, runtime.GOMAXPROCS(0))}
	sum := sha256.New()
	var err error
	if l.written, err = c.walkIndex(ctx, func(x *indexReader) { l.entry(x, sum) }); err != nil {
		return Look{}, err
	}
	sum.Write(l.summed)
	if l.err == nil {
		l.descend("")
		l.busy.Wait()
	}
	for path, f := range l.folders {
		if !f.seen && l.err == nil {
			l.err = fmt.Errorf("%w: %s is no folder any more", errOddTree, path)
		}
	}
	if l.err != nil {
		return Look{}, l.err
	}
	if err := l.rules(ctx, c); err != nil {
		return Look{}, err
	}
	for _, list := range [][]string{l.notes, b.Ignored} {
		list = slices.Sorted(slices.Values(list))
		fmt.Fprintf(sum, "%d\x00%s\x00", len(list), strings.Join(list, "\x00"))
	}
	slices.Sort(l.touched)
	return Look{Sum: hex.EncodeToString(sum.Sum(nil)), Touched: l.touched, Within: l.within}, nil
}

// folder is what the index has in one: runs of its entries, which those of
// folders within it part.
type folder struct {
	runs [][2]int
	seen bool
}

// tracked is a file as the index knows it. Its path lies in looker.paths.
type tracked struct {
	at, base, end int // the path, where its name begins, the NUL behind it
	start         [entryStart]byte
}

// looker is one look.
type looker struct {
	Bounds
	ctx     context.Context
	top     string
	folders map[string]*folder
	files   []tracked
	paths   []byte    // of all files, each with a NUL behind it
	written time.Time // of the index
	within  []string
	last    string // folder of the newest entry
	summed  []byte // not yet in the sum

	free    chan struct{} // as many folders are read at a time as there are processors
	busy    sync.WaitGroup
	mu      sync.Mutex
	notes   []string // names that the index doesn't have, and rules
	touched []string
	err     error
}

// entry takes in an entry of the index.
func (l *looker) entry(x *indexReader, sum hash.Hash) {
	if l.Folder != "" && bytes.HasPrefix(x.path, []byte(l.Folder+"/")) {
		l.within = append(l.within, string(x.path))
	}
	const merging, submodule = 0x3000, 0o160000
	if x.hidden() || x.flags[0]&merging != 0 || binary.BigEndian.Uint32(x.start[24:]) == submodule {
		l.err = errOddTree
		return
	}
	if l.Skip(string(x.path)) {
		return
	}
	if l.files == nil {
		l.files, l.paths = make([]tracked, 0, x.count), make([]byte, 0, 64*x.count)
	}
	t := tracked{at: len(l.paths), end: len(l.paths) + len(x.path), start: x.start}
	t.base = t.at + bytes.LastIndexByte(x.path, '/') + 1
	l.paths = append(append(l.paths, x.path...), 0)
	l.summed = append(append(l.summed, x.path...), 0)
	l.summed = binary.BigEndian.AppendUint32(l.summed, uint32(x.flags[0])<<16|uint32(x.flags[1]))
	l.summed = append(append(l.summed, x.start[24:28]...), x.start[40:]...)
	if len(l.summed) > 1<<15 {
		sum.Write(l.summed)
		l.summed = l.summed[:0]
	}
	l.files = append(l.files, t)
	dir := x.path[:max(t.base-t.at-1, 0)]
	n, f := len(l.files), l.folders[l.last]
	if string(dir) != l.last {
		l.last = string(dir)
		f = l.folder(l.last)
	}
	if last := len(f.runs) - 1; last >= 0 && f.runs[last][1] == n-1 {
		f.runs[last][1] = n
	} else {
		f.runs = append(f.runs, [2]int{n - 1, n})
	}
}

// has says that the index has a file of that name in a folder.
func (l *looker) has(f *folder, name []byte) bool {
	for _, run := range f.runs {
		if _, ok := slices.BinarySearchFunc(l.files[run[0]:run[1]], name, func(t tracked, name []byte) int {
			return bytes.Compare(l.paths[t.base:t.end], name)
		}); ok {
			return true
		}
	}
	return false
}

// folder makes a folder and those that it lies in.
func (l *looker) folder(dir string) *folder {
	f := l.folders[dir]
	if f == nil {
		f = &folder{}
		l.folders[dir] = f
		at := max(strings.LastIndexByte(dir, '/'), 0)
		l.folder(dir[:at])
	}
	return f
}

func (l *looker) descend(dir string) {
	l.busy.Go(func() {
		l.free <- struct{}{}
		defer func() { <-l.free }()
		err := l.ctx.Err()
		if err == nil {
			err = l.read(dir)
		}
		if err != nil {
			l.mu.Lock()
			l.err = err
			l.mu.Unlock()
		}
	})
}

// read looks at one folder: the names in it, and the times of tracked files.
func (l *looker) read(dir string) error {
	f, err := os.Open(filepath.Join(l.top, filepath.FromSlash(dir)))
	if err != nil {
		return err
	}
	defer f.Close()
	has := l.folders[dir]
	if has == nil {
		has = &folder{}
	}
	has.seen = true
	var notes []string
	err = list(f, func(name []byte, kind fs.FileMode) error {
		note, err := l.name(dir, name, kind, has)
		if note != "" {
			notes = append(notes, note)
		}
		return err
	})
	if err != nil {
		return err
	}
	touched, err := l.stray(f, has)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.notes = append(l.notes, notes...)
	l.touched = append(l.touched, touched...)
	if len(l.notes) > mostNames {
		return errOddTree
	}
	return err
}

// name is what is to be noted of a name in a folder; "" for a tracked one.
func (l *looker) name(dir string, base []byte, kind fs.FileMode, has *folder) (string, error) {
	rules := string(base) == ".gitignore" && kind.IsRegular()
	if !rules && !kind.IsDir() && l.has(has, base) || string(base) == ".git" || dir == "" && string(base) == l.Folder {
		return "", nil
	}
	path := string(base)
	if dir != "" {
		path = dir + "/" + path
	}
	switch {
	case rules:
		data, err := os.ReadFile(filepath.Join(l.top, filepath.FromSlash(path)))
		return fmt.Sprintf("%s rules %s", path, data), err
	case kind.IsDir() && l.folders[path] != nil:
		l.descend(path)
		return "", nil
	case l.Skip(path):
		return "", nil
	case kind.IsDir():
		if !slices.Contains(l.Ignored, path+"/") {
			l.descend(path)
		}
		return path + "/", nil
	}
	return path + " " + kind.String(), nil
}

// rules notes what else decides over what git ignores and looks at.
func (l *looker) rules(ctx context.Context, c *Client) error {
	own, err := c.GitDir(ctx)
	if err != nil {
		return err
	}
	common, err := c.CommonDir(ctx)
	if err != nil {
		return err
	}
	files := []string{
		filepath.Join(common, "info", "exclude"), filepath.Join(common, "info", "attributes"),
		filepath.Join(common, "config"), filepath.Join(own, "config.worktree"), "/etc/gitconfig",
	}
	if home, err := os.UserHomeDir(); err == nil {
		files = append(files, filepath.Join(home, ".gitconfig"), filepath.Join(home, ".config", "git", "config"), filepath.Join(home, ".config", "git", "ignore"))
	}
	if dir := os.Getenv("XDG_CONFIG_HOME"); dir != "" {
		files = append(files, filepath.Join(dir, "git", "config"), filepath.Join(dir, "git", "ignore"))
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		l.notes = append(l.notes, fmt.Sprintf("%s rules %s", file, data))
	}
	for _, variable := range environment(os.Environ()) {
		if strings.HasPrefix(variable, "GIT_CONFIG") {
			l.notes = append(l.notes, variable)
		}
	}
	return nil
}
