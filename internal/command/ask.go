package command

import (
	"github.com/urfave/cli/v2"

	"autoresearch-skill/internal/interview"
	"autoresearch-skill/internal/prompt"
)

// asker chooses how to ask: survey on a terminal that answers, plain lines on
// one that doesn't, nobody elsewhere.
func asker(c *cli.Context, env *Env, yes bool) interview.Asker {
	return prompt.New(c.Context, prompt.Streams{In: env.In, Out: env.Out, Err: env.Err}, yes)
}

var trustQuestion = interview.Question{
	Key: "trust", Flag: "--i-am-the-user", Text: "May these commands run?", Proposal: "no",
	Help: "Asked once per set of commands.",
}
