//go:build unix

package git

import (
	"io/fs"
	"os"
	"sync"
	"syscall"
)

// keepOwner gives a replacement the owner and group of what it replaces,
// where this user may.
func keepOwner(tmp *os.File, old fs.FileInfo) {
	if st, ok := old.Sys().(*syscall.Stat_t); ok {
		_ = tmp.Chown(int(st.Uid), int(st.Gid))
	}
}

// umask is read once: reading it means setting it for an instant.
var umask = sync.OnceValue(func() fs.FileMode {
	mask := syscall.Umask(0o077)
	syscall.Umask(mask)
	return fs.FileMode(mask)
})

// own says that a path is this user's, and on which device: git works in no
// other's repository without being told to, and looks for none beyond a mount.
func own(path string) (device uint64, ok bool) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return uint64(st.Dev), int(st.Uid) == os.Geteuid()
}
