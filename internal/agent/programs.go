package agent

import (
	"path/filepath"
	"slices"
	"strings"
)

// What the programs of a command line do, as far as a run cares.
var (
	shells   = []string{"sh", "bash", "dash", "zsh", "ksh", "ash"}
	wrappers = []string{
		"command", "builtin", "exec", "nohup", "nice", "ionice", "stdbuf", "setsid", "timeout", "env", "sudo", "doas",
		"xargs", "parallel", "watch", "busybox", "find", "fd", "fdfind", "strace", "chronic", "time",
	}
	// writers exist to change files or what is installed.
	writers = []string{
		"tee", "mv", "cp", "rm", "rmdir", "unlink", "ln", "link", "install", "dd", "truncate", "touch", "mkdir", "chmod", "chown",
		"chgrp", "chattr", "setfacl", "patch", "rsync", "scp", "shred", "split", "csplit", "sponge", "ed", "ex", "vi", "vim", "nvim",
		"nano", "emacs", "wget", "unzip", "gunzip", "gzip", "pip", "pip3", "apt", "apt-get", "brew", "conda", "mkfifo", "mknod",
	}
	// searchers read whole trees.
	searchers = []string{"find", "fd", "fdfind", "rg", "tree", "du", "ag", "ack", "tar", "zip", "rsync", "cp"}
)

// unwrapped gives the commands that a call runs: itself, and whatever stands
// after a wrapper such as timeout or xargs. Wrappers' own options are not
// parsed: each word that names a program we know begins a command.
func unwrapped(words []word) [][]word {
	if len(words) == 0 {
		return nil
	}
	out := [][]word{words}
	if !slices.Contains(wrappers, filepath.Base(words[0].Text)) {
		return out
	}
	for i := 1; i < len(words); i++ {
		name := filepath.Base(words[i].Text)
		if slices.Contains(writers, name) || slices.Contains(shells, name) || name == "git" || name == "sed" || name == "perl" ||
			name == "ruby" || name == "sort" || name == "curl" || strings.HasPrefix(name, Binary) {
			out = append(out, words[i:])
		}
	}
	return out
}

// writes says how a command changes files, or "".
func writes(words []word) string {
	name, args := filepath.Base(words[0].Text), texts(words[1:])
	if slices.Contains(writers, name) {
		return name
	}
	for i, a := range args {
		short := strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--")
		switch name {
		case "sed":
			// Letters before the i of -i take no value, but -e and -f do.
			if strings.HasPrefix(a, "--in-place") || short && strings.Contains(until(a, "ef"), "i") {
				return "sed -i"
			}
		case "perl", "ruby":
			if short && strings.Contains(until(a, "eEIM"), "i") {
				return name + " -i"
			}
		case "awk", "gawk":
			if a == "inplace" && i > 0 && (args[i-1] == "-i" || args[i-1] == "--include") || a == "-iinplace" {
				return name + " -i inplace"
			}
		case "sort":
			if short && strings.Contains(until(a, "kSTt"), "o") || strings.HasPrefix(a, "--output") {
				return "sort -o"
			}
		case "curl":
			if short && strings.ContainsAny(until(a, "HXdAebu"), "oO") || strings.HasPrefix(a, "--output") || strings.HasPrefix(a, "--remote-name") {
				return "curl -o"
			}
		case "find":
			if a == "-delete" || strings.HasPrefix(a, "-fprint") || a == "-fls" {
				return "find " + a
			}
		case "tar":
			if i == 0 && strings.ContainsAny(a, "xcruA") && !strings.HasPrefix(a, "--") || slices.Contains([]string{"--extract", "--create", "--append", "--update", "--delete"}, a) {
				return "tar " + a
			}
		}
	}
	return ""
}

// until cuts a word before the first of these letters.
func until(s, letters string) string {
	if i := strings.IndexAny(s, letters); i >= 0 {
		return s[:i]
	}
	return s
}

// recursive says whether a command reads all that lies below its arguments.
func recursive(words []word) bool {
	name := filepath.Base(words[0].Text)
	if slices.Contains(searchers, name) {
		return true
	}
	if !slices.Contains([]string{"grep", "egrep", "fgrep", "ls", "diff", "wc"}, name) {
		return false
	}
	for _, w := range words[1:] {
		if a := w.Text; a == "--recursive" || strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && strings.ContainsAny(a, "rR") {
			return true
		}
	}
	return false
}
