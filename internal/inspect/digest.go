package inspect

import (
	"bytes"
	"hash/maphash"
	"slices"
	"strings"
	"sync"

	"autoresearch-skill/internal/lex"
)

// interner shares equal names between files, so that a digest keeps no text.
type interner struct {
	seed   maphash.Seed
	shards [32]struct {
		sync.Mutex
		names map[string]string
	}
}

func newInterner() *interner {
	in := &interner{seed: maphash.MakeSeed()}
	for i := range in.shards {
		in.shards[i].names = map[string]string{}
	}
	return in
}

func (in *interner) share(s string) string {
	if s == "" {
		return ""
	}
	shard := &in.shards[maphash.String(in.seed, s)%uint64(len(in.shards))]
	shard.Lock()
	defer shard.Unlock()
	if have, ok := shard.names[s]; ok {
		return have
	}
	s = strings.Clone(s)
	shard.names[s] = s
	return s
}

// summarize keeps of a parsed file what the ranking needs.
func (s *source) summarize(f *lex.File, src []byte, names *interner, g *goal) {
	s.lines = bytes.Count(src, []byte{'\n'}) + 1
	s.weigh(f)
	s.defs = make([]uint64, 0, len(f.Functions))
	for i := range f.Functions {
		s.define(&f.Functions[i], names, g)
	}
	s.call(f.Calls)
	s.defs, s.calls = distinct(s.defs), distinct(s.calls)
	for _, im := range f.Imports {
		im.Module, im.Name, im.Alias = names.share(im.Module), names.share(im.Name), names.share(im.Alias)
		s.imports = append(s.imports, im)
	}
	if len(s.benchmarks) > 0 && s.class == classTest {
		s.class = classBench
	}
	s.loops = f.Loops
	s.model = s.model || importsModel(s)
	s.hits = g.texts.count(src)
}

// weigh counts the levers by role.
func (s *source) weigh(f *lex.File) {
	s.roles, s.levers, s.promptBytes, s.numbers = map[string]int{}, 0, 0, f.Numbers
	for i := range f.Levers {
		l := &f.Levers[i]
		s.roles[l.Role]++ // roles are constants, no piece of the text
		s.levers++
		if l.Kind == lex.KindPrompt {
			s.promptBytes += l.End - l.Offset
		}
	}
}

// hashSeed makes the hashes of names comparable within one process. A clash of
// two names would join two files that do not know each other: evidence, not truth.
var hashSeed = maphash.MakeSeed()

// define notes a function that the file defines.
func (s *source) define(fn *lex.Function, names *interner, g *goal) {
	name := lastPart(fn.Name)
	s.defs = append(s.defs, maphash.String(hashSeed, name))
	if len(g.names) > 0 && slices.Contains(g.names, strings.ToLower(name)) {
		s.exact = names.share(fn.Name)
	}
	if len(s.inner) < 8 && g.inWords(name) {
		s.inner = append(s.inner, names.share(fn.Name))
	}
	if s.language == "Go" && strings.HasPrefix(name, "Benchmark") && len(s.benchmarks) < 5 {
		s.benchmarks = append(s.benchmarks, names.share(name))
	}
}

// call notes names that the file calls.
func (s *source) call(calls []string) {
	for _, c := range calls {
		c = lastPart(c)
		switch c {
		case "main", "parse_args":
			s.entry = true
		case "execute_from_command_line":
			s.manage = true
		case "invoke_model", "generateText", "generateObject", "generate_content", "generateContent", "streamText", "invokeModel", "chat_completion",
			"createChatCompletion", "NewMessage", "converse":
			s.model = true
		}
		if len(c) > 3 {
			s.calls = append(s.calls, maphash.String(hashSeed, c))
		}
	}
}

func distinct(hashes []uint64) []uint64 {
	slices.Sort(hashes)
	return slices.Clip(slices.Compact(hashes))
}

func lastPart(name string) string {
	for i := len(name) - 1; i >= 0; i-- {
		if c := name[i]; c == '.' || c == ':' || c == '>' {
			return name[i+1:]
		}
	}
	return name
}

// importsModel tells from its imports that a file talks to a language model.
func importsModel(s *source) bool {
	for _, im := range s.imports {
		for word := range strings.FieldsFuncSeq(strings.ToLower(im.Module), func(r rune) bool { return !(r >= 'a' && r <= 'z') }) {
			switch word {
			case "openai", "anthropic", "cohere", "bedrock", "litellm", "langchain", "ollama", "genai", "generativeai", "claude", "mistralai", "groq", "llm", "huggingface", "vertexai":
				return true
			}
		}
		if im.Module == "ai" || strings.HasPrefix(im.Module, "@ai-sdk/") {
			return true
		}
	}
	return false
}
