package lex

import (
	"hash/maphash"
	"slices"
	"strings"
)

// roleID is a role's place in roleNames.
type roleID uint8

const (
	roleAny  roleID = 0
	roleNone roleID = 255 // no lever at all
)

var roleNames = []string{RoleAny, RoleWeight, RoleThreshold, RoleExponent, RoleSize, RoleTemperature, RoleDamping, RoleClip, RoleRate, RoleTimeout}

// telling is what a name alone tells of a value that has it.
type telling struct {
	name                    string
	role                    roleID
	excluded, excludedWhole bool // no lever; none if it is whole
	takesNone               bool // as a function, it takes no lever
	math, env, choice       bool
}

// tellings remembers what names tell: a text says the same few again and again.
type tellings [1 << 10]telling

var tellingSeed = maphash.MakeSeed()

func (s *sketcher) tell(name string) *telling {
	t := &s.tells[maphash.String(tellingSeed, name)%uint64(len(s.tells))]
	if t.name != name || name == "" {
		*t = telled(name)
	}
	return t
}

func telled(name string) telling {
	t := telling{name: strings.Clone(name), math: isMath(name), env: isEnv(name) || name == "get"}
	t.role = roleID(max(0, slices.Index(roleNames, roleByName(name))))
	t.excluded, t.excludedWhole = excludedName(name, true), excludedName(name, false)
	t.takesNone = rejectedCall(&frame{callee: name, key: name}, 1)
	for word := range words(name) {
		t.choice = t.choice || choosing(word)
	}
	return t
}
