package inspect

import (
	"path"
	"strings"
)

// goTargets are the functions that a call in a Go file may mean. A package is
// known by its import path: a function of the same name elsewhere is another. A
// method's receiver is not known, so it is looked for in the file's package and
// in those that the file imports.
func (sh *shelf) goTargets(b *book, call string) []node {
	before, _, qualified := strings.Cut(call, ".")
	name := lastPart(call)
	own := path.Dir(b.source.path)
	if !qualified {
		return sh.inPackage(own, name, false)
	}
	var found []node
	for _, im := range b.file.Imports {
		dir := sh.tree.goDir(im.Module)
		if called := im.Alias; called == before || called == "" && (path.Base(im.Module) == before || sh.packageName(dir) == before) {
			return sh.inPackage(dir, name, false)
		}
		found = append(found, sh.inPackage(dir, name, true)...)
	}
	return append(sh.inPackage(own, name, true), found...)
}

// inPackage lists the functions of a name, or the methods, in a folder's files.
// A type stands for its methods: it may be a conversion.
func (sh *shelf) inPackage(dir, name string, methods bool) []node {
	var found []node
	for _, b := range sh.packages()[dir] {
		for _, i := range b.defs[name] {
			if strings.Contains(b.file.Functions[i].Name, ".") == methods {
				found = append(found, node{b, i})
			}
		}
		if !methods {
			for _, i := range b.methods[name] {
				found = append(found, node{b, i})
			}
		}
	}
	return found
}

// packageName is what the files of a folder call their package, "" if none was
// read.
func (sh *shelf) packageName(dir string) string {
	for _, b := range sh.packages()[dir] {
		for i := range b.file.Tokens {
			if b.at(i) == "package" {
				return b.at(i + 1)
			}
		}
	}
	return ""
}

// packages are the files of each Go package's folder, tests left out.
func (sh *shelf) packages() map[string][]*book {
	if sh.inDir == nil {
		sh.inDir = map[string][]*book{}
		for _, b := range sh.books {
			if dir := path.Dir(b.source.path); b.source.language == "Go" && b.source.class != classTest {
				sh.inDir[dir] = append(sh.inDir[dir], b)
			}
		}
	}
	return sh.inDir
}
