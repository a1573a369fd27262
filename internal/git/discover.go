package git

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// discover is Open without a git process, for the repository that nearly all
// are: .git is a folder of this user's at the top of the work tree, and neither
// its configuration nor the environment says anything of where things lie.
// nil wherever that is not plain to see, and git is asked. What git refuses
// (a file that it can't read, a newer format), the next git refuses.
func discover(dir string) *Client {
	for _, name := range []string{"GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"} {
		if _, set := os.LookupEnv(name); set {
			return nil
		}
	}
	if _, err := exec.LookPath("git"); err != nil {
		return nil
	}
	top, err := filepath.EvalSymlinks(dir)
	if err == nil {
		top, err = filepath.Abs(top)
	}
	if err != nil {
		return nil
	}
	device, _ := own(top)
	for ; ; top = filepath.Dir(top) {
		_, err := os.Lstat(filepath.Join(top, "HEAD"))
		if at, ok := own(top); !ok || at != device || !errors.Is(err, fs.ErrNotExist) {
			return nil // somebody else's, beyond a mount, a bare repository or git's own folder
		}
		dot := filepath.Join(top, ".git")
		info, err := os.Lstat(dot)
		switch {
		case errors.Is(err, fs.ErrNotExist) && top != filepath.Dir(top):
			continue
		case err == nil && info.IsDir() && plain(dot):
			return &Client{Dir: top, gitDir: dot, commonDir: dot}
		}
		return nil
	}
}

// plain says that a .git folder is a whole repository's, and that its
// configuration moves nothing.
func plain(dot string) bool {
	if _, ok := own(dot); !ok {
		return false
	}
	for name, want := range map[string]bool{"HEAD": true, "objects": true, "refs": true, "commondir": false, "config.worktree": false} {
		if _, err := os.Lstat(filepath.Join(dot, name)); (err == nil) != want {
			return false
		}
	}
	config, err := os.ReadFile(filepath.Join(dot, "config"))
	if err != nil {
		return false
	}
	config = bytes.ToLower(config)
	for _, word := range []string{"worktree", "include"} {
		if bytes.Contains(config, []byte(word)) {
			return false
		}
	}
	bare := bytes.Count(config, []byte("bare"))
	return bare == bytes.Count(config, []byte("bare = false"))
}
