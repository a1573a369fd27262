//go:build unix

package state

import "syscall"

// errNotFolder: a parent of the path is a file, so the path is absent.
var errNotFolder error = syscall.ENOTDIR
