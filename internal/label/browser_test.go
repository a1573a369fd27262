package label

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestPageByKeyboard labels twenty cases with keys alone, reloads in the
// middle, watches from a second window, and kills the process at the end.
func TestPageByKeyboard(t *testing.T) {
	b := chromium(t)
	dir := write(t, many(20))
	link, kill := served(t, dir)
	p := b.open(link)
	p.until("location.search === '' && document.querySelectorAll('.result').length === 50")
	second := b.open(strings.SplitN(link, "?", 2)[0])
	second.until("document.querySelectorAll('#list li').length === 20")

	if got := p.js("document.querySelectorAll('[aria-pressed=true].none, .marks [aria-pressed=true]').length"); got != 0.0 {
		t.Errorf("%v results are marked before a person did", got)
	}
	if got := p.js("document.querySelectorAll('#results img, #results script').length + document.title"); got != "0Labels of small" {
		t.Errorf("markup of a result became the page's: %v", got)
	}
	if got := p.js(`[...document.querySelectorAll('h3')].some((h) => h.textContent === ` + quoteJS(hostile) + `)`); got != true {
		t.Error("the title in several scripts is not shown as it is")
	}

	label := func(n int) {
		open := fmt.Sprintf("q%03d", n)
		p.until("location.hash === '#" + open + "' && document.querySelectorAll('.result').length === 50")
		p.press("y")
		p.until("document.querySelectorAll('.result.yes').length === 1 && document.querySelector('.result[aria-current]') === document.querySelectorAll('.result')[1]")
		p.press("j")
		p.press("n")
		p.until("document.querySelectorAll('.result.no').length === 1")
		p.press("Enter")
	}
	for n := 1; n <= 10; n++ {
		label(n)
	}
	p.until("location.hash === '#q011'")
	p.js("location.reload()")
	p.until("location.hash === '#q011' && document.querySelector('#count')?.textContent.startsWith('10 of 20')")
	for n := 11; n <= 19; n++ {
		label(n)
	}
	p.until("location.hash === '#q020'")
	second.until("document.querySelector('#count').textContent.startsWith('19 of 20')")
	p.press("y")
	p.until("document.querySelectorAll('.result.yes').length === 1")
	p.press("u")
	p.until("document.querySelectorAll('.result.yes').length === 0")
	p.press("y")
	p.until("document.querySelectorAll('.result.yes').length === 1")
	kill()

	for _, line := range strings.Split(strings.TrimSpace(fileOf(t, dir)), "\n")[1:] {
		if strings.HasSuffix(line, ",") {
			t.Errorf("lost when the process was killed: %s", line)
		}
	}
	p.press("j")
	p.press("y")
	p.until("document.querySelector('#alert').textContent !== ''")

	again, _ := served(t, dir)
	p.goTo(again)
	p.until("document.querySelector('#count')?.textContent.startsWith('20 of 20')")
}

