package experiment_test

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/protocol"
)

// What is accepted here must be readable there, and the other way round.
func TestFormatsAreTheProtocols(t *testing.T) {
	got := experiment.Formats()
	slices.Sort(got)
	if diff := cmp.Diff(protocol.Formats(), got); diff != "" {
		t.Errorf("(-protocol +experiment):\n%s", diff)
	}
}

func reference(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../references/contract.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestReferencesExampleIsValid(t *testing.T) {
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(reference(t), -1)
	if len(blocks) == 0 {
		t.Fatal("references/contract.md has no example")
	}
	for _, b := range blocks {
		if _, err := experiment.Parse("contract.md", []byte(b[1])); err != nil {
			t.Errorf("%v\n%s", err, b[1])
		}
	}
}

func TestReferenceNamesEveryKey(t *testing.T) {
	doc := reference(t)
	var walk func(typ reflect.Type, prefix string)
	walk = func(typ reflect.Type, prefix string) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			ft := f.Type
			if ft.Kind() == reflect.Pointer {
				ft = ft.Elem()
			}
			if ft.Kind() == reflect.Struct && ft != reflect.TypeFor[experiment.Duration]() {
				walk(ft, prefix+name+".")
				continue
			}
			if !strings.Contains(doc, "`"+prefix+name+"`") {
				t.Errorf("references/contract.md does not have `%s%s`", prefix, name)
			}
		}
	}
	walk(reflect.TypeFor[experiment.Experiment](), "")
}
