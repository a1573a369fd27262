//go:build amd64 || arm64

package git

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"os"
	"syscall"
	"time"
	"unsafe"
)

// list visits the names in a folder, without making a value of each: most are
// as they were. The name is the visitor's only until it returns.
func list(dir *os.File, visit func(name []byte, kind fs.FileMode) error) error {
	const reclen, kind, name = 16, 18, 19 // of the kernel's struct linux_dirent64
	buf := make([]byte, 16<<10)
	for {
		n, err := syscall.ReadDirent(int(dir.Fd()), buf)
		if n <= 0 || err != nil {
			return err
		}
		for rest := buf[:n]; len(rest) > name; {
			size := int(binary.NativeEndian.Uint16(rest[reclen:]))
			entry := rest[:size]
			rest = rest[size:]
			base, _, _ := bytes.Cut(entry[name:], []byte{0})
			if string(base) == "." || string(base) == ".." {
				continue
			}
			mode, err := kindOf(dir, base, entry[kind])
			if err == nil {
				err = visit(base, mode)
			}
			if err != nil {
				return err
			}
		}
	}
}

// kindOf reads an entry's type; some file systems don't give one.
func kindOf(dir *os.File, name []byte, kind byte) (fs.FileMode, error) {
	switch kind {
	case syscall.DT_REG:
		return 0, nil
	case syscall.DT_DIR:
		return fs.ModeDir, nil
	case syscall.DT_LNK:
		return fs.ModeSymlink, nil
	case syscall.DT_UNKNOWN:
		info, err := os.Lstat(dir.Name() + "/" + string(name))
		if err != nil {
			return 0, err
		}
		return info.Mode().Type(), nil
	}
	return fs.ModeIrregular, nil
}

// emptyBlob is how the index names a file of no bytes.
const emptyBlob = "\xe6\x9d\xe2\x9b\xb2\xd1\xd6\x43\x4b\x8b\x29\xae\x77\x5a\xd8\xc2\xe4\x8c\x53\x91"

// stray lists the files of a folder that are not what the index says of them.
// One that was changed no earlier than the index was written may have changed
// again since within one tick of the clock, and is listed too.
func (l *looker) stray(dir *os.File, in *folder) ([]string, error) {
	fd := dir.Fd()
	var touched []string
	var st syscall.Stat_t
	for _, run := range in.runs {
		for i := run[0]; i < run[1]; i++ {
			t := &l.files[i]
			// Relative to the folder: walking each path from the top takes half as
			// long again. Raw: it is over before the scheduler could use the time.
			_, _, errno := syscall.RawSyscall6(sysFstatat, fd, uintptr(unsafe.Pointer(&l.paths[t.base])), uintptr(unsafe.Pointer(&st)), atSymlinkNofollow, 0, 0)
			switch {
			case errno == 0 && t.is(&st) && time.Unix(st.Mtim.Unix()).Before(l.written):
			case errno == 0 || errno == syscall.ENOENT:
				touched = append(touched, string(l.paths[t.at:t.end]))
			default:
				return nil, errno
			}
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