// TestPageSearchAndForms adds a case and finds by hand what no system returned.
func TestPageSearchAndForms(t *testing.T) {
	b := chromium(t)
	dir := write(t, many(2))
	d := desk(t, dir, "MRR", ranker)
	d.How = "a corpus"
	var err error
	if d.Corpus, err = ReadCorpus("c.jsonl", []byte(`{"id": "x1", "title": "a hidden gem"}`+"\n"+`{"id": "x2", "title": "another"}`), "id"); err != nil {
		t.Fatal(err)
	}
	p := b.open(serve(t, d))
	p.until("document.querySelectorAll('.result').length === 50")
	p.press("/")
	p.until("document.activeElement.type === 'search'")
	for _, key := range strings.Split("gem", "") {
		p.press(key)
	}
	p.press("Enter")
	p.until("document.querySelectorAll('.result').length === 1")
	p.press("y")
	p.until("document.querySelector('#count').textContent.includes('1 found by hand')")
	p.press("Escape")
	p.until("document.querySelectorAll('.result').length === 51")

	p.js("document.querySelector('#add').click()")
	p.js("document.querySelector('#add-fields textarea').value = 'a new query <b>', document.querySelector('#add-form').requestSubmit()")
	p.until("document.querySelectorAll('#list li').length === 3 && location.hash === '#q003'")
	if got, want := fileOf(t, dir), "id,query,kind,expected\nq001,query number 1,one,x1\nq002,query number 2,two,\nq003,a new query <b>,,\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestPageOfManyCases opens five hundred cases with fifty results each.
func TestPageOfManyCases(t *testing.T) {
	b := chromium(t)
	d := desk(t, write(t, many(500)), "MRR", ranker)
	answerAll(t, d)
	link := serve(t, d)
	p := b.open(link)
	p.until("document.querySelectorAll('.result').length === 50 && document.querySelectorAll('#list li').length === 500")
	began := time.Now()
	p.goTo(strings.SplitN(link, "?", 2)[0])
	p.until("performance.getEntriesByType('navigation')[0]?.loadEventEnd > 0 && document.querySelectorAll('.result').length === 50")
	p.press("y")
	p.until("document.querySelectorAll('.result.yes').length === 1")
	t.Logf("500 cases of 50 results: open and one label in %s", time.Since(began)) // a time is told, never judged: machines differ
}

// TestPageOfDifferences settles two labellers' differences by keys, and shows
// hostile text as text there too.
func TestPageOfDifferences(t *testing.T) {
	b := chromium(t)
	dir := write(t, many(3))
	d := desk(t, dir, "MRR", ranker)
	d.Sides = sides(d,
		map[string]string{"q001": "d01|d07", "q002": "d03", "q003": "d01"},
		map[string]string{"q001": "d01|d02", "q002": "d03", "q003": "d02"})
	p := b.open(serve(t, d))
	p.until("document.querySelectorAll('.result h3').length === 4 && document.querySelector('#head').textContent.includes('kappa')")
	if got := p.js("document.querySelectorAll('#body img, #body script').length + document.title"); got != "0Differences of small" {
		t.Errorf("markup of a result became the page's: %v", got)
	}
	p.until("document.activeElement.getAttribute('aria-current') === 'true'")
	p.press("2")
	p.until("document.querySelectorAll('[aria-pressed=true]').length === 1")
	p.press("1")
	p.until("document.querySelectorAll('[aria-pressed=true]').length === 2 && document.querySelectorAll('.result')[2].getAttribute('aria-current') === 'true'")
	p.js("[...document.querySelectorAll('#head button')].find((one) => one.textContent.includes('on which both agree')).click()")
	p.until("!document.querySelector('#head button')")
	p.js("document.querySelectorAll('.result')[3].querySelectorAll('button')[0].click()")
	p.until("document.querySelectorAll('[aria-pressed=true]').length === 3")
	want := "q001,query number 1,one,d01|d02|d07\nq002,query number 2,two,d03\nq003,query number 3,three,\n"
	if got := fileOf(t, dir); !strings.HasSuffix(got, want) {
		t.Errorf("got %q, want it to end with %q", got, want)
	}
}

// held makes a window's answers to labels wait until it is let go.
const held = `(() => {
	const real = window.fetch;
	const gate = new Promise((go) => { window.letGo = go; });
	window.fetch = async (path, options) => {
		const answer = await real(path, options);
		if (path === "/api/mark") await gate;
		return answer;
	};
})()`

// TestPageShowsWhatIsStored answers the same card in two windows at once: the
// one whose answer is overtaken ends with what the file holds.
func TestPageShowsWhatIsStored(t *testing.T) {
	b := chromium(t)
	dir := write(t, many(2))
	d := desk(t, dir, "MRR", ranker)
	answerAll(t, d)
	link := serve(t, d)
	first := b.open(link)
	first.until("location.search === '' && document.querySelectorAll('.result').length === 50")
	second := b.open(strings.SplitN(link, "?", 2)[0])
	second.until("document.querySelectorAll('.result').length === 50 && document.querySelector('#alert').textContent === ''")

	// Both must listen before anything is said.
	listening := func() int {
		d.hub.mu.Lock()
		defer d.hub.mu.Unlock()
		return len(d.hub.windows)
	}
	for end := time.Now().Add(patience); listening() < 2; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the windows do not listen")
		}
	}
	second.js(held)
	second.press("n")
	first.until("document.querySelectorAll('.result')[0].classList.contains('no')") // it is stored, and its own window waits
	first.press("k")
	first.js("document.querySelectorAll('.result')[0].querySelectorAll('button')[1].click()")
	second.until("document.querySelectorAll('.result')[0].classList.contains('yes')")
	second.js("letGo()")
	second.until("document.querySelector('#status').textContent === 'saved'")
	for _, p := range []*tab{first, second} {
		p.until("document.querySelector('.result.yes [aria-pressed=true]')?.textContent === 'Yes' && !document.querySelector('.result.no')")
	}
	if got := second.js("document.querySelector('#count').textContent"); !strings.Contains(fmt.Sprint(got), "1 relevant") {
		t.Errorf("the counters say %v", got)
	}
	if got := fileOf(t, dir); !strings.Contains(got, "d") || strings.Contains(got, "=0") {
		t.Errorf("the file holds %q", got)
	}
}

// TestPageSaysWhatIsNotSaved hits keys faster than labels are written.
func TestPageSaysWhatIsNotSaved(t *testing.T) {
	b := chromium(t)
	dir := write(t, many(2))
	d := desk(t, dir, "MRR", titled)
	answerAll(t, d)
	p := b.open(serve(t, d))
	p.until("document.querySelectorAll('.result').length === 3")
	leaves := "window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"
	if p.js(leaves) != true {
		t.Error("with nothing to save the page asks before it is left")
	}
	if got := p.js("[...document.querySelectorAll('h3')].filter((h) => h.textContent.includes('over‹U+202E›')).length"); got != 1.0 {
		t.Errorf("%v titles show their mark of writing direction", got)
	}
	p.js(held)
	for _, key := range []string{"y", "n", "y", "Enter", "y"} {
		p.press(key)
	}
	p.until("document.querySelector('#status').textContent === 'saving 4 …'")
	if p.js(leaves) != false {
		t.Error("labels that wait are lost without a word")
	}
	p.js("letGo()")
	p.until("location.hash === '#q002' && document.querySelector('#status').textContent === 'saved'")
	if p.js(leaves) != true {
		t.Error("all is saved, and the page asks before it is left")
	}
	p.until("document.querySelector('#count').textContent.startsWith('2 of 2 labelled · 3 relevant')")
}
