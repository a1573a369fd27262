//go:build deps

// Package deps only keeps the modules in go.mod until the rooms that own them land.
package deps

import (
	_ "al.essio.dev/pkg/shellescape"
	_ "github.com/AlecAivazis/survey/v2"
	_ "github.com/Masterminds/sprig/v3"
	_ "github.com/Netflix/go-expect"
	_ "github.com/creack/pty"
	_ "github.com/go-git/go-git/v5/plumbing/format/gitignore"
	_ "github.com/gofrs/flock"
	_ "github.com/google/go-cmp/cmp"
	_ "github.com/hinshun/vt10x"
	_ "github.com/otiai10/copy"
	_ "github.com/rogpeppe/go-internal/testscript"
	_ "github.com/urfave/cli/v2"
	_ "go.yaml.in/yaml/v3"
	_ "golang.org/x/sys/unix"
	_ "golang.org/x/term"
	_ "mvdan.cc/sh/v3/syntax"
)
