package runner

import "runtime"

// Shell returns the argv that runs a command line of a contract the way its
// author would type it.
func Shell(line string) []string {
	if runtime.GOOS == "windows" {
		return []string{"cmd", "/d", "/s", "/c", line}
	}
	return []string{"sh", "-c", line}
}
