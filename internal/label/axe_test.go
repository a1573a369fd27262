package label

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// axeVersion is the accessibility checker that the pages are held against.
const axeVersion = "4.11.0"

// axe is its source, brought by npm once and kept in the user's cache; "" where
// it can't be had, with the reason.
var axe = sync.OnceValues(func() (source, why string) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err.Error()
	}
	dir := filepath.Join(cache, "autoresearch-skill-ci", "axe-"+axeVersion)
	file := filepath.Join(dir, "node_modules", "axe-core", "axe.min.js")
	data, err := os.ReadFile(file)
	if err != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if out, err := exec.CommandContext(ctx, "npm", "install", "--prefix", dir, "--no-save", "axe-core@"+axeVersion).CombinedOutput(); err != nil {
			return "", "npm cannot install axe-core: " + err.Error() + ": " + strings.TrimSpace(string(out))
		}
		if data, err = os.ReadFile(file); err != nil {
			return "", err.Error()
		}
	}
	return string(data), ""
})

// accessible holds a page against axe-core: nothing serious, nothing critical.
// Where it can't be had the walk goes on, and its name is told once.
func (p *tab) accessible(what string) {
	p.t.Helper()
	source, why := axe()
	if why != "" {
		return
	}
	p.js(source + "; 0")
	var found []struct {
		ID, Impact, Help string
		Nodes            []string
	}
	text, _ := p.js(`axe.run(document, { resultTypes: ["violations"] }).then((r) => JSON.stringify(r.violations.map((v) =>
		({ id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map((n) => n.html.slice(0, 200) + " " + (n.any[0]?.message ?? "")) }))))`).(string)
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		p.t.Fatalf("%s: axe said %q: %v", what, text, err)
	}
	for _, f := range found {
		if f.Impact == "serious" || f.Impact == "critical" {
			p.t.Errorf("%s: %s: %s (%s)\n%s", what, f.Impact, f.ID, f.Help, strings.Join(f.Nodes, "\n"))
		} else {
			p.t.Logf("%s: %s: %s (%s)", what, f.Impact, f.ID, f.Help)
		}
	}
}

// looks are the ways in which a person may see the page.
var looks = []struct {
	name          string
	width, height int
	scheme        string
}{{"desktop-light", 1280, 800, "light"}, {"phone-dark", 390, 780, "dark"}, {"desktop-dark", 1280, 800, "dark"}, {"phone-light", 390, 780, "light"}}

// seen looks at the page in every way: axe in the first two, for the colours
// and the widths are in them once; a picture of each where LABEL_TEST_PICTURES
// names a folder.
func (p *tab) seen(what string) {
	p.t.Helper()
	pictures := os.Getenv("LABEL_TEST_PICTURES")
	for i, look := range looks {
		if i > 1 && pictures == "" {
			break
		}
		p.call(p.session, "Emulation.setDeviceMetricsOverride", map[string]any{"width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": look.width < 760}, nil)
		p.call(p.session, "Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": look.scheme}}}, nil)
		if wide := p.js("document.documentElement.scrollWidth > innerWidth"); wide != false {
			p.t.Errorf("%s, %s: the page is wider than the window", what, look.name)
		}
		if i < 2 {
			p.accessible(what + ", " + look.name)
		}
		if pictures != "" {
			p.picture(filepath.Join(pictures, what+"-"+look.name+".png"))
		}
	}
	p.call(p.session, "Emulation.clearDeviceMetricsOverride", nil, nil)
}

func (p *tab) picture(file string) {
	p.t.Helper()
	var out struct{ Data []byte }
	p.call(p.session, "Page.captureScreenshot", map[string]any{"format": "png"}, &out)
	if err := os.WriteFile(file, out.Data, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// TestAxe says whether the pages were held against it.
func TestAxe(t *testing.T) {
	if _, why := axe(); why != "" {
		t.Skipf("the pages are not checked for accessibility: %s", why)
	}
	p := chromium(t).open("about:blank")
	p.js(`document.body.innerHTML = '<img src="x">'`)
	source, _ := axe()
	p.js(source + "; 0")
	if got := p.js(`axe.run().then((r) => r.violations.some((v) => v.id === "image-alt"))`); got != true {
		t.Error("an image without a text is not found: the checker does not check")
	}
}
