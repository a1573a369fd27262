package lex

import (
	"slices"
	"testing"
)

// TestLiteralsExact holds every literal of small texts, written from each
// language's grammar: all of its forms of numbers and strings, beside what
// only looks like one.
func TestLiteralsExact(t *testing.T) {
	for _, tt := range []struct {
		file, src     string
		numbers, text []string
	}{
		{
			"a.kt", "val a = 1_000L; val b = 0xFFu; val c = 0b1010; val d = 1.5e-3f; val e = .5; val f = 123u; val r = 1..10; val s = \"a\\\"b ${x + 1} c\"; val t = \"\"\"raw \\ \"q\" 5\"\"\"; val k = '\\''; /* 1 /* 2 */ 3 */ val z = 2 // 7",
			[]string{"1_000L", "0xFFu", "0b1010", "1.5e-3f", ".5", "123u", "1", "10", "2"},
			[]string{`"a\"b ${x + 1} c"`, `"""raw \ "q" 5"""`, `'\''`},
		},
		{
			"a.swift", "let a = 1_000; let b = 0xFp2; let c = 0o17; let d = 1.5e-3; let r = 0..<10; let s = \"a \\(f(\"x\", 2)) b\"; let m = \"\"\"\n  multi \"q\" 5\n  \"\"\"; let h = #\"raw \\ \"5\" \"#; /* 1 /* 2 */ 3 */ let z = 2",
			[]string{"1_000", "0xFp2", "0o17", "1.5e-3", "0", "10", "2"},
			[]string{`"a \(f("x", 2)) b"`, "\"\"\"\n  multi \"q\" 5\n  \"\"\"", `#"raw \ "5" "#`},
		},
		{
			"a.cs", "var a = 1_000UL; var b = 0xFFu; var c = 0b10_10; var d = 1.5e-3f; var e = .5m; var f = 3D; var s = \"a\\\"1\"; var v = @\"c:\\5\"\"q\"; var i = $\"{x + 1} b\"; var w = $@\"a{1}\\\"; var r = \"\"\"raw \"5\" \"\"\"; var k = '\\'';",
			[]string{"1_000UL", "0xFFu", "0b10_10", "1.5e-3f", ".5m", "3D"},
			[]string{`"a\"1"`, `@"c:\5""q"`, `$"{x + 1} b"`, `$@"a{1}\"`, `"""raw "5" """`, `'\''`},
		},
		{
			"a.cpp", "auto a = 1'000'000ull; auto b = 0xFFu; auto c = 0b1010; auto d = 1.5e-3f; auto e = .5L; auto f = 5.; auto g = 0x1.8p3; auto s = u8\"a\\\"1\"; auto r = R\"x(raw \" 5 )\" )x\"; auto k = L'\\''; // 7\n#define N 8\n",
			[]string{"1'000'000ull", "0xFFu", "0b1010", "1.5e-3f", ".5L", "5.", "0x1.8p3", "8"},
			[]string{`u8"a\"1"`, `R"x(raw " 5 )" )x"`, `L'\''`},
		},
		{
			"a.php", "<?php $a = 1_000; $b = 0xFF; $c = 0b10; $d = 1.5e-3; $e = .5; $f = 0o17; $s = \"a\\\"1\n2\"; $q = 'it\\'s 5'; # 7\n// 8\n$h = <<<EOT\n 9 \"x\"\nEOT;\n$z = 2; ?> 11 <b> <?php $y = 3;",
			[]string{"1_000", "0xFF", "0b10", "1.5e-3", ".5", "0o17", "2", "3"},
			[]string{"\"a\\\"1\n2\"", `'it\'s 5'`},
		},
		{
			"a.rb", "a = 1_000; b = 0xFF; c = 0b10; d = 1.5e-3; e = 3r; f = 2i; g = 1..10; s = \"a #{f(\"x\", 2)} b\"; q = 'it\\'s 5'; w = %w[1 2]; k = ?a; y = :sym; h = x / 4; r = x =~ /5\\/6/i # 7\nz = 2\n",
			[]string{"1_000", "0xFF", "0b10", "1.5e-3", "3r", "2i", "1", "10", "4", "2"},
			[]string{"\"a #{f(\"x\", 2)} b\"", `'it\'s 5'`, "%w[1 2]", "?a"},
		},
		{
			"a.java", "var a = 1_000L; var b = 0xFF; var c = 0b1010; var d = 1.5e-3f; var e = .5; var f = 5.; var g = 0x1.8p3; var h = 1d; String s = \"a\\\"1\"; char k = '\\''; String m = \"\"\"\n  text \"5\"\n  \"\"\"; /* 7 */ int $1a = 2;",
			[]string{"1_000L", "0xFF", "0b1010", "1.5e-3f", ".5", "5.", "0x1.8p3", "1d", "2"},
			[]string{`"a\"1"`, `'\''`, "\"\"\"\n  text \"5\"\n  \"\"\""},
		},
	} {
		f, err := Parse(tt.file, []byte(tt.src))
		if err != nil {
			t.Fatal(err)
		}
		var numbers, text []string
		for _, tok := range f.Tokens {
			switch got := string(tok.Text([]byte(tt.src))); {
			case tok.Kind == Number:
				numbers = append(numbers, got)
			case tok.Kind == String && !(tt.file == "a.php" && got[0] == '<'): // the mark of a here document
				text = append(text, got)
			}
		}
		if tt.file == "a.php" { // its body is a string too
			text = slices.DeleteFunc(text, func(s string) bool { return s[0] == ' ' || s[0] == '\n' })
		}
		if !slices.Equal(numbers, tt.numbers) {
			t.Errorf("%s: numbers\n got %q\nwant %q", tt.file, numbers, tt.numbers)
		}
		if !slices.Equal(text, tt.text) {
			t.Errorf("%s: strings\n got %q\nwant %q", tt.file, text, tt.text)
		}
	}
}
