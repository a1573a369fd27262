// Command autoresearch-skill-hook is `autoresearch-skill hook EVENT` as a
// small program that starts in half the time: the launcher and the hooks call
// it where it lies beside the other, and the other where it doesn't.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"autoresearch-skill/internal/hook"
)

func main() {
	const name = "autoresearch-skill-hook"
	if len(os.Args) != 2 || !hook.Known(os.Args[1]) {
		fmt.Fprintf(os.Stderr, "%s: error: want one of %s; people call autoresearch-skill\n", name, strings.Join(hook.Events, ", "))
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := (hook.Call{Event: os.Args[1], Dir: ".", In: os.Stdin, Out: os.Stdout}).Run(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "%s: error: %v\n", name, err)
		os.Exit(1)
	}
}
