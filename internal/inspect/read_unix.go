//go:build unix

package inspect

import (
	"errors"
	"io/fs"
	"syscall"
)

// readRegular reads a regular file in four system calls: an os.File needs
// eight, which is a tenth of an inspection of many small files. Without
// O_NONBLOCK a pipe would wait for its writer.
func readRegular(name string, text *[]byte) ([]byte, error) {
	failed := func(op string, err error) error { return &fs.PathError{Op: op, Path: name, Err: err} }
	fd, err := again(func() (int, error) {
		return syscall.Open(name, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	})
	if errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.EMLINK) || errors.Is(err, syscall.ENXIO) { // a link, on FreeBSD too, a socket
		return nil, errNotText
	}
	if err != nil {
		return nil, failed("open", err)
	}
	defer func() { _ = syscall.Close(fd) }() // nothing was written that could be lost
	var info syscall.Stat_t
	if err := syscall.Fstat(fd, &info); err != nil {
		return nil, failed("stat", err)
	}
	if info.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return nil, errNotText
	}
	room, err := sized(text, info.Size)
	if err != nil {
		return nil, err
	}
	n := 0
	for n < len(room) {
		more, err := again(func() (int, error) { return syscall.Read(fd, room[n:]) })
		if err != nil {
			return nil, failed("read", err)
		}
		if more <= 0 {
			break
		}
		n += more
	}
	return room[:n], nil
}

// again repeats a system call that a signal interrupted.
func again(call func() (int, error)) (int, error) {
	for {
		if n, err := call(); !errors.Is(err, syscall.EINTR) {
			return n, err
		}
	}
}
