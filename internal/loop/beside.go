package loop

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"autoresearch-skill/internal/cases"
	"autoresearch-skill/internal/experiment"
	"autoresearch-skill/internal/state"
)

// Labels of a second person, and what was picked where two differ, lie beside
// the case file, in the state folder: they are of hidden cases too, which no
// file of the work tree may show while a run is under way. Each is a table of
// cases' ids and label cells.
const (
	besidePrefix = "labels-"
	besideSuffix = ".csv"
	pickedFile   = "picked.csv" // the answers that were picked
	beforeFile   = "before.csv" // the case file's label of a case before a pick was written to it
)

var besideSpec = experiment.Cases{ID: "id", Expected: "label"}

var person = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\pL\pN][\pL\pN._-]{0,39}$`) })

// CheckLabeller refuses a name that no file could have everywhere.
func CheckLabeller(who string) error {
	if !person().MatchString(who) {
		return fmt.Errorf("want a labeller's name of up to 40 letters, digits, dots and dashes, got %q", who)
	}
	return nil
}

// Labellers are the people whose labels lie beside the case file, sorted.
func (d *Desk) Labellers() ([]string, error) {
	entries, err := os.ReadDir(d.State.Path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		name, ours := strings.CutPrefix(e.Name(), besidePrefix)
		if name, ends := strings.CutSuffix(name, besideSuffix); ours && ends && CheckLabeller(name) == nil {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out, nil
}

// LabellerFile is where a labeller's labels are kept.
func (d *Desk) LabellerFile(who string) string {
	return d.State.File(besidePrefix + who + besideSuffix)
}

// Labels are a labeller's label cells by case. Of "" they are the case file's,
// as they were before a pick was written there.
func (d *Desk) Labels(who string) (map[string]string, error) {
	if who != "" {
		t, err := readBeside(d.LabellerFile(who))
		if err != nil {
			return nil, err
		}
		return t.Labels(), nil
	}
	now, err := d.Read()
	if err != nil {
		return nil, err
	}
	before, err := readBeside(d.State.File(beforeFile))
	if err != nil {
		return nil, err
	}
	labels := now.Labels()
	for _, c := range before.Cases {
		delete(labels, c.ID)
	}
	maps.Copy(labels, before.Labels())
	return labels, nil
}

// ReadAs is Read with a labeller's labels in place of the case file's.
func (d *Desk) ReadAs(who string) (*cases.Table, error) {
	t, err := d.Read()
	if err != nil {
		return nil, err
	}
	labels, err := d.Labels(who)
	if err != nil {
		return nil, err
	}
	return t.With(labels)
}

// EditAs is Edit by a labeller: labels go beside the case file, and cases that
// join go to it, without any.
func (d *Desk) EditAs(ctx context.Context, who string, edit func(*cases.Table) error) (t *cases.Table, err error) {
	d.edits.Lock()
	defer d.edits.Unlock()
	err = d.under(ctx, func(*run) error {
		file, before, err := d.tableOf()
		if err != nil {
			return err
		}
		if t, err = d.ReadAs(who); err != nil {
			return err
		}
		known := len(t.Cases)
		if err := edit(t); err != nil {
			return err
		}
		for _, c := range t.Cases[known:] {
			if err := file.Append(d.valuesOf(c)); err != nil {
				return err
			}
		}
		if err := d.write(before, file.Bytes()); err != nil {
			return err
		}
		given := map[string]string{}
		for _, c := range t.Cases {
			given[c.ID] = c.Expected
		}
		return d.note(d.LabellerFile(who), given, true)
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// valuesOf are a case's cells by column, its label left out.
func (d *Desk) valuesOf(c cases.Case) map[string]string {
	values := map[string]string{d.Experiment.Cases.ID: c.ID}
	for name, value := range c.Inputs {
		values[name] = value
	}
	if column := d.Experiment.Cases.Stratum; column != "" {
		values[column] = c.Stratum
	}
	return values
}

// Picked are the answers that were picked where two labellers differ, by case.
func (d *Desk) Picked() (map[string]string, error) {
	t, err := readBeside(d.State.File(pickedFile))
	if err != nil {
		return nil, err
	}
	return t.Labels(), nil
}

// Settlement is what two labellers agree on, or what was picked where they
// differ: label cells by case, for the case file and to be remembered.
type Settlement = func(*cases.Table) (labels, picked map[string]string, err error)

// Settle writes labels to the case file, which are decided from it under the
// lock: what another window writes meanwhile is not lost. What it said before is
// kept, an empty cell too, for it says what the first labeller thought; picked
// is remembered last, so that a kill in between leaves a pick to be made again
// and never one that was not written.
func (d *Desk) Settle(ctx context.Context, decide Settlement) error {
	d.edits.Lock()
	defer d.edits.Unlock()
	return d.under(ctx, func(*run) error {
		t, old, err := d.tableOf()
		if err != nil {
			return err
		}
		labels, picked, err := decide(t)
		if err != nil {
			return err
		}
		before := map[string]string{}
		for _, c := range t.Cases {
			if _, settled := labels[c.ID]; settled {
				before[c.ID] = c.Expected
			}
		}
		for id, label := range labels {
			if err := t.Set(id, d.Experiment.Cases.Expected, label); err != nil {
				return err
			}
		}
		for _, step := range []func() error{
			func() error { return d.note(d.State.File(beforeFile), before, false) },
			func() error { return d.write(old, t.Bytes()) },
			func() error { return d.note(d.State.File(pickedFile), picked, true) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
}

// note adds cells to a file beside the case file; one that is there is
// replaced, and goes where it is empty now, or is kept. Cells of cases that are
// gone stay: they may come back.
func (d *Desk) note(file string, cells map[string]string, replace bool) error {
	t, err := readBeside(file)
	if err != nil || len(cells) == 0 {
		return err
	}
	all := map[string]string{}
	for _, c := range t.Cases {
		all[c.ID] = c.Expected
	}
	for id, cell := range cells {
		if _, there := all[id]; !there || replace {
			all[id] = cell
		}
		if replace && strings.TrimSpace(cell) == "" {
			delete(all, id)
		}
	}
	return writeBeside(file, all)
}

func readBeside(file string) (*cases.Table, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return cases.New(file, []string{besideSpec.ID, besideSpec.Expected}, besideSpec)
	}
	if err != nil {
		return nil, err
	}
	return cases.Read(filepath.ToSlash(file), data, besideSpec)
}

func writeBeside(file string, cells map[string]string) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{besideSpec.ID, besideSpec.Expected}) // to memory: it can't fail
	for _, id := range slices.Sorted(maps.Keys(cells)) {
		_ = w.Write([]string{id, cells[id]})
	}
	w.Flush()
	return state.WriteFile(file, b.Bytes(), 0o600)
}
