package command

import "github.com/urfave/cli/v2"

// commands lists the tree in the order of the journey.
func commands(env *Env) []*cli.Command {
	return []*cli.Command{
		discoverCommand(env),
		newCommand(env),
		renderCommand(env),
		evalCommand(env),
		labelCommand(env),
		checkCommand(env),
		probeCommand(env),
		startCommand(env),
		tryCommand(env),
		statusCommand(env),
		logCommand(env),
		showCommand(env),
		applyCommand(env),
		undoCommand(env),
		pauseCommand(env),
		resumeCommand(env),
		finishCommand(env),
		abortCommand(env),
		reportCommand(env),
		nextCommand(env),
		exportCommand(env),
		scoreCommand(env),
		cacheCommand(env),
		launchCommand(env),
		installCommand(env),
		uninstallCommand(env),
		doctorCommand(env),
		completionCommand(env),
		hookCommand(env),
		versionCommand(env),
	}
}

// jsonFlag is on everything that prints data.
func jsonFlag() cli.Flag {
	return &cli.BoolFlag{Name: "json", Usage: "print data as JSON on standard output"}
}

// userFlag is on what the agent may not call while a run is active.
func userFlag() cli.Flag {
	return &cli.BoolFlag{Name: "i-am-the-user", Usage: "without a terminal: a person asked for this, not the agent of a running experiment"}
}
