// Command autoresearch-skill renders and referees autoresearch experiments:
// one file, one metric, one loop.
package main

import (
	"os"

	"autoresearch-skill/internal/command"
)

func main() { os.Exit(command.Main(os.Args, command.System())) }
