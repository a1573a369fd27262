package experiment

import (
	"reflect"
	"strings"
	"sync"
)

// fields are the keys of one of the contract's maps, from its type's tags.
type fields struct {
	names []string        // in the contract's order
	index map[string]int  // of the struct's field
	empty map[string]bool // left out when empty
	flow  map[string]bool // written on one line
}

func fieldsOf(t reflect.Type) fields {
	f := fields{index: map[string]int{}, empty: map[string]bool{}, flow: map[string]bool{}}
	for i := range t.NumField() {
		parts := strings.Split(t.Field(i).Tag.Get("yaml"), ",")
		name := parts[0]
		f.names = append(f.names, name)
		f.index[name] = i
		for _, option := range parts[1:] {
			f.empty[name] = f.empty[name] || option == "omitempty"
			f.flow[name] = f.flow[name] || option == "flow"
		}
	}
	return f
}

// homes says in which map a key belongs, where only one has it.
var homes = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	double := map[string]bool{}
	var walk func(t reflect.Type, key string)
	walk = func(t reflect.Type, key string) {
		for i := range t.NumField() {
			f := t.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			_, seen := m[name]
			double[name] = double[name] || seen
			m[name] = key
			ft := f.Type
			if ft.Kind() == reflect.Pointer {
				ft = ft.Elem()
			}
			if ft.Kind() == reflect.Struct && ft != reflect.TypeFor[Duration]() {
				walk(ft, join(key, name))
			}
		}
	}
	walk(reflect.TypeFor[Experiment](), "")
	for name := range double {
		if double[name] {
			delete(m, name)
		}
	}
	return m
})
