//go:build !linux || !(amd64 || arm64)

package git

import (
	"io/fs"
	"os"
)

// list and stray leave it to git.
func list(*os.File, func([]byte, fs.FileMode) error) error { return errOddTree }

func (l *looker) stray(*os.File, *folder) ([]string, error) { return nil, errOddTree }
