package lex

import (
	"fmt"
	"strings"
	"testing"
)

func TestCommonJS(t *testing.T) {
	src := `const http = require("http");
const { rank, load: read } = require('./rank');
let late; late = require("./late");
app.use(require("./routes"));
require(name);
`
	file, err := Parse("server.js", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, im := range file.Imports {
		got = append(got, fmt.Sprintf("%d %s|%s|%s", im.Line, im.Module, im.Name, im.Alias))
	}
	want := "1 http||http; 2 ./rank|rank|; 2 ./rank|load|read; 3 ./late||late; 4 ./routes||"
	if g := strings.Join(got, "; "); g != want {
		t.Errorf("got  %s\nwant %s", g, want)
	}
}
