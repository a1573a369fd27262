package hook

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"autoresearch-skill/internal/agent"
)

// Main is the hooks' program: it answers the event that its one argument
// names, and returns its exit code.
func Main(args []string) int {
	name := agent.Binary + agent.HookSuffix
	if len(args) != 1 || !Known(args[0]) {
		fmt.Fprintf(os.Stderr, "%s: error: want one of %s; people call %s\n", name, strings.Join(Events, ", "), agent.Binary)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := (Call{Event: args[0], Dir: ".", In: os.Stdin, Out: os.Stdout}).Run(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "%s: error: %v\n", name, err)
		return 1
	}
	return 0
}
