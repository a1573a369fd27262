package lex

func jsonTable() *Language {
	return &Language{
		Name:          "JSON",
		Extensions:    []string{".json", ".jsonc", ".json5"},
		LineComments:  []string{"//"},
		BlockComments: []Pair{{"/*", "*/"}},
		Quotes:        []Quote{{Open: `"`, Close: `"`}},
		Keywords:      []string{"true", "false", "null"},
		form:          formJSON,
	}
}

func tomlTable() *Language {
	return &Language{
		Name:         "TOML",
		Extensions:   []string{".toml", ".ini", ".cfg"},
		LineComments: []string{"#"},
		Quotes: []Quote{
			{Open: `"""`, Close: `"""`, Multi: true}, {Open: `'''`, Close: `'''`, Multi: true, Raw: true},
			{Open: `"`, Close: `"`}, {Open: `'`, Close: `'`, Raw: true},
		},
		Numbers:    NumberRule{Separator: '_'},
		IdentExtra: "-",
		Keywords:   []string{"true", "false"},
		Shape:      Shape{NewlineEnds: true},
		form:       formTOML,
	}
}

func yamlTable() *Language {
	return &Language{Name: "YAML", Extensions: []string{".yaml", ".yml"}, form: formYAML}
}

func markdown() *Language {
	return &Language{Name: "Markdown", Extensions: []string{".md", ".mdx", ".markdown"}, form: formProse}
}

func text() *Language {
	return &Language{Name: "Text", Extensions: []string{".txt", ".prompt", ".j2", ".jinja", ".jinja2", ".tmpl", ".hbs", ".mustache"}, form: formProse}
}
