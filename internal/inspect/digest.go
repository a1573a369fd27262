package inspect

import (
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

// summarize keeps of a file's sketch what the ranking needs.
func (s *source) summarize(k *lex.Sketch, hits []int, w *worker, g *goal) {
	s.rough = !k.Exact
	for role, n := range k.Most {
		s.roles[roleAt[role]] += int32(n)
		s.levers += n
	}
	s.promptBytes = k.PromptBytes
	s.hits = hits
	told := g.told(s.hits)
	w.hashes = w.hashes[:0]
	for _, name := range k.Defines {
		w.hashes = append(w.hashes, maphash.String(hashSeed, name))
		s.define(name, told, w.names, g)
	}
	s.defs = distinct(w.hashes)
	w.hashes = s.call(k.Calls, w.hashes[:0])
	s.calls = distinct(w.hashes)
	for _, im := range k.Imports {
		im.Module, im.Name, im.Alias = w.names.share(im.Module), w.names.share(im.Name), w.names.share(im.Alias)
		s.imports = append(s.imports, im)
	}
	if len(s.benchmarks) > 0 && s.class == classTest {
		s.class = classBench
	}
	s.loops = k.Loops
	s.model = s.model || importsModel(s)
}

// weigh counts the levers by role.
func (s *source) weigh(f *lex.File) {
	s.roles, s.levers, s.promptBytes = [len(tunable)]int32{}, 0, 0
	for i := range f.Levers {
		l := &f.Levers[i]
		s.roles[roleAt[l.Role]]++
		s.levers++
		if l.Kind == lex.KindPrompt {
			s.promptBytes += l.End - l.Offset
		}
	}
}

// hashSeed makes the hashes of names comparable within one process. A clash of
// two names would join two files that do not know each other: evidence, not truth.
var hashSeed = maphash.MakeSeed()

// define notes a function that the file defines; told says whether the text
// holds a word of the goal at all.
func (s *source) define(name string, told bool, names *interner, g *goal) {
	if len(g.names) > 0 && slices.Contains(g.names, strings.ToLower(name)) {
		s.exact = names.share(name)
	}
	if told && len(s.inner) < 8 && g.inWords(name) {
		s.inner = append(s.inner, names.share(name))
	}
	if s.language == "Go" && strings.HasPrefix(name, "Benchmark") && len(s.benchmarks) < 5 {
		s.benchmarks = append(s.benchmarks, names.share(name))
	}
}

// call notes names that the file calls, and appends the hashes of those that
// tell whom it uses.
func (s *source) call(calls []string, hashes []uint64) []uint64 {
	for _, c := range calls {
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
			hashes = append(hashes, maphash.String(hashSeed, c))
		}
	}
	return hashes
}

// distinct copies each hash once, in order; it sorts in place.
func distinct(hashes []uint64) []uint64 {
	slices.Sort(hashes)
	return slices.Clone(slices.Compact(hashes))
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
