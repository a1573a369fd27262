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
	s.roles = map[string]int{}
	for i := range f.Levers {
		l := &f.Levers[i]
		s.roles[l.Role]++ // roles are constants, no piece of the text
		s.levers++
		if l.Kind == lex.KindPrompt {
			s.promptBytes += l.End - l.Offset
		}
	}
	seen := make(map[string]bool, 2*len(f.Functions))
	s.defs = make([]string, 0, len(f.Functions))
	for i := range f.Functions {
		fn := &f.Functions[i]
		name := lastPart(fn.Name)
		if !seen[name] {
			seen[name] = true
			s.defs = append(s.defs, names.share(name))
		}
		if slices.Contains(g.names, strings.ToLower(name)) {
			s.exact = names.share(fn.Name)
		}
		if g.inWords(name) && len(s.inner) < 8 {
			s.inner = append(s.inner, names.share(fn.Name))
		}
	}
	clear(seen)
	add := func(calls []string) {
		for _, c := range calls {
			if c = lastPart(c); !seen[c] && len(c) > 2 {
				seen[c] = true
				s.calls = append(s.calls, names.share(c))
			}
		}
	}
	add(f.Calls)
	for i := range f.Functions {
		add(f.Functions[i].Calls)
	}
	for _, im := range f.Imports {
		im.Module, im.Name, im.Alias = names.share(im.Module), names.share(im.Name), names.share(im.Alias)
		s.imports = append(s.imports, im)
	}
	if s.language == "Go" && s.class == classTest && slices.ContainsFunc(s.defs, func(d string) bool { return strings.HasPrefix(d, "Benchmark") }) {
		s.class = classBench
	}
	s.loops = loops(f.Tokens, src)
	s.model = callsModel(s)
	s.hits = g.count(src)
}

func lastPart(name string) string { return name[strings.LastIndexAny(name, ".:>")+1:] }

// loops counts loop keywords.
func loops(tokens []lex.Token, src []byte) int {
	n := 0
	for _, t := range tokens {
		if t.Kind == lex.Keyword && t.End-t.Offset <= 5 {
			switch string(t.Text(src)) {
			case "for", "while", "loop":
				n++
			}
		}
	}
	return n
}

// callsModel tells from imports and calls that a file talks to a language model.
func callsModel(s *source) bool {
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
	for _, c := range s.calls {
		switch c {
		case "invoke_model", "generateText", "generateObject", "generate_content", "generateContent", "streamText", "invokeModel", "chat_completion", "createChatCompletion", "NewMessage", "converse":
			return true
		}
	}
	return false
}
