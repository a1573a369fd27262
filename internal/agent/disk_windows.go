package agent

import "errors"

func free(string) (uint64, error) {
	return 0, errors.New("not looked at on Windows")
}
