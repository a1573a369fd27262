//go:build amd64 || arm64

package git

import (
	"encoding/binary"
	"os"
	"syscall"
	"time"
	"unsafe"
)

// emptyBlob is how the index names a file of no bytes.
const emptyBlob = "\xe6\x9d\xe2\x9b\xb2\xd1\xd6\x43\x4b\x8b\x29\xae\x77\x5a\xd8\xc2\xe4\x8c\x53\x91"

// stray lists the files of a folder that are not what the index says of them.
// One that was changed no earlier than the index was written may have changed
// again since within one tick of the clock, and is listed too.
func stray(dir *os.File, files []tracked, written time.Time) ([]string, error) {
	fd := dir.Fd()
	var touched []string
	for i := range files {
		var st syscall.Stat_t
		t := &files[i]
		name := unsafe.Pointer(unsafe.StringData(t.path[t.base:]))
		// Relative to the folder: walking each path from the top takes half as long again.
		_, _, errno := syscall.Syscall6(sysFstatat, fd, uintptr(name), uintptr(unsafe.Pointer(&st)), atSymlinkNofollow, 0, 0)
		switch {
		case errno == 0 && t.is(&st) && time.Unix(st.Mtim.Unix()).Before(written):
		case errno == 0 || errno == syscall.ENOENT:
			touched = append(touched, t.path[:len(t.path)-1])
		default:
			return nil, errno
		}
	}
	return touched, nil
}

const atSymlinkNofollow = 0x100

// is compares all that the index has of a file but its device, which a
// network file system may number anew.
func (t *tracked) is(st *syscall.Stat_t) bool {
	at := func(n int) uint32 { return binary.BigEndian.Uint32(t.start[n:]) }
	mode := at(24)
	if st.Mode&syscall.S_IFMT != mode&syscall.S_IFMT || mode&syscall.S_IFMT == syscall.S_IFREG && (st.Mode^mode)&0o100 != 0 {
		return false
	}
	if st.Size == 0 && string(t.start[40:]) != emptyBlob {
		return false
	}
	return at(0) == uint32(st.Ctim.Sec) && at(4) == uint32(st.Ctim.Nsec) && at(8) == uint32(st.Mtim.Sec) && at(12) == uint32(st.Mtim.Nsec) &&
		at(20) == uint32(st.Ino) && at(28) == st.Uid && at(32) == st.Gid && at(36) == uint32(st.Size)
}
