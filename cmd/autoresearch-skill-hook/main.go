// Command autoresearch-skill-hook is `autoresearch-skill hook EVENT` as a
// small program that starts in half the time: the launcher and the hooks call
// it where it lies beside the other, and the other where it doesn't.
package main

import (
	"os"

	"autoresearch-skill/internal/hook"
)

func main() { os.Exit(hook.Main(os.Args[1:])) }
