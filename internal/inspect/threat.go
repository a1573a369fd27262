package inspect

import (
	"slices"
	"strings"

	"autoresearch-skill/internal/lex"
)

// danger is one thing to look for: a module that is imported, or a name that
// is called or used as a decorator.
type danger struct{ kind, what, advice string }

const (
	adviceOutside = "freeze it and record its answers once, so that a run costs nothing and repeats"
	adviceCache   = "clear or bypass it in the evaluation, or its key must hold everything that the target can change"
	adviceRandom  = "seed it, or measure often enough"
	adviceClock   = "pass a fixed time in"
)

// modules are dangerous by their import; the key is a whole leading part.
var modules = map[string]danger{
	"boto3": {ThreatOutside, "AWS (boto3)", adviceOutside}, "botocore": {ThreatOutside, "AWS (botocore)", adviceOutside},
	"openai": {ThreatOutside, "OpenAI", adviceOutside}, "anthropic": {ThreatOutside, "Anthropic", adviceOutside}, "cohere": {ThreatOutside, "Cohere", adviceOutside},
	"litellm": {ThreatOutside, "a language model (litellm)", adviceOutside}, "langchain": {ThreatOutside, "a language model (langchain)", adviceOutside},
	"requests": {ThreatOutside, "HTTP (requests)", adviceOutside}, "httpx": {ThreatOutside, "HTTP (httpx)", adviceOutside}, "aiohttp": {ThreatOutside, "HTTP (aiohttp)", adviceOutside},
	"urllib.request": {ThreatOutside, "HTTP (urllib)", adviceOutside}, "urllib3": {ThreatOutside, "HTTP (urllib3)", adviceOutside}, "axios": {ThreatOutside, "HTTP (axios)", adviceOutside},
	"node-fetch": {ThreatOutside, "HTTP (node-fetch)", adviceOutside}, "got": {ThreatOutside, "HTTP (got)", adviceOutside}, "undici": {ThreatOutside, "HTTP (undici)", adviceOutside},
	"net/http": {ThreatOutside, "HTTP (net/http)", adviceOutside}, "@anthropic-ai/sdk": {ThreatOutside, "Anthropic", adviceOutside},
	"@aws-sdk": {ThreatOutside, "AWS", adviceOutside}, "ai": {ThreatOutside, "a language model (ai)", adviceOutside}, "google.generativeai": {ThreatOutside, "Gemini", adviceOutside},
	"google.genai": {ThreatOutside, "Gemini", adviceOutside}, "ollama": {ThreatOutside, "Ollama", adviceOutside}, "github.com/aws/aws-sdk-go-v2": {ThreatOutside, "AWS", adviceOutside},
	"github.com/sashabaranov/go-openai": {ThreatOutside, "OpenAI", adviceOutside}, "github.com/anthropics/anthropic-sdk-go": {ThreatOutside, "Anthropic", adviceOutside},
	"redis": {ThreatCache, "Redis", adviceCache}, "ioredis": {ThreatCache, "Redis", adviceCache}, "aioredis": {ThreatCache, "Redis", adviceCache},
	"github.com/redis/go-redis": {ThreatCache, "Redis", adviceCache}, "django.core.cache": {ThreatCache, "Django's cache", adviceCache},
	"memcache": {ThreatCache, "memcached", adviceCache}, "pymemcache": {ThreatCache, "memcached", adviceCache}, "pylibmc": {ThreatCache, "memcached", adviceCache},
	"diskcache": {ThreatCache, "a cache on disk", adviceCache}, "joblib": {ThreatCache, "joblib (Memory)", adviceCache}, "cachetools": {ThreatCache, "cachetools", adviceCache},
	"lru-cache": {ThreatCache, "lru-cache", adviceCache}, "node-cache": {ThreatCache, "node-cache", adviceCache}, "requests_cache": {ThreatCache, "requests_cache", adviceCache},
	"shelve": {ThreatCache, "shelve", adviceCache}, "flask_caching": {ThreatCache, "Flask-Caching", adviceCache}, "github.com/patrickmn/go-cache": {ThreatCache, "go-cache", adviceCache},
	"math/rand": {ThreatRandom, "math/rand", adviceRandom}, "math/rand/v2": {ThreatRandom, "math/rand/v2", adviceRandom}, "secrets": {ThreatRandom, "secrets", adviceRandom},
}

