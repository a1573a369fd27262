package label

import (
	"fmt"
	"strings"
	"testing"
)

// typed writes a text key by key.
func (p *tab) types(text string) {
	p.t.Helper()
	for _, r := range text {
		p.press(string(r))
	}
}

// at waits until a case is open and its answers are there.
func (p *tab) at(id string, answers int) {
	p.t.Helper()
	p.until(fmt.Sprintf("location.hash === '#%s' && document.querySelectorAll('.answer').length === %d", id, answers))
}

// TestPageOfClasses labels classes by number, by y, typed, and takes one away.
func TestPageOfClasses(t *testing.T) {
	b := chromium(t)
	dir := write(t, "id,query,kind,expected\nq1,buy now,,\nq2,hello <b>you</b>,,\nq3,cheap pills,,\nq4,old one,,ham\n")
	p := b.open(serve(t, desk(t, dir, "accuracy", fixed(`{"label": "spam", "scores": {"spam": 0.7}}`))))
	p.at("q1", 1)
	p.until("document.querySelectorAll('[aria-label=\"Right class\"] button').length === 2")
	p.seen("classes")
	p.press("1") // ham, spam: in their order, not the system's
	p.at("q2", 1)
	p.press("y")
	p.at("q3", 1)
	p.press("e")
	p.until("document.activeElement.id === 'right'")
	p.types("news")
	p.press("Enter")
	p.until("document.querySelector('#count').textContent.startsWith('4 of 4')")
	p.until("document.querySelectorAll('[aria-label=\"Right class\"] button').length === 3")
	p.js("document.activeElement.blur()")
	p.press("u")
	p.until("document.querySelector('#count').textContent.startsWith('3 of 4')")
	p.press("3") // ham, news, spam: a class that was typed stays at hand
	p.until("document.querySelector('#count').textContent.startsWith('4 of 4')")
	if got, want := fileOf(t, dir), "id,query,kind,expected\nq1,buy now,,ham\nq2,hello <b>you</b>,,spam\nq3,cheap pills,,spam\nq4,old one,,ham\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestPageOfNumbers refuses what is no number, and says so.
func TestPageOfNumbers(t *testing.T) {
	b := chromium(t)
	dir := write(t, "id,query,kind,expected\nq1,house,,\nq2,flat,,\n")
	p := b.open(serve(t, desk(t, dir, "MAE", fixed(`3.5`))))
	p.at("q1", 1)
	p.seen("numbers")
	p.press("e")
	p.types("four")
	p.press("Enter")
	p.until("document.querySelector('#alert').textContent.includes('want a number')")
	p.js("document.activeElement.blur()")
	p.types("-4.25") // the first of them begins anew
	p.press("Enter")
	p.at("q2", 1)
	p.until("document.querySelector('#alert').textContent === ''")
	p.js("[...document.querySelectorAll('#body button')].find((one) => one.textContent.startsWith('Right as it is')).click()")
	p.until("document.querySelector('#count').textContent.startsWith('2 of 2')")
	p.js("[...document.querySelectorAll('#body button')].find((one) => one.textContent === 'Take the label away').click()")
	p.until("document.querySelector('#count').textContent.startsWith('1 of 2')")
	if got, want := fileOf(t, dir), "id,query,kind,expected\nq1,house,,-4.25\nq2,flat,,\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestPageOfTexts keeps lines, quotes and markup as they were typed, with two
// systems to compare.
func TestPageOfTexts(t *testing.T) {
	b := chromium(t)
	dir := write(t, "id,query,kind,expected\nq1,what is it?,,\nq2,and this?,,\n")
	p := b.open(serve(t, desk(t, dir, "exact_match", fixed(`"an answer,\nin two \"lines\" <script>document.title = 1</script>"`), fixed(`"another"`))))
	p.at("q1", 2)
	p.seen("texts")
	p.press("y")
	p.at("q2", 2)
	p.press("e")
	p.types("line one")
	p.press("Enter")
	p.types("<i>two</i>")
	p.call(p.session, "Input.dispatchKeyEvent", map[string]any{"type": "keyDown", "key": "Enter", "modifiers": 2}, nil)
	p.until("document.querySelector('#count').textContent.startsWith('2 of 2')")
	if got := p.js("document.querySelectorAll('#body i, #body script').length + document.title"); got != "0Labels of small" {
		t.Errorf("markup of an answer became the page's: %v", got)
	}
	want := "q1,what is it?,,\"an answer,\nin two \"\"lines\"\" <script>document.title = 1</script>\"\nq2,and this?,,\"line one\n<i>two</i>\"\n"
	if got := fileOf(t, dir); !strings.HasSuffix(got, want) {
		t.Errorf("got %q, want it to end with %q", got, want)
	}
}

// TestPagesLook looks at the ranking's page, its dialogs, and the differences.
func TestPagesLook(t *testing.T) {
	b := chromium(t)
	d := desk(t, write(t, many(12)), "nDCG@10", titled)
	p := b.open(serve(t, d))
	p.until("document.querySelectorAll('.result').length === 3")
	p.press("3")
	p.press("n")
	p.until("document.querySelectorAll('.result.no').length === 1")
	p.seen("ranking")
	for _, dialog := range []string{"help", "add", "import"} {
		p.js("document.querySelector('#" + dialog + "').click()")
		p.until("document.querySelector('dialog[open]')")
		p.seen(dialog)
		p.js("document.querySelector('dialog[open]').close()")
	}
	d = desk(t, write(t, many(3)), "exact_match", fixed(`"an answer"`))
	d.Sides = sides(d, map[string]string{"q001": "one answer", "q002": "same"}, map[string]string{"q001": "another answer, longer", "q002": "same"})
	p = b.open(serve(t, d))
	p.until("document.querySelectorAll('.result').length === 1")
	p.seen("differences-texts")
	d = desk(t, write(t, many(3)), "nDCG@10", titled)
	d.Sides = sides(d, map[string]string{"q001": "a:3|b:2", "q002": "c"}, map[string]string{"q001": "a|c", "q002": "c"})
	p = b.open(serve(t, d))
	p.until("document.querySelectorAll('.result h3').length === 3 && document.querySelector('#head').textContent.includes('kappa')")
	p.seen("differences")
}
