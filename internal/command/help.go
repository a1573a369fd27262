package command

import (
	"strings"

	"github.com/urfave/cli/v2"
)

var standardFlag = cli.FlagStringer

// flagText is a flag's line of help. A value's name stands behind the flag
// and need not be said again; that a switch is off by default goes without
// saying.
func flagText(f cli.Flag) string {
	name, usage, ok := strings.Cut(standardFlag(f), "\t")
	if !ok {
		return name
	}
	words := strings.Fields(name)
	usage = strings.TrimPrefix(usage, words[len(words)-1]+" ")
	return name + "\t" + strings.TrimSuffix(usage, " (default: false)")
}