// calls are dangerous by their name as written.
var calls = map[string]danger{
	"random.random": {ThreatRandom, "random.random", adviceRandom}, "random.choice": {ThreatRandom, "random.choice", adviceRandom}, "random.shuffle": {ThreatRandom, "random.shuffle", adviceRandom},
	"random.sample": {ThreatRandom, "random.sample", adviceRandom}, "random.randint": {ThreatRandom, "random.randint", adviceRandom}, "random.uniform": {ThreatRandom, "random.uniform", adviceRandom},
	"random.gauss": {ThreatRandom, "random.gauss", adviceRandom}, "random.choices": {ThreatRandom, "random.choices", adviceRandom},
	"Math.random": {ThreatRandom, "Math.random", adviceRandom}, "crypto.randomUUID": {ThreatRandom, "crypto.randomUUID", adviceRandom}, "uuid.uuid4": {ThreatRandom, "uuid.uuid4", adviceRandom},
	"os.urandom": {ThreatRandom, "os.urandom", adviceRandom}, "crypto.randomBytes": {ThreatRandom, "crypto.randomBytes", adviceRandom},
	"time.time": {ThreatClock, "time.time", adviceClock}, "datetime.now": {ThreatClock, "datetime.now", adviceClock}, "datetime.utcnow": {ThreatClock, "datetime.utcnow", adviceClock},
	"datetime.datetime.now": {ThreatClock, "datetime.now", adviceClock}, "datetime.today": {ThreatClock, "datetime.today", adviceClock}, "date.today": {ThreatClock, "date.today", adviceClock},
	"timezone.now": {ThreatClock, "timezone.now", adviceClock}, "Date.now": {ThreatClock, "Date.now", adviceClock}, "time.Now": {ThreatClock, "time.Now", adviceClock}, "time.Since": {ThreatClock, "time.Since", adviceClock},
	"fetch": {ThreatOutside, "HTTP (fetch)", adviceOutside}, "urlopen": {ThreatOutside, "HTTP (urlopen)", adviceOutside}, "invoke_model": {ThreatOutside, "Bedrock", adviceOutside},
}

// marks are dangerous wherever they stand: decorators.
var marks = map[string]danger{
	"lru_cache": {ThreatCache, "lru_cache", adviceCache}, "cached_property": {ThreatCache, "cached_property", adviceCache}, "cache_page": {ThreatCache, "Django's cache_page", adviceCache},
	"memoize": {ThreatCache, "memoize", adviceCache},
}

// threats looks through the files around the candidates, each danger once a
// file, tests left out.
func (sh *shelf) threats() []Threat {
	var all []Threat
	for _, b := range sh.books {
		if b.source.class == classTest {
			continue
		}
		seen := map[string]bool{}
		add := func(d danger, line int, call string) {
			if !seen[d.what] {
				seen[d.what] = true
				all = append(all, Threat{Kind: d.kind, What: d.what, File: b.source.path, Line: line, Call: call, Advice: d.advice})
			}
		}
		for _, im := range b.file.Imports {
			if d, ok := dangerOf(im); ok {
				add(d, im.Line, im.Module)
			}
		}
		b.scanNames(add)
	}
	return all
}

func dangerOf(im lex.Import) (danger, bool) {
	module := im.Module
	if im.Name != "" && module == "django.core" {
		module += "." + im.Name
	}
	for module != "" {
		if d, ok := modules[module]; ok {
			return d, true
		}
		i := strings.LastIndexAny(module, "./")
		if i < 0 {
			break
		}
		module = module[:i]
	}
	return danger{}, false
}

// scanNames looks for dangerous calls and decorators among the tokens.
func (b *book) scanNames(add func(danger, int, string)) {
	toks := b.file.Tokens
	for i, t := range toks {
		if t.Kind != lex.Ident {
			continue
		}
		if d, ok := marks[string(t.Text(b.src))]; ok {
			add(d, int(t.Line), string(t.Text(b.src)))
			continue
		}
		if i+1 >= len(toks) || b.src[toks[i+1].Offset] != '(' {
			continue
		}
		start := i
		for start >= 2 && b.src[toks[start-1].Offset] == '.' && toks[start-2].Kind == lex.Ident {
			start -= 2
		}
		if start == i && i > 0 && b.src[toks[i-1].Offset] == '.' {
			continue
		}
		name := string(b.src[toks[start].Offset:t.End])
		if d, ok := calls[name]; ok {
			if start < i || !b.means(name, i) {
				add(d, int(t.Line), name)
			}
		} else if strings.HasPrefix(name, "np.random.") || strings.HasPrefix(name, "numpy.random.") || strings.HasPrefix(name, "torch.rand") {
			add(danger{ThreatRandom, name, adviceRandom}, int(t.Line), name)
		}
	}
}

// means tells whether a plain name that is called at token i is the file's own,
// or that of a definition, and not what everybody calls so.
func (b *book) means(name string, i int) bool {
	family := b.source.language
	if name == "fetch" && family != "JavaScript" && family != "TypeScript" {
		return true // elsewhere there is none that nobody defined
	}
	line := int(b.file.Tokens[i].Line)
	for _, n := range b.defs[name] {
		fn := &b.file.Functions[n]
		if fn.Name == name || fn.Line == line && b.at(i-1) != "return" && b.at(i-1) != "await" { // a method is called by its object only
			return true
		}
	}
	for _, im := range b.file.Imports {
		if im.Alias == name || im.Alias == "" && im.Name == name {
			_, known := dangerOf(im)
			return !known
		}
	}
	for _, fn := range b.file.Functions {
		if fn.Line <= line && line <= fn.EndLine && slices.ContainsFunc(fn.Params, func(p lex.Param) bool { return p.Name == name }) {
			return true
		}
	}
	for j := range b.file.Tokens {
		if b.at(j) == name && (b.at(j-1) == "const" || b.at(j-1) == "let" || b.at(j-1) == "var") {
			return true
		}
	}
	return false
}
