package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"unicode"

	"autoresearch-skill/internal/decide"
)

// Decision is a decide.Decision on the wire: snake-case names, and the
// numbers that JSON doesn't have (P is NaN where no test is defined).
type Decision struct{ decide.Decision }

// MarshalJSON writes NaN as null and infinities as strings.
func (d Decision) MarshalJSON() ([]byte, error) { return encode(reflect.ValueOf(d.Decision)) }

// UnmarshalJSON reads what MarshalJSON wrote; unknown fields are ignored.
func (d *Decision) UnmarshalJSON(data []byte) error {
	return decodeInto(data, reflect.ValueOf(&d.Decision).Elem())
}

// Sample is a decide.Sample on the wire.
type Sample struct{ decide.Sample }

// MarshalJSON writes NaN as null and infinities as strings.
func (s Sample) MarshalJSON() ([]byte, error) { return encode(reflect.ValueOf(s.Sample)) }

// UnmarshalJSON reads what MarshalJSON wrote; unknown fields are ignored.
func (s *Sample) UnmarshalJSON(data []byte) error {
	return decodeInto(data, reflect.ValueOf(&s.Sample).Elem())
}

// IsZero leaves an empty sample out.
func (s Sample) IsZero() bool { return len(s.Runs) == 0 }

// Rule is a decide.Rule on the wire.
type Rule struct{ decide.Rule }

// MarshalJSON writes the rule with snake-case names.
func (r Rule) MarshalJSON() ([]byte, error) { return encode(reflect.ValueOf(r.Rule)) }

// UnmarshalJSON reads what MarshalJSON wrote; unknown fields are ignored.
func (r *Rule) UnmarshalJSON(data []byte) error {
	return decodeInto(data, reflect.ValueOf(&r.Rule).Elem())
}

// encode writes exported fields in their order and leaves zero ones out, but
// for numbers: a delta of 0 is a finding.
func encode(v reflect.Value) ([]byte, error) {
	switch v.Kind() {
	case reflect.Float64, reflect.Float32:
		switch f := v.Float(); {
		case math.IsNaN(f):
			return []byte("null"), nil
		case math.IsInf(f, 1):
			return []byte(`"+inf"`), nil
		case math.IsInf(f, -1):
			return []byte(`"-inf"`), nil
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			break
		}
		var out bytes.Buffer
		for i := range v.Len() {
			item, err := encode(v.Index(i))
			if err != nil {
				return nil, err
			}
			out.WriteByte("[,"[min(i, 1)])
			out.Write(item)
		}
		if v.Len() == 0 {
			out.WriteByte('[')
		}
		out.WriteByte(']')
		return out.Bytes(), nil
	case reflect.Struct:
		return encodeStruct(v)
	}
	return marshal(v.Interface())
}

func encodeStruct(v reflect.Value) ([]byte, error) {
	out := bytes.NewBufferString("{")
	for i := range v.NumField() {
		field := v.Type().Field(i)
		number := v.Field(i).CanFloat() || v.Field(i).CanInt()
		if !field.IsExported() || v.Field(i).IsZero() && !number {
			continue
		}
		item, err := encode(v.Field(i))
		if err != nil {
			return nil, err
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		fmt.Fprintf(out, "%q:%s", wireName(field), item)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// marshal is json.Marshal without the escapes for HTML: people read the file.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

func decodeInto(data []byte, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Float64, reflect.Float32:
		switch string(bytes.TrimSpace(data)) {
		case "null":
			v.SetFloat(math.NaN())
			return nil
		case `"+inf"`:
			v.SetFloat(math.Inf(1))
			return nil
		case `"-inf"`:
			v.SetFloat(math.Inf(-1))
			return nil
		}
	case reflect.Slice:
		elem := v.Type().Elem().Kind()
		if elem == reflect.Uint8 || elem == reflect.String {
			break
		}
		if elem == reflect.Float64 && !bytes.ContainsAny(data, `n"`) {
			break // plain numbers, of which there are many
		}
		var items []json.RawMessage
		if err := json.Unmarshal(data, &items); err != nil {
			return err
		}
		if items == nil {
			return nil
		}
		v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
		for i, item := range items {
			if err := decodeInto(item, v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	case reflect.Struct:
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(data, &fields); err != nil {
			return err
		}
		for i := range v.NumField() {
			field := v.Type().Field(i)
			item, ok := fields[wireName(field)]
			if !ok || !field.IsExported() {
				continue
			}
			if err := decodeInto(item, v.Field(i)); err != nil {
				return fmt.Errorf("%s: %w", wireName(field), err)
			}
		}
		return nil
	}
	return json.Unmarshal(data, v.Addr().Interface())
}

// wireName is the field's json name, else its name in snake case: CaseIDs is case_ids.
func wireName(f reflect.StructField) string {
	if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
		return name
	}
	var out strings.Builder
	runes := []rune(f.Name)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 {
			after := i+1 < len(runes) && unicode.IsLower(runes[i+1]) && !(runes[i+1] == 's' && i+2 == len(runes))
			if unicode.IsLower(runes[i-1]) || after {
				out.WriteByte('_')
			}
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}
