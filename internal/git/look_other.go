//go:build !linux || !(amd64 || arm64)

package git

import (
	"os"
	"time"
)

// stray leaves it to git.
func stray(*os.File, []tracked, time.Time) ([]string, error) { return nil, errOddTree }
