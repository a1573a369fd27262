package protocol

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
)

// Hash identifies outputs: equal ids and outputs give an equal hash, whatever
// the order of lines and of keys, the spaces and the seconds. Of a failed case
// it holds that it failed, not the message, which may name addresses.
func Hash(outs []Output) string {
	sorted := slices.Clone(outs)
	slices.SortFunc(sorted, func(a, b Output) int { return strings.Compare(a.ID, b.ID) })
	h := sha256.New()
	put := func(data []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(data)))
		h.Write(n[:])
		h.Write(data)
	}
	for _, o := range sorted {
		put([]byte(o.ID))
		put([]byte{map[bool]byte{false: 0, true: 1}[o.Error != ""]})
		put(canonicalJSON(o.Output))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// canonicalJSON sorts keys and drops spaces; numbers keep their text.
func canonicalJSON(raw json.RawMessage) []byte {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return raw
	}
	data, err := json.Marshal(v)
	if err != nil {
		return raw
	}
	return data
}
