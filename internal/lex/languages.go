package lex

// languages are the tables, each in the file of its family.
func languages() []*Language {
	return []*Language{
		python(), javascript(), typescript(), golang(), rust(), ruby(), php(),
		c(), cpp(), csharp(), java(), kotlin(), swift(), shell(),
		jsonTable(), tomlTable(), yamlTable(), markdown(), text(),
	}
}
