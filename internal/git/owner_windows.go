package git

import (
	"io/fs"
	"os"
)

func keepOwner(*os.File, fs.FileInfo) {}

func umask() fs.FileMode { return 0 }

// own: who a file belongs to is git's to find out.
func own(string) (device uint64, ok bool) { return 0, false }
