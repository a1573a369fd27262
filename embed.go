// Package autoresearch holds the files that the binary carries: what it
// renders, the lessons that it selects from, the skills that it installs, and
// the parts of the plugin that an experiment's own plugin shares. It holds no
// code.
package autoresearch

import "embed"

// Templates is the folder templates. Every file in it is a text/template and
// ends in .tmpl, so that no embedded name is one that a tool acts on.
//
//go:embed all:templates
var Templates embed.FS

// Lessons is lessons.md: sections with tags, of which a harness takes those
// that bear on it.
//
//go:embed lessons.md
var Lessons string

// Documents holds the skills and the references that they link, for whoever
// installs them without the plugin.
//
//go:embed skills references
var Documents embed.FS

// Plugin holds what every plugin of ours has: hooks, launcher, icon.
//
//go:embed hooks/hooks.json bin/autoresearch-skill .claude-plugin/icon.png
var Plugin embed.FS
